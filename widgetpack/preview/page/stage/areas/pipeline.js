// The digital pipeline: the widget's action in a stage, and the dialog that the platform draws for it.
import { account } from '../account.js';
import { fieldRow, fieldValues } from './fields.js';
import { h } from '../dom.js';
import { emit, shown } from '../events.js';
import { call, has, isInstalled, makeWidget, start } from '../widget.js';
import { hand, noteElements } from '../watch.js';
import { word, world } from '../world.js';
import { head, logo, page, title, uninstalled } from './frame.js';

let stored = {};
let holder = null;

export async function draw(body) {
  // Not the box of incoming leads, nor the two ends that every pipeline has.
  const own = account().pipelines[0]._embedded.statuses.filter((one) => one.type !== 1 && one.id > 143);
  const statuses = own.length ? own.slice(0, 3) : [{ name: 'A stage', color: '' }];
  const place = Math.min(1, statuses.length - 1);
  body.append(
    page(
      'leads',
      h(
        'div',
        { class: 'stage-column digital-pipeline', id: 'pipeline_holder' },
        head('Pipeline: automation'),
        uninstalled(),
        h(
          'div',
          { class: 'digital-pipeline__columns' },
          statuses.map((status, index) => column(status, index === place)),
        ),
      ),
    ),
  );
}

function column(status, isOurs) {
  return h(
    'section',
    { class: 'digital-pipeline__column', 'aria-label': status.name },
    h('h2', { style: `border-color: ${status.color}` }, status.name),
    isOurs && isInstalled() ? tile() : h('div', { class: 'digital-pipeline__empty', 'aria-hidden': 'true' }, '+'),
  );
}

// The tile of the action; scripts find it by the class with the widget's code, and the form beside it.
function tile() {
  holder = h('div', { class: 'digital-pipeline__item-wrapper' });
  const button = h(
    'button',
    {
      class: `digital-pipeline__short-task digital-pipeline__short-task_widget-style_${world.state.code}`,
      type: 'button',
      onclick: open,
    },
    logo('logo_dp', { width: 87, height: 54 }),
    h('span', { class: 'digital-pipeline__short-task-name' }, title()),
  );
  holder.append(h('div', { class: 'digital-pipeline__short-task-inner' }, button));
  return holder;
}

async function open() {
  holder.querySelector('.digital-pipeline__edit')?.remove();
  const message = h('p', { class: 'stage-message', role: 'status' });
  const rows = world.state.action.fields.map((one) => fieldRow(one, word(one.name), stored[one.code] ?? ''));
  const wrapper = h('div', { class: 'widget_settings_block__fields', id: 'widget_settings__fields_wrapper' }, rows);
  const form = h(
    'form',
    { class: 'digital-pipeline__edit-form', 'data-action': 'send_widget_hook' },
    wrapper,
    h(
      'div',
      { class: 'widget_settings_block__controls' },
      h('button', { class: 'button-input button-input_blue js-trigger-save', type: 'submit' }, 'Save'),
      h('button', { class: 'button-cancel', type: 'button', onclick: () => edit.remove() }, 'Cancel'),
    ),
    message,
  );
  const edit = h(
    'div',
    { class: `digital-pipeline__edit ${world.state.code}`, role: 'dialog', 'aria-label': title() },
    h('h3', {}, title()),
    h('p', { class: 'stage-faint' }, 'When a lead comes to this stage'),
    form,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save(form, message);
  });
  holder.append(edit);
  noteElements(edit);
  [edit, form, wrapper, ...wrapper.querySelectorAll('*')].forEach(hand);
  await call('dpSettings', [], { needed: has('dpSettings') });
}

function save(form, message) {
  const values = fieldValues(form, world.state.action.fields);
  const lacking = world.state.action.fields.filter((one) => one.required && !String(values[one.code] ?? '').trim());
  if (lacking.length) {
    message.textContent = `Required: ${lacking.map((one) => word(one.name)).join(', ')}`;
    message.classList.add('stage-message_bad');
    return;
  }
  stored = values;
  message.classList.remove('stage-message_bad');
  const address = world.state.manifest.dp?.webhook_url ?? '';
  emit('call', 'good', {
    name: 'digital pipeline',
    given: shown(values),
    message: `the platform will post these to ${address || 'nobody: the manifest has no dp.webhook_url'}`,
  });
  message.textContent = 'Saved.';
}

export async function play() {
  if (isInstalled() && (await makeWidget()) && (await start())) {
    await open();
  }
  return { walk };
}

async function walk() {
  const form = holder?.querySelector('form');
  form?.querySelectorAll('input[type=text]').forEach((input) => {
    input.value ||= '1';
  });
  form?.requestSubmit();
}
