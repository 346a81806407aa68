"""S: what scripts must not do in somebody else's page.

Known libraries are spared all of it; bundles and minified files, in which nobody can follow them, the rules of style.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, Severity
from widgetpack.rules.base import moderated, rule
from widgetpack.scripts.code import arguments, method_call, uses
from widgetpack.scripts.conduct import of_kind
from widgetpack.scripts.javascript import Script
from widgetpack.scripts.kind import kind_of
from widgetpack.widget import ENTRY, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.scripts.act import Act, Kind

_LISTED = "developers.kommo.com/docs/getting-listed"
_LIMITS = "developers.kommo.com/docs/limitations"


def _own(script: Script, *kinds: Kind) -> list[Act]:
    """Return the acts of a script that its author wrote; none of a library, a bundle or a minified file."""
    return of_kind(script, *kinds) if kind_of(script.path, script.data) == "own" else []


def _judged(script: Script, kind: Kind, what_is_wrong: str, weight: Severity | None = None) -> Iterator[Problem]:
    """Yield a problem for each act of a script of the author's, and one with a count for a bundle or a minified file.

    ``weight`` is for the latter; known libraries have none.
    """
    whose = kind_of(script.path, script.data)
    acts = of_kind(script, kind) if whose != "library" else []
    if whose == "own":
        yield from (Problem(f"`{act.what}`{what_is_wrong}", Place(script.path, offset=act.offset)) for act in acts)
    elif acts:
        yield Problem(f"{_counted(acts)}{what_is_wrong}", Place(script.path, offset=acts[0].offset), weight)


_NAMED = 3
"""Names that a message counts up; of more it says how many."""


def _counted(acts: list[Act]) -> str:
    """Name each thing once with how often it is done: ``console.log 3 times, console.warn``."""
    counts = Counter(act.what for act in acts)
    named = [f"`{what}` {number} times" if number > 1 else f"`{what}`" for what, number in counts.items()]
    return ", ".join(named if len(named) <= _NAMED + 1 else [*named[:_NAMED], f"{len(named) - _NAMED} more"])


@rule("S20", Script, "warning", source=_LISTED + "; survey: 1 of 91 scripts")
def evaluated_text(script: Script) -> Iterator[Problem]:
    """A script runs a text as code: `eval`, `new Function`, or a timer with a text.

    Whoever can change the text runs code in the CRM; moderation refuses it. Known libraries are not judged; a bundle or a
    minified file has one finding, an info where it is `new Function` only, as in the template engines of libraries.

    Fix: write the code as a function; read JSON with `JSON.parse`.

    Wrong: `setTimeout('refresh()', 500);`
    Right: `setTimeout(refresh, 500);`
    """
    for problem in _judged(script, "evaluated", " runs a text as code", "info"):
        is_more = any(not act.what.endswith("Function(...)") for act in of_kind(script, "evaluated"))
        yield problem._replace(severity=None) if is_more else problem


@rule("S21", Script, "warning", source=_LISTED + "; survey: 3 of 91 scripts")
def script_tag(script: Script) -> Iterator[Problem]:
    """A script puts a script tag into the page.

    Such code runs as part of the CRM, outside the loader, and moderation refuses it. A text counts where it begins with the
    tag and has no other type than a script's. Known libraries are not judged; a bundle or a minified file has one info,
    for bundlers load the pieces of a bundle that way.

    Fix: ship the file and name it in `define([...])`.

    Wrong: `$('head').append('<script src="https://widgets.dev/a.js"></script>');`
    Right: `define(['./lib/a.js'], function (a) { ... });`
    """
    yield from _judged(script, "script-tag", " loads code past the loader", "info")


@rule("S22", Script, moderated, source=_LISTED + "; survey: 14 of 91 scripts call `alert`")
def blocking_dialog(script: Script) -> Iterator[Problem]:
    """A script opens a dialog of the browser, which stops the whole CRM until it is answered.

    One finding per file. Libraries, bundles and minified files are not judged, nor are functions of the same name that the file
    declares.

    Fix: use the platform's window, `lib/components/base/modal`, or a notification.

    Wrong: `alert('Saved');`
    Right: `new Modal({ init: function ($body) { $body.text('Saved'); } });`
    """
    acts = _own(script, "dialog")
    if acts:
        yield Problem(f"{_counted(acts)} stops the CRM until it is answered", Place(script.path, offset=acts[0].offset))


@rule("S23", Script, "warning", source=_LISTED)
def debugger_left(script: Script) -> Iterator[Problem]:
    """A `debugger` statement is left in a script.

    With the developer tools open the CRM stops there. Known libraries are not judged; a bundle or a minified file has one
    finding.

    Fix: remove the statement.

    Wrong: `render: function () { debugger; return true; }`
    Right: `render: function () { return true; }`
    """
    yield from _judged(script, "debugger", " stops the CRM while the developer tools are open")


_QUIET = ("console.error", "console.warn", "console.trace")


@rule("S24", Widget, moderated, source=_LISTED + ": only `console.trace` where a failure is handled; survey: 42 of 91")
def console_noise(widget: Widget) -> Iterator[Problem]:
    """A script writes to the console.

    Moderation allows only `console.trace` in a `catch` or in a function that handles a rejected promise. In a private
    widget errors and warnings are fine, too. One finding per file; libraries, bundles and minified files are not judged.

    Fix: remove the calls, or write `console.trace` where a failure is handled.

    Wrong: `load().then(function (data) { console.log(data); });`
    Right: `load().catch(function (error) { console.trace(error); });`
    """
    for script in widget.scripts.values():
        acts = _own(script, "console")
        if widget.config.audience != "public":
            acts = [act for act in acts if act.what not in _QUIET]
        if acts:
            yield Problem(f"{_counted(acts)} in the console of every user", Place(script.path, offset=acts[0].offset))


@rule("S25", Script, "warning", source=_LISTED + "; survey: 2 of 61 scripts")
def waiting_request(script: Script) -> Iterator[Problem]:
    """A script sends a request and lets the browser wait for the answer.

    The whole CRM stands still meanwhile, and moderation refuses it. Known libraries are not judged; a bundle or a minified
    file has one finding.

    Fix: remove `async: false` and go on in the callback or promise.

    Wrong: `$.ajax({ url: url, async: false });`
    Right: `$.ajax({ url: url }).done(show);`
    """
    yield from _judged(script, "waiting", ": the CRM stands still until the answer comes")


@rule("S26", Script, "warning", source=_LISTED + ", docs/environment-variables: to be read only")
def platform_changed(script: Script) -> Iterator[Problem]:
    """A script sets something in the platform's own `APP` or `AMOCRM`, deletes it, or merges something into it.

    Other widgets and the CRM read the same object; moderation refuses it. Known libraries are not judged; a bundle or a
    minified file has one finding.

    Fix: keep the value in a variable of the widget.

    Wrong: `APP.data.myWidget = state;`
    Right: `self.state = state;`
    """
    yield from _judged(script, "owned", " belongs to the platform")


@rule("S27", Script, moderated, source=_LISTED + "; survey: 6 of 61 scripts, the vendor's sample among them")
def global_made(script: Script) -> Iterator[Problem]:
    """A script makes a global variable.

    All widgets share the page: two of one name overwrite each other. One finding per property of the window and file, and one
    for all that `script.js` declares outside `define`; libraries, bundles and minified files are not judged.

    Fix: keep it in a module of the widget.

    Wrong: `window.cache = {};`
    Right: `define([], function () { return { cache: {} }; });`
    """
    for what, act in {act.what: act for act in reversed(_own(script, "global"))}.items():
        if what.partition(".")[2] not in _JQUERY:
            yield Problem(f"`{what}` is seen by every widget", Place(script.path, offset=act.offset))
    declared = _own(script, "top-level") if script.path == ENTRY and script.defines else []
    if declared:
        message = f"{_counted(declared)} outside `define`: seen by every widget"
        yield Problem(message, Place(script.path, offset=declared[0].offset))


_JQUERY = ("$", "jQuery")


@rule("S28", Script, moderated, source=_LISTED + ", docs/limitations: 7 requests a second")
def request_in_loop(script: Script) -> Iterator[Problem]:
    """A script sends a request in every turn of a loop.

    The account's limit of 7 requests a second is soon reached, for all integrations. Requests for files of the widget, and
    those awaited from page to page in `while`, are none of it. Libraries, bundles and minified files are not judged.

    Fix: send one request for all, up to 250 entities.

    Wrong: `ids.forEach(function (id) { self.crm_post(url, { id: id }, done); });`
    Right: `self.crm_post(url, { ids: ids }, done);`
    """
    for act in _own(script, "loop"):
        yield Problem(f"`{act.what}` in every turn of a loop", Place(script.path, offset=act.offset))


_JQUERY_BANNER = rb"\s*(?:/\*[!*]?|//!?)[\s*]*jQuery (?:JavaScript Library )?v\d"
_JQUERY_ADDRESS = r"/jquery[-.@/\w]{0,80}\.js"
_JQUERY_NAME = r"(?:.*/)?jquery[-.]?(?:\d[\d.]*)?(?:[-.](?:slim|min|prod))*\.js"


@rule("S29", Widget, "warning", source=_LIMITS + ": no jQuery of one's own; the page has 2.1.3")
def own_jquery(widget: Widget) -> Iterator[Problem]:
    """The widget brings its own jQuery, or replaces the page's.

    The CRM and other widgets use the global one with its plugins, and break. One that a bundler has put into a
    bundle stays inside and is not reported.

    Fix: remove the file and ask the platform for it.

    Wrong: `define(['./vendor/jquery.min.js'], function ($) { ... });`
    Right: `define(['jquery'], function ($) { ... });`
    """
    for script in widget.scripts.values():
        if _is_jquery(script):
            yield Problem("a jQuery of its own; the platform provides one", Place(script.path, offset=0))
        else:
            yield from _second_jquery(script)


def _is_jquery(script: Script) -> bool:
    """Tell whether a script is jQuery: by its banner, or by its name and what it sets."""
    if re.match(_JQUERY_BANNER, script.data) is not None:
        return True
    is_named = re.fullmatch(_JQUERY_NAME, script.path.lower()) is not None
    return is_named and re.search(rb"\.jQuery\s*=(?!=)", script.data) is not None


def _second_jquery(script: Script) -> Iterator[Problem]:
    for define in script.defines:
        for dependency in define.dependencies:
            if "//" in dependency.source and re.search(_JQUERY_ADDRESS, dependency.source):
                message = "a second jQuery; the platform provides one"
                yield Problem(message, Place(script.path, offset=dependency.offset))
    if kind_of(script.path, script.data) != "own":
        return
    for act in of_kind(script, "global"):
        if act.what.partition(".")[2] in _JQUERY:
            yield Problem(f"`{act.what}` replaces the jQuery of the CRM", Place(script.path, offset=act.offset))
    for use in uses(script, b"noConflict"):
        call = method_call(use)
        if call is not None and [given.type for given in arguments(call)] == ["true"]:
            message = "`noConflict(true)` takes jQuery away from the CRM"
            yield Problem(message, Place(script.path, offset=call.start_byte))
            return
