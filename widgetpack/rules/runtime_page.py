"""R10 to R20: what a widget did to the page and asked of it when `widgetpack preview --check` ran it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.incidents import Incident
from widgetpack.model import Problem
from widgetpack.rules.base import moderated, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    "R10",
    Incident,
    moderated,
    source="developers.kommo.com/docs/getting-listed; survey: 6 of 61 scripts, the vendor's sample among them",
)
def global_leaked(incident: Incident) -> Iterator[Problem]:
    """A global was there after the widget ran that was not there before.

    All widgets of an account share the page, and the last one to set a name wins.

    Fix: declare the name with `var`, or keep the value in the widget's object.

    Wrong: `timer = setTimeout(tick, 1000);`
    Right: `var timer = setTimeout(tick, 1000);`
    """
    if incident.kind == "global":
        yield Problem(incident.words, incident.place)


@rule(
    "R11",
    Incident,
    "warning",
    source="developers.kommo.com/docs/getting-listed; a field report of a frozen CRM; 11 of the survey's 68 css files",
)
def css_hits_page(incident: Incident) -> Iterator[Problem]:
    """A rule of the widget's css reached elements of the page outside the widget.

    Fix: begin the selector with a class of the widget's own.

    Wrong: `.text-input { border: 0 }`
    Right: `.my-widget .text-input { border: 0 }`
    """
    if incident.kind == "css":
        yield Problem(incident.words, incident.place)


@rule("R12", Incident, source="widgetpack: the page answers 404, and what waits for the file never goes on")
def file_not_found(incident: Incident) -> Iterator[Problem]:
    """The widget asked for a file of its own that the package does not have: a template, a style sheet, a picture.

    Fix: add the file, or correct its name; capital and small letters count.

    Wrong: `self.render({ href: '/templates/Panel.twig', ... })` beside `templates/panel.twig`
    Right: `self.render({ href: '/templates/panel.twig', ... })`
    """
    if incident.kind == "no-file":
        yield Problem(incident.words, incident.place)


@rule("R13", Incident, "warning", source="developers.kommo.com/docs/script-js: `self.i18n` gives an empty text then")
def text_not_found(incident: Incident) -> Iterator[Problem]:
    """The widget asked `self.i18n` for a text that a language does not have.

    Fix: add the text to that language, or correct the key.

    Wrong: `self.i18n('panel.title')` and no `panel.title` in `i18n/es.json`
    Right: `"panel": { "title": "Seguimiento" }` in `i18n/es.json`
    """
    if incident.kind == "no-text":
        yield Problem(incident.words, incident.place)


@rule("R14", Incident, "warning", source="widgetpack: docs/preview.md says what the sandbox plays")
def not_imitated(incident: Incident) -> Iterator[Problem]:
    """The widget used a part of the platform that the sandbox does not have.

    This is a limit of the check and no fault of the widget: a warning where the widget stopped there, for what follows was not
    tried, else an info.

    Fix: try this part in an account with `widgetpack serve`, and silence the finding.

    Wrong: `self.listenSocketChannel(channel, update)`, tried here only
    Right: the same, seen to work in an account
    """
    if incident.kind == "not-imitated":
        yield Problem(incident.words, incident.place, "warning" if incident.is_grave else "info")


@rule("R15", Incident, "info", source="widgetpack: docs/preview.md, the network")
def request_unanswered(incident: Incident) -> Iterator[Problem]:
    """The sandbox had no answer for a request; nothing leaves the machine.

    The widget was given 404, so what it does with a good answer was not tried.

    Fix: add the answer to `answers` in `preview/answers.json`.

    Wrong: `fetch('https://api.widgets.dev/plan')` and no answer for it
    Right: `"answers": { "GET https://api.widgets.dev/plan": { "body": { "days": 3 } } }`
    """
    if incident.kind == "unanswered":
        yield Problem(incident.words, incident.place)


@rule("R16", Incident, "warning", source="developers.kommo.com/docs/getting-listed; survey: 2 of 61 scripts")
def page_waited(incident: Incident) -> Iterator[Problem]:
    """A request was synchronous: the whole page stood still until its answer came.

    Fix: leave out `async: false`, and go on in `then`.

    Wrong: `$.ajax({ url: url, async: false });`
    Right: `$.ajax({ url: url }).then(draw);`
    """
    if incident.kind == "synchronous":
        yield Problem(incident.words, incident.place)


@rule(
    "R17",
    Incident,
    "warning",
    source="developers.kommo.com/docs/getting-listed, docs/environment-variables: to be read only",
)
def platform_misused(incident: Incident) -> Iterator[Problem]:
    """A part of the platform was used otherwise than documented.

    Fix: only read from `APP`, and give methods what their page in the documentation says.

    Wrong: `APP.my_widget = this;`
    Right: `var widget = this;`
    """
    if incident.kind == "misused":
        yield Problem(incident.words, incident.place)


@rule(
    "R18", Incident, moderated, source="developers.kommo.com/docs/getting-listed; survey: 14 of 91 scripts call `alert`"
)
def dialog_opened(incident: Incident) -> Iterator[Problem]:
    """The widget opened one of the browser's dialogs, which stop the whole page.

    The check answers them as if they had been closed.

    Fix: show a `lib/components/base/modal`, or a line in the widget.

    Wrong: `alert('Saved');`
    Right: `modal.showSuccess('Saved');`
    """
    if incident.kind == "dialog":
        yield Problem(incident.words, incident.place)


@rule("R19", Incident, "warning", source="widgetpack: schemas/preview.schema.json")
def fixture_unusable(incident: Incident) -> Iterator[Problem]:
    """A file `preview/*.json` has another shape than the sandbox can use, so it was left out.

    Fix: mend the file; `widgetpack schema preview` prints its JSON Schema for an editor.

    Wrong: `{ "installed": "yes" }`
    Right: `{ "installed": true }`
    """
    if incident.kind == "fixture":
        yield Problem(incident.words, incident.place)


@rule(
    "R20",
    Incident,
    "warning",
    source="developers.kommo.com/docs/script-js: when the widget is disabled, and when its area is left",
)
def left_behind(incident: Incident) -> Iterator[Problem]:
    """After `destroy` an interval goes on, or a handler is still on the window, the document or its body.

    The CRM changes its pages without loading them anew: what is left works on in every area, and a visit later it is there
    twice. A warning of intervals; an info of handlers, for a widget may take care to add them only once.

    Fix: end in `destroy` what the widget began: `clearInterval`, `off` with a namespace, `removeEventListener`.

    Wrong: `$(document).on('click', '.deal', show);` and an empty `destroy`
    Right: `$(document).on('click.deals', '.deal', show);` and `$(document).off('.deals');` in `destroy`
    """
    if incident.kind == "behind":
        yield Problem(incident.words, incident.place, "warning" if incident.is_grave else "info")


@rule("R21", Incident, source="Twig.js 0.8.9, which writes to the console and draws nothing")
def template_broken(incident: Incident) -> Iterator[Problem]:
    """A twig template cannot be read or drawn, so its place stays empty.

    The page's Twig.js is old: it knows neither newer tags nor newer filters of Twig.

    Fix: close what is open, and use only what Twig.js 0.8.9 has.

    Wrong: `{% if deal %}{{ deal.name }}`
    Right: `{% if deal %}{{ deal.name }}{% endif %}`
    """
    if incident.kind == "template":
        yield Problem(incident.words, incident.place)


@rule("R22", Incident, source="the HTML standard: `document.write` on a page that has been read begins a new one")
def page_wiped(incident: Incident) -> Iterator[Problem]:
    """The widget wrote over the page of the CRM: nothing that the platform had drawn is there any more.

    Fix: write into the elements that the platform hands over, or into those that the widget has added.

    Wrong: `document.write(html);`
    Right: `$('.card-widgets__body').append(html);`
    """
    if incident.kind == "wiped":
        yield Problem(incident.words, incident.place)
