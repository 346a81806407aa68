// The Salesbot designer: the widget's step, its exits, and the program that it gives on Save.
import { fieldRow, fieldValues } from './fields.js';
import { h } from '../dom.js';
import { shown } from '../events.js';
import { judgeProgram } from '../program.js';
import { call, has, isInstalled, makeWidget, start, tellCallback } from '../widget.js';
import { hand, noteElements } from '../watch.js';
import { word, world } from '../world.js';
import { head, logo, page, title, uninstalled } from './frame.js';

let holder = null;

export async function draw(body) {
  holder = h('div', { class: 'salesbot-designer__steps' });
  body.append(
    page(
      'settings',
      h(
        'div',
        { class: 'stage-column salesbot-designer', id: 'salesbot_designer' },
        head('Salesbot'),
        uninstalled(),
        h('div', { class: 'salesbot-designer__start' }, 'A conversation begins'),
        holder,
      ),
    ),
  );
}

function step(handler) {
  // Rows that the widget adds stand below those of the manifest, and above the buttons.
  const body = h(
    'div',
    { class: 'salesbot-designer__body' },
    handler.fields.map((one) => fieldRow(one, word(one.name), defaultOf(one))),
  );
  const form = h('form', { class: 'salesbot-designer__form', 'data-handler': handler.code }, body);
  const exits = h('ul', { class: 'salesbot-designer__exits', 'aria-label': 'Exits' });
  const result = h('div', { class: 'salesbot-designer__result', role: 'status' });
  form.append(
    h(
      'div',
      { class: 'widget_settings_block__controls' },
      h('button', { class: 'button-input button-input_blue', type: 'submit' }, 'Save'),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save(handler, form, result);
  });
  const block = h(
    'section',
    { class: 'salesbot-designer__step', 'aria-label': word(handler.name) },
    h(
      'header',
      {},
      logo('logo_small', { width: 36, height: 36 }),
      h('div', {}, h('strong', {}, word(handler.name)), h('span', { class: 'stage-faint' }, title())),
    ),
    form,
    exits,
    result,
  );
  return { block, form, body, exits, handler };
}

function defaultOf({ default: value }) {
  return typeof value === 'string' ? word(value) : String(value ?? '');
}

async function settle({ block, form, body, exits, handler }) {
  holder.append(block);
  noteElements(block);
  [form, ...form.querySelectorAll('*')].forEach(hand);
  if (!has('salesbotDesignerSettings')) {
    const message = 'not there: the designer draws an empty block';
    tellCallback('warning', 'salesbotDesignerSettings', message, { fault: 'absent' });
    return;
  }
  const row = (code, value) => fieldRow({ code, type: 'text' }, code, value ?? '').outerHTML;
  const { value } = await call('salesbotDesignerSettings', [
    window.jQuery(body),
    row,
    fieldValues(form, handler.fields),
  ]);
  const given = Array.isArray(value?.exits) ? value.exits : [];
  exits.append(
    ...given.map((one) => h('li', {}, h('span', {}, String(one?.title ?? '')), h('code', {}, String(one?.code ?? '')))),
  );
  if (value !== undefined && !given.length) {
    const message = 'no exits: {exits: [{code, title}]} is expected';
    tellCallback('warning', 'salesbotDesignerSettings', message, { value: shown(value), fault: 'value' });
  }
}

async function save(handler, form, result) {
  const values = fieldValues(form, handler.fields);
  const { value, missing } = await call('onSalesbotDesignerSave', [handler.code, values], { needed: true });
  if (missing) {
    return;
  }
  const { faults, program } = judgeProgram(value);
  const [level, message] = faults.length ? ['error', faults[0]] : ['good', 'the program is valid'];
  const fault = faults.length ? 'value' : '';
  tellCallback(level, 'onSalesbotDesignerSave', message, { given: handler.code, fault });
  result.replaceChildren(
    h(
      'p',
      { class: faults.length ? 'stage-message stage-message_bad' : 'stage-message stage-message_good' },
      faults.length ? 'Not a program that a bot can run:' : 'A valid program.',
    ),
    faults.length
      ? h(
          'ul',
          { class: 'stage-faults' },
          faults.map((one) => h('li', {}, one)),
        )
      : '',
    h(
      'pre',
      { tabindex: '0', 'aria-label': 'Program' },
      program === undefined ? String(value) : JSON.stringify(program, null, 2),
    ),
  );
  noteElements(result);
}

export async function play() {
  if (isInstalled() && (await makeWidget()) && (await start())) {
    for (const handler of world.state.steps) {
      await settle(step(handler));
    }
  }
  return { walk };
}

async function walk() {
  for (const form of holder.querySelectorAll('form')) {
    const handler = world.state.steps.find((one) => one.code === form.dataset.handler);
    await save(handler, form, form.parentElement.querySelector('.salesbot-designer__result'));
  }
}
