// The parts of the CRM's page that every area has: the menu on the left, a head, and words of its own.
import { h, icon } from '../dom.js';
import { isInstalled } from '../widget.js';
import { file, word, world } from '../world.js';

const DRAWINGS = {
  dashboard: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-4H4zM14 4v4h6V4z',
  leads: 'M12 3v18M16 7.5c0-1.7-1.8-3-4-3s-4 1.2-4 3 1.6 2.6 4 3.2 4 1.6 4 3.3-1.8 3-4 3-4-1.3-4-3',
  contacts:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.4-3.6 3-6 6.5-6s6.1 2.4 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.3 2.7 3.5 5.5',
  tasks: 'M5 4h14v16H5zM8.5 12l2.5 2.5 4.5-5',
  mail: 'M3 6h18v12H3zM3 7l9 7 9-7',
  stats: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  settings:
    'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
};
const NAMES = {
  dashboard: 'Dashboard',
  leads: 'Leads',
  contacts: 'Contacts',
  tasks: 'Tasks',
  mail: 'Mail',
  stats: 'Statistics',
  settings: 'Settings',
};

export const DRAWN = DRAWINGS;

// The whole page; `active` is the entry of the menu, `extra` are entries of the widget's own.
export function page(active, content, extra = []) {
  const entries = Object.keys(DRAWINGS).map((name) => ({
    name,
    title: NAMES[name],
    drawing: icon(DRAWINGS[name], 22),
  }));
  const all = placed(entries, extra);
  return h(
    'div',
    { class: 'stage-page', id: 'page_holder' },
    h(
      'nav',
      { class: 'nav', id: 'left_menu', 'aria-label': 'CRM' },
      h('div', { class: 'nav__top', 'aria-hidden': 'true' }),
      h(
        'ul',
        { class: 'nav__menu' },
        all.map((one) => item(one, active)),
      ),
    ),
    h('main', { class: 'stage-main', id: 'page_content' }, content),
  );
}

function placed(entries, extra) {
  const all = [...entries];
  extra.forEach((one) => {
    const at = all.findIndex((entry) => entry.name === one.after);
    all.splice(at < 0 ? all.length - 1 : at + 1, 0, one);
  });
  return all.filter((one) => !one.hidden);
}

function item({ name, title, drawing, go }, active) {
  const current = name === active;
  const inner = [
    h('span', { class: 'nav__menu__item__icon' }, drawing),
    h('span', { class: 'nav__menu__item__title' }, title),
  ];
  return h(
    'li',
    { class: `nav__menu__item${current ? ' nav__menu__item-selected' : ''}`, 'data-entity': name },
    go
      ? h(
          'button',
          { class: 'nav__menu__item__link', type: 'button', onclick: go, 'aria-current': current && 'page' },
          inner,
        )
      : h('span', { class: 'nav__menu__item__link' }, inner),
  );
}

export function head(title, ...rest) {
  return h(
    'header',
    { class: 'list__top' },
    h('h1', { class: 'list__top__title' }, title),
    h('div', { class: 'list__top__actions' }, rest),
  );
}

// Words of the sandbox inside the page; they look unlike the CRM and unlike a widget.
export function note(...words) {
  return h('div', { class: 'stage-note', role: 'note' }, words);
}

export function logo(size = 'logo_small', attributes = {}) {
  const name = world.state.images[size];
  return name
    ? h('img', { src: file(name), alt: '', ...attributes })
    : h('span', { class: 'stage-nologo', 'aria-hidden': 'true' });
}

export function title() {
  return world.state.listing[world.locale]?.name || word(world.state.manifest.widget?.name) || world.state.code;
}

export function go(area) {
  if (parent === window) {
    const query = new URLSearchParams(location.search);
    query.set('area', area);
    location.search = query;
  } else {
    parent.postMessage({ widgetpack: 'go', area }, location.origin);
  }
}

// The note of a widget that is not installed: the platform does not load it anywhere but in its settings.
export function uninstalled() {
  if (isInstalled()) {
    return null;
  }
  return note(
    h('p', {}, 'The widget is not installed, so the platform does not load it here.'),
    h(
      'button',
      { class: 'button-input button-input_blue', type: 'button', onclick: () => go('settings') },
      'Open its settings',
    ),
  );
}
