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
  load: 'loaded',
  done: 'ready',
  console: 'console',
};

function line(level, time, kind, ...text) {
  return h(
    'li',
    { class: `row is-${level}` },
    h('span', { class: 'row__time' }, time),
    h('span', { class: 'row__mark', role: 'img', 'aria-label': level }),
    h('span', { class: 'row__kind' }, kind),
    h('div', { class: 'row__text' }, text),
  );
}

const said = (text) => (text ? h('span', { class: 'row__said' }, ` ${text}`) : null);
const hint = (text) => (text ? h('span', { class: 'row__hint' }, text) : null);

function place(where) {
  if (!where) {
    return null;
  }
  const text = `${where.path}:${where.line}:${where.column}`;
  return h(
    'button',
    { class: 'row__place', type: 'button', title: 'Copy', onclick: () => navigator.clipboard?.writeText(text) },
    text,
  );
}

function more(title, text) {
  return text ? h('details', {}, h('summary', {}, title), h('pre', { tabindex: '0' }, text)) : null;
}

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
    h('span', { class: 'row__value' }, ` ${one.status}`),
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
  one.during && one.during !== 'page' ? h('span', { class: 'row__value' }, ` in ${one.during}`) : null,
  one.path && one.kind === 'css' ? h('span', { class: 'row__value' }, ` ${one.path}, first ${one.first}`) : null,
  place(one.place),
  hint(one.hint),
  more('Stack', one.stack),
];

export function eventRow(one) {
  return line(
    one.level,
    `${(one.at / 1000).toFixed(2)} s`,
    KINDS[one.kind] ?? one.kind,
    ...(TEXTS[one.kind] ?? other)(one),
  );
}

export function findingRow(one) {
  const level = one.severity;
  return line(
    level,
    one.code,
    level,
    h('span', { class: level === 'info' ? '' : 'row__said' }, one.message),
    one.path ? place(one) : null,
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
