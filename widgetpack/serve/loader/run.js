// One build of the widget on the platform's object.

function isClass(make) {
  return /^class\b/.test(Function.prototype.toString.call(make));
}

// Runs a constructor on the platform's object, in a layer of its own: what one build keeps in `this` the next does not see, and
// the served files stand in place of the uploaded ones. `first` is what the platform's object inherits from a build.
function makeRun(used, outer, args, first) {
  const make = used.make;
  const shape = make.prototype || {};
  // Its own from the start: those of the platform's object are what the platform sees, and lead to here.
  const own = { callbacks: { value: undefined, configurable: true, enumerable: true, writable: true } };
  const view = new Proxy(Object.create(outer, own), {
    get: function (layer, key, receiver) {
      if (key === 'callbacks') return layer.callbacks || shape.callbacks;
      if (Object.prototype.hasOwnProperty.call(layer, key)) return layer[key];
      const isPlatforms = key in outer && outer[key] !== first[key];
      if (!isPlatforms && key in shape) return Reflect.get(shape, key, receiver);
      const value = used.base ? served(used, outer, key) : outer[key];
      return typeof value === 'function' ? onPlatform(value, outer, receiver) : value;
    },
    getPrototypeOf: function () { return descent(outer, shape); }
  });
  const self = isClass(make) ? constructed(make, view, args) : make.apply(view, args);
  const widget = self && typeof self === 'object' ? self : view;
  return { self: widget, callbacks: function () { return widget.callbacks || {}; } };
}

// What a widget's object inherits from, for those who ask: `instanceof`, which a compiled class does in its constructor, and `for in`.
function descent(outer, shape) {
  const found = Object.create(shape);
  for (const key in outer) Object.defineProperty(found, key, { value: outer[key], configurable: true, enumerable: true, writable: true });
  return found;
}

// The platform's own methods work on its own object, wherever the widget calls them from.
function onPlatform(method, outer, view) {
  return new Proxy(method, { apply: function (called, self, values) { return Reflect.apply(called, self === view ? outer : self, values); } });
}

// A class cannot be called: its instance inherits from the platform's object instead.
function constructed(make, view, args) {
  function Shape() {}
  Shape.prototype = Object.create(view, Object.getOwnPropertyDescriptors(make.prototype));
  return Reflect.construct(make, args, Shape);
}

// What the platform has under this name, with the served files and texts in it.
function served(used, outer, key) {
  const value = outer[key];
  if (key === 'params' && value && typeof value === 'object') {
    return new Proxy(value, { get: function (params, name) { return isPath(name, params) ? used.base : params[name]; } });
  }
  if (key === 'get_settings' && typeof value === 'function') return function () {
    const settings = value.apply(this, arguments);
    if (!settings || typeof settings !== 'object') return settings;
    const copy = Object.assign({}, settings);
    ['path', 'cdn_path'].forEach(function (name) { if (isPath(name, copy)) copy[name] = used.base; });
    return copy;
  };
  if (key === 'langs' && used.texts) return used.texts;
  if (key === 'i18n' && used.texts && typeof value === 'function') return function (name) {
    const text = String(name).split('.').reduce(function (found, part) { return found && found[part]; }, used.texts);
    return text === undefined ? value.apply(this, arguments) : text;
  };
  return value;
}

function isPath(name, settings) {
  return name === 'path' || (name === 'cdn_path' && Boolean(settings.cdn_path));
}
