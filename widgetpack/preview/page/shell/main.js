// The frame around the CRM: which area, in which language, how wide, in which colours; and what happens there.
import { h } from '../stage/dom.js';
import { forget } from '../stage/world.js';
import { drawAreas, forgetMarks, keys, mark } from './areas.js';
import { choice, kept } from './choices.js';
import { clear, openDock, take, takeChange, tellFaults, tellFindings } from './dock.js';
import { leave } from './farewell.js';
import { tellBuild, tellLost } from './notice.js';
import { openSplit } from './split.js';

const WIDTHS = new Map([
  ['Fit', 0],
  ['1280', 1280],
  ['768', 768],
  ['390', 390],
]);
const THEMES = ['Auto', 'Light', 'Dark'];
// What was asked for outlives a build that does not have it: the area comes back with the next save.
const wanted = { area: '', locale: '' };
const shell = { state: null, area: '', locale: '', width: 'Fit', theme: 'Auto', number: 0, asks: 0, frame: null };

function remembered() {
  asked();
  shell.width = kept('width', [...WIDTHS.keys()]);
  shell.theme = kept('theme', THEMES);
}

function offer(id, key, names, changed) {
  choice(id, key, names, (name) => {
    shell[key] = name;
    changed();
  });
}

function asked() {
  const query = new URLSearchParams(location.hash.slice(1));
  wanted.area = query.get('area') ?? wanted.area;
  wanted.locale = query.get('locale') ?? wanted.locale;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function theme() {
  return shell.theme === 'Auto' ? (dark.matches ? 'dark' : 'light') : shell.theme.toLowerCase();
}

// Of two saves in a moment the answer for the first may come last.
async function load() {
  const ask = ++shell.asks;
  const answer = await fetch('/state.json');
  const state = await answer.json();
  if (ask !== shell.asks) {
    return;
  }
  document.body.classList.toggle('is-empty', !answer.ok);
  if (!answer.ok) {
    return;
  }
  shell.state = state;
  forgetMarks();
  tellFaults(state.faults);
  enter();
}

function bar(state) {
  const listing = state.listing[shell.locale];
  document.title = `${listing?.name || state.code}: preview`;
  const name = document.getElementById('widget-name');
  name.textContent = name.title = listing?.name || state.code;
  document.getElementById('widget-facts').textContent = [
    state.version,
    state.target === 'amocrm' ? 'amoCRM' : 'Kommo',
    state.online ? 'online' : 'offline',
  ]
    .filter(Boolean)
    .join(' · ');
  const icon = document.getElementById('widget-icon');
  icon.hidden = !state.icon;
  icon.src = state.icon ? `/icon?${state.build}` : 'data:,';
}

// Shows what is wanted, or what comes nearest in this build; `said` is what the widget said as it left the area before.
function enter(said = []) {
  const { state } = shell;
  const found = state.areas.find((one) => one.id === wanted.area);
  shell.area = found?.offered ? found.id : first(state.areas);
  shell.locale = state.locales.includes(wanted.locale) ? wanted.locale : (state.locales[0] ?? '');
  wanted.area ||= shell.area;
  wanted.locale ||= shell.locale;
  const why = found && !found.offered ? `${found.title}: ${found.reason.replaceAll('`', '')}` : '';
  document.getElementById('build').textContent = why;
  bar(state);
  locales(state);
  drawAreas(state.areas, shell.area, go);
  show(said);
}

// A card shows a widget best; else what comes first after the list.
function first(areas) {
  const offered = areas.filter((one) => one.offered);
  return (offered.find((one) => one.id === 'lcard') ?? offered[1] ?? offered[0]).id;
}

function locales(state) {
  const select = document.getElementById('locale');
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  const named = (code) => {
    try {
      return names.of(code);
    } catch {
      return code;
    }
  };
  select.replaceChildren(...state.locales.map((code) => h('option', { value: code }, `${named(code)} (${code})`)));
  select.value = shell.locale;
}

async function go(area) {
  wanted.area = area;
  history.pushState(null, '', address({ area, locale: shell.locale }));
  if (await move()) {
    document.querySelector('button.area[aria-current]')?.focus();
  }
}

// Leaves the area for what is wanted; false where another click, or a build, was there first.
async function move() {
  const { area, frame } = shell;
  const said = await leave(frame, titleOf(area));
  if (frame !== shell.frame) {
    return false;
  }
  said.forEach((one) => mark(area, take(one)));
  enter(said);
  return true;
}

const titleOf = (area) => shell.state.areas.find((one) => one.id === area)?.title ?? area;

const address = (query) => `#${new URLSearchParams(query)}`;

// A new stage: area, language, build or colours are other ones. A frame of its own each time, for one that goes to
// another page would be a step of its own for the browser's Back.
function show(said = []) {
  const { area, locale, state } = shell;
  document.documentElement.dataset.theme = theme();
  if (!state) {
    return;
  }
  history.replaceState(null, '', address({ area, locale }));
  const title = titleOf(area);
  clear(`${title}, build ${state.build}`, said);
  const query = new URLSearchParams({ area, locale, theme: theme(), build: `${state.build}.${++shell.number}` });
  shell.frame?.remove();
  shell.frame = h('iframe', { id: 'frame', title: `The CRM with the widget: ${title}`, src: `/stage?${query}` });
  document.getElementById('box').append(shell.frame);
  fit();
}

function fit() {
  const box = document.getElementById('box');
  const around = box.parentElement;
  const style = getComputedStyle(around);
  const free = around.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const wide = WIDTHS.get(shell.width) || free;
  const scale = Math.min(1, free / wide);
  box.style.width = `${wide * scale}px`;
  Object.assign(shell.frame?.style ?? {}, {
    width: `${wide}px`,
    height: `${100 / scale}%`,
    transform: scale < 1 ? `scale(${scale})` : '',
  });
}

function build(told) {
  tellBuild(told);
  tellFindings(told.findings);
  if (told.number !== shell.state?.build || told.session !== shell.state?.session) {
    load().catch(tellLost);
  }
}

// Starts over: the widget is as it was when the page was opened for the first time.
function reset() {
  if (shell.state) {
    forget(shell.state.code);
    show();
  }
}

window.addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== shell.frame?.contentWindow || !data?.widgetpack) {
    return;
  }
  if (data.widgetpack === 'event') {
    mark(shell.area, take(data.event));
  } else if (data.widgetpack === 'change') {
    takeChange(data.event);
  } else if (data.widgetpack === 'go') {
    go(data.area);
  } else if (data.widgetpack === 'key' && Object.hasOwn(KEYS, data.key)) {
    KEYS[data.key]();
  }
});

