"""S: what the loader makes of a script: its constructor, its modules, and code from elsewhere."""

from __future__ import annotations

import difflib
import posixpath
import re
from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem
from widgetpack.rules.base import moderated, refused_only_if_public, rule
from widgetpack.scripts.addresses import host_of, is_address, is_local
from widgetpack.scripts.clocks import CLOCK, changing
from widgetpack.scripts.constructor import constructors
from widgetpack.scripts.dependencies import folder_of, inside, is_relative
from widgetpack.scripts.kind import kind_of
from widgetpack.scripts.modules import MODULES, PUBLIC_CDNS
from widgetpack.widget import ENTRY, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.scripts.define import Dependency
    from widgetpack.scripts.javascript import Script

_SCRIPT = "developers.kommo.com/docs/script-js"
_LISTED = "developers.kommo.com/docs/getting-listed"


def _asked(widget: Widget) -> Iterator[tuple[Script, Dependency]]:
    """Yield every dependency of every script that was read; of what a bundler put together only the first module's.

    The others are libraries inside, whose `define` is mostly not the loader's.
    """
    for script in widget.scripts.values():
        own = kind_of(script.path, script.data) == "own"
        for define in script.defines if own else script.defines[:1]:
            yield from ((script, dependency) for dependency in define.dependencies)


_GIVEN = {
    "nothing": "returns nothing",
    "object": "returns an object",
    "array": "returns a list",
    "instance": "returns an object made with `new`",
    "arrow": "returns an arrow function, which `new` refuses",
    "late": "returns an async function or a generator, which `new` refuses",
    "late-factory": "is its own factory, which is async or a generator and which the loader does not call",
    "exports": "fills `exports`, and is that object",
    "value": "returns a plain value",
}


@rule("S09", Widget, source=_SCRIPT + ": the module is the constructor that the platform calls with `new`")
def no_constructor(widget: Widget) -> Iterator[Problem]:
    """The module of `script.js` is no constructor.

    The platform calls `new` on what the factory returns; anything but a function ends in a TypeError and a dead widget.
    Judged only where the factory's code shows it.

    Fix: return the function itself: `return CustomWidget;`.

    Wrong: `define(['jquery'], function ($) { return new CustomWidget(); });`
    Right: `define(['jquery'], function ($) { return CustomWidget; });`
    """
    script = widget.scripts.get(ENTRY)
    given = list(constructors(script)) if script is not None else []
    if given and all(kind in _GIVEN for kind, _ in given):
        kind, offset = given[-1]
        yield Problem(
            f"the module {_GIVEN[kind]}; the platform needs a constructor function", Place(ENTRY, offset=offset)
        )


@rule(
    "S10", Widget, "warning", source="developers.kommo.com/docs/environment-variables; amocrm.ru web_sdk/system_modules"
)
def unknown_module(widget: Widget) -> Iterator[Problem]:
    """A script depends on a module name that the platform does not provide.

    The loader asks for a file of that name on the platform's server, gets 404, and the widget stays unloaded.
    Names with a folder (`lib/...`) are not judged: the platform has more of them than are documented; nor is what
    `[script] external` or `rename` names.

    Fix: correct the name, or ship the module and name it with `./` and `.js`.

    Wrong: `define(['jQuery', 'twig'], ...)`
    Right: `define(['jquery', 'twigjs'], ...)`
    """
    named = {define.name for script in widget.scripts.values() for define in script.defines}
    for script, dependency in _asked(widget):
        name = dependency.id or ""
        unknown = re.fullmatch(r"[\w.$-]+", name) and name not in MODULES and name not in named
        if unknown and not _is_configured(widget, name):
            message = f"`{name}` is no module that the platform is known to provide{_meant(widget, name)}"
            yield Problem(message, _place(script, dependency))


def _is_configured(widget: Widget, name: str) -> bool:
    """Tell whether the config says that the page has a module."""
    options = widget.config.script
    if not (options.external or options.rename):
        return False
    from widgetpack.native.options import is_provided, provided  # most widgets name none

    return is_provided(name, provided(options))


def _meant(widget: Widget, name: str) -> str:
    own = [p for p in widget.scripts if posixpath.basename(p).removesuffix(".js") == name.removesuffix(".js")]
    lower = {module.lower(): module for module in sorted(MODULES)}
    near = difflib.get_close_matches(name.lower().removesuffix(".js"), lower, 1, 0.82)
    suggestion = f"./{own[0]}" if own else lower[near[0]] if near else ""
    return f", did you mean `{suggestion}`?" if suggestion else ""


