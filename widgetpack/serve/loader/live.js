// The versions of the widget: the one in use, and those that the developer's machine tells of.

// After which a page asks again whose stream of events was refused.
const AGAIN_MS = 5000;

function isServed(url) {
  return url.indexOf(address + '/w/') === 0;
}

// One version of the widget: a constructor, and where the files beside it lie (empty: in the package).
function version(make, base, texts) {
  return { make: make, base: base, texts: texts };
}

function liveWidget(req) {
  // The version in use, what the platform's objects inherit from the first one, and the widgets that are open in the page.
  const state = { current: null, first: {}, open: new Set() };
  let work = Promise.resolve();
  let wanted = null;
  let warned = '';
  const opened = openText();

  function start(packaged) {
    if (!state.current && typeof packaged !== 'function') return packaged; // what the platform makes of that is its own affair
    state.current = state.current || version(packaged, '', null);
    function Widget() {
      instance(state, this, arguments);
    }
    // As the constructor itself would look to a platform that sets or extends its prototype.
    state.first = state.current.make.prototype || {};
    Object.defineProperty(Widget, 'prototype', { value: Object.create(state.first), writable: !isClass(state.current.make) });
    return Widget;
  }

  function read(told) {
    const base = address + told.files;
    return opened.then(function () { return Promise.all([script(base), texts(base)]); }).then(function (both) {
      if (typeof both[0] !== 'function') throw new Error('script.js returns no constructor');
      return version(both[0], base, both[1]);
    });
  }

  // The plugin `text!` takes what another origin has for a script, unless it is told that it may be read.
  function openText() {
    return new Promise(function (resolve) {
      req(['text'], function (text) {
        const usual = text && text.useXhr;
        if (usual) text.useXhr = function (url) { return isServed(url) || usual.apply(this, arguments); };
        resolve();
      }, resolve);
    });
  }

  function script(base) {
    return new Promise(function (resolve, reject) { req([base + '/script.js'], resolve, reject); });
  }

  // The platform has the texts of the upload; those of the served build take their place.
  function texts(base) {
    const language = window.APP && window.APP.lang_id;
    if (!/^[a-z]{2}$/.test(language)) return null;
    return fetch(base + '/i18n/' + language + '.json', { cache: 'no-store' })
      .then(function (response) { return response.ok ? response.json() : null; })
      .catch(function () { return null; });
  }

  // A browser opens six connections to one server, and each stream is one: only pages that are seen hold theirs.
  function follow() {
    let events = null;
    let last = '';
    function listen() {
      if (document.hidden && events) {
        events.close();
        events = null;
      } else if (!document.hidden && !events) {
        events = new EventSource(address + '/events');
        events.addEventListener('build', function (event) {
          if (event.data !== last) hear(JSON.parse(event.data));
          last = event.data;
        });
        events.addEventListener('error', again);
      }
    }
    // A browser tries again by itself where nobody answers, and never where somebody else did: another server had the port for a while.
    function again(event) {
      if (event.target.readyState !== EventSource.CLOSED || event.target !== events) return;
      events = null;
      setTimeout(listen, AGAIN_MS);
    }
    document.addEventListener('visibilitychange', listen);
    listen();
  }

  function hear(told) {
    if (told.id && told.id !== ID) return;
    report(told);
    if (!told.good || (wanted && wanted.files === told.files)) return; // a stream begins with what the page has asked for, or failed to load
    update(told).catch(function (error) {
      say('error', 'the new build cannot be loaded: ' + reasonOf(error) + '; the last one runs on', error);
    });
  }

  function report(told) {
    const levels = { error: 'error', warning: 'warn', info: 'debug' };
    told.findings.forEach(function (finding) { say(levels[finding.severity], finding.text); });
    if (!told.good) say('error', told.message + (told.build ? '; the last good build runs on' : ''));
    else if (told.manifest !== MANIFEST && told.manifest !== warned) {
      warned = told.manifest;
      say('warn', 'manifest.json differs from the uploaded one, and only the platform reads it: `widgetpack build --dev`, then upload again');
    }
  }

  // One after the other, whatever order the network answers in; of many that wait only the newest.
  function update(told) {
    wanted = told;
    const done = work.then(function () {
      return state.current && state.current.base === address + wanted.files ? null : read(wanted).then(take);
    });
    work = done.catch(function () {});
    return done;
  }

  // Goes over to another version: each widget that is open in place, or the page where that is not possible.
  function take(served) {
    const before = state.current;
    state.current = served;
    if (!before) return;
    restyle(served.base);
    const stuck = Array.from(state.open).filter(function (one) { return !one.renew(); });
    if (stuck.length) reload(served.base);
    else say('info', 'reloaded');
  }

  // Once for each build: where every answer is slower than the wait, the page would begin with the packaged widget again, for ever.
  function reload(base) {
    if (window.sessionStorage.getItem(KEY) === base) {
      say('warn', 'the page was reloaded for this build and has got it too late again; reload it yourself, or go on with the packaged widget');
      return;
    }
    window.sessionStorage.setItem(KEY, base);
    window.location.reload();
  }

  function restyle(base) {
    const links = document.querySelectorAll('link[rel~="stylesheet"]');
    Array.from(links).filter(function (link) { return isServed(link.href); }).forEach(function (link) {
      link.href = base + link.href.slice(address.length).replace(/^\/w\/[^/]+\/\d+/, '');
    });
  }

  return { start: start, update: update, follow: follow };
}
