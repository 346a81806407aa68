// The button beside a phone number or an address: it asks the widget that registered for them, wherever the CRM shows
// them (docs/card-sdk).
import { TYPES } from '../entities.js';
import { h, icon } from '../dom.js';
import { emit } from '../events.js';
import { tellError } from '../errors.js';
import { channels } from '../self.js';
import { hooks } from '../widget.js';
import { lookup, world } from '../world.js';
import { title } from './frame.js';

const KINDS = {
  phone: {
    word: 'Call',
    drawing: 'M6 3h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5L16 12.5l5 1.5v4c0 1.5-1 3-3 3C10 21 3 14 3 6c0-2 1.5-3 3-3',
  },
  email: { word: 'Write to', drawing: 'M3 6h18v12H3zM3 7l9 7 9-7' },
};

export function reach(kind, value, entity, { id }) {
  const { word, drawing } = KINDS[kind];
  const label = lookup('widget.call_action');
  return h(
    'button',
    {
      class: 'stage-reach',
      type: 'button',
      // The platform's own button has the text of the widget, or else its name.
      title: typeof label === 'string' ? label : title(),
      'aria-label': `${word} ${value}`,
      onclick: () => act(kind, { value, element_type: TYPES[entity], element_id: id, entity: world.name }),
    },
    icon(drawing, 16),
  );
}

// One button for each way there is to reach somebody.
export function reaches(entity, one) {
  const { phones, emails } = channels(one);
  return [
    ...phones.slice(0, 1).map((value) => reach('phone', value, entity, one)),
    ...emails.slice(0, 1).map((value) => reach('email', value, entity, one)),
  ];
}

function act(kind, given) {
  const handler = hooks.actions[kind];
  if (!handler) {
    const message = `no widget registered with self.add_action("${kind}", …)`;
    emit('call', 'info', { name: `click on ${kind}`, given: given.value, message });
    return;
  }
  try {
    handler.call(world.widget, given);
    emit('call', 'good', { name: `action ${kind}`, given: given.value, message: '' });
  } catch (error) {
    tellError(error, `action ${kind}`);
  }
}
