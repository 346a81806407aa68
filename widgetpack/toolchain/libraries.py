"""The libraries of the platform's page, in its versions: what `preview` runs widgets with.

docs/environment-variables and amocrm.ru web_sdk/system_modules name the versions (2026-11); RequireJS is 2.3 there, and for its
plugin ``text`` no version is named.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.toolchain.cache import cache_folder
from widgetpack.toolchain.fetch import Packages, Say, drop, lay, need_cache

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK: Final = Path(__file__).with_name("npm_libraries")
"""The package.json and the lock file, with the digests of the packages."""

FILES: Final = {
    "requirejs": "requirejs/require.js",
    "text": "requirejs-text/text.js",
    "jquery": "jquery/dist/jquery.js",
    "underscore": "underscore/underscore.js",
    "backbone": "backbone/backbone.js",
    "twig": "twig/twig.js",
    "moment": "moment/min/moment-with-locales.js",
    "moment-timezone": "moment-timezone/builds/moment-timezone-with-data.js",
    "chart": "chart.js/dist/Chart.js",
}
"""What the page asks for -> where npm lays it."""
_CURE: Final = "look at the network and at npm's settings (`npm config list`)"
_WHAT: Final = "the libraries of the page"


class Fetched(NamedTuple):
    """What an installation left in the cache."""

    home: Path
    client: str
    """The npm that fetched them; empty where they were there already."""


@cache
def versions() -> dict[str, str]:
    """Return the pinned version of each package."""
    found: dict[str, str] = json.loads((LOCK / "package.json").read_bytes())["dependencies"]
    return found


def libraries_home(folder: Path) -> Path:
    """Return where the libraries lie below the cache ``folder``: another lock file has another place."""
    return folder / "libraries" / hashlib.sha256((LOCK / "package-lock.json").read_bytes()).hexdigest()[:12]


def find_libraries(environ: Mapping[str, str]) -> Path | None:
    """Return the folder with all libraries, or None where one of them is missing."""
    folder = cache_folder(environ)
    home = libraries_home(folder) if folder is not None else None
    return home if home is not None and _is_whole(home) else None


def need_libraries(environ: Mapping[str, str]) -> dict[str, bytes]:
    """Return every library by the name in `FILES`; raise `WidgetpackError` with the cure where they are not installed."""
    home = find_libraries(environ)
    if home is None:
        message = "preview needs the libraries of the platform's page, which are not installed"
        raise WidgetpackError(message, "widgetpack toolchain install")
    try:
        return {name: (home / "node_modules" / file).read_bytes() for name, file in FILES.items()}
    except OSError as error:
        message = f"{home}: cannot be read: {reason_of(error)}"
        raise WidgetpackError(message, "widgetpack toolchain install --force") from None


def install_libraries(environ: Mapping[str, str], say: Say = lambda _: None, *, force: bool = False) -> Fetched:
    """Put the pinned libraries into the cache, unless they are there; with ``force`` anew.

    Raises `WidgetpackError` where npm is missing or fails, and `WriteError` where the cache cannot be written.
    """
    home = libraries_home(need_cache(environ, _WHAT))
    if not force and _is_whole(home):
        return Fetched(home, "")
    return Fetched(home, lay(Packages(_WHAT, _WHAT, LOCK, _CURE), home, environ, say, _need_whole))


def remove_libraries(environ: Mapping[str, str]) -> Path | None:
    """Remove all libraries from the cache; return the folder that held them, or None where there was none."""
    return drop(need_cache(environ, _WHAT) / "libraries")


def _need_whole(home: Path) -> None:
    if missing := _missing(home):
        message = f"npm brought no {', '.join(missing)}"
        raise WidgetpackError(message, _CURE)


def _missing(home: Path) -> list[str]:
    return [name for name, file in FILES.items() if not (home / "node_modules" / file).is_file()]


def _is_whole(home: Path) -> bool:
    return not _missing(home)
