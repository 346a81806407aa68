"""Who may ask: by the name that a browser called this server (Host), and by the page that asks (Origin).

A page of any site can make a browser ask 127.0.0.1 under a name of its own (DNS rebinding), and would then count as the same origin:
so a name that nobody gave to this server gets no answer.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from widgetpack.server.address import EVERYWHERE, LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

_PLATFORM = re.compile(r"https://(?:[a-z0-9-]+\.)+(?:kommo\.com|amocrm\.ru|amocrm\.com)")
"""Accounts are `https://SUBDOMAIN.kommo.com` and the like."""


class KnownHosts:
    """Refuses every request whose Host header is neither this machine nor ``host``; with the port it came to or any other."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        """Take what is asked behind this check, and the address that the server is bound to."""
        self._app = app
        self._host = host.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to a strange name, and close anything that is no HTTP."""
        if scope["type"] != "http":
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and self._is_known(host_name(given[0])):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("this server does not answer to that host name\n", 421)(scope, receive, send)

    def _is_known(self, name: str) -> bool:
        if name in LOOPBACK or (name and name == self._host):
            return True
        # Bound to every address, it is reached by numbers that it does not know; a rebound name is never a number.
        return self._host in EVERYWHERE and _is_number(name)


def host_name(header: str) -> str:
    """Return the name in a Host header, without port and brackets, in small letters; empty where it is none."""
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^\[\]:/@\s]+))(?::\d{1,5})?", header)
    return (match[1] or match[2]).lower() if match else ""


def is_platform(origin: str) -> bool:
    """Tell whether a page of this origin belongs to Kommo or amoCRM."""
    return _PLATFORM.fullmatch(origin) is not None


def origins_allowed(further: Iterable[str]) -> frozenset[str]:
    """Return origins as browsers send them: small letters, no slash at the end."""
    return frozenset(origin.lower().rstrip("/") for origin in further)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
