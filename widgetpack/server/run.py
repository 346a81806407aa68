"""The server in a thread of its own, so that the main thread can watch, build and take Ctrl+C."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError
from widgetpack.server.address import origin_of
from widgetpack.server.hosts import KnownHosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import uvicorn
    from starlette.types import ASGIApp

    from widgetpack.server.certificate import Certificate
    from widgetpack.server.events import Events

_END_SECONDS = 2.0
"""Answers under way get so long at the end; the thread is a daemon, so nothing keeps the process after that."""


class Bound(NamedTuple):
    """A port that is ours."""

    socket: socket.socket
    host: str
    """As given, without brackets."""
    certificate: Certificate | None

    @property
    def origin(self) -> str:
        """What browsers on this machine call it: ``http://localhost:8377``."""
        return origin_of(self.host, self.socket.getsockname()[1], https=self.certificate is not None)


@contextmanager
def bound(host: str, port: int, certificate: Certificate | None = None) -> Iterator[Bound]:
    """Take the port (0: any that is free) and give it back at the end; raises `WidgetpackError` in one line where that fails."""
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        raise _refused(host, port, error) from None
    with taken:
        # asyncio leaves Nagle's algorithm on for a socket made without a protocol number, and an answer then waits 40 ms for
        # the browser's acknowledgement. What is accepted inherits the option.
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Bound(taken, host, certificate)


def _refused(host: str, port: int, error: OSError | UnicodeError) -> WidgetpackError:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return WidgetpackError(f"port {port} is in use", "stop what listens there, or name another with --port")
    if number == errno.EACCES:
        return WidgetpackError(f"port {port} may not be used by this user", "name one above 1023 with --port")
    reason = (getattr(error, "strerror", None) or "no such address").partition(" (while")[0].lower()
    return WidgetpackError(
        f"cannot listen at {host}: {reason}", "127.0.0.1 is this machine alone, 0.0.0.0 every network"
    )


@contextmanager
def serving(app: ASGIApp, place: Bound, events: Events) -> Iterator[None]:
    """Answer at ``place`` while the body runs; at its end every stream of ``events`` is closed.

    Hosts are checked here, for every app; what else an answer needs is the app's own.
    """
    server = _server(KnownHosts(app, place.host), place.certificate)
    thread = threading.Thread(target=server.run, args=([place.socket],), name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        events.close()
        server.should_exit = True
        thread.join(_END_SECONDS)


def _server(app: ASGIApp, certificate: Certificate | None) -> uvicorn.Server:
    import uvicorn

    # What a browser sends is no line of this program's, and a fault of the app is answered with 500.
    logger = logging.getLogger("uvicorn")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    files = {"ssl_certfile": certificate.chain, "ssl_keyfile": certificate.key} if certificate else {}
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        **files,  # type: ignore[arg-type]  # two paths among options of many types
    )
    return uvicorn.Server(config)
