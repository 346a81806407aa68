"""Packages of a lock file, fetched by npm: the only thing in widgetpack that fetches anything, and only when told to."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError, WriteError, reason_of
from widgetpack.toolchain.cache import VARIABLE, cache_folder
from widgetpack.toolchain.npm_client import find_npm
from widgetpack.toolchain.process import ProcessError, run_apart
from widgetpack.toolchain.run import telling_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.toolchain.npm_client import Client

_SECONDS = 600.0
"""npm gives up a network that does not answer after about five minutes and says why, which is better than to end it."""
_MOST_BYTES = 10_000_000
_NEW = ".new-"
_ARGUMENTS = (
    "ci",
    "--ignore-scripts",
    "--include=optional",
    "--no-global",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
)
"""``ci`` takes what the lock file says and compares every digest. No package may run anything; the program for this platform
is an optional dependency, whatever the user's own settings leave out."""
_CODE = re.compile(r"^npm (?:error|ERR!) code (\w+)$", re.MULTILINE)
_REASON = re.compile(r"^npm (?:error|ERR!) (?!code |errno |syscall |A complete log)(\S.*)$", re.MULTILINE)


Say = Callable[[str], object]
"""Takes a line for people: npm may work for a while."""


class Packages(NamedTuple):
    """What is fetched together."""

    name: str
    what: str
    """The same with its version, in words."""
    lock: Path
    """The folder of its ``package.json`` and ``package-lock.json``."""
    cure: str


def lay(packages: Packages, home: Path, environ: Mapping[str, str], say: Say, check: Callable[[Path], object]) -> str:
    """Fetch packages beside ``home``, let ``check`` raise for what came, and put them there in one step; return which npm did it.

    Raises `WidgetpackError` where npm is missing or fails, with its own reason, and `WriteError` where the cache cannot be written.
    """
    client = find_npm(environ)
    if client is None:
        message = f"npm is needed to fetch {packages.name}, and not on PATH"
        raise WidgetpackError(
            message, "install Node (nodejs.org), or `pip install 'widgetpack[node]'`, which brings it"
        )
    say(f"fetching {packages.what} with npm ({client.origin})")
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _sweep(home.parent)
        with tempfile.TemporaryDirectory(prefix=_NEW, dir=home.parent, ignore_cleanup_errors=True) as new:
            into = Path(new) / "packages"
            _fetch(client, packages, into, environ)
            check(into)
            _put(into, home)
    except OSError as error:
        raise _unwritable(need_cache(environ, packages.name), error) from None
    return client.origin


def need_cache(environ: Mapping[str, str], what: str) -> Path:
    """Return the folder for caches; raise `WidgetpackError` where there is none to keep ``what`` in."""
    folder = cache_folder(environ)
    if folder is None:
        message = f"there is no home folder to keep {what} in"
        raise WidgetpackError(message, f"{VARIABLE} can name a folder")
    return folder


def drop(folder: Path) -> Path | None:
    """Remove a folder of the cache and return it, or None where there was none."""
    if not folder.is_dir():
        return None
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    return folder


def _sweep(folder: Path) -> None:
    """Remove what installations left that were killed: one that still runs is younger than it may take."""
    for left in folder.glob(f"{_NEW}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - 2 * _SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _fetch(client: Client, packages: Packages, into: Path, environ: Mapping[str, str]) -> None:
    into.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(packages.lock / name, into / name)
    # --prefix: below `npm run`, the environment names the project's folder as the place to install into.
    command = [*client.command, *_ARGUMENTS, f"--prefix={into}"]
    try:
        done = run_apart(command, environ=environ, timeout=_SECONDS, most=_MOST_BYTES, cwd=into)
    except ProcessError as error:
        message = f"npm ({client.origin}) {error}"
        raise WidgetpackError(message, packages.cure) from None
    if done.code != 0:
        message = f"npm ({client.origin}) could not fetch {packages.what}: {_complaint(done.err, done.code)}"
        raise WidgetpackError(message, packages.cure)


def _put(new: Path, home: Path) -> None:
    """Put the new folder in place; what was there goes into the temporary one, and away with it."""
    with suppress(FileNotFoundError):
        home.rename(new.with_name("old"))
    try:
        new.rename(home)
    except OSError:
        if not home.is_dir():  # else another run has just put the same there
            raise


def _unwritable(folder: Path, error: OSError) -> WriteError:
    return WriteError(f"{folder}: cannot be written: {reason_of(error)}", f"{VARIABLE} can name another folder")


def _complaint(output: bytes, code: int) -> str:
    """Return npm's reason in one line: its code, and the first line that is a sentence."""
    text = output.decode("utf-8", "replace")
    found = [match[1] for pattern in (_CODE, _REASON) if (match := pattern.search(text))]
    return telling_line(": ".join(found).encode()) or telling_line(output) or f"exit code {code}"
