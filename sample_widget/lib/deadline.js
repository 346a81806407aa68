// Dates and limits, as pure functions: seconds in, plain values out, no DOM and no clock, so that all of it can be tested alone.
// Simplified CommonJS form: RequireJS finds the require() call in the text of the function.
define(function (require) {
  'use strict';

  const defaults = require('./defaults.js');

  const DAY = 24 * 60 * 60;

  // True for a whole number of days that a person can have meant: 1 to defaults.maxDays, as a number or as typed text.
  function isDays(value) {
    return /^\d{1,3}$/.test(String(value).trim()) && Number(value) >= 1 && Number(value) <= defaults.maxDays;
  }

  // Full days from one moment to a later one; a clock that runs behind the server's must not show "-1 days".
  function daysBetween(from, to) {
    return Math.max(0, Math.floor((to - from) / DAY));
  }

  // How a card stands: `name` is fresh, soon, late, planned or overdue; `share` is the used part of the limit, 0 to 100.
  function judge(card, limit, now) {
    const days = daysBetween(card.updatedAt, now);
    const share = Math.min(100, Math.round(days / limit * 100));
    if (card.nextTaskAt) {
      // A planned task outranks the waiting time: somebody already takes care of the card, or has promised to.
      return { name: card.nextTaskAt < now ? 'overdue' : 'planned', days: days, share: share };
    }
    if (days >= limit) {
      return { name: 'late', days: days, share: share };
    }
    return { name: days >= limit * defaults.soonShare ? 'soon' : 'fresh', days: days, share: share };
  }

  // The second at which a task is due that is planned `days` from `now`: at `hour` o'clock, never on a weekend.
  function dueAt(now, days, hour) {
    const date = new Date(now * 1000);
    // Date arithmetic and not `+ days * DAY`: a day with a clock change has 23 or 25 hours.
    date.setDate(date.getDate() + days);
    while (defaults.weekend.indexOf(date.getDay()) !== -1) {
      date.setDate(date.getDate() + 1);
    }
    date.setHours(hour, 0, 0, 0);
    return Math.floor(date.getTime() / 1000);
  }

  return { isDays: isDays, judge: judge, dueAt: dueAt };
});
