// Lists: rows to select, the button of the widget over them, and a right column.
import { account } from '../account.js';
import { entityOf } from '../entities.js';
import { h } from '../dom.js';
import { noteChecked } from '../opened.js';
import { channels } from '../self.js';
import { call, has, isInstalled, makeWidget, start } from '../widget.js';
import { openPanel } from '../panel.js';
import { world } from '../world.js';
import { head, page, title, uninstalled } from './frame.js';
import { reaches } from './reach.js';

const CALLBACKS = { llist: ['leads'], clist: ['contacts'], tlist: ['todo', 'tasks'], culist: ['customers'] };
const TITLES = { llist: 'Leads', clist: 'Contacts', tlist: 'Tasks', culist: 'Customers' };
const LAST = { llist: 'Value', clist: 'Contact' };
const TYPES = { llist: 'lead', clist: 'contact', tlist: 'task', culist: 'customer' };

let action = null;
let count = null;

export async function draw(body) {
  const items = account()[entityOf()] ?? [];
  action = h(
    'button',
    {
      class: 'button-input button-input_blue list-multiple-actions__item',
      type: 'button',
      disabled: true,
      title: title(),
      onclick: selected,
    },
    title(),
  );
  count = h('span', { class: 'stage-faint', role: 'status' }, 'Nothing is selected');
  const column = world.panel
    ? h(
        'aside',
        { class: 'card-widgets js-widgets', 'aria-label': 'Widgets' },
        h('div', { class: 'card-widgets__elements' }),
      )
    : null;
  body.append(
    page(
      { llist: 'leads', tlist: 'tasks' }[world.name] ?? 'contacts',
      h(
        'div',
        { class: 'card-holder card-holder_list' },
        h(
          'div',
          { class: 'stage-column', id: 'list_page_holder' },
          head(TITLES[world.name], count, action),
          uninstalled(),
          table(items),
        ),
        column,
      ),
    ),
  );
}

function table(items) {
  const all = h('input', {
    type: 'checkbox',
    id: 'list_all_checker',
    'aria-label': 'Select all',
    onchange: (event) => {
      document.querySelectorAll('.list-row input').forEach((one) => {
        one.checked = event.target.checked;
      });
      noteSelection();
    },
  });
  return h(
    'table',
    { class: 'list', id: 'list_table' },
    h(
      'thead',
      {},
      h(
        'tr',
        { class: 'list-row-head' },
        h('th', {}, all),
        ['Name', 'Changed', LAST[world.name] ?? ''].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h('tbody', {}, items.map(row)),
  );
}

function row(item) {
  const box = h('input', {
    class: 'js-item-id',
    type: 'checkbox',
    value: item.id,
    id: `table_item_${item.id}`,
    'aria-label': `Select ${item.name ?? item.text}`,
    onchange: noteSelection,
  });
  const days = Math.max(0, Math.round((Date.now() / 1000 - (item.updated_at ?? item.created_at)) / 86400));
  return h(
    'tr',
    { class: 'list-row', 'data-id': item.id },
    h('td', { class: 'list-row__cell list-row__cell-id' }, box),
    h('td', { class: 'list-row__cell' }, item.name ?? item.text),
    h('td', { class: 'list-row__cell stage-faint' }, days ? `${days} day${days > 1 ? 's' : ''} ago` : 'today'),
    h(
      'td',
      { class: 'list-row__cell' },
      item.price
        ? `${account().currency_symbol}${item.price.toLocaleString('en')}`
        : h('span', { class: 'stage-channel' }, channels(item).emails[0] ?? '', reaches(entityOf(), item)),
    ),
  );
}

// What self.list_selected() gives: kept as the boxes stand.
function noteSelection() {
  const ids = [...document.querySelectorAll('.list-row input:checked')].map((one) => Number(one.value));
  world.selection = (account()[entityOf()] ?? [])
    .filter((one) => ids.includes(one.id))
    .map((one) => ({ id: one.id, type: TYPES[world.name], name: one.name ?? one.text, ...channels(one) }));
  noteChecked(window.APP.data.current_list, ids);
  count.textContent = ids.length ? `${ids.length} selected` : 'Nothing is selected';
  action.disabled = !ids.length || !world.widget;
}

async function selected() {
  const name =
    CALLBACKS[world.name].map((one) => `${one}.selected`).find(has) ?? `${CALLBACKS[world.name][0]}.selected`;
  await call(name);
}

export async function play() {
  if (isInstalled()) {
    if (world.panel) {
      openPanel();
    }
    if (await makeWidget()) {
      await start();
    }
  }
  return { walk };
}

async function walk() {
  if (world.widget) {
    [...document.querySelectorAll('.list-row input')].slice(0, 2).forEach((one) => {
      one.checked = true;
    });
    noteSelection();
    await selected();
  }
}
