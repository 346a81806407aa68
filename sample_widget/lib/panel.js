// The panel in the right column of a lead or contact card: how long the card waits, and buttons that plan a task.
define([
  'jquery',
  './api.js',
  './deadline.js',
  './defaults.js',
  './page.js',
  './settings.js',
  './texts.js',
  './view.js'
], function ($, api, deadline, defaults, page, settings, texts, view) {
  'use strict';

  function now() {
    return Math.floor(Date.now() / 1000);
  }

  // Everything templates/panel.twig shows, as finished texts.
  function describe(widget, card) {
    const t = widget.i18n('panel');
    const format = widget.i18n('format');
    const limit = settings.limitOf(settings.read(widget), card);
    const state = deadline.judge(card, limit, now());
    const tasks = { planned: t.next_task, overdue: t.overdue_task };
    return {
      state: state.name,
      label: {
        fresh: t.state_fresh,
        soon: t.state_soon,
        late: t.state_late,
        planned: t.state_planned,
        overdue: t.state_overdue
      }[state.name],
      waiting: texts.days(format, state.days),
      since: t.since,
      limit: texts.fill(t.limit, { days: texts.days(format, limit) }),
      meter: t.meter,
      share: state.share,
      task: card.nextTaskAt
        ? texts.fill(tasks[state.name], { date: texts.date(format, card.nextTaskAt) })
        : t.no_task,
      plan: t.plan,
      buttons: defaults.delays.map(function (days) {
        const label = days === 7 ? format.week_one : texts.days(format, days);
        return { days: days, label: label, hint: texts.fill(t.plan_in, { delay: label }) };
      })
    };
  }

  // One panel belongs to one widget object; the platform makes a new object for every card (init_once is false).
  return function createPanel(widget) {
    const t = widget.i18n('panel');
    let $root = $();
    let place = null;
    let card = null;

    function fillContent(html) {
      $root.attr('aria-busy', 'false').find('.followup-widget__content').html(html);
    }

    // The status line lives outside of what is redrawn: screen readers announce changes of a live region that stays.
    function say(text, isError) {
      $root.find('.followup-widget__status').text(text).toggleClass('followup-widget__status_error', Boolean(isError));
    }

    function draw() {
      return view.draw(widget, 'panel', describe(widget, card)).then(fillContent);
    }

    function load() {
      $root.attr('aria-busy', 'true');
      say(t.loading);
      return api.card(place).then(function (found) {
        card = found;
        say('');
        return draw();
      }).catch(function () {
        say('');
        return view.draw(widget, 'notice', { text: t.load_failed, action: t.retry }).then(fillContent);
      });
    }

    function plan(days) {
      const values = settings.read(widget);
      const userId = page.user(widget);
      const dueAt = deadline.dueAt(now(), days, settings.hourOf(values, userId));
      const $buttons = $root.find('.followup-widget__button');
      // A second click while the first is on its way would create a second task.
      $buttons.prop('disabled', true);
      say(t.saving);
      return api.createTask(place, {
        text: texts.fill(values.taskText, { name: card.name }),
        dueAt: dueAt,
        userId: userId
      }).then(function () {
        // The closest open task counts, so an overdue one keeps the panel red until it is closed.
        card.nextTaskAt = card.nextTaskAt ? Math.min(card.nextTaskAt, dueAt) : dueAt;
        return draw();
      }).then(function () {
        say(texts.fill(t.saved, { date: texts.date(widget.i18n('format'), dueAt) }));
      }).catch(function () {
        $buttons.prop('disabled', false);
        say(t.save_failed, true);
      }).then(function () {
        // Disabled or redrawn, the button has lost the focus; a keyboard user would start over at the top of the page.
        $root.find('[data-followup-days="' + days + '"]').trigger('focus');
      });
    }

    return {
      // Puts an empty panel in place at once, since `render` must answer at once, and fills it when the facts arrive.
      show: function () {
        place = page.card(widget);
        if (!place) {
          return;
        }
        const id = ['followup', page.code(widget), place.entity, place.id].join('-');
        const $shell = $('<div>', { id: id, 'class': 'followup-widget', role: 'group', 'aria-label': t.title }).append(
          $('<div>', { 'class': 'followup-widget__content' }),
          $('<p>', { 'class': 'followup-widget__status', role: 'status' })
        );
        widget.render_template({
          caption: { class_name: 'followup-widget-caption' },
          body: '',
          render: $shell.prop('outerHTML')
        });
        $root = $(document.getElementById(id));
        load();
      },

      // Handlers sit on the panel's own root: one on the document would also see the clicks of every other widget.
      bind: function () {
        $root.off('.followup').on('click.followup', '[data-followup-days]', function () {
          plan(Number($(this).attr('data-followup-days')));
        }).on('click.followup', '[data-followup-retry]', load);
      },

      destroy: function () {
        $root.off('.followup');
        $root = $();
      }
    };
  };
});
