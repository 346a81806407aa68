// Linked entities of a card (card_sdk): a tab whose contents the four callbacks give as promises, or draw into its
// element, which has the code of the widget for its id.
import { draw as drawCard } from './card.js';
import { callbacksPage, startAndAsk } from './asked.js';
import { h } from '../dom.js';
import { hand } from '../watch.js';
import { world } from '../world.js';

const ASKED = () => [
  ['loadPreloadedData', []],
  ['loadElements', [{ type: 'leads' }, world.open?.id ?? 0]],
  ['linkCard', [[{ to_entity: 'leads', to_id: world.open?.id ?? 0 }]]],
  ['searchDataInCard', ['a', 'leads', world.open?.id ?? 0]],
];
let ask = null;

export async function draw(body) {
  await drawCard(body);
  const feed = body.querySelector('.card-holder__feed');
  ask = callbacksPage(feed, 'Linked entities', ASKED());
  const tab = h('div', { class: 'stage-tab', id: world.state.code });
  hand(tab);
  feed.querySelector('.stage-heading').after(tab);
}

export async function play() {
  await startAndAsk(ask);
  return {};
}
