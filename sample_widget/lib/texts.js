// Turns texts of i18n/ into sentences: numbers, dates and names go in here, so that no module glues words together.
define(function () {
  'use strict';

  // Replaces {name} by values.name. A placeholder without a value stays visible: a typing error in a template must show.
  function fill(text, values) {
    return String(text).replace(/\{(\w+)\}/g, function (placeholder, key) {
      return Object.prototype.hasOwnProperty.call(values, key) ? String(values[key]) : placeholder;
    });
  }

  // "1 day" or "5 days": English, Spanish and Portuguese all know exactly these two forms for whole numbers.
  function days(format, count) {
    return count === 1 ? format.day_one : fill(format.day_many, { count: count });
  }

  // A date as people say it. The language comes from the texts and not from the browser, so that a line never mixes two.
  function date(format, seconds) {
    return new Date(seconds * 1000).toLocaleDateString(format.language_tag, {
      weekday: 'short',
      day: 'numeric',
      month: 'short'
    });
  }

  return { fill: fill, days: days, date: date };
});
