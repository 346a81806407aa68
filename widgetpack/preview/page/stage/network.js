// XMLHttpRequest and fetch of the widget: the account's API is played, others are answered from fixtures, and nothing
// leaves the machine unless the server was started with --online.
import { isPlayed } from './answers.js';
import { ask, PAUSE } from './asking.js';
import { tellMissing } from './errors.js';
import { begin, end } from './idle.js';
import { PlayedRequest } from './request.js';

const realFetch = window.fetch.bind(window);

async function playedFetch(input, given) {
  const options = given ?? {};
  const request = input instanceof Request ? input : null;
  const url = new URL(request ? request.url : input, document.baseURI);
  const stack = new Error().stack;
  if (!isPlayed(url)) {
    begin();
    const real = await realFetch(input, given).finally(end);
    if (real.status === 404 && url.origin === location.origin) {
      tellMissing(url.href, 'fetch');
    }
    return real;
  }
  const method = String(options.method ?? request?.method ?? 'GET').toUpperCase();
  const body = options.body ?? (request && method !== 'GET' ? await request.clone().text() : undefined);
  const signal = options.signal ?? request?.signal;
  signal?.throwIfAborted();
  const found = ask(method, url, body, stack);
  await pause(found);
  signal?.throwIfAborted();
  return new Response([204, 205, 304].includes(found.status) ? null : found.text, {
    status: found.status,
    headers: found.headers,
  });
}

export function playNetwork() {
  window.XMLHttpRequest = PlayedRequest;
  window.fetch = playedFetch;
  const realBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (address, body) => {
    const url = new URL(address, document.baseURI);
    if (!isPlayed(url)) {
      return realBeacon(address, body);
    }
    ask('POST', url, body, new Error().stack);
    return true;
  };
}

// For parts of the platform that pass a request on to a server: crm_post, $authorizedAjax.
export function askElsewhere(method, address, body) {
  const url = new URL(address, document.baseURI);
  const found = ask(method, url, body, new Error().stack);
  return pause(found).then(() => found);
}

function pause(found) {
  begin();
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE + found.delay);
  }).then(end);
}
