// The advanced settings page: a table with one limit per pipeline.
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

  // The typed limits by pipeline id, and the first field that holds no number of days. Empty means: the limit for all.
  function collect($form) {
    const days = {};
    let $wrong = $();
    $form.find('[data-followup-pipeline]').each(function () {
      const $input = $(this);
      // A number field hides what it cannot read behind an empty value; only validity.badInput tells the two apart.
      const isEmpty = $input.val() === '' && !this.validity.badInput;
      const isWrong = !isEmpty && !deadline.isDays($input.val());
      $input.attr('aria-invalid', String(isWrong));
      if (isWrong) {
        $wrong = $wrong.add($input);
      } else if (!isEmpty) {
        days[$input.attr('data-followup-pipeline')] = Number($input.val());
      }
    });
    return { days: days, $wrong: $wrong.first() };
  }

  function describe(widget, pipelines) {
    const t = widget.i18n('advanced');
    const values = settings.read(widget);
    return {
      title: t.title,
      intro: texts.fill(t.intro, { days: texts.days(widget.i18n('format'), values.waitDays) }),
      pipeline: t.pipeline,
      limit: t.limit,
      save: t.save,
      copy: t.copy,
      empty: t.empty,
      placeholder: values.waitDays,
      max: defaults.maxDays,
      rows: pipelines.map(function (pipeline) {
        return {
          id: pipeline.id,
          name: pipeline.name,
          days: values.pipelineDays[pipeline.id] || '',
          hint: texts.fill(t.limit_for, { name: pipeline.name })
        };
      })
    };
  }

  return function showAdvanced(widget) {
    const t = widget.i18n('advanced');
    const code = page.code(widget);
    const $area = $(document.getElementById('work-area-' + code));

    function say(text, isError) {
      $area.find('.followup-widget__status').text(text).toggleClass('followup-widget__status_error', Boolean(isError));
    }

    function save(event) {
      event.preventDefault();
      const found = collect($area.find('form'));
      const $button = $area.find('[type="submit"]');
      if (found.$wrong.length) {
        say(texts.fill(t.wrong, { max: defaults.maxDays }), true);
        found.$wrong.trigger('focus');
        return;
      }
      const line = settings.formatPipelineDays(found.days);
      const fields = $.extend(settings.stored(widget), { pipeline_days: line });
      $button.prop('disabled', true);
      say(t.saving);
      api.saveSettings(code, fields).then(function () {
        // The page keeps the settings it was opened with; without this the table would fall back on the next visit.
        widget.set_settings({ pipeline_days: line });
        $area.find('.followup-widget__copy').prop('hidden', true);
        say(t.saved);
      }).catch(function () {
        // Not an administrator, or the API refuses: hand over the line, an administrator can paste it into the settings.
        $area.find('.followup-widget__copy').prop('hidden', false).find('input').val(line);
        say(t.save_failed, true);
      }).then(function () {
        $button.prop('disabled', false);
      });
    }

    function load() {
      $area.html($('<div>', { 'class': 'followup-widget followup-widget_page', 'aria-busy': 'true' }).append(
        $('<p>', { 'class': 'followup-widget__status', role: 'status', text: t.loading })
      ));
      return api.pipelines().then(function (pipelines) {
        return view.draw(widget, 'advanced', describe(widget, pipelines));
      }).catch(function () {
        return view.draw(widget, 'notice', { text: t.load_failed, action: t.retry });
      }).then(function (html) {
        $area.find('.followup-widget').attr('aria-busy', 'false').html(html);
      });
    }

    $area.off('.followup').on('submit.followup', 'form', save).on('click.followup', '[data-followup-retry]', load);
    load();
  };
});
