// The menu of areas: what the manifest declares is offered, the rest is grey and says why.
import { h, icon } from '../stage/dom.js';

const GEAR =
  'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1';
const PERSON = 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c.5-3.7 3.2-6 7-6s6.5 2.3 7 6';
const PEOPLE =
  'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.4-3.6 3-6 6.5-6s6.1 2.4 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.3 2.7 3.5 5.5';
const MESSAGE = 'M4 5h16v11H9l-5 4z';
const CLOCK = 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 8v4l3 2';
const DRAWINGS = {
  integrations: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM16.5 13v7M13 16.5h7',
  settings: GEAR,
  advanced_settings: 'M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4',
  lcard: 'M12 3v18M16 7.5c0-1.7-1.8-3-4-3s-4 1.2-4 3 1.6 2.6 4 3.2 4 1.6 4 3.3-1.8 3-4 3-4-1.3-4-3',
  ccard: PERSON,
  comcard: 'M5 20V4h9v16M14 9h5v11M3 20h18M8 8h3M8 12h3M8 16h3',
  cucard: 'M12 20S4 15 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5C20 15 12 20 12 20z',
  card_sdk: 'M9.5 14.5l5-5M11 7l1.5-1.5a4 4 0 0 1 6 6L17 13M13 17l-1.5 1.5a4 4 0 0 1-6-6L7 11',
  llist: 'M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1',
  clist: PEOPLE,
  tlist: 'M5 4h14v16H5zM8.5 12l2.5 2.5 4.5-5',
  culist: PEOPLE,
  catalogs: 'M5 4h14v16H5zM9 4v16M12 9h4M12 13h4',
  digital_pipeline: 'M13 3L5 14h6l-1 7 8-11h-6z',
  salesbot_designer: 'M12 4v3M5 7h14v11H5zM9 12v1.5M15 12v1.5M3 11v4M21 11v4',
  lead_sources: 'M4 4h16l-6 8v7l-4-2v-5z',
  sms: MESSAGE,
  ai_agent: 'M12 3l2 6 6 2-6 2-2 6-2-6-6-2 6-2z',
  widget_page: 'M4 5h16v14H4zM9 5v14',
  everywhere: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M4 12h16M12 4c3 3 3 13 0 16M12 4c-3 3-3 13 0 16',
  mobile_card: 'M8 3h8v18H8zM11 18h2',
  website_chat_button: MESSAGE,
  tline: CLOCK,
  tcalendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  whatsapp_modal: MESSAGE,
  personal_page: PERSON,
  amoforms: 'M6 4h12v16H6zM9 9h6M9 13h6',
};
const LEVELS = { good: 'runs', warning: 'has warnings', error: 'has errors' };

// The worst that happened in each area since the last build.
const marks = new Map();

export function drawAreas(areas, current, go) {
  const nav = document.getElementById('areas');
  const offered = areas.filter((one) => one.offered);
  const others = areas.filter((one) => !one.offered);
  const groups = [...new Set(offered.map((one) => one.group))];
  const parts = groups.flatMap((group) => [
    h('h2', {}, group),
    ...offered.filter((one) => one.group === group).map((one) => button(one, current, go)),
  ]);
  const isOpen = nav.querySelector('details')?.open ?? false;
  nav.replaceChildren(
    ...parts,
    h(
      'details',
      { class: 'areas__rest', open: isOpen },
      h('summary', { class: 'areas__more' }, `Not used (${others.length})`),
      h('ul', {}, others.map(grey)),
    ),
  );
  offered.forEach((one) => paint(one.id));
  nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}

function button(one, current, go) {
  return h(
    'button',
    {
      class: 'area',
      type: 'button',
      'data-area': one.id,
      title: one.reason || undefined,
      'aria-current': one.id === current ? 'page' : undefined,
      onclick: () => go(one.id),
    },
    icon(DRAWINGS[one.id] ?? DRAWINGS.widget_page, 18),
    h('span', { class: 'area__title' }, one.title),
    h('span', { class: 'area__mark' }),
  );
}

function grey(one) {
  return h(
    'li',
    { class: 'area area_grey', 'data-area': one.id },
    h('span', {}, one.title, h('span', { class: 'area__reason' }, one.reason.replaceAll('`', ''))),
  );
}

export function mark(area, level) {
  marks.set(area, level in LEVELS ? level : 'good');
  paint(area);
}

export function forgetMarks() {
  marks.clear();
}

function paint(area) {
  const place = document.querySelector(`button.area[data-area="${CSS.escape(area)}"] .area__mark`);
  const level = marks.get(area);
  if (place && level) {
    place.className = `area__mark is-${level}`;
    place.title = LEVELS[level];
    place.setAttribute('role', 'img');
    place.setAttribute('aria-label', LEVELS[level]);
  }
}

// Arrow keys go through the menu.
export function keys(nav) {
  nav.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...nav.querySelectorAll('button.area')];
    const at = all.indexOf(document.activeElement);
    if (step && at >= 0) {
      all[(at + step + all.length) % all.length].focus();
      event.preventDefault();
    }
  });
}
