"""The places where an esbuild is looked for, in their order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.toolchain.cache import cache_folder, esbuild_home
from widgetpack.toolchain.executable import CACHE, MODULES, PATH, SETTING, Esbuild
from widgetpack.toolchain.packages import on_path, program_at, program_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.config.settings import Config


class Look(NamedTuple):
    """One place that was looked at."""

    where: str
    """`Esbuild.origin` of what is found there."""
    found: Esbuild | None
    """What is there; nobody has asked yet whether it works."""
    otherwise: str = ""
    """Where nothing is there: so, in words that follow ``where``."""


def looks(config: Config, environ: Mapping[str, str]) -> Iterator[Look]:
    """Yield one place after the other, so that nobody looks further than needed; starts no process."""
    if config.esbuild is None:
        yield Look(SETTING, None, "not set")
    else:
        file = Path(os.path.abspath(config.esbuild))  # noqa: PTH100  # absolute() keeps `..`
        yield Look(SETTING, program_of(file, SETTING, environ))
    yield _in_modules(config, environ)
    found = on_path("esbuild", environ)
    yield Look(PATH, None if found is None else program_of(found, PATH, environ), "none")
    yield _in_cache(environ)


def _in_modules(config: Config, environ: Mapping[str, str]) -> Look:
    """Look from the widget's folder up to the root of its repository, as far as its config file is looked for, too."""
    start = folder = Path(os.path.abspath(config.base / config.root))  # noqa: PTH100
    while True:
        command = _command(folder / "node_modules")
        if command is not None:
            return Look(MODULES, program_of(command, MODULES, environ))
        if os.path.exists(folder / ".git") or folder == folder.parent:  # noqa: PTH110
            return Look(MODULES, None, f"none from {start} up to {folder}")
        folder = folder.parent


def _command(modules: Path) -> Path | None:
    """Return esbuild's command of a ``node_modules`` folder."""
    # Asked for by package first: what lies in .bin may be a shell script for either system.
    for file in (
        modules / "esbuild" / "bin" / "esbuild",
        modules / ".bin" / "esbuild",
        modules / ".bin" / "esbuild.exe",
    ):
        if os.path.isfile(file):  # noqa: PTH113
            return file
    return None


def _in_cache(environ: Mapping[str, str]) -> Look:
    folder = cache_folder(environ)
    if folder is None:
        return Look(CACHE, None, "no home folder for a cache; WIDGETPACK_CACHE can name one")
    home = esbuild_home(folder)
    return Look(CACHE, program_at(home / "node_modules", CACHE), f"none in {home}")
