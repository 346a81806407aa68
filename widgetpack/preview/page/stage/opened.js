// APP.data: the card or the list that is open, as models of Backbone, and the element of the page
// (docs/environment-variables).
import { account } from './account.js';
import { entityOf, isCard, isList, TYPES } from './entities.js';
import { guarded } from './guard.js';
import { world } from './world.js';

export function opened() {
  const entity = entityOf();
  const type = TYPES[entity] ?? 0;
  return guarded(
    {
      // Scripts are told to look first whether a card is open at all.
      current_card: isCard() && world.open ? openCard(world.open, type) : false,
      current_entity: entity,
      current_list: isList() ? openList(account()[entity], type) : false,
      current_view: guarded({ $el: window.jQuery('#page_content') }, 'APP.data.current_view'),
      is_card: isCard(),
      page: entity,
    },
    'APP.data',
  );
}

function openCard(open, type) {
  return guarded(
    {
      id: open.id,
      element_type: type,
      main_user: open.responsible_user_id,
      user: account().user.id,
      name: open.name,
      model: modelOf(open),
      new_card: open.id === 0,
    },
    'APP.data.current_card',
  );
}

// The fields go by the names that they have in the form, with what stands in them before anybody saves.
function modelOf(open) {
  const form = document.getElementById('edit_card');
  const model = new window.Backbone.Model({ ID: open.id, NAME: open.name, MAIN_USER: open.responsible_user_id });
  form.querySelectorAll('[name]').forEach((input) => model.set(input.name, input.value));
  form.addEventListener('input', ({ target }) => target.name && model.set(target.name, target.value));
  return model;
}

function openList(items, type) {
  const rows = items.map(({ id, name }) => ({ id, name, checked: false }));
  return Object.assign(new window.Backbone.Collection(rows), { element_type: type });
}

// The boxes of a list, as they stand now.
export function noteChecked(list, ids) {
  list.forEach((one) => one.set('checked', ids.includes(one.id)));
}
