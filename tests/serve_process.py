"""A running ``widgetpack serve``: its lines, its address, its answers; for the tests with and without a browser."""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE = 120.0
"""Seconds after which what did not come is a failure; never what a test measures."""

_LINE = re.compile(r"\d\d:\d\d:\d\d (.*)")


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    """By names in small letters."""
    body: bytes


def free_port() -> int:
    """Return a port that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Serving:
    """One process, ended by `end`."""

    def __init__(self, cwd: Path, *arguments: str, **environment: str) -> None:
        # A shell's background job ignores Ctrl+C, and hands that on to its children.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "widgetpack", "serve", *arguments],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            env={**os.environ, **environment},
        )
        signal.signal(signal.SIGINT, before)
        self.said: list[str] = []
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
        self.errors += self.process.stderr.read()

    def line(self) -> str:
        """Return the next line that begins with the time, without time, size and duration; keep others in ``said``."""
        while True:
            text = self._lines.get(timeout=DEADLINE)
            assert text is not None, f"ended with {self.process.wait()}: {self.errors}"
            if match := _LINE.fullmatch(text):
                return re.sub(r"\b\d+ ms\b", "N ms", re.sub(r"\b[\d.]+ [kM]?B\b", "SIZE", match[1]))
            self.said.append(text)

    def result(self) -> int:
        """Return the exit code of a process that ends by itself."""
        self.process.wait(DEADLINE)
        return self.end()

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal as the terminal does; return the exit code when every process is gone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        code = self.process.wait(DEADLINE)
        for thread in self._threads:
            thread.join(DEADLINE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


def ask(origin: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send one request as it is written: no path is mended on the way, and ``Host`` may be any."""
    url = urlsplit(origin)
    given: dict[str, Any] = {"timeout": DEADLINE}
    if url.scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(url.netloc, context=context, **given)
    else:
        connection = http.client.HTTPConnection(url.netloc, **given)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()
