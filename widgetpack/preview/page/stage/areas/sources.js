// Lead sources, catalogs and system SMS: what the platform asks of the script there.
import { account } from '../account.js';
import { callbacksPage, startAndAsk } from './asked.js';
import { h } from '../dom.js';
import { tellError } from '../errors.js';
import { hooks, tellCallback } from '../widget.js';
import { world } from '../world.js';
import { head, page, uninstalled } from './frame.js';

const TITLES = { lead_sources: 'Lead sources', catalogs: 'Catalogs', sms: 'System SMS' };
const ASKED = {
  lead_sources: () => [
    ['onSource', []],
    ['onAddAsSource', [account().pipelines[0].id]],
  ],
  catalogs: () => [['loadCatalogElement', [account().catalogs[0]?.id ?? 0]]],
  sms: () => [],
};
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

// The phone number and the text, as the platform hands them over; the promise tells whether it was sent.
async function send() {
  if (!world.widget) {
    message.textContent = 'The widget does not run here.';
    return;
  }
  const handler = hooks.sources.sms;
  if (!handler) {
    message.textContent = 'The widget registered no source of SMS.';
    tellCallback('error', 'add_source sms', 'self.add_source("sms", …) was not called', { fault: 'no-source' });
    return;
  }
  try {
    await handler.call(world.widget, {
      phone: '+15550100',
      message: 'Hello from the sandbox',
      contact_id: account().contacts[0]?.id,
    });
    message.textContent = 'The promise was kept.';
    tellCallback('good', 'source sms', '', { given: '{phone, message, contact_id}', value: 'Promise' });
  } catch (error) {
    message.textContent = 'The promise was broken.';
    tellError(error ?? new Error('rejected without a reason'), 'source sms');
  }
}

export async function play() {
  await startAndAsk(ask);
  return { walk: world.area === 'sms' ? send : undefined };
}
