// Whether this browser is a developer's, and how long the page waits for that machine. ID, ADDRESS, PACKAGED and MANIFEST are put in front.

const KEY = 'widgetpack_dev_' + ID;
// Below the 7 seconds after which RequireJS gives up on a module, whatever the platform has set.
const LIMIT_MS = 3000;

const address = switchedOn();
if (address) {
  const plugin = 'widgetpack-dev-' + encodeURIComponent(ID);
  define(plugin, [], function () { return { load: load }; });
  define([PACKAGED, plugin + '!served'], function (packaged, start) { return start(packaged); });
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
  if (!value || !/^https?:\/\//.test(value)) return value ? ADDRESS : '';
  try {
    const wanted = new URL(value);
    if (['localhost', '127.0.0.1', '[::1]', new URL(ADDRESS).hostname].indexOf(wanted.hostname) >= 0) return wanted.origin;
  } catch (error) {
    // No address at all: told below.
  }
  say('warn', 'localStorage.' + KEY + ' is ' + value + ', which is not this machine; the packaged widget runs');
  return '';
}

function say(level, text) {
  window.console[level]('widgetpack ' + ID + ': ' + text);
}

// The plugin of RequireJS: it waits for the server, for a short time.
function load(name, req, onload) {
  const live = liveWidget(req);
  let waiting = true;
  const timer = setTimeout(function () { answer('no answer within ' + LIMIT_MS / 1000 + ' s'); }, LIMIT_MS);
  function answer(reason) {
    if (!waiting) return;
    waiting = false;
    clearTimeout(timer);
    if (reason) {
      say('warn', address + ': ' + reason + '; the packaged widget runs. Start `widgetpack serve`, allow this page the access '
        + 'to the local network if the browser asks, and reload the page');
    }
    onload(live.start);
  }
  fetch(address + '/build.json', { cache: 'no-store' }).then(function (response) {
    if (!response.ok) throw new Error('it answered ' + response.status);
    return response.json();
  }).then(function (told) {
    if (told.id && told.id !== ID) throw new Error('the widget there is "' + told.id + '"');
    const first = told.build ? live.update(told.build) : Promise.reject(new Error('it has no good build yet'));
    // Late or not: from here on each good build reaches this page.
    live.follow();
    return first;
  }).then(function () { answer(''); }, function (error) { return refusal(error).then(answer); });
}

function reasonOf(error) {
  return error instanceof TypeError ? 'nobody answers' : String(error && error.message || error).split('\n')[0];
}

// Why a first request failed: to the page, a server that is not there and a permission that is missing look the same.
function refusal(error) {
  const reason = reasonOf(error);
  if (!(error instanceof TypeError) || !navigator.permissions) return Promise.resolve(reason);
  return navigator.permissions.query({ name: 'local-network-access' }).then(function (permission) {
    return permission.state === 'granted' ? reason : 'nobody answers, or this page may not reach the local network';
  }, function () { return reason; });
}
