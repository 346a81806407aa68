"""B: what bundling modern sources brings up. The facts come from `widgetpack.native`, with places in the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Problem
from widgetpack.native.facts import (
    AbsentModule,
    BuiltInSecret,
    LostDefine,
    NoConstructor,
    SourceFault,
    UnsetName,
    UnusedSource,
)
from widgetpack.rules.base import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESBUILD = "esbuild: what it refuses, in its own words"


@rule("B01", SourceFault, source=_ESBUILD)
def build_error(fault: SourceFault) -> Iterator[Problem]:
    """The sources cannot be bundled.

    No script comes of them, so no other rule about scripts has run.

    Fix: mend the source at the place; an import that leads nowhere names a file or a package that is not there.

    Wrong: `import Panel from './panle';` beside `panel.ts`
    Right: `import Panel from './panel';` beside `panel.ts`
    """
    if fault.kind == "error":
        yield Problem(fault.message, fault.place, related=fault.related)


@rule("B02", SourceFault, "warning", source="esbuild: what it warns of, in its own words")
def build_warning(fault: SourceFault) -> Iterator[Problem]:
    """The bundler takes something in the sources for a mistake.

    Warnings about packages are not told: nobody here could mend them.

    Fix: mend the source at the place.

    Wrong: `import * as $ from 'jquery'; $('#panel');`
    Right: `import $ from 'jquery'; $('#panel');`
    """
    if fault.kind == "warning":
        yield Problem(fault.message, fault.place, related=fault.related)


@rule("B03", UnsetName, "warning", source="widgetpack: a page has no `process`")
def unset_name(name: UnsetName) -> Iterator[Problem]:
    """A source asks for a name in `process.env` that nobody sets.

    It becomes `undefined` in the script.

    Fix: set it under `[script.define]` in the config, or in the file that `[script] env-file` names.

    Wrong: `fetch(process.env.API_URL + '/deals')` and no `API_URL`
    Right: `"process.env.API_URL" = "https://api.widgets.dev"` below `[script.define]`
    """
    yield Problem(f"{name.name} is set nowhere: it becomes undefined", name.place)


@rule(
    "B04",
    BuiltInSecret,
    "warning",
    source="developers.kommo.com/docs/limitations: tokens belong into protected storage",
)
def built_in_secret(secret: BuiltInSecret) -> Iterator[Problem]:
    """A value of the environment that looks like a secret stands in the script.

    Whoever opens the CRM can read the script.

    Fix: leave the secret on a server of your own, and let the widget ask that server.

    Wrong: `$.post(url, { key: process.env.CLIENT_SECRET })`
    Right: `self.$authorizedAjax({ url: url })`, and the secret on the server
    """
    yield Problem(f"the value of {secret.name} ships in the script for all to read", secret.place)


@rule("B05", AbsentModule, source="RequireJS 2.3; a missing module leaves the whole widget unloaded")
def absent_module(module: AbsentModule) -> Iterator[Problem]:
    """A source imports a part of a library that is left to the page, and the page has only the library itself.

    Fix: bundle the library with `external = ["!NAME"]` under `[script]`, or name the part in `external` if the page has it.

    Wrong: `import 'moment/locale/es';` while `moment` is the page's
    Right: `external = ["!moment"]` below `[script]`
    """
    bundle = f'; `[script] external = ["!{module.owner}"]` bundles {module.owner}' if module.owner else ""
    yield Problem(f'the page provides no module "{module.name}"{bundle}', module.place)


@rule("B06", LostDefine, source="RequireJS 2.3: an anonymous `define` in a script that has one already (mismatch)")
def lost_define(define: LostDefine) -> Iterator[Problem]:
    """A source calls the loader's `define` where the bundled script leaves it no effect.

    The loader takes one anonymous `define` from a script. One more is refused, and one without a list of dependencies is read
    for `require("...")`, whose name the bundler changes.

    Fix: write `export default` in place of `define`, or leave the file as it is and name it under `[script] external`.

    Wrong: `define(['jquery'], function ($) { return panel; });` in a file that the entry imports
    Right: `import $ from 'jquery'; export default panel;`
    """
    if define.kind == "unlisted":
        yield Problem("this `define` has no list of dependencies: name them in an array", define.place)
    else:
        which = "" if define.place.path else f" in {define.path}"
        yield Problem(f"a call of `define`{which} inside of another script: export the module instead", define.place)


@rule(
    "B07",
    NoConstructor,
    source="developers.kommo.com/docs/script-js: the module is the constructor that the platform calls",
)
def no_widget_exported(entry: NoConstructor) -> Iterator[Problem]:
    """The entry of `script.js` does not export a constructor.

    The platform calls `new` on the default export; anything but a function or a class ends in a TypeError and a dead widget.
    Judged only where the entry itself shows it.

    Fix: export the function or class itself: `export default CustomWidget;`.

    Wrong: `export default new CustomWidget();`
    Right: `export default CustomWidget;`
    """
    yield Problem(f"exports {entry.exported}; the platform needs a constructor function", entry.place)


@rule("B08", UnusedSource, "info", source="widgetpack: a `script.js` that is no ES module is what ships")
def unused_source(source: UnusedSource) -> Iterator[Problem]:
    """A source for a script is there, and a finished script ships in its place.

    Fix: delete the finished script, or name the source under `[script] entry`; with `[script] command` the project's own build
    makes the script.

    Wrong: `src/index.ts` beside a `script.js` that calls `define`
    Right: `src/index.ts` alone
    """
    yield Problem(f"not bundled: {source.script} is there, is no ES module and ships as it is", source.place)
