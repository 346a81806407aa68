// The numbers of this widget in one place. An object module: AMD needs no function where nothing has to be computed.
define({
  // Days without a change after which a card counts as waiting too long, until the account sets its own number.
  waitDays: 3,
  // From this share of the limit on, the panel turns from "fresh" to "soon".
  soonShare: 0.5,
  // What the buttons offer, in days.
  delays: [1, 3, 7],
  // A number of days beyond a year is a typing error, not a plan.
  maxDays: 365,
  // The hour at which a planned task is due, unless the settings name another one for the user.
  dueHour: 10,
  // Days of the week on which nobody answers (0 is Sunday, as in Date.prototype.getDay).
  weekend: [0, 6],
  // Every account has task type 1, "Follow-up".
  taskType: 1
});
