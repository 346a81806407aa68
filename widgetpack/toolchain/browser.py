"""Which Chromium is driven: one that is on the machine, for none is ever downloaded."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from widgetpack.errors import UsageError, WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_MAC: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_FOLDERS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


def find_browser(named: str | None, environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the browser that the user ``named``, by a path or a program on PATH, else the first in the platform's usual places.

    Raises `UsageError` where the named one is no file that can be run, and `WidgetpackError` where there is none at all.
    """
    if named is not None:
        found = shutil.which(named, path=environ.get("PATH"))
        if found is None:
            message = f"{named}: no browser that can be run"
            raise UsageError(message, "--browser (or WIDGETPACK_BROWSER) names the program of Chromium or Chrome")
        return Path(found).absolute()  # for the driver works in another folder
    for place in _places(environ, platform):
        if os.access(place, os.X_OK) and place.is_file():
            return place
    message = "preview --check needs Chromium, Chrome or Edge, and none was found"
    raise WidgetpackError(message, "install one, or name its program with --browser")


def _places(environ: Mapping[str, str], platform: str) -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found is not None:
            yield Path(found)
    if platform == "darwin":
        for folder in ("/Applications", f"{environ.get('HOME', '')}/Applications"):
            yield from (Path(folder, name) for name in _MAC)
    elif platform == "win32":
        folders = [environ[key] for key in _WINDOWS_FOLDERS if environ.get(key)]
        yield from (Path(folder, name) for name in _WINDOWS for folder in folders)
