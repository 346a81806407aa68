"""S: the callbacks: whether they are there, and give back what the platform waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, Severity
from widgetpack.rules.base import rule
from widgetpack.scripts.addresses import is_address
from widgetpack.scripts.callbacks import callbacks
from widgetpack.scripts.code import method_call, uses, words
from widgetpack.scripts.conduct import of_kind
from widgetpack.scripts.members import gives, loads_later
from widgetpack.scripts.modules import (
    CALLBACKS_OF_LOCATION,
    CALLBACKS_TOGETHER,
    OPTIONAL_CALLBACKS,
    REQUIRED_CALLBACKS,
)
from widgetpack.scripts.salesbot import asks_question, bare_handlers
from widgetpack.widget import ENTRY, MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.scripts.javascript import Script

_SCRIPT = "developers.kommo.com/docs/script-js"
_SALESBOT = "developers.kommo.com/docs/salesbot-sdk"


def _is_whole(widget: Widget) -> bool:
    """Tell whether all code of the widget was read: a name that is nowhere in it is nowhere."""
    scripts = [script for script in widget.scripts.values() if script.fault is None]
    return (
        ENTRY in widget.scripts
        and len(scripts) == len(widget.scripts)
        and not widget.missing
        and not any(_loads_more(script) for script in scripts)
    )


def _loads_more(script: Script) -> bool:
    for define in script.defines:
        if define.list_form == "expression" and not script.glanced:
            return True
        for dependency in define.dependencies:
            written = dependency.id if dependency.id is not None else dependency.source
            if is_address(written) or (dependency.id is None and not written.lstrip("\"'`").startswith("./")):
                return True
    if script.glanced:
        return b"import(" in script.data
    return bool(of_kind(script, "script-tag")) or loads_later(script)


@rule("S15", Widget, "warning", source=_SCRIPT + ", docs/card-sdk, lists-sdk, salesbot-sdk, left-menu")
def missing_callback(widget: Widget) -> Iterator[Problem]:
    """A callback that the platform calls is in no script of the package.

    `render`, `init` and `bind_actions` belong to every widget; a location adds its own. Without it the place in the CRM stays
    empty or does nothing. Any key, method, member that is set, or name in a list counts, a call of that name does not. A
    widget that loads code from elsewhere, or computes the names of its callbacks, is not judged.

    Fix: add the function to `this.callbacks`, or remove the location from the manifest.

    Wrong: location `digital_pipeline` and `this.callbacks = { render, init, bind_actions }`
    Right: location `digital_pipeline` and `this.callbacks = { render, init, bind_actions, dpSettings }`
    """
    absent = list(_absent(widget))
    if absent and _is_whole(widget):
        yield from absent


def _absent(widget: Widget) -> Iterator[Problem]:
    """Yield a problem for each callback whose name is in no script."""
    for name in REQUIRED_CALLBACKS if ENTRY in widget.scripts else ():
        if not _known(widget, name):
            yield Problem(f"no callback `{name}` in any script", _define_place(widget))
    said: set[tuple[str, ...]] = set()
    for index, location in enumerate(widget.locations):
        for names in CALLBACKS_OF_LOCATION.get(location, ()):
            if names not in said and not any(_known(widget, name) for name in names):
                said.add(names)
                wanted = " or ".join(f"`{name}`" for name in names)
                place = Place(MANIFEST, ("locations", index))
                weight: Severity | None = "info" if names[0] in OPTIONAL_CALLBACKS else None
                yield Problem(f"location `{location}` needs the callback {wanted}", place, weight)
        together = CALLBACKS_TOGETHER.get(location, ())
        missing = [name for name in together if not _known(widget, name)]
        if missing and len(missing) < len(together):
            place = Place(MANIFEST, ("locations", index))
            yield Problem(f"location `{location}` needs the callback `{missing[0]}`, too", place, "info")


def _known(widget: Widget, name: str) -> bool:
    return any(gives(script, name) for script in widget.scripts.values())


def _define_place(widget: Widget) -> Place:
    """Point at the callbacks in `script.js`, else at its module."""
    script = widget.scripts[ENTRY]
    at = next(words(script.data, b"callbacks"), None)
    start = script.defines[0].start if script.defines else 0
    return Place(ENTRY, offset=start if at is None else at)


@rule("S16", Widget, "warning", source=_SCRIPT + ": each of the three returns true")
def never_true(widget: Widget) -> Iterator[Problem]:
    """A callback that must return true cannot.

    A `render` that returns false stops the start of the widget; `init` and `bind_actions` are to return true, too. Judged only
    where no `return` of the function can be anything but nothing, false, null or 0, and in the widget's own callbacks only:
    those of `this`, of a class or of a prototype.

    Fix: end the function with `return true;`.

    Wrong: `render: function () { draw(); }`
    Right: `render: function () { draw(); return true; }`
    """
    for script in widget.scripts.values():
        for callback in callbacks(script):
            if callback.name in REQUIRED_CALLBACKS and not callback.may_be_true:
                reason = "never returns anything" if not callback.gives else "returns true on no way"
                yield Problem(
                    f"`{callback.name}` {reason}; it must return true", Place(script.path, offset=callback.offset)
                )


@rule("S17", Widget, source=_SALESBOT + ": a string with a JSON array of steps")
def salesbot_not_text(widget: Widget) -> Iterator[Problem]:
    """`onSalesbotDesignerSave` returns an object or a list instead of a text.

    The platform takes a string with JSON; the step of the bot stays empty. An async function returns a promise, for which
    this is only a warning.

    Fix: return `JSON.stringify(steps)`.

    Wrong: `onSalesbotDesignerSave: function () { return [{ question: [] }]; }`
    Right: `onSalesbotDesignerSave: function () { return JSON.stringify([{ question: [] }]); }`
    """
    names = {"nothing": "nothing", "object": "an object", "array": "a list"}
    for script in widget.scripts.values():
        for callback in callbacks(script):
            if callback.name != "onSalesbotDesignerSave":
                continue
            if callback.is_late:
                message = "`onSalesbotDesignerSave` returns a promise; it must return a text with JSON"
                yield Problem(message, Place(script.path, offset=callback.offset), "warning")
            if not callback.gives and not callback.may_be_true:
                message = "`onSalesbotDesignerSave` returns nothing; it must return a text with JSON"
                yield Problem(message, Place(script.path, offset=callback.offset))
            for kind, offset in callback.gives:
                if kind in ("object", "array"):
                    message = f"`onSalesbotDesignerSave` returns {names[kind]}; it must return a text with JSON"
                    yield Problem(message, Place(script.path, offset=offset))


@rule(
    "S18",
    Widget,
    source=_SALESBOT + "; field reports: with `execute_handler` the bot is saved and never asks the server",
)
def salesbot_without_question(widget: Widget) -> Iterator[Problem]:
    """The steps of a Salesbot handler have no `question`.

    A step with `execute_handler` in its place, or with nothing around the handlers, is saved without complaint, and the bot
    never sends its request. Judged in `onSalesbotDesignerSave`, and anywhere where the location `salesbot_designer` is declared;
    `question` as a key of any script ends it.

    Fix: put the handlers into `question`.

    Wrong: `JSON.stringify([{ execute_handler: [{ handler: 'widget_request', params: params }] }])`
    Right: `JSON.stringify([{ question: [{ handler: 'widget_request', params: params }] }])`
    """
    scripts = [script for script in widget.scripts.values() if script.fault is None]
    if any(asks_question(script) for script in scripts):
        return
    is_bot = "salesbot_designer" in widget.locations
    for script in scripts:
        for name, offset, is_saving in bare_handlers(script):
            if is_bot or is_saving:
                yield Problem(f"`{name}` without `question`: the bot never posts", Place(script.path, offset=offset))
                break


@rule("S19", Widget, "warning", source="developers.kommo.com/docs/notifications-subscription: needs `init_once: true`")
def notification_not_kept(widget: Widget) -> Iterator[Problem]:
    """A script listens to notifications, but the widget is made anew on every page.

    The subscription needs the one instance that `init_once: true` keeps. Large bundles and libraries are not judged.

    Fix: set `"init_once": true` in `widget`.

    Wrong: `APP.addNotificationCallback(code, show)` with `"init_once": false`
    Right: `APP.addNotificationCallback(code, show)` with `"init_once": true`
    """
    if widget.get("widget", "init_once") is True or not isinstance(widget.get("widget"), dict):
        return
    for script in widget.scripts.values():
        for use in uses(script, b"addNotificationCallback"):
            if method_call(use) is not None:
                message = "`addNotificationCallback` needs `init_once: true` in the manifest"
                yield Problem(message, Place(script.path, offset=use.offset))
                break
