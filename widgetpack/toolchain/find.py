"""Which esbuild is used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from widgetpack.errors import WidgetpackError
from widgetpack.toolchain.search import looks
from widgetpack.toolchain.version import checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from widgetpack.config.settings import Config
    from widgetpack.toolchain.executable import Esbuild
    from widgetpack.toolchain.search import Look

TWO_WAYS = "`widgetpack toolchain install`, or `npm install --save-dev esbuild` in the project"


def find_esbuild(config: Config, environ: Mapping[str, str] = os.environ) -> Esbuild:
    """Return the esbuild to use for a widget: the first of ``[script] esbuild``, node_modules, PATH and the cache.

    Starts no process for one that npm installed, and for any other only the first time. Raises `WidgetpackError` (exit code 3)
    where there is none, and `EsbuildError` (3) where the first one does not work or is older than 0.21: none is passed over,
    for another version can give another script.
    """
    missed = []
    for look in looks(config, environ):
        if look.found is not None:
            return checked(look.found, environ)
        missed.append(look)
    raise missing(missed)


def missing(missed: Iterable[Look]) -> WidgetpackError:
    """Return the error for an esbuild that is nowhere: it says where it was looked for, and the two ways to get it."""
    places = "; ".join(f"{look.where}: {look.otherwise}" for look in missed)
    return WidgetpackError(f"esbuild is needed and not found ({places})", TWO_WAYS)
