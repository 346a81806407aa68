"""S: the scripts: whether they parse, are AMD modules, and find what they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem
from widgetpack.platform import FILE_OF_LOCATION
from widgetpack.rules.base import rule
from widgetpack.scripts.dependencies import Missing, folder_of, inside
from widgetpack.scripts.esbuild_py import available as lowering_available
from widgetpack.scripts.javascript import Script
from widgetpack.scripts.kind import kind_of
from widgetpack.widget import ENTRY, MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = "developers.kommo.com/docs/script-js"


@rule("S01", Widget, source="developers.kommo.com/docs/structure-widget; amocrm.ru structure page")
def no_script(widget: Widget) -> Iterator[Problem]:
    """There is no `script.js` at the root.

    Kommo calls it optional, amoCRM does not; without it the widget does nothing.

    Fix: add `script.js`, or name the build's output folder as `root` in the config.

    Wrong: a package with `manifest.json`, `i18n/` and `images/` only
    Right: `script.js` beside `manifest.json`
    """
    if widget.manifest is not None and ENTRY not in widget.tree.files:
        reason = widget.left_out(ENTRY)
        left_out = f" (left out: {reason})" if reason else ""
        yield Problem(f"no {ENTRY}{left_out}", Place(""))


@rule("S02", Script, source="ECMAScript")
def not_javascript(script: Script) -> Iterator[Problem]:
    """A script has a syntax error.

    The browser refuses the whole file, and the widget is dead.

    Fix: mend the code at the place, or just before it.

    Wrong: `settings: function ( { return true; }`
    Right: `settings: function () { return true; }`
    """
    if script.fault is not None and script.fault.kind in {"syntax", "nul"}:
        yield Problem(script.fault.message, Place(script.path, offset=script.fault.offset))


@rule("S03", Widget, source=_SCRIPT + "; survey: `ldefine(` in a public template")
def no_define(widget: Widget) -> Iterator[Problem]:
    """`script.js` defines no AMD module.

    The platform waits for `define(...)` and gets nothing: the widget is dead. `var module = define(...)` works, for the call is
    what counts.

    Fix: wrap the code into `define(['jquery'], function ($) { ... return CustomWidget; });`.

    Wrong: `var CustomWidget = function () { this.callbacks = {}; };`
    Right: `define(['jquery'], function ($) { return function () { this.callbacks = {}; }; });`
    """
    script = widget.scripts.get(ENTRY)
    if script is not None and script.fault is None and not script.defines:
        if script.module_syntax is not None:
            message = "an ES module (import or export): the platform loads AMD modules"
            yield Problem(message, Place(ENTRY, offset=script.module_syntax))
        else:
            yield Problem("no call of `define`: not an AMD module", Place(ENTRY, offset=0))


@rule("S04", Widget, source="RequireJS 2.3: an anonymous module takes its name from its address")
def named_define(widget: Widget) -> Iterator[Problem]:
    """`script.js` gives its module a name.

    The loader looks for the module under its address and gets undefined.

    Fix: remove the first argument of `define`.

    Wrong: `define('my_widget', ['jquery'], function ($) { ... });`
    Right: `define(['jquery'], function ($) { ... });`
    """
    script = widget.scripts.get(ENTRY)
    defines = script.defines if script is not None else ()
    if any(define.name is None for define in defines):
        return  # a named module beside it is one that a bundler put in, such as jQuery
    for define in defines:
        if define.name is not None:
            yield Problem(
                f"the module is named {define.name!r}; it must be anonymous", Place(ENTRY, offset=define.start)
            )


@rule("S35", Widget, "warning", source="RequireJS 2.3 (`completeLoad`): the first anonymous module gets the name")
def second_module(widget: Widget) -> Iterator[Problem]:
    """`script.js` defines a second module without a name.

    The loader gives the file's name to the first one only; the second is lost, and a third makes it stop with "Mismatched
    anonymous define". Bundles are not judged.

    Fix: put it into a file of its own, and name that file in the first one's `define([...])`.

    Wrong: `define(function () { ... }); define(function () { ... });`
    Right: `define(['./panel.js'], function (panel) { ... });`
    """
    script = widget.scripts.get(ENTRY)
    if script is None or kind_of(script.path, script.data) != "own":
        return
    anonymous = [d for d in script.defines if d.top_level and d.name is None and d.list_form != "expression"]
    for define in anonymous[1:2]:
        yield Problem("a second `define` without a name is lost", Place(ENTRY, offset=define.start))


@rule("S05", Widget, source="RequireJS 2.3; a missing file leaves the whole widget unloaded")
def missing_dependency(widget: Widget) -> Iterator[Problem]:
    """A relative AMD dependency has no file in the package.

    The loader gets 404, and nothing of the widget runs. A query (`?v=`) and what is computed behind it do not matter.

    Fix: add the file, or correct the path: it starts at the folder of the script that names it, and case matters.

    Wrong: `define(['./lib/Panel.js'], ...)` with a file `lib/panel.js`
    Right: `define(['./lib/panel.js'], ...)` with a file `lib/panel.js`
    """
    for missing in widget.missing:
        left_out = _left_out(widget, missing)
        near = f", did you mean {missing.suggestions[0]}?" if missing.suggestions else ""
        hint = f" (left out: {left_out})" if left_out else near
        place = Place(missing.path, offset=missing.dependency.offset)
        asked = missing.dependency.id or missing.dependency.source[:80]
        yield Problem(f"no file for `{asked}`{hint}", place)


def _left_out(widget: Widget, missing: Missing) -> str:
    """Return why a file that exists on disk stays out of the package."""
    target = inside(folder_of(missing.path), (missing.dependency.id or "").rpartition("!")[2]) or ""
    return widget.left_out(target) or widget.left_out(f"{target}.js")


@rule("S06", Widget, source="amocrm.ru/developers web_sdk/personal_page, integrations/amoforms-widgets")
def location_without_script(widget: Widget) -> Iterator[Problem]:
    """A location needs a script of its own, which is absent.

    Fix: add the file at the root, or remove the location.

    Wrong: `"locations": ["personal_page"]` without `personal_page.js`
    Right: `"locations": ["personal_page"]` with `personal_page.js` at the root
    """
    for location, name in FILE_OF_LOCATION.items():
        if location in widget.locations and name not in widget.tree.files:
            place = Place(MANIFEST, ("locations", widget.locations.index(location)))
            yield Problem(f"location `{location}` needs {name} at the root", place)


@rule("S07", Script, "warning", source="widgetpack")
def script_not_read(script: Script) -> Iterator[Problem]:
    """A script is too large or too deeply nested to be checked.

    It is packed as it is.

    Fix: minify it, or split data from code.

    Wrong: a script of 6 MB
    Right: a script of 600 KB and the data in a JSON file of its own
    """
    if script.fault is not None and script.fault.kind in {"too-large", "too-deep"}:
        yield Problem(script.fault.message, Place(script.path, offset=script.fault.offset))


@rule("S08", Widget, source="ECMAScript: JSX is no part of it")
def jsx_as_it_is(widget: Widget) -> Iterator[Problem]:
    """A script ships with JSX in it.

    No browser runs it. `widgetpack build` lowers it; with `--raw`, without esbuild-py, or in an archive it stays.

    Fix: build without `--raw`, on a machine where esbuild-py is installed.

    Wrong: `widgetpack build --raw` with `return <Panel/>;` in a script
    Right: `widgetpack build`, which writes `return React.createElement(Panel, null);`
    """
    lowered = widget.config.bundle and not widget.tree.is_archive and lowering_available()
    for script in widget.scripts.values():
        if script.has_jsx and script.fault is None and not lowered:
            yield Problem("JSX, which no browser runs", Place(script.path, offset=0))


@rule(
    "S36",
    Widget,
    lambda context: "warning" if context.target == "amocrm" else "info",
    source="amocrm.ru requirements for integrations; developers.kommo.com/docs/getting-listed: own code is reviewed",
)
def minified_code(widget: Widget) -> Iterator[Problem]:
    """The code of a public widget is minified.

    Moderation reads the source and allows minified code in libraries only. Judged are `script.js` and the pages' own scripts, or
    for `minify` what it is about to do; not judged are other files, of which nobody can tell whose they are, and private widgets.

    Fix: leave `minify` out of the build that goes to moderation.

    Wrong: `minify = true` below `[script]`, with `--audience public`
    Right: `minify = false`
    """
    if widget.config.audience != "public":
        return
    minifies = widget.config.script.minify and widget.config.bundle and not widget.tree.is_archive
    for path in (ENTRY, *FILE_OF_LOCATION.values()):
        data = widget.tree.files.get(path)
        if data is None:
            continue
        is_made = path == ENTRY or path in widget.tree.bundled
        if minifies and is_made:
            yield Problem("`minify` is on: moderation asks for code that people can read", Place(path, offset=0))
        elif path not in widget.tree.bundled and kind_of(path, data) == "minified":
            yield Problem("minified: moderation asks for code that people can read", Place(path, offset=0))
