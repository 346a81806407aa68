// Rows of fields as the platform draws them in dialogs: the pipeline's action, the Salesbot's step.
import { h } from '../dom.js';

export function fieldRow({ code, type, required }, label, value) {
  const attributes = {
    name: code,
    'aria-label': label,
    autocomplete: 'off',
    class: 'text-input widget_settings_block__controls__',
  };
  const control =
    type === 'textarea'
      ? h('textarea', { ...attributes, rows: 3 }, value)
      : h('input', {
          ...attributes,
          type: type === 'pass' ? 'password' : type === 'custom' ? 'hidden' : 'text',
          inputmode: type === 'numeric' ? 'numeric' : type === 'url' ? 'url' : undefined,
          value,
        });
  return h(
    'div',
    { class: 'widget_settings_block__item_field', 'data-field': code },
    h(
      'div',
      { class: 'widget_settings_block__title_field' },
      label,
      required ? h('span', { class: 'stage-star', title: 'required' }, ' *') : null,
    ),
    h('div', { class: 'widget_settings_block__input_field' }, control),
  );
}

export function fieldValues(form, fields) {
  return Object.fromEntries(
    fields.map(({ code }) => [code, form.querySelector(`[name="${CSS.escape(code)}"]`)?.value ?? '']),
  );
}
