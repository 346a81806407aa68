// The dialog of the digital pipeline action. The platform draws the fields of `dp.settings`, stores them, and posts them to
// `dp.webhook_url` when a lead reaches the stage; this module only makes the dialog quicker to fill in.
define(['jquery', './defaults.js', './page.js', './texts.js'], function ($, defaults, page, texts) {
  'use strict';

  // The open dialogs of this widget's action: the action's tile carries the widget's code, the form is its neighbour.
  function findForms(code) {
    return $('.digital-pipeline__short-task_widget-style_' + code).parent().parent()
      .find('[data-action="send_widget_hook"]');
  }

  function makeButton(format, label, days, $field) {
    const delay = days === 7 ? format.week_one : texts.days(format, days);
    return $('<button>', {
      type: 'button',
      'class': 'followup-widget__button',
      'aria-label': texts.fill(label, { delay: delay }),
      text: delay
    }).on('click', function () {
      // The platform listens to both: "input" redraws the field, "change" lights up the Save button.
      $field.val(days).trigger('input').trigger('change');
    });
  }

  return {
    show: function (widget) {
      const t = widget.i18n('dp');
      const format = widget.i18n('format');
      findForms(page.code(widget)).each(function () {
        const $form = $(this);
        const $days = $form.find('[name="delay_days"]').first();
        const $text = $form.find('[name="task_text"]').first();
        if (!$days.length || $form.find('.followup-widget').length) {
          return;
        }
        if (!$days.val()) {
          $days.val(defaults.waitDays).trigger('change');
        }
        if (!$text.val()) {
          $text.attr('placeholder', widget.i18n('settings').task_text_default);
        }
        $days.after(
          $('<div>', { 'class': 'followup-widget' }).append(
            $('<div>', { 'class': 'followup-widget__buttons', role: 'group', 'aria-label': t.shortcuts }).append(
              defaults.delays.map(function (days) {
                return makeButton(format, t.shortcut, days, $days);
              })
            ),
            $('<p>', { 'class': 'followup-widget__status', text: t.hint })
          )
        );
      });
    }
  };
});
