// Choices of one out of a few, as width and colours: drawn, and kept for the next time.
import { h } from '../stage/dom.js';

const keyOf = (key) => `widgetpack-${key}`;

// What was chosen last; else the first of the names, for the widget can write there, too.
export function kept(key, names) {
  const name = localStorage.getItem(keyOf(key));
  return names.includes(name) ? name : names[0];
}

export function choice(id, key, names, chosen) {
  const current = kept(key, names);
  const choose = (name) => {
    localStorage.setItem(keyOf(key), name);
    chosen(name);
  };
  document
    .getElementById(id)
    .append(
      ...names.map((name) =>
        h(
          'label',
          {},
          h('input', { type: 'radio', name: id, value: name, checked: name === current, onchange: () => choose(name) }),
          h('span', {}, name),
        ),
      ),
    );
}
