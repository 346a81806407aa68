// The loader of the page: RequireJS, the libraries in the platform's versions, and stand-ins for the rest.
import { emit } from './events.js';
import { NotImitated, tellError, tellFault } from './errors.js';
import { throwing } from './guard.js';
import { Modal } from './modal.js';
import { inPackage, world } from './world.js';

const LIBRARIES = {
  jquery: 'jquery',
  underscore: 'underscore',
  backbone: 'backbone',
  moment: 'moment',
  text: 'text',
  'moment-timezone': 'moment-timezone',
  chartjs: 'chart',
  chart: 'chart',
};

const scriptOf = (name) => `/lib/${name}`;

export function load(ids) {
  return new Promise((resolve, reject) => {
    window.require(ids, (...values) => resolve(values), reject);
  });
}

// Loads what every page of the platform has, and defines its modules.
export async function openLoader() {
  const { requirejs } = window;
  // The address has no ending: RequireJS adds `.js`, which the server takes off again.
  const paths = Object.fromEntries(Object.entries(LIBRARIES).map(([id, name]) => [id, scriptOf(name)]));
  requirejs.config({ paths, baseUrl: '/frontend', waitSeconds: 20, shim: {} });
  requirejs.onError = (error) => tellLoading(error);
  const [$, _, moment] = await load(['jquery', 'underscore', 'moment', 'text']);
  const [Backbone] = await load(['backbone']);
  await plain(scriptOf('twig'));
  Object.assign(window, { $, jQuery: $, _, Backbone, moment });
  openTwig();
  standIns($);
}

// Twig is a plain script on the platform's page: widgets read its global `Twig.Templates`.
async function plain(address) {
  const { define, require } = window;
  Object.assign(window, { define: undefined, require: undefined }); // it would ask for Node's modules
  try {
    await new Promise((resolve, reject) => {
      const script = document.createElement('script');
      Object.assign(script, {
        src: address,
        onload: resolve,
        onerror: () => reject(new Error(`${address} did not come`)),
      });
      script.dataset.widgetpack = '';
      document.head.append(script);
    });
  } finally {
    Object.assign(window, { define, require });
  }
}

function openTwig() {
  const { twig: real, extendFilter, extendFunction } = window.Twig;
  const internals = internalsOf(window.Twig);
  const twig = (given) => {
    const found = real(given);
    if (!found && given?.ref) {
      throw new NotImitated(`the template ${given.ref}`);
    }
    return found;
  };
  window.Twig = Object.assign(twig, window.Twig, internals, { twig, extendFilter, extendFunction });
  window.twig = twig;
  Object.entries(world.state.controls).forEach(([id, data]) => real({ id, data, allowInlineIncludes: true }));
  define('twigjs', [], () => twig);
}

// Twig's own object, with Templates, is handed out by its `extend`.
function internalsOf(exported) {
  let all = {};
  exported.extend((core) => {
    all = core;
  });
  tellTemplates(all.log);
  return { Templates: all.Templates };
}

// Twig only writes to the console what is wrong with a template, in two lines, and draws nothing in its place.
function tellTemplates(log) {
  const unread = new Set();
  let is = {};
  log.error = (text) => {
    const [, doing, id] = /^Error (compiling|parsing) twig template (.*): $/.exec(text) ?? [];
    if (doing) {
      is = { id, isRead: doing === 'parsing' };
      return;
    }
    if (is.isRead && unread.has(is.id)) {
      return; // what could not be read cannot be drawn either
    }
    unread.add(is.id);
    const path = is.id.startsWith('/upl/') ? inPackage(is.id.replace(/\?.*$/, '')) : '';
    const reason = String(text).split('\n')[0].replace(/^(?:\w*(?:Error|Exception): )+/, '');
    emit('template', 'error', {
      message: `${path || 'a template'} cannot be ${is.isRead ? 'drawn' : 'read'}: ${reason}`,
      path,
      place: path ? { path, line: 1, column: 1 } : null,
    });
  };
}

function standIns() {
  define('lib/components/base/modal', [], () => Modal);
  define('css', [], () => ({
    load: (name, require, done) => addStyle(require.toUrl(`${name.replace(/\.css$/, '')}.css`), done),
  }));
  define('json', ['text'], (text) => ({
    load: (name, require, done, config) =>
      text.get(require.toUrl(name), (data) => done(JSON.parse(data)), done.error, config),
  }));
  const ours = [...Object.keys(LIBRARIES), 'twigjs', 'json', 'css', 'require', 'exports', 'module'];
  world.state.modules
    .filter((name) => !ours.includes(name))
    .forEach((name) => {
      define(name, [], () => throwing(`the module ${name}`, { module: name }));
    });
  // Other parts of the page, asked for by path: they come on first use as a stand-in that says its name.
  const real = window.requirejs.load;
  window.requirejs.load = (context, id, url) => {
    if (/^(lib|intl|templates|app|vendor)\//.test(id) || url.startsWith('/frontend/')) {
      const part = `the module ${id}`;
      emit('missing', 'warning', { message: `${part} is not imitated`, part, module: id, path: '', by: 'define' });
      define(id, [], () => throwing(part, { module: id }));
      context.completeLoad(id);
      return;
    }
    real.call(window.requirejs, context, id, url);
  };
}

function addStyle(href, done) {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', href, onload: () => done(link), onerror: () => done(null) });
  document.head.append(link);
}

const CODES = {
  scripterror: 'no such file in the package, or it cannot be reached',
  timeout: 'not there after 20 seconds',
  nodefine: 'it calls no define',
  mismatch: 'an anonymous define that nobody asked for',
};

export function tellLoading(error) {
  if (!(error.requireType in CODES)) {
    // What a factory or a callback of `require` threw: RequireJS only adds to it where that was.
    tellError(error, error.requireType === 'require' ? 'uncaught' : 'module');
    return;
  }
  const modules = (error.requireModules ?? []).map(inPackage);
  const reason = CODES[error.requireType];
  tellFault(`${modules.join(', ') || 'a module'}: ${reason}`, 'module', { modules, reason });
}
