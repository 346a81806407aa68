// Whether this browser is a developer's, and how long the page waits for that machine. ID, ADDRESS, PACKAGED and MANIFEST are put in front.

const KEY = 'widgetpack_dev_' + ID;
// Below the 7 seconds after which RequireJS gives up on a module, whatever the platform has set.
const LIMIT_MS = 3000;

const address = switchedOn();
if (address) {
  const plugin = 'widgetpack-dev-' + encodeURIComponent(ID);
  define(plugin, [], function () { return { load: load }; });
  define([plugin + '!served'], function (widget) { return widget; });
} else {
  // Everybody else: the packaged widget, loaded as any other dependency is.
  define([PACKAGED], function (packaged) { return packaged; });
}

// The address to ask, or nothing. The key's value may name another port than the one that was built in, and no other machine.
function switchedOn() {
  let value = null;
  try {
    value = window.localStorage.getItem(KEY);
  } catch (error) {
    return '';
  }
  if (!value) return '';
  const own = new URL(ADDRESS);
  if (!/^https?:\/\//.test(value)) return own.origin;
  try {
    const wanted = new URL(value);
    if (['localhost', '127.0.0.1', '[::1]', own.hostname].indexOf(wanted.hostname) >= 0) return wanted.origin;
  } catch (error) {
    // No address at all: told below.
  }
  say('warn', 'localStorage.' + KEY + ' is ' + value + ', which is not this machine; the packaged widget runs');
  return '';
}

// `error` goes along as it is: of an object the console maps the stack to the sources, of a text it does not.
function say(level, text, error) {
  window.console[level].apply(window.console, ['widgetpack ' + ID + ': ' + text].concat(error === undefined ? [] : [error]));
}

// The plugin of RequireJS: it waits for the server, for a short time. Only where that is in vain the packaged script runs: what it does
// outside of its constructor must not happen beside what the served one does.
function load(name, req, onload) {
  const live = liveWidget(req);
  let waiting = true;
  const timer = setTimeout(function () { fallBack(new Refusal('no answer within ' + LIMIT_MS / 1000 + ' s', start())); }, LIMIT_MS);
  function fallBack(error) {
    say('warn', address + ': ' + reasonOf(error) + '; the packaged widget runs' + (error.cure || ''), error.cure === undefined ? error : undefined);
    if (!done()) req([PACKAGED], function (packaged) { onload(live.start(packaged)); }, onload.error);
  }
  function done() {
    const before = !waiting;
    waiting = false;
    clearTimeout(timer);
    return before;
  }
  ask().then(function (told) {
    if (told.id && told.id !== ID) throw new Refusal('the widget there is "' + told.id + '"', '');
    const first = told.build ? live.update(told) : Promise.reject(new Refusal('it has no good build yet', ': the first one will be taken over'));
    // Late or not: from here on each good build reaches this page.
    live.follow();
    return first;
  }).then(function () { if (!done()) onload(live.start()); }, fallBack);
}

function reasonOf(error) {
  return String(error && error.message || error).split('\n')[0];
}

// Why there is no served widget, and what can be done about it; any other error is one of the served script itself.
function Refusal(message, cure) {
  this.message = message;
  this.cure = cure;
}

function start() {
  const trust = /^https:/.test(address) ? 'open ' + address + ' once to trust its certificate, ' : '';
  return '. Start `widgetpack serve`, ' + trust + 'allow this page the access to the local network if the browser asks, and reload the page';
}

// What the server has: its newest good build.
function ask() {
  return fetch(address + '/build.json', { cache: 'no-store' }).then(function (response) {
    if (!response.ok) throw new Refusal('it answered ' + response.status, '');
    return response.json();
  }, function () {
    return silence().then(function (reason) { throw new Refusal(reason, start()); });
  });
}

// Why nobody answers: to the page, a server that is not there and a permission that is missing look the same. Firefox, and with time
// every browser, has one for this machine and one for others; Chrome began with one for both.
function silence() {
  const reason = 'nobody answers';
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname);
  return permission(isHere ? 'loopback-network' : 'local-network')
    .catch(function () { return permission('local-network-access'); })
    .then(function (found) {
      return found.state === 'granted' ? reason : reason + ', or this page may not reach the local network';
    }, function () { return reason; });
}

function permission(name) {
  return navigator.permissions ? navigator.permissions.query({ name: name }) : Promise.reject(new Error(name));
}
