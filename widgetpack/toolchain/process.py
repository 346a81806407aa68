"""A program of others, run so that whatever it does (hang, crash, print without end) is an answer and not a surprise."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from widgetpack.errors import STOP_SIGNALS, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_CHUNK = 1 << 16
_GRACE_SECONDS = 1.0
"""How long the end of a program that was killed is waited for."""


class Done(NamedTuple):
    """What a program that ended by itself left behind."""

    code: int
    """Its exit code; below 0 the number of the signal that ended it."""
    out: bytes
    err: bytes


class ProcessError(Exception):
    """A program did not start, did not end in time, or printed too much; the words say which, without its name."""


def run_apart(  # noqa: PLR0913  # each is a limit or a place of its own
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    timeout: float,
    most: int,
    stdin: bytes = b"",
    cwd: Path | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Done:
    """Run ``command`` in a process group of its own, which ends with this call, also on Ctrl+C and SIGTERM.

    ``meanwhile`` is called once it has been started; what that raises ends the process as well.

    Raises `ProcessError` where it cannot be started, takes more than ``timeout`` seconds or prints more than ``most`` bytes
    to one of its streams.
    """
    talk = None
    try:
        with signals_held():  # else one that comes now would leave a process that nobody knows
            talk = _Talk(_started(command, environ, cwd), stdin, most)
        latest = time.monotonic() + timeout
        if meanwhile is not None:
            meanwhile()
        return talk.finish(latest)
    except TimeoutError:
        message = f"gives no answer within {timeout:g} seconds"
        raise ProcessError(message) from None
    finally:
        if talk is not None:
            talk.end()


def _started(command: Sequence[str], environ: Mapping[str, str], cwd: Path | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # whom to run is the caller's decision
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=dict(environ),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise ProcessError(_reason(error, cwd)) from None


@contextmanager
def signals_held() -> Iterator[None]:
    """Let what asks to stop wait for a moment. A mask would do it, too, but a new process inherits it."""
    held: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():  # elsewhere no signal is answered
        for number in STOP_SIGNALS:
            if callable(signal.getsignal(number)):  # what is ignored stays ignored, here and in the new process
                before[number] = signal.signal(number, lambda came, _: held.append(came))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for came in held:
        signal.raise_signal(came)


class _Talk:
    """The three streams of a process, each with a thread of its own: none of them may hold up another."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, most: int) -> None:
        self._process = process
        self._most = most
        self._flooded = threading.Event()
        self._out, self._err = bytearray(), bytearray()
        self._readers = [
            (_begun(lambda: self._read(process.stdout, self._out)), process.stdout),
            (_begun(lambda: self._read(process.stderr, self._err)), process.stderr),
        ]
        self._writer = _begun(lambda: _write(process.stdin, stdin))

    def finish(self, latest: float) -> Done:
        """Wait for the end of both outputs and of the process; raise `TimeoutError` at ``latest`` (monotonic seconds)."""
        for reader, _ in self._readers:
            while reader.is_alive() and not self._flooded.is_set():
                if time.monotonic() > latest:
                    raise TimeoutError
                reader.join(0.2)  # short: a long wait holds up Ctrl+C on Windows
        if self._flooded.is_set():
            message = f"prints more than {self._most:,} bytes"
            raise ProcessError(message)
        try:
            code = self._process.wait(max(latest - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        return Done(code, bytes(self._out), bytes(self._err))

    def _read(self, stream: IO[bytes] | None, into: bytearray) -> None:
        while stream is not None and (chunk := os.read(stream.fileno(), _CHUNK)):
            into += chunk
            if len(into) > self._most:
                self._flooded.set()
                return

    def end(self) -> None:
        """Leave nothing behind: no process of the group where it did not end by itself, no thread, no open stream."""
        if self._process.returncode is None:
            kill_group(self._process)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
        self._writer.join(_GRACE_SECONDS)
        for reader, stream in self._readers:
            reader.join(_GRACE_SECONDS)
            # Something that left the group may hold the other end; a stream that is being read must not be closed.
            if stream is not None and not reader.is_alive():
                stream.close()


def _begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _write(stream: IO[bytes] | None, data: bytes) -> None:
    """Give the program what it reads; one that ends without reading it has its reasons."""
    if stream is not None:
        with suppress(OSError):
            stream.write(data)
        with suppress(OSError):
            stream.close()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the group of a process that nobody has waited for: its number cannot have been given to another."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def signal_name(number: int) -> str:
    """Return ``SIGKILL`` and the like; of one that has no name here its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _reason(error: OSError | ValueError, cwd: Path | None) -> str:
    if isinstance(error, ValueError):
        return f"cannot be run: {error}"
    words = reason_of(error)
    if cwd is not None and error.filename in (cwd, str(cwd)):
        return f"cannot be run in {cwd}: {words}"
    return f"cannot be run: {'no program for this machine' if error.errno == errno.ENOEXEC else words}"
