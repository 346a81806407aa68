// One widget in the page: the callbacks that the platform has found stay, and lead to the newest build.

// What can be done again in place.
const LIFE = ['render', 'init', 'bind_actions'];
// Places that only the platform can open again.
const PLACES = ['settings', 'advancedSettings', 'dpSettings', 'salesbotDesignerSettings', 'initMenuPage'];

// `outer` is what the platform made and keeps; the widget itself can be another one after each build.
function instance(state, outer, args) {
  const one = { renew: renew };
  const facade = {};
  let run = makeRun(state.current, outer, args, state.first);
  let tried = state.current;
  let ran = [];
  let place = '';
  publish();

  // Looked at anew by whoever reads it: callbacks may also come after the constructor, once something has been loaded.
  function publish() {
    const shared = { configurable: true, enumerable: true };
    Object.defineProperty(outer, 'callbacks', Object.assign({
      get: function () { show(); return facade; },
      set: function (value) { Object.defineProperty(outer, 'callbacks', Object.assign({ value: value, writable: true }, shared)); }
    }, shared));
  }

  function show() {
    mirror(facade, run.callbacks(), []);
  }

  // Puts a forwarder before every callback, so that the platform may keep what it found.
  function mirror(shown, given, path) {
    Object.keys(shown).forEach(function (key) { if (!(key in given)) delete shown[key]; });
    namesIn(given).forEach(function (key) {
      const value = given[key];
      const kind = value === null ? 'null' : typeof value;
      const kept = shown[key] && typeof shown[key] === kind;
      if (kind === 'function') shown[key] = kept ? shown[key] : forwarder(path.concat(key), shown);
      else if (kind === 'object' && path.length < 2) mirror(shown[key] = kept ? shown[key] : {}, value, path.concat(key));
      else shown[key] = value;
    });
  }

  function forwarder(path, shown) {
    return function () {
      if (!state.open.has(one)) run = newest() || run;
      note(path[0]);
      try {
        return call(path, this === outer ? run.self : this === shown ? undefined : this, arguments);
      } finally {
        show();
      }
    };
  }

  function call(path, self, values) {
    const owner = path.slice(0, -1).reduce(function (found, key) { return found && found[key]; }, run.callbacks());
    const callback = owner && owner[path[path.length - 1]];
    return typeof callback === 'function' ? callback.apply(self === undefined ? owner : self, values) : true;
  }

  function note(name) {
    if (name === 'destroy') {
      state.open.delete(one);
      ran = [];
      place = '';
      return;
    }
    if (name === 'render') {
      ran = [];
      place = '';
    }
    if (LIFE.indexOf(name) >= 0 && ran.indexOf(name) < 0) ran.push(name);
    if (PLACES.indexOf(name) >= 0) place = name;
    state.open.add(one);
  }

  // Takes the current version where the widget is open; false where only the page can.
  function renew() {
    const next = newest();
    if (!next) return true;
    if (place || !cleansUp(run.callbacks().destroy)) return false;
    try {
      call(['destroy'], undefined, []);
    } catch (error) {
      say('warn', '`destroy` failed, so the page is reloaded', error);
      return false;
    }
    run = next;
    show();
    repeat();
    return true;
  }

  // The widget anew from the current version; nothing where it has that already, or where its constructor throws.
  function newest() {
    if (tried === state.current) return null;
    tried = state.current;
    try {
      return makeRun(state.current, outer, args, state.first);
    } catch (error) {
      say('error', 'the constructor failed, the last build runs on', error);
      return null;
    }
  }

  function repeat() {
    const names = ran;
    ran = [];
    try {
      names.every(function (name) {
        ran.push(name);
        return call([name], undefined, []);
      });
    } catch (error) {
      say('error', '`' + ran[ran.length - 1] + '` failed', error);
    }
    show();
  }
}

// Whether a `destroy` does anything. An empty one, as in most templates of widgets, leaves all that the widget has put into the page: the
// next build would add its own to that, and every handler would run twice.
function cleansUp(destroy) {
  if (typeof destroy !== 'function') return false;
  const text = Function.prototype.toString.call(destroy).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  return !/(?:\{\s*(?:return\s*)?|=>\s*)(?:true|false|null|undefined|!0|!1|void 0)?;?\s*\}?\s*$/.test(text);
}

// The names of an object, also of what it inherits from a class of the widget.
function namesIn(object) {
  const names = [];
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) names.push(...Object.getOwnPropertyNames(at));
  return names.filter(function (name) { return name !== 'constructor'; });
}
