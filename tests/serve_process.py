"""A running ``widgetpack serve``: its lines, its address, its answers; for the tests with and without a browser."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from running import DEADLINE, Running

if TYPE_CHECKING:
    from pathlib import Path


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


class Serving(Running):
    """A running ``widgetpack serve``."""

    def __init__(self, cwd: Path, *arguments: str, **environment: str) -> None:
        super().__init__(cwd, "serve", *arguments, environment=environment)


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
