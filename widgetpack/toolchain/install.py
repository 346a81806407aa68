"""Putting the pinned esbuild into the cache: the only thing in widgetpack that fetches anything, and only when told to."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError, WriteError, reason_of
from widgetpack.toolchain.cache import NPM_FOLDER, VARIABLE, cache_folder, esbuild_home, pinned_version
from widgetpack.toolchain.executable import CACHE, Esbuild, EsbuildError
from widgetpack.toolchain.npm_client import find_npm
from widgetpack.toolchain.packages import platform_name, program_at
from widgetpack.toolchain.process import ProcessError, run_apart
from widgetpack.toolchain.run import telling_line
from widgetpack.toolchain.version import ask_version

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
_CURE = "look at the network and at npm's settings (`npm config list`), or put an esbuild on PATH yourself"
_CODE = re.compile(r"^npm (?:error|ERR!) code (\w+)$", re.MULTILINE)
_REASON = re.compile(r"^npm (?:error|ERR!) (?!code |errno |syscall |A complete log)(\S.*)$", re.MULTILINE)


class Installed(NamedTuple):
    """What an installation left in the cache."""

    esbuild: Esbuild
    client: str
    """The npm that fetched it; empty where it was there already."""


def install(environ: Mapping[str, str], *, force: bool = False) -> Installed:
    """Put the pinned esbuild into the cache, unless one is there that runs; with ``force`` anew.

    It is fetched and tried beside its place and moved there in one step. Raises `WidgetpackError` where npm is missing or
    fails, `EsbuildError` where what came does not run, and `WriteError` where the cache cannot be written.
    """
    folder = _folder(environ)
    home = esbuild_home(folder)
    there = None if force else _working(home, environ)
    if there is not None:
        return Installed(there, "")
    client = find_npm(environ)
    if client is None:
        message = "npm is needed to fetch esbuild, and not on PATH"
        raise WidgetpackError(
            message, "install Node (nodejs.org), or `pip install 'widgetpack[node]'`, which brings it"
        )
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _sweep(home.parent)
        with tempfile.TemporaryDirectory(prefix=_NEW, dir=home.parent, ignore_cleanup_errors=True) as new:
            _fetch(client, Path(new) / "esbuild", environ)
            _try(Path(new) / "esbuild", environ)
            _move(Path(new), home)
    except OSError as error:
        raise _unwritable(folder, error) from None
    return Installed(_program(home), client.origin)


def remove(environ: Mapping[str, str]) -> Path | None:
    """Remove every esbuild from the cache; return the folder that held them, or None where there was none."""
    folder = _folder(environ) / "esbuild"
    if not folder.is_dir():
        return None
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    return folder


def _folder(environ: Mapping[str, str]) -> Path:
    folder = cache_folder(environ)
    if folder is None:
        message = "there is no home folder to keep esbuild in"
        raise WidgetpackError(message, f"{VARIABLE} can name a folder")
    return folder


def _unwritable(folder: Path, error: OSError) -> WriteError:
    reason = reason_of(error)
    return WriteError(f"{folder}: cannot be written: {reason}", f"{VARIABLE} can name another folder")


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


def _sweep(folder: Path) -> None:
    """Remove what installations left that were killed: one that still runs is younger than it may take."""
    for left in folder.glob(f"{_NEW}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - 2 * _SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _fetch(client: Client, into: Path, environ: Mapping[str, str]) -> None:
    """Let npm lay the packages of the lock file into a new folder; raise `WidgetpackError` with npm's own reason."""
    into.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(NPM_FOLDER / name, into / name)
    # --prefix: below `npm run`, the environment names the project's folder as the place to install into.
    command = [*client.command, *_ARGUMENTS, f"--prefix={into}"]
    try:
        done = run_apart(command, environ=environ, timeout=_SECONDS, most=_MOST_BYTES, cwd=into)
    except ProcessError as error:
        message = f"npm ({client.origin}) {error}"
        raise WidgetpackError(message, _CURE) from None
    if done.code != 0:
        message = f"npm ({client.origin}) could not fetch esbuild {pinned_version()}: {_complaint(done.err, done.code)}"
        raise WidgetpackError(message, _CURE)


def _complaint(output: bytes, code: int) -> str:
    """Return npm's reason in one line: its code, and the first line that is a sentence."""
    text = output.decode("utf-8", "replace")
    found = [match[1] for pattern in (_CODE, _REASON) if (match := pattern.search(text))]
    return telling_line(": ".join(found).encode()) or telling_line(output) or f"exit code {code}"


def _try(new: Path, environ: Mapping[str, str]) -> None:
    """Raise for an esbuild that does not run on this machine, before it takes anybody's place."""
    ask_version(_program(new), environ)


def _move(new: Path, home: Path) -> None:
    """Put the new folder in place; what was there goes into the temporary one, and away with it."""
    with suppress(FileNotFoundError):
        home.rename(new / "old")
    try:
        (new / "esbuild").rename(home)
    except OSError:
        if not home.is_dir():  # else another run has just put the same there
            raise
