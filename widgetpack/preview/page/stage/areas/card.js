// Lead, contact, company and customer: fields on the left, the feed, and the right column where the widget draws.
import { account } from '../account.js';
import { entityOf } from '../app.js';
import { h, icon } from '../dom.js';
import { emit } from '../events.js';
import { tellError } from '../errors.js';
import { channels } from '../self.js';
import { hooks, isInstalled, makeWidget, start } from '../widget.js';
import { openPanel } from '../panel.js';
import { world } from '../world.js';
import { page, uninstalled } from './frame.js';

const SINGULAR = { leads: 'lead', contacts: 'contact', companies: 'company', customers: 'customer' };

export async function draw(body) {
  const entity = entityOf();
  world.open = account()[entity]?.[0] ?? { id: 0, name: 'New card', custom_fields_values: null };
  const column = h(
    'aside',
    { class: 'card-widgets js-widgets', id: 'widgets_block', 'aria-label': 'Widgets' },
    h('div', { class: 'card-widgets__top', 'aria-hidden': 'true' }),
    h('div', { class: 'card-widgets__elements' }),
    uninstalled(),
  );
  body.append(
    page(
      entity === 'leads' ? 'leads' : 'contacts',
      h(
        'div',
        { class: 'card-holder', id: 'card_holder' },
        h('div', { class: 'card-holder__container' }, fields(entity, world.open), feed()),
        column,
      ),
    ),
  );
}

function fields(entity, open) {
  const kind = SINGULAR[entity];
  return h(
    'section',
    { class: 'card-holder__fields card-fields', id: 'edit_card', 'aria-label': kind },
    h(
      'div',
      { class: 'card-fields__top' },
      h('input', {
        class: 'card-fields__top-name-input',
        id: 'person_n',
        name: `${kind}[NAME]`,
        value: open.name,
        'aria-label': 'Name',
      }),
      h('span', { class: 'card-fields__id' }, `#${open.id}`),
      entity === 'leads' ? stages(open) : null,
    ),
    h(
      'div',
      { class: 'linked-forms__group-wrapper linked-forms__group-wrapper_main', 'data-id': 'default' },
      entity === 'leads' ? plain('Sale', `${kind}[PRICE]`, `${open.price ?? 0}`) : null,
      plain(
        'Responsible',
        `${kind}[MAIN_USER]`,
        account().users.find((one) => one.id === open.responsible_user_id)?.name ?? '',
      ),
      custom(entity, open),
    ),
    linked(entity, open),
  );
}

function plain(label, name, value) {
  return row(label, h('input', { class: 'linked-form__cf text-input', name, value, 'aria-label': label }), {
    class: 'linked-form__field linked-form__field-text',
  });
}

function row(label, control, attributes) {
  return h(
    'div',
    attributes,
    h('div', { class: 'linked-form__field__label' }, h('span', {}, label)),
    h('div', { class: 'linked-form__field__value' }, control),
  );
}

function custom(entity, open) {
  return (account().custom_fields[entity] ?? []).map((field) => {
    const values = (open.custom_fields_values ?? []).find((one) => one.field_id === field.id)?.values ?? [];
    const value = values[0]?.value ?? '';
    const shape = {
      class: `linked-form__field linked-form__field-${field.type}`,
      'data-id': field.id,
      'data-pei-code': field.code?.toLowerCase(),
    };
    return row(field.name, control(field, value), shape);
  });
}

function control(field, value) {
  const attributes = {
    class: `linked-form__cf text-input${field.code ? ' control--suggest--input-inline' : ''}`,
    name: `CFV[${field.id}]`,
    'data-type': field.code?.toLowerCase(),
    'aria-label': field.name,
  };
  if (field.type === 'textarea') {
    return h('textarea', { ...attributes, rows: 1 }, String(value));
  }
  const input = h('input', { ...attributes, value: shown(field, value) });
  const kind = { PHONE: 'phone', EMAIL: 'email' }[field.code];
  return kind && value ? h('span', { class: 'stage-channel' }, input, reach(kind, value)) : input;
}

