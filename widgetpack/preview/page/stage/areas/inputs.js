// The fields of the settings window, one shape per type (docs/manifest-json), and what they hold.
import { account } from '../account.js';
import { h } from '../dom.js';
import { stored, word, world } from '../world.js';

export function settingsField({ code, name, type, required }) {
  const kinds = { users, users_lp: logins, custom };
  const value = stored().fields[code];
  return h(
    'div',
    { class: 'widget_settings_block__item_field', 'data-field': code },
    h(
      'div',
      { class: 'widget_settings_block__title_field', title: word(name) },
      word(name),
      required ? h('span', { class: 'stage-star', title: 'required' }, ' *') : null,
    ),
    h('div', { class: 'widget_settings_block__input_field' }, (kinds[type] ?? single)(code, type, value)),
  );
}

function single(code, type, value) {
  return h('input', {
    class: `widget_settings_block__controls__ text-input`,
    name: code,
    type: type === 'pass' ? 'password' : 'text',
    value: typeof value === 'object' ? JSON.stringify(value) : (value ?? ''),
    autocomplete: 'off',
    'aria-label': code,
  });
}

function parsed(value) {
  try {
    return (typeof value === 'string' ? JSON.parse(value || '{}') : value) ?? {};
  } catch {
    return {};
  }
}

function users(code, type, value) {
  const known = parsed(value);
  return ofEachUser((user) => [
    h('input', {
      class: 'text-input',
      type: 'text',
      name: `${code}[${user.id}]`,
      'data-user': user.id,
      value: known[user.id] ?? '',
      'aria-label': user.name,
      autocomplete: 'off',
    }),
  ]);
}

function ofEachUser(inputs) {
  return h(
    'ul',
    { class: 'widget_settings_block_users' },
    account().users.map((user) =>
      h(
        'li',
        { class: 'widget_settings_block_users__item' },
        h('span', { class: 'widget_settings_block_users__title_field' }, user.name),
        inputs(user),
      ),
    ),
  );
}

function logins(code, type, value) {
  const known = parsed(value);
  const input = (user, part) =>
    h('input', {
      class: 'text-input',
      type: part === 'password' ? 'password' : 'text',
      name: `${code}[${user.id}][${part}]`,
      'data-user': user.id,
      'data-part': part,
      value: known[user.id]?.[part] ?? '',
      placeholder: part,
      'aria-label': `${user.name}, ${part}`,
      autocomplete: 'off',
    });
  return ofEachUser((user) => [input(user, 'login'), input(user, 'password')]);
}

function custom(code, type, value) {
  const id = world.state.code;
  return [
    h('div', { id: `${id}_custom_content` }),
    h('input', {
      id: `${id}_custom`,
      type: 'hidden',
      name: code,
      value: typeof value === 'object' ? JSON.stringify(value) : (value ?? ''),
    }),
  ];
}

// The values as the window holds them now.
export function settingsValues(body) {
  return Object.fromEntries(
    world.state.fields.map(({ code, type }) => {
      const place = body.querySelector(`[data-field="${CSS.escape(code)}"]`);
      if (!place) {
        return [code, stored().fields[code] ?? ''];
      }
      if (type !== 'users' && type !== 'users_lp') {
        return [code, place.querySelector('[name]')?.value ?? ''];
      }
      const found = {};
      place.querySelectorAll('[data-user]').forEach((input) => {
        const { user, part } = input.dataset;
        found[user] = part ? { ...found[user], [part]: input.value } : input.value;
      });
      return [code, found];
    }),
  );
}

export const isEmpty = (value) =>
  typeof value === 'object' ? !Object.values(value).some((one) => !isEmpty(one)) : !String(value ?? '').trim();
