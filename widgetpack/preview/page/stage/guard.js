// Parts of the platform that are not played: they say their name, and never stay silent.
import { emit, shown } from './events.js';
import { NotImitated } from './errors.js';

// What consoles, jQuery, Vue and the like ask of every object, to learn of what kind it is: no widget means APP by it.
const INSPECTED = /^(then|toJSON|jquery|nodeType|nodeName|tagName|window|length|size|callee|inspect|_isVue|\$\$typeof|__.*|@@.*)$/;

// Reading what we do not have gives undefined, as on a page that lacks it, and is told; writing is told, too.
export function guarded(target, name) {
  const asked = new Set();
  return new Proxy(target, {
    get(from, key) {
      if (typeof key === 'string' && !(key in from) && !asked.has(key) && !INSPECTED.test(key)) {
        asked.add(key);
        emit('missing', 'warning', {
          message: `${name}.${key} is not imitated: it is undefined here`,
          part: `${name}.${key}`,
          path: '',
          by: name,
        });
      }
      return from[key];
    },
    set(from, key, value) {
      emit('call', 'warning', {
        name: `${name}.${String(key)} =`,
        given: shown(value),
        message: 'APP is read only: moderation refuses what writes to it',
      });
      from[key] = value;
      return true;
    },
  });
}

export function throwing(name, named) {
  const refuse = () => {
    throw new NotImitated(name, named);
  };
  return new Proxy(function () {}, {
    get(_, key) {
      return typeof key === 'symbol' || key === 'then' || key === '__esModule' || key === 'prototype'
        ? undefined
        : refuse();
    },
    apply: refuse,
    construct: refuse,
  });
}
