// The widget's own page in the left menu: it draws into #work-area-<code> when its entry is chosen.
import { h, icon } from '../dom.js';
import { call, isInstalled, makeWidget, start } from '../widget.js';
import { hand } from '../watch.js';
import { file, word, world } from '../world.js';
import { DRAWN, head, page, uninstalled } from './frame.js';

let area = null;
let tabs = null;

const items = () =>
  Object.entries(world.state.manifest.left_menu ?? {}).filter(
    ([name, one]) => one && typeof one === 'object' && !(name in DRAWN),
  );
const hidden = () =>
  Object.entries(world.state.manifest.left_menu ?? {})
    .filter(([, one]) => one?.is_hidden === true)
    .map(([name]) => name);

export async function draw(body) {
  const first = items()[0];
  const entries = items().map(([name, one]) => ({
    name,
    title: word(one.title),
    after: one.sort?.after,
    drawing: drawing(one),
    go: () => choose(name),
  }));
  area = h('div', { class: 'stage-workarea', id: `work-area-${world.state.code}` });
  hand(area);
  tabs = h('div', { class: 'stage-tabs', role: 'group', 'aria-label': 'Pages' });
  body.append(
    page(
      first?.[0],
      h('div', { class: 'stage-column' }, head(word(first?.[1].title ?? '')), uninstalled(), tabs, area),
      entries,
    ),
  );
  hidden().forEach((name) => document.querySelector(`[data-entity="${CSS.escape(name)}"]`)?.remove());
}

function drawing(one) {
  const name = String(one.icon ?? one.icons?.dark ?? one.icons?.light ?? '')
    .replace(/^\//, '')
    .split('?')[0];
  return world.state.files.includes(name)
    ? h('img', { src: file(name), alt: '', width: 22, height: 22 })
    : icon('M5 5h14v14H5z', 22);
}

const pages = (one) => Object.entries(one.submenu ?? {}).filter(([, sub]) => sub && typeof sub === 'object');

async function choose(name, sub) {
  const one = world.state.manifest.left_menu[name];
  const subs = pages(one);
  const chosen = sub ?? subs[0]?.[0];
  document.querySelector('.list__top__title').textContent = word(one.title);
  tabs.replaceChildren(
    ...subs.map(([code, page_]) =>
      h(
        'button',
        { type: 'button', class: code === chosen ? 'is-chosen' : '', onclick: () => choose(name, code) },
        word(page_.title),
      ),
    ),
  );
  area.replaceChildren();
  await call(
    'initMenuPage',
    [{ location: 'widget_page', item_code: name, ...(chosen ? { subitem_code: chosen } : {}) }],
    { needed: true },
  );
}

export async function play() {
  const first = items()[0];
  if (first && isInstalled() && (await makeWidget()) && (await start())) {
    await choose(first[0]);
  }
  return { walk };
}

async function walk() {
  for (const [name, one] of world.widget ? items() : []) {
    const subs = pages(one).map(([code]) => code);
    for (const sub of subs.length ? subs : [undefined]) {
      await choose(name, sub);
    }
  }
}
