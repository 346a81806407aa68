"""Running esbuild."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.process import Done, ProcessError, run_apart, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from widgetpack.toolchain.executable import Esbuild

_MOST_BYTES = 256_000_000
"""A bundle with its source map and metafile inside is far below; an archive may hold 50 MB (`widgetpack.model`)."""
_SECONDS = 60.0
"""esbuild bundles three.js ten times over in about half a second (its own benchmark); a minute is not work any more."""
_FOREIGN = ("ESBUILD_", "NODE_OPTIONS", "NODE_CHANNEL_FD")
"""Beginnings of variables that would make esbuild, or the script before it, run something else or say something else."""


def run_esbuild(  # noqa: PLR0913, PLR0917  # each is a limit or a place of its own
    esbuild: Esbuild,
    arguments: Sequence[str],
    stdin: bytes = b"",
    cwd: Path | None = None,
    timeout: float = _SECONDS,
    meanwhile: Callable[[], object] | None = None,
) -> Done:
    """Run esbuild and return ``(code, out, err)``, bytes as it printed them; exit codes 0 and 1 (errors in the sources).

    Raises `EsbuildError` (exit code 3), one line with path and reason, where it cannot be started, takes longer than ``timeout``
    seconds, is ended by a signal, or prints without end. Its process group ends with this call, on Ctrl+C as well. ``meanwhile`` is
    called while it works.
    """
    try:
        done = run_apart(
            [*esbuild.command, *arguments],
            environ=clean(os.environ),
            timeout=timeout,
            most=_MOST_BYTES,
            stdin=stdin,
            cwd=cwd,
            meanwhile=meanwhile,
        )
    except ProcessError as error:
        raise EsbuildError(esbuild, str(error)) from None
    if done.code not in (0, 1):
        raise EsbuildError(esbuild, ending(done))
    return done


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what makes esbuild behave otherwise than asked."""
    return {key: value for key, value in environ.items() if not key.upper().startswith(_FOREIGN)}


def ending(done: Done) -> str:
    """Return how a program ended that failed: the signal or the code, and the line that tells the most."""
    if done.code < 0:
        return f"crashes ({signal_name(-done.code)})"
    line = telling_line(done.err) or telling_line(done.out)
    return f"ends with exit code {done.code}: {line}" if line else f"ends with exit code {done.code} and says nothing"


def telling_line(output: bytes) -> str:
    """Return the first line with ``Error:`` in it, as Node's traces have one, else the first line; at most 160 characters."""
    lines = [" ".join(line.split()) for line in output[:100_000].decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line]
    best = next((line for line in lines if "Error: " in line), lines[0] if lines else "")
    return "".join(character if character.isprintable() else "?" for character in best)[:160]
