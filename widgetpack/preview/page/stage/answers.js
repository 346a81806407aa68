// Who answers a request, and what: a fixture of the project, else the account of the sandbox, else nobody.
import { answerOf } from './account.js';
import { world } from './world.js';

const OURS = /^\/(upl|page|tmpl|lib|state\.json|icon|origin|events|stage)(\/|$)/;

export function hosts() {
  const { host, subdomain } = world.state.account;
  return [location.host, host, `${subdomain}.kommo.com`, `${subdomain}.amocrm.ru`, `${subdomain}.amocrm.com`];
}

// Whether we answer a request ourselves.
export function isPlayed(url) {
  if (!/^https?:$/.test(url.protocol)) {
    return false;
  }
  if (url.origin === location.origin) {
    return !OURS.test(url.pathname);
  }
  return !world.state.online || hosts().includes(url.host) || fixture('', url) !== null;
}

// The fixture for a request, with the key that names it; method '' means any.
function fixture(method, url) {
  const full = url.origin + url.pathname;
  const plain = hosts().includes(url.host) ? [url.pathname, full] : [full];
  for (const [key, answer] of Object.entries(world.state.answers)) {
    const [verb, ...rest] = key.split(' ');
    const address = rest.join(' ');
    const search = address.includes('?') ? url.search : '';
    if ((!method || verb === method) && plain.some((one) => matches(address, one + search))) {
      return { key, answer };
    }
  }
  return null;
}

function matches(pattern, text) {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(text);
}

// { status, body (text), headers, delay, by, hint } for one request.
export function answer(method, url, body) {
  const own = hosts().includes(url.host);
  const key = `${method} ${own ? url.pathname : url.origin + url.pathname}`;
  const found = fixture(method, url);
  if (found) {
    const { status = 200, body: said = null, headers = {}, delay = 0 } = found.answer;
    const small = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return made(status, said, { headers: Object.fromEntries(small), delay, by: `preview/*.json, "${found.key}"` });
  }
  const known = own ? answerOf(method, url, body) : null;
  if (known) {
    return made(known.status, known.body, { by: 'the account of the sandbox' });
  }
  const hint = `add ${JSON.stringify(key)} to "answers" in preview/answers.json`;
  return made(
    404,
    { title: 'Not Found', status: 404, detail: `widgetpack preview has no answer: ${hint}` },
    { by: '', hint },
  );
}

function made(status, body, rest) {
  const text = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  return { status, text, headers: { 'content-type': type }, delay: 0, hint: '', ...rest };
}
