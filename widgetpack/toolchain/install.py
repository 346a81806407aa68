"""Putting the pinned esbuild into the cache, when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError
from widgetpack.toolchain.cache import NPM_FOLDER, esbuild_home, pinned_version
from widgetpack.toolchain.executable import CACHE, Esbuild, EsbuildError
from widgetpack.toolchain.fetch import Packages, Say, drop, lay, need_cache
from widgetpack.toolchain.packages import platform_name, program_at
from widgetpack.toolchain.version import ask_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CURE = "look at the network and at npm's settings (`npm config list`), or put an esbuild on PATH yourself"


class Installed(NamedTuple):
    """What an installation left in the cache."""

    esbuild: Esbuild
    client: str
    """The npm that fetched it; empty where it was there already."""


def install(environ: Mapping[str, str], say: Say = lambda _: None, *, force: bool = False) -> Installed:
    """Put the pinned esbuild into the cache, unless one is there that runs; with ``force`` anew.

    It is fetched and tried beside its place and moved there in one step. Raises `WidgetpackError` where npm is missing or
    fails, `EsbuildError` where what came does not run, and `WriteError` where the cache cannot be written.
    """
    home = esbuild_home(need_cache(environ, "esbuild"))
    there = None if force else _working(home, environ)
    if there is not None:
        return Installed(there, "")
    packages = Packages("esbuild", f"esbuild {pinned_version()}", NPM_FOLDER, _CURE)
    client = lay(packages, home, environ, say, lambda new: ask_version(_program(new), environ))
    return Installed(_program(home), client)


def remove(environ: Mapping[str, str]) -> Path | None:
    """Remove every esbuild from the cache; return the folder that held them, or None where there was none."""
    return drop(need_cache(environ, "esbuild") / "esbuild")


def _program(home: Path) -> Esbuild:
    """Return the program for this machine in what npm laid at ``home``."""
    esbuild = program_at(home / "node_modules", CACHE)
    if esbuild is None:
        # It is an optional dependency, and npm says nothing where one of these fails, whatever the reason.
        message = f"npm brought no esbuild {pinned_version()} for {platform_name()}: none is made, none came, or its digest is wrong"
        raise WidgetpackError(message, _CURE)
    return esbuild


def _working(home: Path, environ: Mapping[str, str]) -> Esbuild | None:
    esbuild = program_at(home / "node_modules", CACHE)
    try:
        return esbuild if esbuild and ask_version(esbuild, environ) == pinned_version() else None
    except EsbuildError:
        return None