function shown(field, value) {
  const isDate =
    ['date', 'birthday', 'date_time'].includes(field.type) && value !== '' && Number.isFinite(Number(value));
  return isDate ? window.moment.unix(Number(value)).format(account().date_format) : String(value);
}

// Phone numbers and addresses ask the widget that registered for them, as in the CRM.
function reach(kind, value) {
  const open = world.open;
  const act = () => {
    const handler = hooks.actions[kind];
    if (!handler) {
      emit('call', 'info', {
        name: `click on ${kind}`,
        given: value,
        message: `no widget registered with self.add_action("${kind}", …)`,
      });
      return;
    }
    try {
      handler.call(world.widget, { value, element_type: 1, element_id: open.id, entity: world.name });
      emit('call', 'good', { name: `action ${kind}`, given: value, message: '' });
    } catch (error) {
      tellError(error, `action ${kind}`);
    }
  };
  return h(
    'button',
    {
      class: 'stage-reach',
      type: 'button',
      onclick: act,
      'aria-label': `${kind === 'phone' ? 'Call' : 'Write to'} ${value}`,
    },
    icon(
      kind === 'phone'
        ? 'M6 3h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5L16 12.5l5 1.5v4c0 1.5-1 3-3 3C10 21 3 14 3 6c0-2 1.5-3 3-3'
        : 'M3 6h18v12H3zM3 7l9 7 9-7',
      16,
    ),
  );
}

function stages(open) {
  const pipeline = account().pipelines.find((one) => one.id === open.pipeline_id);
  const statuses = (pipeline?._embedded.statuses ?? []).filter((one) => one.type !== 1 && one.id !== 143);
  const at = statuses.findIndex((one) => one.id === open.status_id);
  return h(
    'div',
    { class: 'card-fields__stages' },
    h(
      'span',
      { class: 'card-fields__stage' },
      statuses[at]?.name ?? '',
      h('span', { class: 'stage-faint' }, ` ${pipeline?.name ?? ''}`),
    ),
    h(
      'div',
      { class: 'stage-steps', 'aria-hidden': 'true' },
      statuses.map((one, index) => h('i', { class: index <= at ? 'is-done' : '' })),
    ),
  );
}

function linked(entity, open) {
  const kinds = ['contacts', 'companies', 'leads'].filter((kind) => kind !== entity);
  const found = kinds
    .flatMap((kind) => (open._embedded?.[kind] ?? []).map(({ id }) => account()[kind].find((one) => one.id === id)))
    .filter(Boolean);
  return h(
    'ul',
    { class: 'stage-linked', 'aria-label': 'Linked' },
    found.map((one) =>
      h(
        'li',
        {},
        h('span', { class: 'stage-initial', 'aria-hidden': 'true' }, one.name[0]),
        h('span', {}, one.name, h('small', {}, [...channels(one).phones, ...channels(one).emails].join(' · '))),
      ),
    ),
  );
}

function feed() {
  const lines = [
    ['12', 'Created', 'The card came from the website.'],
    ['5', 'Stage', 'Moved one stage further.'],
    ['2', 'Note', 'Asks for an offer with delivery.'],
  ];
  return h(
    'section',
    { class: 'card-holder__feed feed', id: 'feed', 'aria-label': 'Feed' },
    h(
      'div',
      { class: 'notes-wrapper js-notes', id: 'notes_wrapper' },
      h(
        'div',
        { class: 'notes-wrapper__notes js-notes-list' },
        lines.map(([days, kind, text]) =>
          h(
            'div',
            { class: 'feed-note-wrapper' },
            h(
              'div',
              { class: 'feed-note' },
              h('span', { class: 'feed-note__kind' }, kind),
              h('time', {}, `${days} days ago`),
              h('span', { class: 'feed-note__text' }, text),
            ),
          ),
        ),
      ),
    ),
    h(
      'div',
      { class: 'feed-compose' },
      h('div', { class: 'feed-compose__quick-actions-wrapper' }, 'Note'),
      h('div', { class: 'feed-compose__message', 'aria-hidden': 'true' }, 'Write a note'),
    ),
  );
}

export async function play() {
  if (!isInstalled()) {
    return {};
  }
  if (world.panel) {
    openPanel();
  }
  if (await makeWidget()) {
    await start();
  }
  return {};
}
