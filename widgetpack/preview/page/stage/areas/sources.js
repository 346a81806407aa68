// Lead sources, catalogs and system SMS: what the platform asks of the script there.
import { account } from '../account.js';
import { callbacksPage, startAndAsk } from './asked.js';
import { h } from '../dom.js';
import { world } from '../world.js';
import { head, page, uninstalled } from './frame.js';
import { sendMessage } from './message.js';

const TITLES = { lead_sources: 'Lead sources', catalogs: 'Catalogs', sms: 'System SMS' };
const ASKED = {
  lead_sources: () => [
    ['onSource', []],
    ['onAddAsSource', [account().pipelines[0].id]],
  ],
  catalogs: () => [['loadCatalogElement', [elementOf(account().catalogs[0])]]],
  sms: () => [],
};
const elementOf = (catalog) => catalog?.elements?.[0] ?? { id: 0, catalog_id: catalog?.id ?? 0, name: 'New' };
let ask = null;
let message = null;

export async function draw(body) {
  const place = h('div', { class: 'stage-workarea' });
  body.append(page('settings', h('div', { class: 'stage-column' }, head(TITLES[world.area]), uninstalled(), place)));
  ask = callbacksPage(place, 'What the platform asks', ASKED[world.area]());
  if (world.area === 'sms') {
    message = h('p', { class: 'stage-message', role: 'status' });
    place.append(
      h(
        'section',
        { class: 'stage-asked' },
        h(
          'header',
          {},
          h('code', {}, 'self.add_source("sms", …)'),
          h('button', { class: 'button-input', type: 'button', onclick: send }, 'Send a message'),
        ),
        message,
      ),
    );
  }
}

async function send() {
  message.textContent = await sendMessage();
}

export async function play() {
  await startAndAsk(ask);
  return { walk: world.area === 'sms' ? send : undefined };
}
