// Entry point: the platform loads this file, makes one CustomWidget and calls its callbacks. The work is done in lib/.
define([
  'jquery',
  './lib/advanced.js',
  './lib/panel.js',
  './lib/pipeline.js',
  './lib/salesbot.js',
  './lib/settings-window.js',
  './lib/styles.js'
], function ($, showAdvanced, createPanel, pipeline, salesbot, settingsWindow, styles) {
  'use strict';

  const CustomWidget = function () {
    const self = this;
    let panel = null;

    this.callbacks = {
      // Runs first, on every card that is opened. Anything but true would stop init and bind_actions.
      render: function () {
        styles.load(self);
        panel = createPanel(self);
        panel.show();
        return true;
      },

      // Nothing to prepare: all that depends on the open card happens in render, which runs for every card.
      init: function () {
        return true;
      },

      bind_actions: function () {
        // A settings page can skip render; there is no panel to listen to then.
        if (panel) {
          panel.bind();
        }
        return true;
      },

      // The settings window opened; $modalBody is its body.
      settings: function ($modalBody) {
        styles.load(self);
        settingsWindow.show(self, $($modalBody));
        return true;
      },

      // Save was pressed, or the widget is being switched off.
      onSave: function (saved) {
        return settingsWindow.accept(self, saved || {});
      },

      // The widget was switched off, or the user leaves the area.
      destroy: function () {
        if (panel) {
          panel.destroy();
          panel = null;
        }
      },

      advancedSettings: function () {
        styles.load(self);
        showAdvanced(self);
        return true;
      },

      dpSettings: function () {
        styles.load(self);
        pipeline.show(self);
        return true;
      },

      // Must return a string with JSON, not the steps themselves.
      onSalesbotDesignerSave: function (handlerCode, params) {
        return salesbot.steps(params);
      },

      salesbotDesignerSettings: function () {
        return salesbot.exits(self);
      }
    };

    return this;
  };

  return CustomWidget;
});
