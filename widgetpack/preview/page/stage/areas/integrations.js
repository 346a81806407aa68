// The list of integrations: how the widget looks before anybody installs it.
import { h, html, icon } from '../dom.js';
import { file, stored, world } from '../world.js';
import { go, head, page, title } from './frame.js';

const OTHERS = 5;

export async function draw(body) {
  const listing = world.state.listing[world.locale] ?? {
    name: '',
    short: '',
    description: '',
    tour: '',
    pictures: [],
    form: {},
  };
  body.append(
    page(
      'settings',
      h(
        'div',
        { class: 'stage-integrations', id: 'settings_widgets' },
        head('Integrations', h('span', { class: 'stage-faint' }, 'Settings')),
        h('div', { class: 'stage-shelf' }, tile(listing), ...Array.from({ length: OTHERS }, blank)),
        details(listing),
      ),
    ),
  );
}

function tile(listing) {
  const { status } = stored();
  const words = { install: 'Not installed', installed: 'Installed', not_configured: 'Not configured', error: 'Error' };
  return h(
    'button',
    { class: 'widget-card', type: 'button', onclick: () => go('settings') },
    h(
      'span',
      { class: 'widget-card__icon' },
      world.state.icon
        ? h('img', { src: '/icon', alt: '', width: 400, height: 272 })
        : h('span', { class: 'stage-nologo' }),
    ),
    h(
      'span',
      { class: 'widget-card__text' },
      h('strong', { class: 'widget-card__name' }, listing.form.name || listing.name || title()),
      h('span', { class: 'widget-card__short' }, listing.short),
      h('span', { class: `stage-tag stage-tag_${status}` }, words[status] ?? status),
    ),
  );
}

function blank() {
  return h(
    'div',
    { class: 'widget-card widget-card_blank', 'aria-hidden': 'true' },
    h('span', { class: 'widget-card__icon' }),
    h('span', { class: 'widget-card__text' }, h('i'), h('i')),
  );
}

function details(listing) {
  return h(
    'section',
    { class: 'stage-details', 'aria-label': 'Before the installation' },
    h('h2', {}, listing.form.name || listing.name || title()),
    h('p', { class: 'stage-lead' }, listing.short),
    listing.description ? html('div', { class: 'stage-html' }, listing.description) : null,
    listing.form.description
      ? [h('h3', {}, 'In the integration form'), h('p', { class: 'stage-html' }, listing.form.description)]
      : null,
    tour(listing),
    h('button', { class: 'button-input button-input_blue', type: 'button', onclick: () => go('settings') }, 'Open'),
  );
}

// The pictures of the tour, one at a time.
export function tour(listing) {
  if (!listing.pictures.length) {
    return null;
  }
  const picture = h('img', { class: 'stage-tour__picture', src: file(listing.pictures[0]), alt: '' });
  let at = 0;
  const place = h('span', { class: 'stage-faint' });
  const move = (by) => {
    at = (at + by + listing.pictures.length) % listing.pictures.length;
    picture.src = file(listing.pictures[at]);
    place.textContent = `${at + 1} of ${listing.pictures.length}`;
  };
  move(0);
  const arrow = (by, path, label) =>
    h('button', { class: 'stage-round', type: 'button', 'aria-label': label, onclick: () => move(by) }, icon(path, 18));
  return h(
    'div',
    { class: 'stage-tour' },
    picture,
    h(
      'div',
      { class: 'stage-tour__bar' },
      html('div', { class: 'stage-html' }, listing.tour),
      h(
        'span',
        { class: 'stage-tour__moves' },
        arrow(-1, 'M15 5l-7 7 7 7', 'Previous picture'),
        place,
        arrow(1, 'M9 5l7 7-7 7', 'Next picture'),
      ),
    ),
  );
}

export async function play() {
  return {};
}
