// The window of the widget: install, fill in, save, disable. The platform draws the fields of the manifest.
import { titles } from '../controls.js';
import { h, html, icon } from '../dom.js';
import { call, has, makeWidget, start, tellCallback } from '../widget.js';
import { idle } from '../idle.js';
import { hand, noteElements } from '../watch.js';
import { params } from '../self.js';
import { isEmpty, settingsField, settingsValues } from './inputs.js';
import { store, stored, word, world } from '../world.js';
import { draw as drawList, tour } from './integrations.js';
import { go, logo, title } from './frame.js';

let body = null;
let message = null;

export async function draw(root) {
  await drawList(root);
  root.querySelector('.stage-page').inert = true;
  body = h('div', { class: 'modal-body modal-body-relative', tabindex: '-1' });
  root.append(
    h(
      'div',
      {
        class: `modal modal-list widget-settings ${world.state.code}`,
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': title(),
        onkeydown: (event) => event.key === 'Escape' && !event.defaultPrevented && go('integrations'),
      },
      h('div', { class: 'modal-scroller custom-scroll' }, body),
    ),
  );
  fill();
}

// Draws the window for what is stored now; what a widget drew into it before is gone, as on the platform.
function fill() {
  const listing = world.state.listing[world.locale] ?? { description: '', short: '', pictures: [], tour: '' };
  const isNew = stored().status === 'install';
  const hadFocus = body.contains(document.activeElement);
  message = h('p', { class: 'stage-message', role: 'status' });
  const fields = h(
    'div',
    { class: 'widget_settings_block__fields', id: 'widget_settings__fields_wrapper', hidden: isNew },
    world.state.fields.map(settingsField),
  );
  const block = h(
    'div',
    { class: 'widget_settings_block' },
    html('div', { class: 'widget_settings_block__descr stage-html' }, listing.description),
    isNew ? tour(listing) : null,
    fields, // there before the installation, too: public widgets read them whenever `settings` is called
    h('div', { class: 'widget_settings_block__controls' }, isNew ? [install()] : [save(), disable()]),
    message,
  );
  body.replaceChildren(
    h(
      'button',
      { class: 'stage-close', type: 'button', 'aria-label': 'Close', onclick: () => go('integrations') },
      icon('M6 6l12 12M18 6L6 18'),
    ),
    h(
      'div',
      { class: 'widget-settings__head' },
      logo('logo_small', { class: 'widget-settings__logo', width: 54, height: 54 }),
      h(
        'div',
        {},
        h('h2', { class: 'widget-settings__title head_2' }, title()),
        h('p', { class: 'widget-settings__short' }, listing.short),
      ),
    ),
    block,
  );
  if (hadFocus) {
    body.focus(); // the button that was pressed is gone
  }
  noteElements(body.closest('.modal'));
  [body, block, fields, ...fields.querySelectorAll('*')].forEach(hand);
}

const NOT_STARTED = 'The widget did not start: see the timeline.';

const button = (name, text, action) =>
  h(
    'button',
    {
      class: `button-input ${name}`,
      type: 'button',
      onclick: () => (world.widget ? action() : say(NOT_STARTED, true)),
    },
    h('span', { class: 'button-input-inner' }, h('span', { class: 'button-input-inner__text' }, text)),
  );
const install = () => button('button-input_blue js-widget-install', 'Install', onInstall);
const save = () => button('button-input_blue js-widget-save', 'Save', onSave);
const disable = () => button('js-widget-uninstall', 'Disable', onDisable);

function say(text, isBad = false) {
  message.textContent = text;
  message.classList.toggle('stage-message_bad', isBad);
}

async function onInstall() {
  if (has('onInstall')) {
    await call('onInstall', []); // An error in it does not stop the installation (changelog, 2025-11).
  }
  const waits = world.state.fields.some((one) => one.required && isEmpty(stored().fields[one.code]));
  store({ status: waits ? 'not_configured' : 'installed' });
  world.widget.params = { ...world.widget.params, ...params() };
  await open();
  say(waits ? 'Installed. Fill in what is required, and save.' : 'Installed.');
}

async function onSave() {
  const fields = settingsValues(body);
  const lacking = world.state.fields.filter((one) => one.required && isEmpty(fields[one.code]));
  if (lacking.length) {
    say(`Required: ${lacking.map((one) => word(one.name)).join(', ')}. The platform does not call onSave.`, true);
    return;
  }
  const event = { active: 'Y', fields };
  const { value, failed } = has('onSave') ? await call('onSave', [event]) : { value: true, failed: false };
  if (failed) {
    say('onSave failed: nothing was stored. See the timeline.', true);
    return;
  }
  if (!value) {
    tellCallback('warning', 'onSave', 'not true: nothing is stored, the window stays open');
    say('onSave did not give true: nothing was stored.', true);
    return;
  }
  // A widget may write its own values into the event; those count, as the vendor's own widget shows.
  const status = world.widget.params.status === 'error' ? 'error' : 'installed';
  store({ status, fields: event.fields ?? fields });
  Object.assign(world.widget.params, params());
  say('Saved.');
}

async function onDisable() {
  if (has('onSave')) {
    await call('onSave', [{ active: 'N', fields: settingsValues(body) }]);
  }
  await call('destroy', [], { needed: false });
  store({ status: 'install' });
  await open();
  say('Disabled. The platform called onSave with active: "N", then destroy.');
}

// Opens the window anew and tells the widget.
async function open() {
  fill();
  Object.assign(world.widget.params, params());
  if (has('settings')) {
    await call('settings', [window.jQuery(body)]);
  }
  titles(body);
}

export async function play() {
  if (!(await makeWidget()) || !(await start())) {
    say(NOT_STARTED, true);
    return {};
  }
  await open();
  return { walk };
}

// What a person would do: fill in what is required, save, disable, install again.
async function walk() {
  if (stored().status === 'install') {
    await onInstall();
  }
  body.querySelectorAll('#widget_settings__fields_wrapper input.widget_settings_block__controls__').forEach((input) => {
    input.value ||= '1';
  });
  await onSave();
  await idle(60);
  await onDisable();
  await idle(60);
  await onInstall();
  await idle(60);
  await onSave();
}
