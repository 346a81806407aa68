// What the page around the widget says. The only module that reads the platform's global, and it never writes to it.
define(function () {
  'use strict';

  // Areas with a panel, and the name that the API gives to the entity of such a card.
  const ENTITIES = { lcard: 'leads', ccard: 'contacts' };

  // The open card as {entity, id}, or null: outside of cards, and on a new card, which has no id until it is saved.
  function card(widget) {
    // APP is the global of today; accounts on older releases only have AMOCRM.
    const app = window.APP || window.AMOCRM || {};
    const current = (app.data && app.data.current_card) || {};
    const entity = ENTITIES[widget.system().area];
    const id = Number(current.id);
    return entity && id > 0 ? { entity: entity, id: id } : null;
  }

  // The code that the platform gave to the widget at its first upload; it is part of element ids and of API paths.
  function code(widget) {
    return String(widget.get_settings().widget_code);
  }

  // The id of the user who looks at the page.
  function user(widget) {
    return Number(widget.system().amouser_id);
  }

  return { card: card, code: code, user: user };
});
