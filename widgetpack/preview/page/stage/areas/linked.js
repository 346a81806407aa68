// Linked entities of a card (card_sdk): a tab whose contents the four callbacks give as promises.
import { draw as drawCard } from './card.js';
import { callbacksPage, startAndAsk } from './asked.js';
import { world } from '../world.js';

const ASKED = () => [
  ['loadPreloadedData', []],
  ['loadElements', ['leads', world.open?.id ?? 0]],
  ['linkCard', [[{ to_entity: 'leads', to_id: world.open?.id ?? 0 }]]],
  ['searchDataInCard', ['a', 'leads', world.open?.id ?? 0]],
];
let ask = null;

export async function draw(body) {
  await drawCard(body);
  ask = callbacksPage(body.querySelector('.card-holder__feed'), 'Linked entities', ASKED());
}

export async function play() {
  await startAndAsk(ask);
  return {};
}
