// What happens in the stage, in order. The shell shows it, `preview --check` reads it: window.widgetpack.events.
const began = performance.now();
let serial = 0;
let lines = 0;
let phase = 'page';

export const events = [];

// Promises of places that are still being looked up; settled() waits for them.
const pending = new Set();

// The callback that runs, for events that come from inside it.
export function enter(name) {
  const before = phase;
  phase = name;
  return () => {
    phase = before;
  };
}

// level: info, good, warning or error.
export function emit(kind, level, details) {
  const id = kind === 'console' ? --lines : ++serial;
  const event = { id, at: Math.round(performance.now() - began), kind, level, during: phase, ...details };
  events.push(event);
  tell(event);
  return event;
}

export function change(event, details) {
  Object.assign(event, details);
  tell(event);
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

// What a loop says more often than that is heard anyway, and each word of it holds up the other pages.
const MOST_TOLD = 1000;

// `preview --check` hears every event at once, so that nothing is lost with a page that hangs.
function tell(event) {
  if (event.kind !== 'console' && event.id <= MOST_TOLD) {
    window.widgetpackTell?.(JSON.stringify(event));
  }
  if (parent !== window) {
    parent.postMessage({ widgetpack: 'event', event: JSON.parse(JSON.stringify(event)) }, location.origin);
  }
}

// A value as one short text: what a callback was given, what it gave back.
export function shown(value, depth = 0) {
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
      .map((item) => shown(item, depth + 1))
      .join(', ')}${value.length > 8 ? ', …' : ''}]`;
  }
  const keys = Object.keys(value);
  const parts = keys.slice(0, 8).map((key) => `${key}: ${shown(value[key], depth + 1)}`);
  return `{${parts.join(', ')}${keys.length > 8 ? ', …' : ''}}`;
}
