// The stage: one area of the CRM, played for one widget. It is loaded anew for every area, language and build.
import { openAccount } from './account.js';
import { makeApp } from './app.js';
import { AREAS } from './areas/index.js';
import { lookBehind, watchBehind } from './behind.js';
import { emit, events, settled } from './events.js';
import { tellError, watchErrors } from './errors.js';
import { openLoader } from './modules.js';
import { playControls } from './controls.js';
import { idle } from './idle.js';
import { forwardKeys } from './keys.js';
import { playNetwork } from './network.js';
import { look, remember } from './watch.js';
import { call } from './widget.js';
import { enterArea, world } from './world.js';

const query = new URLSearchParams(location.search);
let finish;
let played = null;
let isRemembered = false;

// Without a page to compare with, everything on it would be the widget's.
function lookAgain() {
  if (isRemembered) {
    look();
  }
}

// What `preview --check` and the shell ask. `ready` resolves when the area stands; walk() does what a person would do
// in it; settled() resolves when places of errors are known.
window.widgetpack = {
  events,
  ready: new Promise((resolve) => {
    finish = resolve;
  }),
  settled,
  world,
  // The platform calls destroy when the user leaves the area.
  async leave() {
    if (world.widget) {
      await call('destroy');
      lookBehind();
    }
    await settled();
    return events;
  },
  async walk() {
    await window.widgetpack.ready;
    if (played?.walk) {
      await played.walk();
      await idle();
    }
    lookAgain();
    await settled();
    return events;
  },
};

function scheme() {
  const wanted = query.get('theme');
  const dark = wanted ? wanted === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.colorScheme = dark ? 'dark' : 'light';
}

async function begin() {
  scheme();
  const answer = await fetch('/state.json');
  const state = await answer.json();
  if (!answer.ok) {
    return;
  }
  const wanted = state.areas.find((one) => one.id === query.get('area') && one.offered);
  enterArea(state, wanted?.id ?? 'integrations', query.get('locale') ?? '');
  document.documentElement.lang = world.locale;
  openAccount(state.account);
  watchErrors();
  forwardKeys();
  playNetwork();
  playControls();
  await openLoader();
  const area = AREAS[world.area];
  await area.draw(document.body);
  window.APP = window.AMOCRM = makeApp();
  remember();
  isRemembered = true;
  watchBehind();
  played = await area.play();
}

begin()
  .catch((error) => tellError(error, 'the stage itself'))
  .then(() => idle())
  .then(() => {
    lookAgain();
    emit('done', 'info', { area: world.area, locale: world.locale });
    finish();
    setInterval(lookAgain, 1500); // what clicks bring up later
  });
