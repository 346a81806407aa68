"""Packages of a lock file, fetched by npm into a new folder, and put in place in one step."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from widgetpack.errors import WidgetpackError, WriteError
from widgetpack.toolchain.cache import VARIABLE, cache_folder
from widgetpack.toolchain.npm_client import find_npm
from widgetpack.toolchain.process import ProcessError, run_apart
from widgetpack.toolchain.run import telling_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from widgetpack.toolchain.npm_client import Client

SECONDS = 600.0
"""npm gives up a network that does not answer after about five minutes and says why, which is better than to end it."""
_MOST_BYTES = 10_000_000
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


def need_npm(environ: Mapping[str, str], what: str) -> Client:
    """Return the npm to use; raise `WidgetpackError` where there is none to fetch ``what``."""
    client = find_npm(environ)
    if client is None:
        message = f"npm is needed to fetch {what}, and not on PATH"
        raise WidgetpackError(
            message, "install Node (nodejs.org), or `pip install 'widgetpack[node]'`, which brings it"
        )
    return client


def need_cache(environ: Mapping[str, str], what: str) -> Path:
    """Return the folder for caches; raise `WidgetpackError` where there is none to keep ``what`` in."""
    folder = cache_folder(environ)
    if folder is None:
        message = f"there is no home folder to keep {what} in"
        raise WidgetpackError(message, f"{VARIABLE} can name a folder")
    return folder


def unwritable(folder: Path, error: OSError) -> WriteError:
    """Return the error for a cache that cannot be changed."""
    reason = (error.strerror or str(error)).lower()
    return WriteError(f"{folder}: cannot be written: {reason}", f"{VARIABLE} can name another folder")


def fetch(  # noqa: PLR0913  # whom to ask, for what, and what is said where that fails
    client: Client,
    lock: Path,
    into: Path,
    environ: Mapping[str, str],
    *,
    what: str,
    cure: str,
    seconds: float = SECONDS,
) -> None:
    """Let npm lay the packages of the lock file in ``lock`` into the new folder ``into``; raise `WidgetpackError` with npm's reason."""
    into.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(lock / name, into / name)
    # --prefix: below `npm run`, the environment names the project's folder as the place to install into.
    command = [*client.command, *_ARGUMENTS, f"--prefix={into}"]
    try:
        done = run_apart(command, environ=environ, timeout=seconds, most=_MOST_BYTES, cwd=into)
    except ProcessError as error:
        message = f"npm ({client.origin}) {error}"
        raise WidgetpackError(message, cure) from None
    if done.code != 0:
        message = f"npm ({client.origin}) could not fetch {what}: {_complaint(done.err, done.code)}"
        raise WidgetpackError(message, cure)


def put(new: Path, name: str, home: Path) -> None:
    """Put the folder ``name`` of the temporary one in place; what was there goes into that one, and away with it."""
    with suppress(FileNotFoundError):
        home.rename(new / "old")
    try:
        (new / name).rename(home)
    except OSError:
        if not home.is_dir():  # else another run has just put the same there
            raise


def drop(folder: Path) -> Path | None:
    """Remove a folder of the cache and return it, or None where there was none."""
    if not folder.is_dir():
        return None
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise unwritable(folder, error) from None
    return folder


def _complaint(output: bytes, code: int) -> str:
    """Return npm's reason in one line: its code, and the first line that is a sentence."""
    text = output.decode("utf-8", "replace")
    found = [match[1] for pattern in (_CODE, _REASON) if (match := pattern.search(text))]
    return telling_line(": ".join(found).encode()) or telling_line(output) or f"exit code {code}"
