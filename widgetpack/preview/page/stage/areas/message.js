// A message by the source that the widget has added: the platform hands over phone, text and contact, and waits for the
// promise (docs/script-js).
import { account } from '../account.js';
import { tellError } from '../errors.js';
import { shown } from '../events.js';
import { channels } from '../self.js';
import { hooks, tellCallback } from '../widget.js';
import { world } from '../world.js';

const NO_PROMISE = 'not a promise: the platform waits for one';

// Gives what the page says of it.
export async function sendMessage() {
  if (!world.widget) {
    return 'The widget does not run here.';
  }
  if (!hooks.sources.sms) {
    tellCallback('error', 'add_source sms', 'self.add_source("sms", …) was not called', { fault: 'no-source' });
    return 'The widget registered no source of SMS.';
  }
  const given = letter();
  try {
    const answer = hooks.sources.sms.call(world.widget, given);
    await answer;
    const isPromise = typeof answer?.then === 'function';
    const [level, message, fault] = isPromise ? ['good', '', ''] : ['warning', NO_PROMISE, 'promise'];
    const value = isPromise ? 'Promise' : shown(answer);
    tellCallback(level, 'source sms', message, { given: shown(given), value, fault });
    return isPromise ? 'The promise was kept.' : 'The widget gave no promise: nobody knows what was sent.';
  } catch (error) {
    tellError(error ?? new Error('rejected without a reason'), 'source sms');
    return 'The promise was broken.';
  }
}

// To the contact of the card that is open, else to the first one of the account; the phone is a number.
function letter() {
  const ids = world.name === 'ccard' ? [world.open?.id] : (world.open?._embedded?.contacts ?? []).map(({ id }) => id);
  const contact = account().contacts.find(({ id }) => ids.includes(id)) ?? account().contacts[0];
  const phone = Number(channels(contact).phones[0]?.replace(/\D/g, '') || 15550100);
  return { phone, message: 'Hello from the sandbox', contact_id: contact?.id };
}
