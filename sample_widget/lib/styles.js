// The platform does not load style.css: the widget has to.
define(['jquery'], function ($) {
  'use strict';

  const ID = 'followup-widget-styles';

  return {
    // Adds the stylesheet once. The id is the guard: callbacks run for every card that is opened, the page stays the same.
    load: function (widget) {
      if (document.getElementById(ID)) {
        return;
      }
      $('<link>', {
        id: ID,
        rel: 'stylesheet',
        // Browsers keep the file for days; the version makes them fetch the one that belongs to this script.
        href: widget.params.path + '/style.css?v=' + encodeURIComponent(widget.get_version())
      }).appendTo('head');
    }
  };
});
