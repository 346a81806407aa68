// The line above the CRM: why it does not show what was saved last, and where the fault is.
import { h } from '../stage/dom.js';
import { choose } from './dock.js';
import { place } from './rows.js';

let held = null;

export function tellBuild(told) {
  held = told;
  draw();
}

export function tellLost() {
  put(
    h('strong', {}, 'widgetpack preview does not answer.'),
    h('span', {}, 'What stands here is the last good build; once it runs again at this address, the page goes on.'),
  );
}

function draw() {
  if (held.ok) {
    put();
    return;
  }
  const errors = held.findings.filter((one) => one.severity === 'error');
  put(
    h('strong', {}, `${sentence(held.message)}${held.number ? ' This is the last good build.' : ''}`),
    errors[0] ? h('span', { class: 'notice__said' }, errors[0].message) : null,
    errors[0]?.path ? place(errors[0]) : null,
    held.findings.length
      ? h('button', { class: 'notice__more', type: 'button', onclick: () => choose('findings') }, 'All findings')
      : null,
  );
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function put(...parts) {
  document.getElementById('notice').replaceChildren(...parts.filter(Boolean));
}
