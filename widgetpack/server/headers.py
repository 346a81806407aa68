"""The headers of every answer, and the answers to preflights.

A page of another origin may read what is served if it is a page of the platforms, or of an origin that the user named. Chrome asks a
server on this machine by a preflight (Private Network Access, and the same under its other name, Local Network Access), and since
version 142 the user by a prompt; so does Firefox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from widgetpack.server.hosts import is_platform

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_NETWORKS = ("Private", "Local")


class AnswerHeaders:
    """Adds the headers that hold for all answers, and with ``shared`` those that a page of the platform needs."""

    def __init__(self, app: ASGIApp, *, shared: bool, origins: Collection[str] = ()) -> None:
        """Take further origins as `widgetpack.server.hosts.origins_allowed` returns them; without ``shared`` none is allowed."""
        self._app = app
        self._shared = shared
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; let every other request through, and add to what comes back."""
        asked = Headers(scope=scope)
        origin = asked.get("origin", "").lower()
        allowed = self._shared and (is_platform(origin) or origin in self._origins)
        further = self._further(origin, allowed=allowed)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            answer = Response(status_code=204, headers=preflight(asked)) if allowed else Response(status_code=403)
            await answer(scope, receive, _adding(send, further))
        else:
            await self._app(scope, receive, _adding(send, further))

    def _further(self, origin: str, *, allowed: bool) -> dict[str, str]:
        policy = "Cross-Origin-Resource-Policy"
        if not self._shared:
            return {policy: "same-origin"}  # else any site may take what is served for a script or a picture of its own
        if not allowed:
            return {}
        # Some pages of the platform send cookies along with every request; there is nothing here that they could open.
        readable = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        return {**readable, policy: "cross-origin"}


def preflight(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that allow what a preflight of an allowed origin asks for: reading, with any header."""
    answer = {"Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Max-Age": "0"}
    if wanted := asked.get("access-control-request-headers"):
        answer["Access-Control-Allow-Headers"] = wanted
    for network in _NETWORKS:
        if asked.get(f"access-control-request-{network.lower()}-network") == "true":
            answer[f"Access-Control-Allow-{network}-Network"] = "true"
    return answer


def _adding(send: Send, further: Mapping[str, str]) -> Send:
    """Return a ``send`` that lays our headers over those of the answer."""

    async def added(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**_ALWAYS, **further}.items():
                headers.setdefault(name, value)
            headers.add_vary_header("Origin")
        await send(message)

    return added
