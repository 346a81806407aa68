// The dock: what happens in the stage, what it asks of the network, what the rules say of the widget.
import { h } from '../stage/dom.js';
import { empty, eventRow, findingRow } from './rows.js';

const order = ['error', 'warning', 'good', 'info'];
const isProblem = (one) => one.level === 'error' || one.level === 'warning';

const TABS = {
  timeline: { title: 'Timeline', rows: () => events(() => true), none: ['Nothing has happened yet.'] },
  problems: { title: 'Problems', rows: () => events(isProblem), none: ['No problems in this area.'] },
  network: {
    title: 'Network',
    rows: () => events((one) => one.kind === 'request'),
    none: [
      'The widget asked for nothing.',
      'The account of the sandbox answers; preview/*.json of the project can say more.',
    ],
  },
  findings: {
    title: 'Findings',
    rows: () => [...held.faults, ...held.findings].map(findingRow),
    none: ['The rules of widgetpack object to nothing.'],
  },
};

const MOST_EVENTS = 2000;
const held = {
  events: new Map(),
  dropped: 0,
  worst: '',
  findings: [],
  faults: [],
  tab: 'timeline',
  words: '',
  waits: false,
};
const rows = new Map();
let list = null;

export function openDock() {
  const tabs = document.getElementById('tabs');
  Object.entries(TABS).forEach(([name, { title }]) =>
    tabs.append(
      h(
        'button',
        {
          class: 'tab',
          type: 'button',
          role: 'tab',
          id: `tab-${name}`,
          'aria-controls': 'dock-body',
          onclick: () => choose(name),
        },
        title,
        h('span', { class: 'tab__count' }),
      ),
    ),
  );
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const names = Object.keys(TABS);
      const next = names[(names.indexOf(held.tab) + step + names.length) % names.length];
      choose(next);
      document.getElementById(`tab-${next}`).focus();
    }
  });
  document.getElementById('filter').addEventListener('input', (event) => {
    held.words = event.target.value.trim().toLowerCase();
    draw();
  });
  choose('timeline');
}

export function choose(name) {
  held.tab = name;
  document.querySelectorAll('.tab').forEach((tab) => {
    tab.setAttribute('aria-selected', String(tab.id === `tab-${name}`));
    tab.tabIndex = tab.id === `tab-${name}` ? 0 : -1;
  });
  document.getElementById('dock-body').setAttribute('aria-labelledby', `tab-${name}`);
  draw();
}

function events(fits) {
  return [...held.events.values()].filter(fits).map(eventRow);
}

// Hides a line that has none of the words that are looked for.
function sift(row) {
  row.hidden = !row.textContent.toLowerCase().includes(held.words);
}

function draw() {
  const { rows: made, none } = TABS[held.tab];
  const found = made();
  found.forEach(sift);
  rows.clear();
  list = h('ol', { class: 'rows' }, found);
  if (held.tab === 'timeline') {
    [...held.events.keys()].forEach((id, index) => rows.set(id, found[index]));
  }
  document.getElementById('dock-body').replaceChildren(found.length ? list : empty(...none));
  count();
}

function count() {
  const all = [...held.events.values()];
  const told = {
    timeline: [all.length + held.dropped, ''],
    problems: [all.filter(isProblem).length, worst(all.map((one) => one.level))],
    network: [all.filter((one) => one.kind === 'request').length, ''],
    findings: [
      held.faults.length + held.findings.length,
      worst([...held.faults, ...held.findings].map((one) => one.severity)),
    ],
  };
  Object.entries(told).forEach(([name, [number, level]]) => {
    const mark = document.querySelector(`#tab-${name} .tab__count`);
    mark.textContent = number;
    mark.className = `tab__count${level === 'error' || level === 'warning' ? ` is-${level}` : ''}`;
  });
}

export function worst(levels) {
  return order.find((level) => levels.includes(level)) ?? '';
}

export function clear(title) {
  held.events.clear();
  Object.assign(held, { dropped: 0, worst: '' });
  document.getElementById('dock-area').textContent = title;
  draw();
}

// Takes an event, or a change of one that was taken; returns the worst level so far.
export function take(event) {
  const isNew = !held.events.has(event.id);
  held.events.set(event.id, event);
  held.worst = worst([held.worst, event.level]);
  if (held.tab === 'timeline' && list?.isConnected) {
    const row = eventRow(event);
    sift(row);
    if (isNew) {
      follow(() => list.append(row));
    } else {
      rows.get(event.id)?.replaceWith(row);
    }
    rows.set(event.id, row);
  }
  drop();
  soon();
  return held.worst;
}

// A widget may write ten thousand lines to the console: the first of them go.
function drop() {
  if (held.events.size > MOST_EVENTS) {
    const [first] = held.events.keys();
    held.events.delete(first);
    rows.get(first)?.remove();
    rows.delete(first);
    held.dropped += 1;
  }
}

// Counts, and the other lists, are drawn once for all events of a moment.
function soon() {
  if (!held.waits) {
    held.waits = true;
    setTimeout(() => {
      held.waits = false;
      (held.tab !== 'timeline' || !list?.isConnected ? draw : count)();
    }, 30);
  }
}

// Stays at the end where the reader is at the end.
function follow(add) {
  const body = document.getElementById('dock-body');
  const isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 24;
  add();
  if (isAtEnd) {
    body.scrollTop = body.scrollHeight;
  }
}

// Files of preview/ that could not be used: `path:line:column: words`.
export function tellFaults(faults) {
  held.faults = faults.map((text) => {
    const [, path, line, column, message] = /^(.*?):(\d+):(\d+): (.*)$/s.exec(text) ?? [];
    return { code: '', severity: 'warning', message: message ?? text, path: path ?? '', line, column };
  });
  draw();
}

export function tellFindings(findings) {
  held.findings = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  draw();
}
