// The dock: what happens in the stage, what it asks of the network, what the rules say of the widget.
import { h } from '../stage/dom.js';
import { empty, eventRow, findingRow } from './rows.js';

const order = ['error', 'warning', 'good', 'info'];
const isProblem = (one) => one.level === 'error' || one.level === 'warning';

const isRequest = (one) => one.kind === 'request';

// A list of events says which ones it takes; the findings come with a build.
const TABS = {
  timeline: { title: 'Timeline', fits: () => true, none: ['Nothing has happened yet.'] },
  problems: { title: 'Problems', fits: isProblem, none: ['No problems in this area.'] },
  network: {
    title: 'Network',
    fits: isRequest,
    none: [
      'The widget asked for nothing.',
      'The account of the sandbox answers; preview/*.json of the project can say more.',
    ],
  },
  findings: {
    title: 'Findings',
    none: ['The rules of widgetpack object to nothing.'],
  },
};

const MOST_EVENTS = 2000;
const held = {
  events: new Map(),
  dropped: 0, // counted, and not kept
  worst: '',
  findings: [],
  faults: [],
  tab: 'timeline',
  words: '',
  waits: false,
};
// The lines of events that stand in the list, by id.
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

// Hides a line that has none of the words that are looked for.
function sift(row) {
  row.hidden = !row.textContent.toLowerCase().includes(held.words);
}

function draw() {
  const { fits, none } = TABS[held.tab];
  rows.clear();
  if (fits) {
    [...held.events.values()].filter(fits).forEach((one) => rows.set(one.id, eventRow(one)));
  }
  const found = fits ? [...rows.values()] : [...held.faults, ...held.findings].map(findingRow);
  found.forEach(sift);
  list = h('ol', { class: 'rows' }, found);
  document.getElementById('dock-body').replaceChildren(found.length ? list : empty(...none));
  count();
}

function count() {
  const all = [...held.events.values()];
  const told = {
    timeline: [all.length + held.dropped, ''],
    problems: [all.filter(isProblem).length, worst(all.map((one) => one.level))],
    network: [all.filter(isRequest).length, ''],
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

// Begins the list of another stage; `said` comes from the one before, and says nothing of this one's worth.
export function clear(title, said) {
  held.events = new Map(said.map((one) => [one.id, one]));
  Object.assign(held, { dropped: 0, worst: '' });
  document.getElementById('dock-area').textContent = title;
  draw();
}

// Takes an event; returns the worst level so far.
export function take(event) {
  held.events.set(event.id, event);
  held.worst = worst([held.worst, event.level]);
  if (TABS[held.tab].fits?.(event)) {
    put(event);
  }
  drop();
  soon();
  return held.worst;
}

// Takes a change of an event; one that has gone since stays gone.
export function takeChange(event) {
  if (held.events.has(event.id)) {
    take(event);
  }
}

// Only the line of this event is drawn: what is open or focused in the others stays so.
function put(event) {
  const row = eventRow(event);
  const before = rows.get(event.id);
  sift(row);
  rows.set(event.id, row);
  if (before) {
    before.replaceWith(row);
  } else if (list.isConnected) {
    follow(() => list.append(row));
  } else {
    draw(); // the first one takes the place of the words that stood there
  }
}

// A widget may tell ten thousand things: the first of them go, problems last.
function drop() {
  if (held.events.size > MOST_EVENTS) {
    const first = oldest();
    held.events.delete(first);
    rows.get(first)?.remove();
    rows.delete(first);
    held.dropped += 1;
  }
}

function oldest() {
  for (const one of held.events.values()) {
    if (!isProblem(one)) {
      return one.id;
    }
  }
  return held.events.keys().next().value;
}

// The counts are drawn once for all events of a moment.
function soon() {
  if (!held.waits) {
    held.waits = true;
    setTimeout(() => {
      held.waits = false;
      count();
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

// Files of preview/ that could not be used.
export function tellFaults(faults) {
  held.faults = faults.map((one) => ({ ...one, code: '', severity: 'warning' }));
  draw();
}

export function tellFindings(findings) {
  held.findings = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  draw();
}
