// What a widget leaves outside of itself: globals, and css rules that reach elements of the page.
import { emit } from './events.js';
import { tellMissing } from './errors.js';
import { inPackage } from './world.js';

// Globals that libraries of the page bring along when a widget asks for them.
const KNOWN = new Set([
  'Chart',
  'Color', // of Chart.js
  'Backbone',
  'moment',
  'KeyframeEffect',
  'widgetpack',
  '$',
  'jQuery',
  '_',
  'Twig',
  'twig',
  'APP',
  'AMOCRM',
]);
let before = new Set();
let page = new WeakSet();
let parts = [];
const told = new Set();

// Remembers the page as it is without the widget.
export function remember() {
  before = new Set(Object.keys(window));
  parts = [...document.body.children];
  noteElements(document);
}

// Elements that the stage adds later belong to the page as well.
export function noteElements(root) {
  [...(root === document ? [document.documentElement] : [root]), ...root.querySelectorAll('*')].forEach((element) =>
    page.add(element),
  );
}

// Elements that the platform hands over: what the widget does to them is its own business.
const handed = new WeakSet();

export function hand(element) {
  handed.add(element);
}

export function look() {
  leaks();
  wiped();
  for (const sheet of document.styleSheets) {
    const owner = sheet.ownerNode;
    if (owner && owner.dataset.widgetpack === undefined && !page.has(owner)) {
      styles(sheet, owner);
    }
  }
}

// The page is the CRM's: a widget that writes a document of its own, or empties the body, ends the CRM.
function wiped() {
  if (parts.length && parts.every((part) => !part.isConnected)) {
    parts = [];
    emit('wiped', 'error', { message: "the page's own elements are gone: the widget has written over them" });
  }
}

function leaks() {
  for (const name of Object.keys(window)) {
    if (!before.has(name) && !KNOWN.has(name) && !/^(jQuery\d|on|\d+$)/.test(name)) {
      before.add(name);
      emit('leak', 'warning', { name, message: `window.${name} is a global that the widget made` });
    }
  }
}

function styles(sheet, owner) {
  let rules;
  try {
    rules = sheet.cssRules;
  } catch {
    return; // of another origin
  }
  const where = owner.href ? inPackage(new URL(owner.href).pathname) : '<style>';
  if (owner.href && !rules.length && sheet.href) {
    check(owner.href);
  }
  for (const rule of flat(rules)) {
    judge(rule, where);
  }
}

function check(href) {
  const entry = performance.getEntriesByName(href).at(-1);
  if (entry?.responseStatus === 404) {
    tellMissing(href, 'link');
  }
}

function* flat(rules) {
  for (const rule of rules) {
    if (rule.selectorText) {
      yield rule;
    } else if (rule.cssRules) {
      yield* flat(rule.cssRules);
    }
  }
}

function judge(rule, where) {
  const mark = `${where} ${rule.selectorText}`;
  if (told.has(mark) || onlyVariables(rule.style)) {
    return;
  }
  for (const selector of split(rule.selectorText)) {
    const hits = reached(selector);
    if (hits.length) {
      told.add(mark);
      emit('css', 'warning', {
        message: `${selector} reaches ${hits.length} element${hits.length > 1 ? 's' : ''} of the page outside the widget`,
        selector,
        path: where,
        hits: hits.length,
        first: named(hits[0]),
      });
      return;
    }
  }
}

// Variables on the root are how dark themes are made (docs/dark-theme).
function onlyVariables(style) {
  return [...style].every((name) => name.startsWith('--'));
}

function split(selector) {
  return selector.split(/,(?![^(]*\))/).map((one) => one.trim());
}

function reached(selector) {
  const plain =
    selector.replace(
      /::[\w-]+(\([^)]*\))?|:(hover|focus|focus-visible|focus-within|active|visited|before|after)\b/g,
      '',
    ) || '*';
  try {
    return [...document.querySelectorAll(plain)].filter(
      (element) => page.has(element) && !handed.has(element) && element.isConnected,
    );
  } catch {
    return [];
  }
}

function named(element) {
  const name = element.nodeName.toLowerCase();
  const mark = element.id ? `#${element.id}` : element.classList.length ? `.${element.classList[0]}` : '';
  return `<${name}>${mark ? ` ${mark}` : ''}`;
}
