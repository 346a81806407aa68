// Lead, contact, company and customer: fields on the left, the feed, and the right column where the widget draws.
import { account } from '../account.js';
import { entityOf } from '../entities.js';
import { h } from '../dom.js';
import { tellError } from '../errors.js';
import { channels } from '../self.js';
import { hooks, isInstalled, makeWidget, start, tellCallback } from '../widget.js';
import { openPanel } from '../panel.js';
import { hand, noteElements } from '../watch.js';
import { world } from '../world.js';
import { page, uninstalled } from './frame.js';
import { sendMessage } from './message.js';
import { reach, reaches } from './reach.js';

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
  return kind && value
    ? h('span', { class: 'stage-channel' }, input, reach(kind, value, entityOf(), world.open))
    : input;
}

function shown(field, value) {
  const isDate =
    ['date', 'birthday', 'date_time'].includes(field.type) && value !== '' && Number.isFinite(Number(value));
  return isDate ? window.moment.unix(Number(value)).format(account().date_format) : String(value);
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
    .flatMap((kind) => (open._embedded?.[kind] ?? []).map(({ id }) => [kind, id]))
    .map(([kind, id]) => [kind, account()[kind].find((one) => one.id === id)])
    .filter(([, one]) => one);
  return h(
    'ul',
    { class: 'stage-linked', 'aria-label': 'Linked' },
    found.map(([kind, one]) => {
      const { phones, emails } = channels(one);
      return h(
        'li',
        {},
        h('span', { class: 'stage-initial', 'aria-hidden': 'true' }, one.name[0]),
        h('span', { class: 'stage-linked__name' }, one.name, h('small', {}, [...phones, ...emails].join(' · '))),
        reaches(kind, one),
      );
    }),
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
      h('div', { class: 'feed-compose__message', role: 'status' }, 'Write a note'),
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
  if ((await makeWidget()) && (await start())) {
    Object.keys(hooks.sources).forEach(offerSource);
  }
  return {};
}

// A source that the widget has added stands beside the note, below the feed: the platform has a control for SMS, of any
// other kind the widget fills one itself (docs/card-sdk).
function offerSource(kind) {
  const place = document.querySelector('.feed-compose');
  const said = place.querySelector('.feed-compose__message');
  const send = async () => {
    said.textContent = await sendMessage();
  };
  const fill = () => {
    said.replaceChildren();
    hand(said);
    try {
      hooks.sources[kind].call(world.widget, window.jQuery(said));
      tellCallback('good', `source ${kind}`, '', { given: 'jQuery(1)' });
    } catch (error) {
      tellError(error, `source ${kind}`);
    }
  };
  const [text, onclick] = kind === 'sms' ? ['Send an SMS', send] : [hooks.labels[kind], fill];
  const button = h('button', { class: 'feed-compose__source', type: 'button', onclick }, text);
  said.before(button);
  noteElements(button);
}
