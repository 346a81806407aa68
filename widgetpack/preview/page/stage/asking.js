// One request of the widget: answered, and told.
import { answer, hosts } from './answers.js';
import { emit, shown } from './events.js';
import { locate } from './errors.js';

export const PAUSE = 60; // Milliseconds: an answer that comes at once hides faults that every network brings to light.

const MOST_A_SECOND = 7; // To the API of an account, by all its widgets together (docs/limitations).
const latest = [];
let isTooOften = false;

// Whether this is the first request too many; said once, for of those that follow most are too many as well. Only those are
// counted that do not wait for each other: one after the other they are slower in an account than here.
function isOneTooMany() {
  if (isTooOften) {
    return false;
  }
  latest.push(performance.now());
  isTooOften = latest.length > MOST_A_SECOND && latest.at(-1) - latest.shift() < PAUSE;
  return isTooOften;
}

// Answers one request and tells of it.
export function ask(method, url, body, stack) {
  const found = answer(method, url, body);
  const isOwn = hosts().includes(url.host);
  const isCounted = isOwn && url.pathname.startsWith('/api/');
  const tooMany = isCounted && isOneTooMany() ? `more than ${MOST_A_SECOND} requests at once: the API takes ${MOST_A_SECOND} a second` : '';
  const level = found.status < 400 && !tooMany ? 'info' : 'warning';
  const event = emit('request', found.by ? level : 'error', {
    method,
    url: isOwn ? url.pathname + url.search : url.href,
    status: found.status,
    by: found.by,
    hint: found.hint,
    body: body === undefined || body === null ? '' : shown(body),
    answer: found.text.slice(0, 4000),
    message: found.by ? tooMany : 'no answer is known',
  });
  if (!found.by || tooMany) {
    locate(event, stack);
  }
  return found;
}