const KEYS = { r: () => show(), R: reset, t: fold };

window.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.nodeName) && event.target.type !== 'radio';
  if (event.key in KEYS && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping) {
    KEYS[event.key]();
  }
});

window.addEventListener('popstate', () => {
  asked();
  if (shell.state) {
    move();
  }
});

function fold() {
  const isFolded = document.body.classList.toggle('is-folded');
  const button = document.getElementById('fold');
  button.textContent = isFolded ? 'Unfold' : 'Fold';
  button.setAttribute('aria-expanded', String(!isFolded));
}

function listen() {
  const events = new EventSource('/events');
  events.addEventListener('build', (event) => build(JSON.parse(event.data)));
  events.addEventListener('error', tellLost); // the browser asks again, every second
}

remembered();
document.documentElement.dataset.theme = theme();
openDock();
openSplit(document.getElementById('split'));
offer('viewport', 'width', [...WIDTHS.keys()], fit);
offer('theme', 'theme', THEMES, () => show());
keys(document.getElementById('areas'));
document.getElementById('fold').addEventListener('click', fold);
document.getElementById('reload').addEventListener('click', () => show());
document.getElementById('reset').addEventListener('click', reset);
document.getElementById('locale').addEventListener('change', (event) => {
  wanted.locale = event.target.value;
  enter();
});
dark.addEventListener('change', () => shell.theme === 'Auto' && show());
new ResizeObserver(fit).observe(document.getElementById('stage'));
listen();
