// The settings window: the platform draws the fields, this module adds hints and refuses what it could not use later.
define(['jquery', './deadline.js', './defaults.js', './texts.js'], function ($, deadline, defaults, texts) {
  'use strict';

  // A line below a field; aria-describedby ties the two together for screen readers.
  function addHint($field, text) {
    const id = 'followup-hint-' + $field.attr('name');
    // The window can be opened several times while the page stays.
    if (!$field.length || document.getElementById(id)) {
      return;
    }
    $field.attr('aria-describedby', id).after(
      $('<div>', { id: id, 'class': 'followup-widget' }).append(
        $('<p>', { 'class': 'followup-widget__status', role: 'status', text: text })
      )
    );
  }

  return {
    // Called by the platform with the body of the window as a jQuery object.
    show: function (widget, $body) {
      const t = widget.i18n('settings');
      const $days = $body.find('[name="wait_days"]').first();
      addHint($days, texts.fill(t.wait_days_hint, { max: defaults.maxDays }));
      addHint($body.find('[name="task_text"]').first(), t.task_text_hint);
      addHint($body.find('[name="pipeline_days"]').first(), t.pipeline_days_hint);
      if ($days.length && !$days.val()) {
        // "change" lights up the Save button, which the platform keeps grey until a field was touched.
        $days.val(defaults.waitDays).trigger('change');
      }
    },

    // Whether the values may be saved. Switching the widget off must always work, whatever the fields hold.
    accept: function (widget, saved) {
      const t = widget.i18n('settings');
      const isValid = saved.active === 'N' || deadline.isDays((saved.fields || {}).wait_days);
      $(document.getElementById('followup-hint-wait_days')).find('.followup-widget__status')
        .text(texts.fill(isValid ? t.wait_days_hint : t.wait_days_wrong, { max: defaults.maxDays }))
        .toggleClass('followup-widget__status_error', !isValid);
      return isValid;
    }
  };
});