def _place(script: Script, dependency: Dependency) -> Place:
    return Place(script.path, offset=dependency.offset)


@rule("S11", Widget, "warning", source="RequireJS 2.3 (`jsExtRegExp`, `nameToUrl`); survey: 0 of 21 widgets omit it")
def no_js_suffix(widget: Widget) -> Iterator[Problem]:
    """A relative dependency lacks `.js`, and no build adds it.

    A widget is loaded by its address, so its relative names become addresses, and RequireJS adds `.js` only to plain names.
    `widgetpack build` finds the file and links it; with `--raw` and in a finished zip the loader gets 404.

    Fix: write the name of the file in full.

    Wrong: `define(['./lib/panel'], ...)`
    Right: `define(['./lib/panel.js'], ...)`
    """
    if widget.config.bundle and not widget.tree.is_archive:
        return
    for script, dependency in _asked(widget):
        name = dependency.id or ""
        if not is_relative(name) or name.endswith(".js") or "?" in name:
            continue
        target = inside(folder_of(script.path), name)
        if target is not None and target not in widget.tree.files and f"{target}.js" in widget.tree.files:
            message = f"`{name}` is asked for as it is written; the file is `{name}.js`"
            yield Problem(message, _place(script, dependency))


@rule(
    "S12",
    Widget,
    refused_only_if_public,
    source=_LISTED + ": libraries only from known networks; survey: 4 of 91 scripts",
)
def foreign_code(widget: Widget) -> Iterator[Problem]:
    """A script loads code from another server.

    What runs in the CRM then changes without an upload, and a failure of that server is a dead widget. Moderation
    allows public libraries of known networks only, which are not reported.

    Fix: ship the code in the package, as a relative dependency.

    Wrong: `define(['https://widgets.dev/app.js'], ...)`
    Right: `define(['./app.js'], ...)`
    """
    for script, dependency in _asked(widget):
        written = dependency.source if dependency.id is None else dependency.id
        if is_address(written):
            url = written.lstrip("\"'`")
            if host_of(url) not in PUBLIC_CDNS and not is_local(re.split(r"[\"'`?]", url, maxsplit=1)[0]):
                yield Problem(f"code from {host_of(url) or 'another server'}", _place(script, dependency))


@rule("S13", Widget, moderated, source="survey: 12 of 91 scripts; docs/manifest-json: raise the version instead")
def cache_buster(widget: Widget) -> Iterator[Problem]:
    """The name of a file that the widget loads changes on every load.

    No browser can keep the file: every page of the CRM waits for it to be loaded anew. That holds for dependencies, and for js,
    css and twig files that the code asks for.

    Fix: remove the query; after an upload with a raised version browsers fetch fresh files.

    Wrong: `define(['./app.js?cache=' + Date.now()], ...)`
    Right: `define(['./app.js'], ...)`
    """
    for script, dependency in _asked(widget):
        if dependency.id is None and re.search(CLOCK, dependency.source):
            yield Problem(f"`{dependency.source[:80]}` is a new file on every load", _place(script, dependency))
    for script in widget.scripts.values():
        asked = [(d.offset, d.end) for define in script.defines for d in define.dependencies]
        for found in changing(script) if kind_of(script.path, script.data) == "own" else ():
            if not any(start <= found.offset < end for start, end in asked):
                message = f"`{found.source[:80]}` is a new file on every load"
                yield Problem(message, Place(script.path, offset=found.offset))


@rule(
    "S14",
    Widget,
    "warning",
    source="survey: `rsDebugUrl_...` of a widget builder, `..._is_dev` of the vendor's scaffolder",
)
def dev_switch(widget: Widget) -> Iterator[Problem]:
    """A switch for developers decides what code is loaded.

    Whoever can write one value into the browser's storage runs code of their own in the CRM.

    Fix: build the release without the switch.

    Wrong: `define([localStorage.getItem('debug_url') || './app.js'], ...)`
    Right: `define(['./app.js'], ...)`
    """
    for script, dependency in _asked(widget):
        if dependency.id is None and re.search(r"\b(?:local|session)Storage\b", dependency.source):
            yield Problem("what is loaded depends on the browser's storage", _place(script, dependency))
    for script in widget.scripts.values():
        if script.fault is None and b"_is_dev" in script.data and b"localStorage" in script.data:
            switch = re.search(rb"localStorage[^\n]{0,40}_is_dev\b|_is_dev\b[^\n]{0,20}localStorage", script.data)
            if switch is not None:
                yield Problem("`..._is_dev` in the browser's storage", Place(script.path, offset=switch.start()))
