// The versions of the widget: the one in use, and those that the developer's machine tells of.

// One version of the widget: a constructor, and where the files beside it lie (empty: in the package).
function version(build, make, base, texts) {
  return { build: build, make: make, base: base, texts: texts };
}

function liveWidget(req) {
  // The version in use, what the platform's objects inherit from the first one, and the widgets that are open in the page.
  const state = { current: null, first: {}, open: new Set() };
  let work = Promise.resolve();
  let warned = '';
  const opened = openText();

  function start(packaged) {
    state.current = state.current || version(0, packaged, '', null);
    function Widget() {
      instance(state, this, arguments);
    }
    // As the constructor itself would look to a platform that sets or extends its prototype.
    state.first = state.current.make.prototype || {};
    Object.defineProperty(Widget, 'prototype', { value: Object.create(state.first), writable: !isClass(state.current.make) });
    return Widget;
  }

  function read(build) {
    const base = address + '/w/' + build;
    return opened.then(function () { return Promise.all([script(base), texts(base)]); }).then(function (both) {
      if (typeof both[0] !== 'function') throw new Error('script.js returns no constructor');
      return version(build, both[0], base, both[1]);
    });
  }

  // The plugin `text!` takes what another origin has for a script, unless it is told that it may be read.
  function openText() {
    return new Promise(function (resolve) {
      req(['text'], function (text) {
        const usual = text && text.useXhr;
        if (usual) text.useXhr = function (url) { return url.indexOf(address + '/w/') === 0 || usual.apply(this, arguments); };
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
      }
    }
    document.addEventListener('visibilitychange', listen);
    listen();
  }

  function hear(told) {
    if (told.id && told.id !== ID) return;
    report(told);
    if (!told.good) return;
    update(told.build).catch(function (error) {
      say('error', 'the new build cannot be loaded: ' + reasonOf(error) + '; the last one runs on');
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

  // One after the other, whatever order the network answers in.
  function update(build) {
    const done = work.then(function () {
      return state.current && state.current.build === build ? null : read(build).then(take);
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
    if (stuck.length) window.location.reload();
    else say('info', 'reloaded');
  }

  function restyle(base) {
    const links = document.querySelectorAll('link[rel~="stylesheet"]');
    Array.from(links).filter(function (link) { return link.href.indexOf(address + '/w/') === 0; }).forEach(function (link) {
      link.href = base + link.href.slice(address.length).replace(/^\/w\/\d+/, '');
    });
  }

  return { start: start, update: update, follow: follow };
}
