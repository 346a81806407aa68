// XMLHttpRequest and fetch of the widget: the account's API is played, others are answered from fixtures, and nothing
// leaves the machine unless the server was started with --online.
import { answer, hosts, isPlayed } from './answers.js';
import { emit, shown } from './events.js';
import { locate, tellMissing } from './errors.js';
import { begin, end } from './idle.js';

const PAUSE = 60; // Milliseconds: an answer that comes at once hides faults that every network brings to light.

// Answers one request and tells of it.
function ask(method, url, body, stack) {
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

const Native = window.XMLHttpRequest;

class PlayedRequest extends Native {
  #asked = null;
  #answer = null;
  #state = 0;

  open(method, address, asynchronous = true, ...rest) {
    const url = new URL(address, document.baseURI);
    this.#answer = null;
    this.#asked = isPlayed(url) ? { method: String(method).toUpperCase(), url, asynchronous } : null;
    if (!this.#asked) {
      this.addEventListener('loadend', () => this.#tellReal(method, url), { once: true });
      this.#wait();
      super.open(method, address, asynchronous, ...rest);
      return;
    }
    this.#move(1);
  }

  // From the sending on, somebody waits for this answer.
  #wait() {
    this.addEventListener('loadstart', begin, { once: true });
    this.addEventListener('loadend', end, { once: true });
  }

  setRequestHeader(name, value) {
    if (!this.#asked) {
      super.setRequestHeader(name, value);
    }
  }

  send(body) {
    if (!this.#asked) {
      super.send(body);
      return;
    }
    const { method, url, asynchronous } = this.#asked;
    const found = ask(method, url, body, new Error().stack);
    if (!asynchronous) {
      emit('request', 'warning', {
        method,
        url: url.pathname,
        status: found.status,
        message: 'synchronous: the page stands still until the answer is there',
        by: found.by,
        hint: '',
      });
      this.#finish(found);
      return;
    }
    begin();
    setTimeout(() => {
      end();
      if (this.#asked) {
        this.#finish(found);
      }
    }, PAUSE + found.delay);
  }

  abort() {
    if (!this.#asked) {
      super.abort();
      return;
    }
    this.#asked = null;
    this.dispatchEvent(new ProgressEvent('abort'));
    this.dispatchEvent(new ProgressEvent('loadend'));
  }

  #finish(found) {
    this.#answer = found;
    this.#move(2);
    this.#move(3);
    this.#move(4);
    this.dispatchEvent(new ProgressEvent('load'));
    this.dispatchEvent(new ProgressEvent('loadend'));
  }

  #move(state) {
    this.#state = state;
    this.dispatchEvent(new Event('readystatechange'));
  }

  #tellReal(method, url) {
    if (super.status === 404 && url.origin === location.origin) {
      tellMissing(url.href, 'request');
    } else if (url.origin !== location.origin) {
      emit('request', super.status ? 'info' : 'error', {
        method,
        url: url.href,
        status: super.status,
        by: 'the network (--online)',
        hint: '',
        message: '',
      });
    }
  }

  get readyState() {
    return this.#asked ? this.#state : super.readyState;
  }
  get status() {
    return this.#answer ? this.#answer.status : super.status;
  }
  get statusText() {
    return this.#answer ? '' : super.statusText;
  }
  get responseURL() {
    return this.#asked ? this.#asked.url.href : super.responseURL;
  }
  get responseText() {
    return this.#answer ? this.#answer.text : super.responseText;
  }

  get response() {
    if (!this.#answer) {
      return super.response;
    }
    if (this.responseType === 'json') {
      try {
        return JSON.parse(this.#answer.text);
      } catch {
        return null;
      }
    }
    if (this.responseType === 'arraybuffer') {
      return new TextEncoder().encode(this.#answer.text).buffer;
    }
    return this.responseType === 'blob' ? new Blob([this.#answer.text]) : this.#answer.text;
  }

  getResponseHeader(name) {
    return this.#answer ? (this.#answer.headers[name.toLowerCase()] ?? null) : super.getResponseHeader(name);
  }

  getAllResponseHeaders() {
    return this.#answer
      ? Object.entries(this.#answer.headers)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('')
      : super.getAllResponseHeaders();
  }
}

const realFetch = window.fetch.bind(window);

async function playedFetch(input, options = {}) {
  const request = input instanceof Request ? input : null;
  const url = new URL(request ? request.url : input, document.baseURI);
  const stack = new Error().stack;
  if (!isPlayed(url)) {
    const real = await realFetch(input, options);
    if (real.status === 404 && url.origin === location.origin) {
      tellMissing(url.href, 'fetch');
    }
    return real;
  }
  const method = String(options.method ?? request?.method ?? 'GET').toUpperCase();
  const body = options.body ?? (request && method !== 'GET' ? await request.clone().text() : undefined);
  const found = ask(method, url, body, stack);
  await pause(found);
  return new Response([204, 205, 304].includes(found.status) ? null : found.text, {
    status: found.status,
    headers: found.headers,
  });
}

export function playNetwork() {
  window.XMLHttpRequest = PlayedRequest;
  window.fetch = playedFetch;
  navigator.sendBeacon = (address, body) => {
    ask('POST', new URL(address, document.baseURI), body, new Error().stack);
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
