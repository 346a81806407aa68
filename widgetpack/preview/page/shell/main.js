// The frame around the CRM: which area, in which language, how wide, in which colours; and what happens there.
import { h } from '../stage/dom.js';
import { drawAreas, keys, mark } from './areas.js';
import { clear, openDock, take, tellFaults, tellFindings } from './dock.js';

const WIDTHS = { Fit: 0, 1280: 1280, 768: 768, 390: 390 };
const frame = document.getElementById('frame');
const shell = { state: null, area: '', locale: '', width: 'Fit', theme: 'Auto', number: 0 };

function remembered() {
  const query = new URLSearchParams(location.hash.slice(1));
  shell.area = query.get('area') ?? shell.area;
  shell.locale = query.get('locale') ?? shell.locale;
  shell.width = localStorage.getItem('widgetpack-width') in WIDTHS ? localStorage.getItem('widgetpack-width') : 'Fit';
  shell.theme = localStorage.getItem('widgetpack-theme') ?? 'Auto';
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function theme() {
  return shell.theme === 'Auto' ? (dark.matches ? 'dark' : 'light') : shell.theme.toLowerCase();
}

function choice(id, names, key, changed) {
  const group = document.getElementById(id);
  names.forEach((name) =>
    group.append(
      h(
        'label',
        {},
        h('input', {
          type: 'radio',
          name: id,
          value: name,
          checked: shell[key] === name,
          onchange: () => {
            shell[key] = name;
            localStorage.setItem(`widgetpack-${key}`, name);
            changed();
          },
        }),
        h('span', {}, name),
      ),
    ),
  );
}

async function load() {
  const answer = await fetch('/state.json');
  const state = await answer.json();
  document.body.classList.toggle('is-empty', !answer.ok);
  if (!answer.ok) {
    return;
  }
  shell.state = state;
  const listing = state.listing[shell.locale] ?? state.listing[state.locales[0]];
  document.title = `${listing?.name || state.code}: preview`;
  document.getElementById('widget-name').textContent = listing?.name || state.code;
  document.getElementById('widget-facts').textContent = [
    state.version,
    state.target === 'amocrm' ? 'amoCRM' : 'Kommo',
    state.online ? 'online' : 'offline',
  ]
    .filter(Boolean)
    .join(' · ');
  document.getElementById('widget-icon').src = `/icon?${state.build}`;
  locales(state);
  if (!state.areas.some((one) => one.id === shell.area && one.offered)) {
    shell.area = first(state.areas);
  }
  drawAreas(state.areas, shell.area, go);
  tellFaults(state.faults);
  show();
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
  shell.locale = state.locales.includes(shell.locale) ? shell.locale : (state.locales[0] ?? '');
  select.value = shell.locale;
}

function go(area) {
  shell.area = area;
  drawAreas(shell.state.areas, area, go);
  show();
  document.querySelector(`button.area[data-area="${area}"]`)?.focus();
}

// A new stage: area, language, build or colours are other ones.
function show() {
  const { area, locale } = shell;
  history.replaceState(null, '', `#${new URLSearchParams({ area, locale })}`);
  document.documentElement.dataset.theme = theme();
  const title = shell.state.areas.find((one) => one.id === area)?.title ?? area;
  clear(`${title}, build ${shell.state.build}`);
  frame.src = `/stage?${new URLSearchParams({ area, locale, theme: theme(), build: `${shell.state.build}.${++shell.number}` })}`;
}

function fit() {
  const box = frame.parentElement;
  const around = box.parentElement;
  const style = getComputedStyle(around);
  const free = around.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const wanted = WIDTHS[shell.width] || free;
  const scale = Math.min(1, free / wanted);
  box.style.width = `${wanted * scale}px`;
  Object.assign(frame.style, {
    width: `${wanted}px`,
    height: `${100 / scale}%`,
    transform: scale < 1 ? `scale(${scale})` : '',
  });
}

function build(told) {
  const place = document.getElementById('build');
  place.classList.toggle('is-bad', !told.ok);
  place.textContent = told.ok ? '' : `${told.message}${told.number ? '; this is the last good build' : ''}`;
  tellFindings(told.findings);
  if (told.number !== shell.state?.build || told.session !== shell.state?.session) {
    load();
  }
}

window.addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow || !data?.widgetpack) {
    return;
  }
  if (data.widgetpack === 'event') {
    mark(shell.area, take(data.event));
  } else if (data.widgetpack === 'go') {
    go(data.area);
  }
});

window.addEventListener('keydown', (event) => {
  if (
    event.key === 'r' &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.nodeName)
  ) {
    show();
  } else if (
    event.key === 't' &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.nodeName)
  ) {
    fold();
  }
});

function fold() {
  const isFolded = document.body.classList.toggle('is-folded');
  const button = document.getElementById('fold');
  button.textContent = isFolded ? 'Unfold' : 'Fold';
  button.setAttribute('aria-expanded', String(!isFolded));
}

remembered();
openDock();
choice(
  'viewport',
  Object.keys(WIDTHS).sort((a, b) => (WIDTHS[b] || 1e9) - (WIDTHS[a] || 1e9)),
  'width',
  fit,
);
choice('theme', ['Auto', 'Light', 'Dark'], 'theme', show);
keys(document.getElementById('areas'));
document.getElementById('fold').addEventListener('click', fold);
document.getElementById('reload').addEventListener('click', show);
document.getElementById('locale').addEventListener('change', (event) => {
  shell.locale = event.target.value;
  show();
});
dark.addEventListener('change', () => shell.theme === 'Auto' && show());
new ResizeObserver(fit).observe(document.getElementById('stage'));
fit();
const events = new EventSource('/events');
events.addEventListener('build', (event) => build(JSON.parse(event.data)));
