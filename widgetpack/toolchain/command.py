"""The project's own build, ``[script] command``: what runs before the widget is read, as npm runs a script."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.toolchain.process import kill_group, signal_name, signals_held

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from widgetpack.config.settings import Config

_TICK_SECONDS = 0.1
"""How often Ctrl+C is looked for on Windows, and whether a command has ended that left its output open to others."""
_GRACE_SECONDS = 2.0
"""How long a command may tidy up after SIGTERM, and how long the output of what it left behind is listened to."""
_TAIL_BYTES = 64_000
_TAIL_LINES = 20
_WIDEST = 300
"""Characters of a line that is told again."""
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class Command(NamedTuple):
    """A command of a config file."""

    text: str
    """As the shell takes it."""
    folder: Path
    """The config file's: the command runs in it."""


class CommandError(WidgetpackError):
    """The project's own build failed; ``lines`` are the last ones that it printed."""

    def __init__(self, message: str, hint: str = "", lines: tuple[str, ...] = ()) -> None:
        """Take what `WidgetpackError` takes, and the lines."""
        super().__init__(message, hint)
        self.args = (message, hint, lines)  # so that the error survives the way back from a worker process
        self.lines = lines


def command_of(config: Config) -> Command | None:
    """Return the command that the config file names; only a file can, neither the command line nor the environment."""
    if not config.script.command or config.file is None:
        return None
    return Command(config.script.command, config.file.parent)


def run_command(command: Command, environ: Mapping[str, str], show: Callable[[bytes], None] | None = None) -> None:
    """Run a command to its end, however long that takes; its whole process group ends on Ctrl+C and SIGTERM.

    ``show`` gets what it prints, to either stream, as it comes. Raises `CommandError` (exit code 3) where it cannot be started,
    ends with another exit code than 0, or is ended by a signal.
    """
    run = None
    try:
        with signals_held():  # else one that comes now would leave a process that nobody knows
            run = _Run(_started(command, environ))
        code = run.finish(show)
    finally:
        if run is not None:
            run.end()
    if code != 0:
        ending = f"ends with exit code {code}" if code > 0 else f"is ended by {signal_name(-code)}"
        raise _failed(command, ending, run.tail)


def surroundings(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command in ``folder``: programs of its packages come first on PATH, as for a script of npm.

    A ``widgetpack build`` within it does not run the command again.
    """
    top = Path(os.path.abspath(folder))  # noqa: PTH100  # absolute() keeps `..`
    programs = [str(place / "node_modules" / ".bin") for place in (top, *top.parents)]
    path = os.pathsep.join([*programs, *filter(None, [environ.get("PATH", "")])])
    return {**environ, "PATH": path, "WIDGETPACK_NO_COMMAND": "1"}


def _started(command: Command, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # the user's own config says what to run
            _through_shell(command.text, environ),
            stdin=subprocess.DEVNULL,  # nobody is there to answer a question
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=command.folder,
            env=surroundings(command.folder, environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        words = str(error) if isinstance(error, ValueError) else reason_of(error)
        raise _failed(command, f"cannot be run: {words}", b"") from None


def _through_shell(text: str, environ: Mapping[str, str]) -> list[str] | str:
    """Return what starts a command the way npm does: ``sh`` on POSIX, ``cmd`` on Windows, whose quoting is its own."""
    if sys.platform == "win32":
        return f'"{environ.get("COMSPEC", "cmd.exe")}" /d /s /c "{text}"'
    return ["/bin/sh", "-c", text]


class _Run:
    """A running command; a thread reads what it prints, so that nothing blocks the one that Ctrl+C comes to."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._chunks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._is_over = False
        self.tail = b""
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes] | None) -> None:
        """Read to the end: something that the command left behind may go on writing, and must not be held up."""
        while stream is not None and (chunk := os.read(stream.fileno(), 1 << 16)):
            if not self._is_over:
                self._chunks.put(chunk)
        if stream is not None:
            stream.close()
        self._chunks.put(None)

    def finish(self, show: Callable[[bytes], None] | None) -> int:
        """Hand on all output, then return the exit code; below 0 it is the number of a signal."""
        latest = 0.0
        while True:
            try:
                chunk = self._chunks.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                chunk = b""
            if chunk is None:
                break
            if chunk:
                self.tail = (self.tail + chunk)[-_TAIL_BYTES:]
                if show is not None:
                    show(chunk)
            if self._process.poll() is not None:  # a server that it started may hold the output open for ever
                latest = latest or time.monotonic() + _GRACE_SECONDS
                if time.monotonic() > latest or not chunk:
                    break
        while True:
            try:
                return self._process.wait(_TICK_SECONDS)
            except subprocess.TimeoutExpired:
                continue

    def end(self) -> None:
        """Leave no process of the group behind where the command did not end by itself."""
        self._is_over = True
        if self._process.returncode is None:
            try:
                self._ask_to_end()
            finally:
                kill_group(self._process)
                self._process.wait()
        self._reader.join(_TICK_SECONDS)

    def _ask_to_end(self) -> None:
        """Send SIGTERM to the group and wait until nobody holds its output, for a moment."""
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self._process.pid)], capture_output=True, check=False)  # noqa: S603, S607
            return
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            return
        latest = time.monotonic() + _GRACE_SECONDS
        while self._reader.is_alive() and time.monotonic() < latest:
            self._reader.join(_TICK_SECONDS)


def described(command: Command) -> str:
    """Return the command in one line, with its folder where that is another than the current one."""
    where = "" if command.folder == Path() else f" in {command.folder.as_posix()}"
    return f"`{' '.join(command.text.split())[:_WIDEST]}`{where}"


def _failed(command: Command, words: str, printed: bytes) -> CommandError:
    silent = "" if printed.strip() or words.startswith("cannot") else " and says nothing"
    return CommandError(
        f"{described(command)} {words}{silent}",
        "mend what it says; it is `[script] command` of the config, and --no-command builds of what lies there",
        tuple(_lines(printed)),
    )


def _lines(printed: bytes) -> list[str]:
    """Return the last lines as text that steers no terminal."""
    text = _COLOURS.sub("", printed.decode("utf-8", "replace"))
    lines = [line.rstrip().rpartition("\r")[2].expandtabs(2) for line in text.split("\n")]
    shown = ["".join(letter if letter.isprintable() else "?" for letter in line)[:_WIDEST] for line in lines if line]
    return shown[-_TAIL_LINES:]
