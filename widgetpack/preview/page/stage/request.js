// XMLHttpRequest of the widget: a request that is played goes to nobody, any other is the browser's own.
import { isPlayed } from './answers.js';
import { ask, PAUSE } from './asking.js';
import { emit } from './events.js';
import { tellMissing } from './errors.js';
import { begin, end } from './idle.js';

const Native = window.XMLHttpRequest;

export class PlayedRequest extends Native {
  #asked = null;
  #answer = null;
  #state = 0;
  #isAwaited = false;
  #real = null;
  #ended = () => {
    this.#settle();
    if (!this.#asked) {
      this.#tellReal(this.#real);
    }
  };

  open(method, address, asynchronous = true, ...rest) {
    const url = new URL(address, document.baseURI);
    this.#settle(); // what was under way ends without a word
    this.#answer = null;
    this.#asked = isPlayed(url) ? { method: String(method).toUpperCase(), url, asynchronous } : null;
    if (!this.#asked) {
      this.#real = { method, url };
      this.addEventListener('loadend', this.#ended);
      super.open(method, address, asynchronous, ...rest);
      return;
    }
    this.#move(1);
  }

  // From the sending on, somebody waits for this answer.
  #await() {
    this.#isAwaited = true;
    begin();
  }

  #settle() {
    if (this.#isAwaited) {
      this.#isAwaited = false;
      end();
    }
  }

  setRequestHeader(name, value) {
    if (!this.#asked) {
      super.setRequestHeader(name, value);
    }
  }

  send(body) {
    const asked = this.#asked;
    if (!asked) {
      this.#await();
      try {
        super.send(body);
      } catch (error) {
        this.#settle(); // a synchronous one that fails has no end of its own
        throw error;
      }
      return;
    }
    const { method, url, asynchronous } = asked;
    const found = ask(method, url, body, new Error().stack);
    if (!asynchronous) {
      emit('request', 'warning', {
        method,
        url: url.pathname,
        status: found.status,
        message: 'synchronous: the page stands still until the answer is there',
        fault: 'synchronous',
        by: found.by,
        hint: '',
      });
      this.#finish(found);
      return;
    }
    this.#await();
    setTimeout(() => {
      // Else it was stopped, or opened for another request meanwhile.
      if (this.#asked === asked) {
        this.#settle();
        this.#finish(found);
      }
    }, PAUSE + found.delay);
  }

  abort() {
    if (!this.#asked) {
      super.abort();
      return;
    }
    const wasAwaited = this.#isAwaited;
    this.#settle();
    this.#answer = null;
    this.#state = 0;
    if (wasAwaited) {
      this.#asked = { ...this.#asked }; // so that its answer finds nobody
      this.dispatchEvent(new ProgressEvent('abort'));
      this.dispatchEvent(new ProgressEvent('loadend'));
    }
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

  #tellReal({ method, url }) {
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
