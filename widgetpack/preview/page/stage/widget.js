// One widget object and its callbacks: made, called, and every answer told.
import { emit, enter, shown } from './events.js';
import { tellError, tellFault } from './errors.js';
import { load, tellLoading } from './modules.js';
import { methods, params } from './self.js';
import { file, stored, world } from './world.js';

const PATIENCE = 5000; // Milliseconds for a promise of a callback; what takes longer is told, and not waited for.
// What follows where one of them does not give true (docs/script-js); of the last one nothing is known to follow.
const MUST_BE_TRUE = {
  render: 'init and bind_actions do not run',
  init: 'bind_actions does not run',
  bind_actions: '',
};
// The platform waits for what these promise (docs/card-sdk).
const MUST_BE_PROMISES = new Set(['loadPreloadedData', 'loadElements', 'linkCard', 'searchDataInCard']);

export const hooks = { actions: {}, sources: {}, labels: {}, catalog: null };

// Loads script.js and makes the object; null where that is not possible (the timeline says why).
export async function makeWidget() {
  if (!world.state.script) {
    tellFault('script.js: not in the package', 'module');
    return null;
  }
  const leave = enter('script.js');
  const began = performance.now();
  try {
    const [Widget] = await load([file(world.state.script)]);
    emit('load', 'good', { name: 'script.js', milliseconds: Math.round(performance.now() - began) });
    return typeof Widget === 'function' ? constructed(Widget) : notAFunction(Widget);
  } catch (error) {
    (error.requireType ? tellLoading : tellError)(error, 'script.js');
    return null;
  } finally {
    leave();
  }
}

function notAFunction(value) {
  tellFault(`define gives ${shown(value)}, not a constructor`, 'script.js', { fault: 'constructor' });
  return null;
}

// The platform's methods are there before the constructor runs: old samples read `self.system` in it.
function constructed(Widget) {
  const own = Widget.prototype ?? {};
  const given = Object.fromEntries(
    Object.entries(methods(hooks)).filter(([name]) => !(name in own) || name in Object.prototype),
  );
  const facts = { ...given, langs: world.texts, params: params() };
  const Base = function () {};
  Base.prototype = Object.assign(Object.create(own), facts);
  const made = Reflect.construct(Widget, [], Base);
  const widget = made instanceof Base ? made : Object.assign(made, facts);
  widget.params = params();
  if (!widget.callbacks || typeof widget.callbacks !== 'object') {
    tellFault('the widget has no callbacks', 'script.js');
    return null;
  }
  world.widget = widget;
  return widget;
}

export function has(name) {
  return typeof find(name)[1] === 'function';
}

function find(name) {
  const path = name.split('.');
  const owner = path.slice(0, -1).reduce((value, key) => value?.[key], world.widget?.callbacks);
  return [owner, owner?.[path.at(-1)]];
}

// Calls a callback and tells of it. { value, failed, missing }; a promise is waited for.
export async function call(name, given = [], { needed = false } = {}) {
  if (!world.widget) {
    tellCallback('info', name, 'not called: the widget does not run here');
    return { value: undefined, failed: true, missing: false };
  }
  const [owner, callback] = find(name);
  if (typeof callback !== 'function') {
    const [level, message] = needed ? ['error', 'the widget has no such callback'] : ['info', 'not there'];
    tellCallback(level, name, message, { fault: needed ? 'absent' : '' });
    return { value: undefined, failed: needed, missing: true };
  }
  const leave = enter(name);
  const began = performance.now();
  const facts = { name, given: given.map((one) => shown(one)).join(', ') };
  try {
    const raw = callback.apply(owner === world.widget.callbacks ? world.widget : owner, given);
    const value = await patient(raw, name);
    return judged(facts, raw, value, Math.round(performance.now() - began));
  } catch (error) {
    emit('callback', 'error', {
      ...facts,
      value: '',
      message: `throws ${shown(error)}`,
      milliseconds: Math.round(performance.now() - began),
    });
    tellBroken(error, name);
    return { value: undefined, failed: true, missing: false };
  } finally {
    leave();
  }
}

// What is known of a callback without a call: that it is missing, or what its answer is worth. `fault` is `absent`, `late`,
// `value` or `no-source`, for who reads events.
export function tellCallback(level, name, message, { given = '', value = '', fault = '' } = {}) {
  emit('callback', level, { name, given, value, message, fault, milliseconds: 0 });
}

function tellBroken(error, name) {
  tellError(error ?? new Error('rejected without a reason'), `callback ${name}`, { callback: name });
}

const LATE = Symbol('late');

async function patient(raw, name) {
  if (!raw || typeof raw.then !== 'function') {
    return raw;
  }
  let isLate = false;
  const late = new Promise((resolve) => {
    setTimeout(() => {
      isLate = true;
      resolve(LATE);
    }, PATIENCE);
  });
  // One that is broken after all would be lost: the race has ended by then.
  const raced = Promise.resolve(raw).catch((error) => {
    if (isLate) {
      tellBroken(error, name);
    }
    throw error;
  });
  return Promise.race([raced, late]);
}

function judged(facts, raw, value, milliseconds) {
  const isPromise = raw !== null && typeof raw === 'object' && typeof raw.then === 'function';
  const text = isPromise && value !== LATE ? `Promise of ${shown(value)}` : shown(raw);
  const [level, message, fault] = worth(facts.name, isPromise, value);
  emit('callback', level, { ...facts, value: text, message, fault, milliseconds });
  return { value: value === LATE ? undefined : value, failed: level === 'error', missing: false };
}

// Level, message and fault of an answer.
function worth(name, isPromise, value) {
  const must = name in MUST_BE_TRUE;
  if (value === LATE) {
    return ['warning', 'the promise has no answer after 5 seconds', 'late'];
  }
  if (must && value !== true) {
    const effect = MUST_BE_TRUE[name];
    return effect ? ['error', `not true: ${effect}`, 'value'] : ['warning', 'not true', 'value'];
  }
  if (MUST_BE_PROMISES.has(name) && !isPromise) {
    return ['warning', 'not a promise: the platform waits for one', 'promise'];
  }
  return [must ? 'good' : 'info', '', ''];
}

// render, init, bind_actions, as on every page of the CRM; false where one of them stopped it.
export async function start() {
  if (!world.widget) {
    return false;
  }
  for (const name of Object.keys(MUST_BE_TRUE)) {
    const { failed } = await call(name, [], { needed: true });
    if (failed) {
      return false;
    }
  }
  return true;
}

// Whether the widget works in this area: without an installation the platform does not load it.
export function isInstalled() {
  return stored().status !== 'install';
}
