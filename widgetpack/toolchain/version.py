"""Which version an esbuild is: from the package that it came in, else by asking it, once."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from widgetpack.errors import WriteError
from widgetpack.files.writing import write_whole
from widgetpack.toolchain.cache import cache_folder
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.packages import as_version
from widgetpack.toolchain.process import ProcessError, run_apart
from widgetpack.toolchain.run import clean, ending, telling_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from widgetpack.toolchain.executable import Esbuild

OLDEST = (0, 21)
"""Older ones lack what the bundling asks for; CI runs this one and the newest."""
ANSWER_SECONDS = 10.0
"""esbuild answers in 3 ms, with Node before it in 80; a cold network drive takes longer."""
_MOST_BYTES = 64_000


def checked(esbuild: Esbuild, environ: Mapping[str, str]) -> Esbuild:
    """Return the esbuild with its version; raise `EsbuildError` where it cannot be one, or is too old.

    Whether one with a package beside it runs at all is not tried: that shows as soon as it is run.
    """
    _refuse_unusable(esbuild)
    known = esbuild._replace(version=esbuild.version or _remembered(esbuild, environ))
    if tuple(map(int, known.version.split(".")))[:2] < OLDEST:
        raise EsbuildError(esbuild, f"esbuild {known.version}, not {'.'.join(map(str, OLDEST))} or newer")
    return known


def ask_version(esbuild: Esbuild, environ: Mapping[str, str]) -> str:
    """Run the executable for its version; raise `EsbuildError` where it gives none."""
    try:
        done = run_apart(
            [*esbuild.command, "--version"], environ=clean(environ), timeout=ANSWER_SECONDS, most=_MOST_BYTES
        )
    except ProcessError as error:
        raise EsbuildError(esbuild, str(error)) from None
    if done.code != 0:
        raise EsbuildError(esbuild, ending(done))
    version = as_version(done.out.decode("utf-8", "replace").strip())
    if not version:
        line = telling_line(done.out)
        said = f'answers "{line[:60]}"' if line else "answers nothing"
        raise EsbuildError(esbuild, f"not esbuild: {said} to --version")
    return version


def _refuse_unusable(esbuild: Esbuild) -> None:
    """Raise for what the system would refuse with words that help nobody."""
    path = esbuild.path
    if os.path.isdir(path):  # noqa: PTH112  # os.path answers also for what may not be looked at
        raise EsbuildError(esbuild, "a folder, not the executable")
    if not os.path.isfile(path):  # noqa: PTH113
        raise EsbuildError(esbuild, "does not exist")
    if esbuild.command == (str(path),) and not os.access(path, os.X_OK):
        raise EsbuildError(esbuild, "not executable", f"chmod +x {path}")


def _remembered(esbuild: Esbuild, environ: Mapping[str, str]) -> str:
    """Return the version, asked for only if this very file was never asked."""
    memory = _memory(esbuild.path, environ)
    if memory is not None:
        with suppress(OSError, ValueError):
            version = as_version(memory.read_text(encoding="ascii"))
            if version:
                return version
    version = ask_version(esbuild, environ)
    if memory is not None:
        with suppress(WriteError):  # without a memory it is asked again, at the cost of a process
            write_whole(memory, version.encode(), "")
    return version


def _memory(path: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the file that holds the version of the file ``path`` as it is now."""
    folder = cache_folder(environ)
    if folder is None:
        return None
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    import hashlib  # 12 ms, which an esbuild that npm installed does not cost

    facts = f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}"
    return folder / "versions" / hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]
