"""A running ``widgetpack preview``: its lines and its address; for the tests with and without a browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from builders import folder
from running import DEADLINE
from serve_process import free_port

from widgetpack.toolchain.libraries import FILES, libraries_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def without_libraries(cache: Path) -> Path:
    """Make a cache with libraries that are none, for commands whose page no browser looks at; return it."""
    folder(libraries_home(cache) / "node_modules", dict.fromkeys(FILES.values(), b"//"))
    return cache


def ended(cache: Path, *arguments: str, code: str = "", **environment: str) -> tuple[int, str]:
    """Run ``widgetpack preview`` until it ends by itself; ``code`` runs before. Return its exit code and what it said."""
    command = [sys.executable, "-c", f"{code}\nfrom widgetpack.cli import main; main()", "preview", *arguments]
    environ = {"WIDGETPACK_CACHE": str(cache), "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin", **environment}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Previewing:
    """One process; what it prints goes to a file, so that nobody has to read it for it to go on."""

    def __init__(self, path: Path, log: Path, *arguments: str, **environment: str) -> None:
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "widgetpack", "preview", str(path), "--port", str(self.port), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            )

    def text(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, part: str) -> None:
        """Wait until this stands in what it printed."""
        latest = time.monotonic() + DEADLINE
        while part not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < latest, self.text()
            time.sleep(0.02)

    def end(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@contextmanager
def previewing(path: Path, log: Path, *arguments: str, **environment: str) -> Iterator[Previewing]:
    """Run it until the first build is shown, and end it."""
    process = Previewing(path, log, *arguments, **environment)
    try:
        process.wait_for("first build: ")
        yield process
    finally:
        process.end()
