// The settings fields of manifest.json as values that the other modules can use. Fields hold what people typed: every
// one is checked on reading, and a bad one falls back, because a panel must not break over a settings window.
define(['./deadline.js', './defaults.js'], function (deadline, defaults) {
  'use strict';

  const FIELDS = ['wait_days', 'task_text', 'pipeline_days', 'due_hours'];

  // "12:2, 34:5" -> {12: 2, 34: 5}: short enough for a text field, readable enough to be repaired by hand.
  function parsePipelineDays(text) {
    const days = {};
    String(text || '').split(',').forEach(function (part) {
      const match = /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(part);
      if (match && deadline.isDays(match[2])) {
        days[match[1]] = Number(match[2]);
      }
    });
    return days;
  }

  function formatPipelineDays(days) {
    return Object.keys(days).map(function (id) {
      return id + ':' + days[id];
    }).join(', ');
  }

  // A field of the type `users` is an object of user id -> text, or that object as JSON, depending on who hands it over.
  function parseDueHours(value) {
    if (typeof value !== 'string') {
      return value || {};
    }
    try {
      return JSON.parse(value) || {};
    } catch (error) {
      return {};
    }
  }

  function read(widget) {
    const fields = widget.get_settings();
    return {
      waitDays: deadline.isDays(fields.wait_days) ? Number(fields.wait_days) : defaults.waitDays,
      taskText: String(fields.task_text || '').trim() || widget.i18n('settings').task_text_default,
      pipelineDays: parsePipelineDays(fields.pipeline_days),
      dueHours: parseDueHours(fields.due_hours)
    };
  }

  return {
    read: read,
    formatPipelineDays: formatPipelineDays,

    // The limit for a card, in days: its pipeline's own one, else the one for all. Contacts have no pipeline.
    limitOf: function (settings, card) {
      return settings.pipelineDays[card.pipelineId] || settings.waitDays;
    },

    // The hour at which tasks of a user are due, 0 to 23.
    hourOf: function (settings, userId) {
      const hour = String(settings.dueHours[userId]).trim();
      return /^([01]?\d|2[0-3])$/.test(hour) ? Number(hour) : defaults.dueHour;
    },

    // The stored fields of this widget alone: get_settings() mixes them with the path, the version and more.
    stored: function (widget) {
      const all = widget.get_settings();
      const own = {};
      FIELDS.forEach(function (field) {
        if (all[field] !== undefined) {
          own[field] = all[field];
        }
      });
      if (own.due_hours !== undefined) {
        // The API takes this type only as an object.
        own.due_hours = parseDueHours(own.due_hours);
      }
      return own;
    }
  };
});
