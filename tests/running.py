"""A process of widgetpack that goes on until it is told to end: its lines one by one, its errors, its end."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEADLINE = 120.0
"""Seconds after which what did not come is a failure; never what a test measures."""

LINE = re.compile(r"\d\d:\d\d:\d\d (.*)")


class Running:
    """``widgetpack WORDS`` in a session of its own, ended by `end`."""

    def __init__(
        self, cwd: Path, *words: str, wrap: tuple[str, ...] = (), environment: dict[str, str] | None = None
    ) -> None:
        self.process = subprocess.Popen(
            [*wrap, sys.executable, "-m", "widgetpack", *words],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
        self.said: list[str] = []
        """The lines that `line` passed over."""
        self.errors = ""
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._read_lines), threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_lines(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line

    def line(self) -> str:
        """Return the next line that begins with the time, without time, size and duration; keep others in ``said``."""
        while True:
            text = self._lines.get(timeout=DEADLINE)
            assert text is not None, f"ended with {self.process.wait()}: {self.errors}"
            if match := LINE.fullmatch(text):
                return re.sub(r"\b\d+ ms\b", "N ms", re.sub(r"\b[\d.]+ [kM]?B\b", "SIZE", match[1]))
            self.said.append(text)

    def until(self, done: Callable[[], bool]) -> list[str]:
        """Return the lines up to the first after which ``done`` holds."""
        lines = [self.line()]
        while not done():
            lines.append(self.line())
        return lines

    def text(self) -> str:
        """Return the next line as it is."""
        return f"{self._lines.get(timeout=DEADLINE)}\n"

    def rest(self) -> list[str]:
        """Return what was printed and not yet taken, after the end."""
        lines = []
        while (line := self._lines.get(timeout=DEADLINE)) is not None:
            lines.append(line)
        return lines

    def result(self) -> int:
        """Return the exit code of a process that ends by itself."""
        self.process.wait(DEADLINE)
        return self.end()

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal as the terminal does, to the whole group; return the exit code when every process is gone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        code = self.process.wait(DEADLINE)
        for thread in self._threads:
            thread.join(DEADLINE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        with pytest.raises(ProcessLookupError):
            os.killpg(self.process.pid, 0)
        return code
