// What happens in the stage, in order. The shell shows it, `preview --check` reads it: window.widgetpack.events.
const began = performance.now();
let serial = 0;
let lines = 0;
// Callbacks that run now: of two that wait for their promises either may end first.
const running = new Set();

// The latest: a widget may go wrong ten times a second, for hours.
const MOST_KEPT = 5000;
export const events = [];

// Promises of places that are still being looked up; settled() waits for them.
const pending = new Set();

// The callback that runs, for events that come from inside it.
export function enter(name) {
  const one = { name };
  running.add(one);
  return () => running.delete(one);
}

const phase = () => [...running].at(-1)?.name ?? 'page';

// level: info, good, warning or error.
export function emit(kind, level, details) {
  const id = kind === 'console' ? --lines : ++serial;
  const event = { id, at: Math.round(performance.now() - began), kind, level, during: phase(), ...details };
  events.push(event);
  if (events.length > MOST_KEPT) {
    events.shift();
  }
  tell(event, 'event');
  return event;
}

export function change(event, details) {
  Object.assign(event, details);
  tell(event, 'change');
}

export function later(promise) {
  const held = promise.catch(() => undefined).then(() => pending.delete(held));
  pending.add(held);
}

export async function settled() {
  while (pending.size) {
    await Promise.all([...pending]);
  }
}

// What a loop says more often than that is heard anyway, and each word of it holds up the other pages. Counted for events
// that are alike but for their numbers, so that a flood hides nothing else.
const MOST_ALIKE = 100;
const counts = new Map();
const heard = new WeakSet();

function isHeard(event) {
  if (event.kind === 'console') {
    return false;
  }
  const { kind, level, message, name, path, url, selector } = event;
  const likeness = [kind, level, message, name, path, url, selector].join(' ').replace(/\d+/g, '0');
  const count = (counts.get(likeness) ?? 0) + 1;
  counts.set(likeness, count);
  return count <= MOST_ALIKE;
}

// `preview --check` hears every event at once, so that nothing is lost with a page that hangs.
function tell(event, what) {
  if (what === 'event' && isHeard(event)) {
    heard.add(event);
  }
  if (heard.has(event)) {
    window.widgetpackTell?.(JSON.stringify(event));
  }
  if (parent !== window) {
    parent.postMessage({ widgetpack: what, event: JSON.parse(JSON.stringify(event)) }, location.origin);
  }
}

// A value as one short text: what a callback was given, what it gave back. Nothing that a value does when it is looked
// at, as a window of another origin does, may stop the widget that only wrote it to the console.
export function shown(value) {
  try {
    return text(value, 0);
  } catch {
    return `${typeof value} that cannot be read`;
  }
}

function text(value, depth) {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  }
  if (typeof value === 'function') {
    return 'function';
  }
  if (value === null || typeof value !== 'object') {
    return String(value);
  }
  if (value.jquery) {
    return `jQuery(${value.length})`;
  }
  if (value.nodeType) {
    return `<${value.nodeName.toLowerCase()}>`;
  }
  if (value instanceof Error) {
    return `${value.name}: ${value.message}`;
  }
  if (typeof value.then === 'function') {
    return 'Promise';
  }
  return inside(value, depth);
}

function inside(value, depth) {
  if (depth > 1) {
    return Array.isArray(value) ? '[…]' : '{…}';
  }
  if (Array.isArray(value)) {
    return `[${value
      .slice(0, 8)
      .map((item) => text(item, depth + 1))
      .join(', ')}${value.length > 8 ? ', …' : ''}]`;
  }
  const keys = Object.keys(value);
  const parts = keys.slice(0, 8).map((key) => `${key}: ${text(value[key], depth + 1)}`);
  return `{${parts.join(', ')}${keys.length > 8 ? ', …' : ''}}`;
}
