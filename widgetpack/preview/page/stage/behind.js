// What a widget leaves behind when its area is left: intervals, and handlers on what outlives the area. The CRM changes
// its pages without loading them, so all this goes on, and every further visit adds to it.
import { FRAME } from './errors.js';
import { emit } from './events.js';

// An interval as short as that draws an animation, and ends with it.
const SHORTEST = 50;
// These come once, or are there for all that goes wrong; the last one is React's, which never takes it away.
const SPARED = new Set([
  'load',
  'DOMContentLoaded',
  'beforeunload',
  'unload',
  'pagehide',
  'error',
  'unhandledrejection',
  'selectionchange',
]);

const intervals = new Map();
const handlers = new Map();

// From here on it is known who starts an interval or adds a handler.
export function watchBehind() {
  watchIntervals();
  watchHandlers();
}

function watchIntervals() {
  const { setInterval, clearInterval, clearTimeout } = window;
  window.setInterval = (...given) => {
    const id = setInterval.apply(window, given);
    const stack = new Error().stack;
    if (given[1] >= SHORTEST && FRAME.test(stack)) {
      intervals.set(id, { name: `an interval of ${Number(given[1])} ms`, stack });
    }
    return id;
  };
  // Either function ends either kind of clock.
  for (const [name, real] of Object.entries({ clearInterval, clearTimeout })) {
    window[name] = (id) => {
      intervals.delete(Number(id));
      real.call(window, id);
    };
  }
}

function watchHandlers() {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const names = new Map([
    [window, 'window'],
    [document, 'document'],
    [document.documentElement, 'html'],
    [document.body, 'body'],
  ]);
  const mark = (target, type, options) =>
    `${type} ${names.get(target)} ${Boolean(typeof options === 'object' ? options?.capture : options)}`;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    addEventListener.call(this, type, listener, options);
    const target = this ?? window;
    if (!names.has(target) || !listener || SPARED.has(type) || options?.once || options?.signal) {
      return;
    }
    const stack = new Error().stack;
    const key = mark(target, type, options);
    const known = handlers.get(key) ?? new Map();
    if (FRAME.test(stack) && !known.has(listener)) {
      handlers.set(key, known.set(listener, { type, name: names.get(target), stack }));
    }
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    removeEventListener.call(this, type, listener, options);
    handlers.get(mark(this ?? window, type, options))?.delete(listener);
  };
}

// Tells of what is still there: once for each line that began it, however often it ran.
export function lookBehind() {
  for (const [first] of byLine([...intervals.values()])) {
    emit('behind', 'warning', { message: `${first.name} goes on after \`destroy\``, stack: first.stack });
  }
  for (const found of byLine([...handlers.values()].flatMap((known) => [...known.values()]))) {
    const types = [...new Set(found.map(({ type }) => type))].sort().join(', ');
    const message = `a handler of ${types} on ${found[0].name} is still there after \`destroy\``;
    emit('behind', 'info', { message, stack: found[0].stack });
  }
}

function byLine(all) {
  const lines = new Map();
  for (const one of all) {
    const line = `${FRAME.exec(one.stack)[0]} ${one.name}`;
    lines.has(line) ? lines.get(line).push(one) : lines.set(line, [one]);
  }
  return lines.values();
}
