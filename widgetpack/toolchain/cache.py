"""Where widgetpack keeps what it had to fetch or to ask for."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.toolchain.packages import platform_name

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "WIDGETPACK_CACHE"
NPM_FOLDER = Path(__file__).with_name("npm")
"""The package.json and the lock file that say which esbuild is fetched, with the digests of its packages."""


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for caches (it may not exist yet); None for a user without a home."""
    if environ.get(VARIABLE):
        return Path(os.path.abspath(environ[VARIABLE]))  # noqa: PTH100  # absolute() keeps `..`
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() raises for a user without one
    if sys.platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        # A relative one is to be ignored: XDG Base Directory Specification, 0.8.
        given = Path(environ.get("XDG_CACHE_HOME", ""))
        base = given if given.is_absolute() else home / ".cache"
    return base / "widgetpack" if base.is_absolute() else None


@cache
def pinned_version() -> str:
    """Return the version of esbuild that `widgetpack toolchain install` fetches."""
    version: str = json.loads((NPM_FOLDER / "package.json").read_bytes())["dependencies"]["esbuild"]
    return version


def esbuild_home(folder: Path) -> Path:
    """Return where the pinned esbuild for this machine lies below the cache ``folder``: a home may serve several machines."""
    return folder / "esbuild" / f"{pinned_version()}-{platform_name()}"
