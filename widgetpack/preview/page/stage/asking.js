// One request of the widget: answered, and told.
import { answer, hosts } from './answers.js';
import { emit, shown } from './events.js';
import { locate } from './errors.js';

export const PAUSE = 60; // Milliseconds: an answer that comes at once hides faults that every network brings to light.

// Answers one request and tells of it.
export function ask(method, url, body, stack) {
  const found = answer(method, url, body);
  const event = emit('request', found.by ? (found.status < 400 ? 'info' : 'warning') : 'error', {
    method,
    url: hosts().includes(url.host) ? url.pathname + url.search : url.href,
    status: found.status,
    by: found.by,
    hint: found.hint,
    body: body === undefined || body === null ? '' : shown(body),
    answer: found.text.slice(0, 4000),
    message: found.by ? '' : 'no answer is known',
  });
  if (!found.by) {
    locate(event, stack);
  }
  return found;
}
