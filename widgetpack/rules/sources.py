"""B: what bundling modern sources brings up. The facts come from `widgetpack.native`, with places in the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Problem
from widgetpack.native.facts import AbsentModule, BuiltInSecret, SourceFault, UnsetName
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
    yield Problem(f"process.env.{name.name} is set nowhere: it becomes undefined", name.place)


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
    yield Problem(f"the value of process.env.{secret.name} ships in the script for all to read", secret.place)


@rule("B05", AbsentModule, source="RequireJS 2.3; a missing module leaves the whole widget unloaded")
def absent_module(module: AbsentModule) -> Iterator[Problem]:
    """A source imports a part of a library that is left to the page, and the page has only the library itself.

    Fix: bundle the library with `external = ["!NAME"]` under `[script]`, or name the part in `external` if the page has it.

    Wrong: `import 'moment/locale/es';` while `moment` is the page's
    Right: `external = ["!moment"]` below `[script]`
    """
    bundle = f'; `[script] external = ["!{module.owner}"]` bundles {module.owner}' if module.owner else ""
    yield Problem(f'the page provides no module "{module.name}"{bundle}', module.place)
