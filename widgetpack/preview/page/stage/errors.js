// Errors of the widget, with their place in the user's own source.
import { change, emit, later, shown } from './events.js';
import { inPackage } from './world.js';

// Thrown where a widget uses a part of the platform that is not imitated: never silence, never a wrong answer.
export class NotImitated extends Error {
  // `named` says how the source names it: { module }; else the last word of `what` does.
  constructor(what, named = {}) {
    super(`${what} is not imitated by widgetpack preview`);
    this.name = 'NotImitated';
    this.facts = { part: what, stops: true, ...named };
  }
}

const told = new WeakSet();

// A place in a script of the widget, as a stack has it: build, path, line, column. Firefox writes `script.js line 7 > eval:1:2`
// for code that was a text, and tells no column of line 7.
export const FRAME = /\/upl\/[^/]+\/(\d+)\/widget\/([^?#\s)]+)(?:\?[^:\s)]*)?(?::| line )(\d+)(?::(\d+)| > )/;
// A line of a stack: `at render (address:1:2)` in Chromium, `render@address:1:2` in Firefox and Safari.
const ANY_FRAME = /\n    at |@.*:\d+:\d+$/m;

// Tells of an error once; `context` says what failed: "callback render". `facts` are for who reads events.
export function tellError(error, context, facts = {}) {
  if (error && typeof error === 'object') {
    if (told.has(error)) {
      return;
    }
    told.add(error);
  }
  const stack = (error && error.stack) || '';
  const isLack = error instanceof NotImitated;
  const event = emit(isLack ? 'missing' : 'error', 'error', {
    message: isLack ? error.message : said(error),
    context,
    ...(isLack ? error.facts : facts),
    stack,
    place: null,
  });
  locate(event, stack);
}

function said(error) {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : `thrown: ${typeof error === 'string' ? error : shown(error)}`;
}

// What the sandbox itself has found wrong: there is no stack that leads to it.
export function tellFault(message, context, facts = {}) {
  emit('error', 'error', { message, context, ...facts, stack: '', place: null });
}

export function locate(event, stack) {
  const found = FRAME.exec(stack);
  if (found) {
    later(place(event, found));
  }
}

async function place(event, [, build, path, line, column = '1']) {
  const shipped = `${path}:${line}:${column}`;
  change(event, { place: { path, line: Number(line), column: Number(column), shipped } });
  if (!origins.has(shipped)) {
    origins.set(shipped, origin({ build, path, line, column }));
  }
  const found = await origins.get(shipped);
  if (found !== undefined) {
    change(event, { place: found && { ...found, shipped } });
  }
}

// A timer that goes wrong ten times a second asks once.
const origins = new Map();
const originalFetch = window.fetch.bind(window);

// null: the line that ships has none in the sources; undefined: nobody knows the build any more.
async function origin(where) {
  const answer = await originalFetch(`/origin?${new URLSearchParams(where)}`);
  return answer.ok ? answer.json() : undefined;
}

const MOST_LINES = 1000;

// Lines that the widget writes to the console; problems of their own are errors that the page sees. In `preview --check`
// nobody reads the console itself, and a flood of lines would look like a page that hangs. After so many lines one says
// that the others are not listed.
function watchConsole() {
  const isChecked = Boolean(window.widgetpackTell);
  let lines = 0;
  for (const [name, level] of [
    ['error', 'warning'],
    ['warn', 'info'],
    ['log', 'info'],
    ['info', 'info'],
  ]) {
    const real = console[name].bind(console);
    console[name] = (...given) => {
      lines += 1;
      if (!isChecked) {
        real(...given);
      }
      if (lines <= MOST_LINES) {
        emit('console', level, {
          name: `console.${name}`,
          message: given.map((one) => (typeof one === 'string' ? one.slice(0, 500) : shown(one))).join(' '),
        });
      } else if (lines === MOST_LINES + 1) {
        const message = `more than ${MOST_LINES} lines: the others stand in the browser's own console only`;
        emit('console', 'warning', { name: 'console', message });
      }
    };
  }
}

export function watchErrors() {
  watchConsole();
  window.addEventListener(
    'error',
    (event) => {
      if (event.target instanceof Element) {
        tellFile(event.target);
      } else if (!String(event.message).startsWith('ResizeObserver loop')) {
        // That one says only that the next frame goes on with the work.
        const error = event.error ?? new Error(event.message);
        // A script that cannot be read has an error without frames: what was read is known to the event alone.
        if (error instanceof Error && !ANY_FRAME.test(event.error?.stack) && event.filename) {
          error.stack = `${event.filename}:${event.lineno}:${event.colno}`;
        }
        tellError(error, 'uncaught');
      }
    },
    true,
  );
  window.addEventListener('unhandledrejection', (event) => tellError(event.reason, 'rejection that nobody handles'));
  window.addEventListener('securitypolicyviolation', (event) => tellBlocked(event.blockedURI));
  failLate();
}

// Told once: Firefox asks for a font that is blocked again and again.
function tellBlocked(url) {
  if (!seen.has(url)) {
    seen.add(url);
    emit('blocked', 'warning', {
      message: `${url} is elsewhere: nothing leaves this machine`,
      hint: 'start with --online to let the widget reach it',
      url,
    });
  }
}

// Where a socket is blocked Firefox throws, which no account does to a widget: here it fails a moment later, as one whose server is
// gone, and as it does in Chromium.
function failLate() {
  const Native = window.WebSocket;
  window.WebSocket = class WebSocket extends Native {
    constructor(...given) {
      try {
        super(...given);
      } catch (error) {
        if (error.name !== 'NS_ERROR_CONTENT_BLOCKED') {
          throw error;
        }
        super(`ws://${location.host}/`);
        this.close(); // before anybody is asked
      }
    }
  };
}

const failed = new WeakSet();

export function hasFailed(element) {
  return failed.has(element);
}

// A picture, style sheet or script that did not come.
function tellFile(element) {
  failed.add(element);
  const url = element.currentSrc || element.src || element.href;
  if (!url || typeof url !== 'string' || new URL(url, location.href).origin !== location.origin) {
    return;
  }
  tellMissing(url, element.nodeName.toLowerCase());
}

const seen = new Set();

// A file of the widget that is asked for and not there; told once.
export function tellMissing(url, by) {
  const path = inPackage(new URL(url, location.href).pathname);
  if (!seen.has(path)) {
    seen.add(path);
    emit('missing', 'error', { message: `${path}: no such file in the package`, path, by });
  }
}
