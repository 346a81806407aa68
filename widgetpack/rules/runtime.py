"""R01 to R09: what a widget's own callbacks did when `widgetpack preview --check` ran it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.incidents import Incident
from widgetpack.model import Problem
from widgetpack.rules.base import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCS = "developers.kommo.com/docs/script-js"


@rule("R01", Incident, source=f"{_DOCS}: each must return true for the next to run")
def callback_not_true(incident: Incident) -> Iterator[Problem]:
    """`render`, `init` or `bind_actions` gave something else than `true` when it ran.

    After `render` or `init` the platform goes on only with `true`; of `bind_actions` nothing is known to follow, so there it
    is a warning.

    Fix: end every way through the callback with `return true;`.

    Wrong: `init: function () { load(); }`
    Right: `init: function () { load(); return true; }`
    """
    if incident.kind == "not-true":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "warning")


@rule("R02", Incident, source=f"{_DOCS}: an error ends the callback, and with it the start of the widget")
def callback_threw(incident: Incident) -> Iterator[Problem]:
    """A callback threw an error, or its promise was broken.

    A warning where the sandbox had lacked something before, as an answer or a part of `APP`: the error may come from that.

    Fix: mend the line; what may be missing in some area is asked for first.

    Wrong: `APP.data.current_card.model.get('NAME')` in a list
    Right: the same behind `if (self.system().area === 'lcard')`
    """
    if incident.kind == "callback-threw":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "warning")


@rule("R03", Incident, source="the HTML standard: an error that nobody catches ends what was running")
def uncaught_error(incident: Incident) -> Iterator[Problem]:
    """An error outside the callbacks that nobody caught: in a handler, a timer, an answer, a promise.

    A warning where the sandbox had lacked something before, as an answer or a part of `APP`: the error may come from that.

    Fix: mend the line, or handle the case with `catch`.

    Wrong: `$.get(url).then(function (deal) { show(deal.tags[0].name); })`
    Right: `$.get(url).then(function (deal) { if (deal.tags.length) { show(deal.tags[0].name); } })`
    """
    if incident.kind == "uncaught":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "warning")


@rule("R04", Incident, source=f"{_DOCS}: `define` gives a constructor whose object has `callbacks`")
def script_not_loaded(incident: Incident) -> Iterator[Problem]:
    """`script.js` or a module that it needs did not load, or gave no widget.

    Nothing of the widget runs.

    Fix: let `define` return a function that sets `this.callbacks`, and ship every module that is asked for.

    Wrong: `define([], function () { return { callbacks: {} }; });`
    Right: `define([], function () { return function () { this.callbacks = {}; }; });`
    """
    if incident.kind == "not-loaded":
        yield Problem(incident.words, incident.place)


@rule("R05", Incident, source=f"{_DOCS}: which callbacks the platform calls where")
def callback_absent(incident: Incident) -> Iterator[Problem]:
    """The platform called for something that the widget has not.

    An error of `render`, `init` and `bind_actions`, without which a widget does not start.

    Fix: write the callback, or take the location out of the manifest.

    Wrong: `"locations": ["widget_page"]` and no `initMenuPage`
    Right: `initMenuPage: function (page) { draw(page.item_code); }`
    """
    if incident.kind == "no-callback":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "warning")


@rule("R06", Incident, source="developers.kommo.com/docs/salesbot-sdk: the program is a text with an array of steps")
def salesbot_answer_invalid(incident: Incident) -> Iterator[Problem]:
    """What the widget gave the Salesbot designer is no step that a bot can run.

    An error of the program that `onSalesbotDesignerSave` gives, a warning of the exits.

    Fix: return `JSON.stringify([{ question: [...] }])` with documented handlers, and exits as `[{ code, title }]`.

    Wrong: `return { question: [] };`
    Right: `return JSON.stringify([{ question: [{ handler: 'show', params: params }] }]);`
    """
    if incident.kind == "salesbot":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "warning")


@rule("R07", Incident, "warning", source="widgetpack: nobody waits longer than 5 seconds for a window to open")
def promise_unanswered(incident: Incident) -> Iterator[Problem]:
    """The promise that a callback gave had no answer after 5 seconds.

    Fix: resolve or reject it in every case, also where a request fails.

    Wrong: `return new Promise(function (done) { $.get(url, done); });`
    Right: `return $.get(url).then(draw, tell);`
    """
    if incident.kind == "late":
        yield Problem(incident.words, incident.place)


@rule("R08", Incident, source="widgetpack: a script that never gives the thread back freezes the whole CRM")
def area_hangs(incident: Incident) -> Iterator[Problem]:
    """The page stood still for seconds, or did not come to rest, while the widget ran.

    Other languages of the area are not tried.

    Fix: look for a loop without an end, and put long work behind `setTimeout`.

    Wrong: `while (!window.loaded) {}`
    Right: `script.onload = go;`
    """
    if incident.kind == "hang":
        yield Problem(incident.words, incident.place)


@rule("R09", Incident, source="widgetpack: who works in the CRM loses the page with all that is unsaved")
def page_left(incident: Incident) -> Iterator[Problem]:
    """The widget led the browser to another page without being asked to.

    The check stops it and goes on. An info where it came behind a click or a save of the check, as a sign-in may.

    Fix: open other pages on a click only, in a tab of their own.

    Wrong: `window.location = 'https://widgets.dev/welcome';`
    Right: `<a href="https://widgets.dev/welcome" target="_blank">`
    """
    if incident.kind == "left":
        yield Problem(incident.words, incident.place, "error" if incident.is_grave else "info")
