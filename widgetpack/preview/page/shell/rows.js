// The lines of the dock: one per event of the stage, per request, per finding.
import { h } from '../stage/dom.js';

const KINDS = {
  callback: 'callback',
  call: 'page',
  request: 'network',
  error: 'error',
  missing: 'missing',
  leak: 'global',
  css: 'css',
  blocked: 'blocked',
  template: 'template',
  wiped: 'page',
  load: 'loaded',
  done: 'ready',
  console: 'console',
};

// Lines of these kinds say in which callback they came.
const WITHIN = new Set(['call', 'request', 'console', 'missing', 'blocked']);

function line(level, time, kind, text, within = '') {
  return h(
    'li',
    { class: `row is-${level}` },
    h('span', { class: 'row__time' }, time),
    h('span', { class: 'row__mark', role: 'img', 'aria-label': level }),
    h('span', { class: 'row__kind' }, kind),
    h('div', { class: 'row__text' }, text),
    within ? h('span', { class: 'row__within' }, within) : null,
  );
}

const said = (text) => (text ? h('span', { class: 'row__said' }, ` ${text}`) : null);
const hint = (text) => (text ? h('span', { class: 'row__hint' }, text) : null);

// A place in a file; a click copies it, for the box of an editor that goes to a file and line.
export function place(where) {
  if (!where) {
    return null;
  }
  const text = `${where.path}:${where.line}:${where.column}`;
  const copy = async ({ currentTarget: button }) => {
    await navigator.clipboard.writeText(text);
    button.classList.add('is-copied');
    setTimeout(() => button.classList.remove('is-copied'), 1200);
  };
  return h('button', { class: 'row__place', type: 'button', title: 'Copy', onclick: copy }, text);
}

function more(title, text) {
  return text ? h('details', {}, h('summary', {}, title), h('pre', { tabindex: '0' }, text)) : null;
}

const isFine = (status) => status > 0 && status < 400;

const TEXTS = {
  callback: (one) => [
    h('code', {}, h('span', { class: 'row__name' }, one.name), `(${one.given ?? ''})`),
    one.value ? h('code', { class: 'row__value' }, ` → ${one.value}`) : null,
    said(one.message),
    one.milliseconds > 20 ? h('span', { class: 'row__value' }, ` ${one.milliseconds} ms`) : null,
  ],
  call: (one) => [
    h('code', {}, h('span', { class: 'row__name' }, one.name), one.given === '' ? '' : `(${one.given})`),
    said(one.message),
  ],
  request: (one) => [
    h('code', {}, h('span', { class: 'row__name' }, one.method), ` ${one.url}`),
    h('span', { class: `row__status is-${isFine(one.status) ? 'fine' : 'refused'}` }, one.status || 'failed'),
    one.by ? h('span', { class: 'row__value' }, ` from ${one.by}`) : null,
    said(one.message),
    place(one.place),
    hint(one.hint),
    more('Sent', one.body),
    more('Answered', pretty(one.answer)),
  ],
  error: (one) => [
    one.context ? h('span', { class: 'row__value' }, `${one.context}: `) : null,
    h('span', { class: 'row__said' }, one.message),
    place(one.place),
    more('Stack', one.stack),
  ],
  console: (one) => [h('code', {}, one.message)],
  load: (one) => [h('code', {}, one.name), h('span', { class: 'row__value' }, ` ${one.milliseconds} ms`)],
  done: (one) => [h('span', { class: 'row__value' }, `${one.area}, ${one.locale}`)],
};

const other = (one) => [
  h('span', { class: 'row__said' }, one.message),
  one.path && one.kind === 'css' ? h('span', { class: 'row__value' }, ` ${one.path}, first ${one.first}`) : null,
  place(one.place),
  hint(one.hint),
  more('Stack', one.stack),
];

export function eventRow(one) {
  return line(
    one.level,
    one.left ? '' : `${(one.at / 1000).toFixed(2)} s`, // counted since that page was there
    KINDS[one.kind] ?? one.kind,
    (TEXTS[one.kind] ?? other)(one),
    within(one),
  );
}

function within({ kind, during, left }) {
  if (left) {
    return `on leaving ${left}`;
  }
  return WITHIN.has(kind) && during !== 'page' ? `in ${during}` : '';
}

export function findingRow(one) {
  const level = one.severity;
  return line(
    level,
    one.code,
    level,
    [h('span', { class: level === 'info' ? '' : 'row__said' }, one.message), one.path ? place(one) : null],
  );
}

export function empty(...words) {
  return h(
    'div',
    { class: 'rows__empty' },
    words.map((text) => h('p', {}, text)),
  );
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
