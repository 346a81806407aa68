// The menu of areas: what the manifest declares is offered, the rest is grey and says why.
import { h } from '../stage/dom.js';

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
      { open: isOpen },
      h('summary', { class: 'areas__more' }, `Not used (${others.length})`),
      others.map(grey),
    ),
  );
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
    h('span', {}, one.title),
    h('span', { class: 'area__mark' }),
  );
}

function grey(one) {
  return h(
    'div',
    { class: 'area', 'data-area': one.id, 'aria-disabled': 'true', tabindex: '0', role: 'button' },
    h('span', {}, one.title, h('span', { class: 'area__reason' }, one.reason.replaceAll('`', ''))),
  );
}

export function mark(area, level) {
  const place = document.querySelector(`.area[data-area="${area}"] .area__mark`);
  if (place) {
    place.className = `area__mark is-${level === 'info' ? 'good' : level}`;
    const words = { error: 'has errors', warning: 'has warnings' };
    place.title = words[level] ?? 'runs';
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
