"""Every way out of the program: the command's own exit code, or an error in one or two lines."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from widgetpack import __version__
from widgetpack.errors import EXIT_CLEAN, EXIT_INTERRUPTED, EXIT_TOOL, STOP_SIGNALS, UsageError, WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Callable


def leave(command: Callable[[], int | None]) -> NoReturn:
    """Run ``command`` and end the process with its exit code, or with that of the error it raised."""
    sys.exit(_guarded(command))


def complain(error: WidgetpackError | click.ClickException) -> int:
    """Print an error and its cure in two lines, or as click does; return its exit code."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    click.echo(readable(f"widgetpack: {error}"), err=True)
    if error.hint:
        click.echo(readable(f"  try: {error.hint}"), err=True)
    return error.exit_code


def readable(text: str) -> str:
    """Put the letters back that a C locale has torn into bytes: file names are UTF-8 nearly everywhere.

    What is no UTF-8 becomes U+FFFD.
    """
    if text.isascii():
        return text
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # halves of pairs that are no bytes, as a JSON text may hold
        data = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    return data.decode("utf-8", "replace")


def _prepare() -> None:
    """Make the streams take every text, and a signal to stop end the run like an error."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us, as with `>&-`
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for the rest of the run
        getattr(sys, name).reconfigure(errors="backslashreplace")  # a widget's text must not end the run
    for number in STOP_SIGNALS:  # Ctrl+C is an exception already
        if number != signal.SIGINT and signal.getsignal(number) != signal.SIG_IGN:  # as below `nohup`
            signal.signal(number, lambda came, _: sys.exit(128 + came))  # so that temporary files are removed


def _guarded(command: Callable[[], int | None]) -> int:
    try:
        _prepare()
        return _flushed(int(command() or EXIT_CLEAN))
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the one boundary: what is no error of ours is a bug, and says so
        code = _code_of_signal(error)
        if code is not None:
            return code
        if isinstance(error, (click.ClickException, WidgetpackError)):
            return complain(error)
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            return _silenced(error)
        return _bug() if _has_folder() else complain(_NO_FOLDER)


def _code_of_signal(error: BaseException) -> int | None:
    """Return the exit code of a signal that came first: what cleans up on the way out may raise something of its own."""
    before = error.__context__
    while before is not None:
        if isinstance(before, KeyboardInterrupt):
            return EXIT_INTERRUPTED
        if isinstance(before, SystemExit) and isinstance(before.code, int):
            return before.code
        before = before.__context__
    return None


def _flushed(code: int) -> int:
    """Write out what is still held back, while its errors can still be told."""
    sys.stdout.flush()
    return code


_UNWRITABLE = {errno.EPIPE, errno.ENOSPC, errno.EIO}
"""Errors of the output stream: everything else that writes turns its errors into a `WidgetpackError` itself."""


def _silenced(error: OSError) -> int:
    """End where the report cannot be written; the interpreter's own flush at the end must not complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:  # the reader went away, as in `widgetpack ls | head`
        return 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else EXIT_TOOL
    return complain(WidgetpackError(f"the report cannot be written: {(error.strerror or '').lower()}"))


_NO_FOLDER = UsageError("the current folder does not exist any more", "change to one that does")


def _has_folder() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def _bug() -> int:
    """Show what a bug report needs."""
    import platform
    import traceback

    click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(
        f"widgetpack: this is a bug in widgetpack {__version__} (Python {platform.python_version()}, {platform.system()})\n"
        "  try: report it with the lines above and, if you can, the widget that caused it",
        err=True,
    )
    return EXIT_TOOL
