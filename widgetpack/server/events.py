"""Server-sent events: what the watch loop tells, in its thread, reaches every page that listens."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

KEEP_ALIVE_SECONDS = 15.0
"""A comment this often finds out about pages that are gone, and keeps proxies from closing the stream."""
_WAITING = 100
"""So many events may wait for a page that does not read, as one whose laptop sleeps; then its stream ends, and it asks again."""


class _Listener(NamedTuple):
    """One page: its queue, and the loop of the server's thread, the only one that may touch it."""

    queue: asyncio.Queue[str | None]
    loop: asyncio.AbstractEventLoop


class Events:
    """Pages that listen, and the latest event of each name, which a page that comes later gets first."""

    def __init__(self) -> None:
        """Start without pages and without events."""
        self._lock = threading.Lock()
        self._latest: dict[str, str] = {}
        self._listeners: set[_Listener] = set()
        self._closed = False

    def publish(self, name: str, data: Any) -> None:
        """Tell every page; ``data`` is what JSON can say. From any thread; never waits."""
        text = f"event: {name}\ndata: {json.dumps(data)}\n\n"
        with self._lock:
            self._latest.pop(name, None)  # the latest stands last, also for those who come later
            self._latest[name] = text
            for listener in self._listeners:
                _hand(listener, text)

    def close(self) -> None:
        """End every stream, and each that would begin later; from any thread."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                _hand(listener, None)

    async def respond(self, request: Request) -> Response:
        """Return the stream for one page: first the latest event of each name, then each as it comes."""
        headers = {"Content-Type": "text/event-stream; charset=utf-8"}
        if request.method == "HEAD":
            return Response(headers=headers)  # a stream whose body nobody gets would never end
        return StreamingResponse(self._stream(), headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        listener = _Listener(asyncio.Queue(_WAITING + 1), asyncio.get_running_loop())
        with self._lock:
            told = "".join(self._latest.values())
            if self._closed:
                return
            self._listeners.add(listener)
        try:
            yield f"retry: 1000\n\n{told}"
            while (text := await _next(listener.queue)) is not None:
                yield text
        finally:
            with self._lock:
                self._listeners.discard(listener)


async def _next(queue: asyncio.Queue[str | None]) -> str | None:
    try:
        return await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
    except TimeoutError:
        return ":\n\n"


def _hand(listener: _Listener, text: str | None) -> None:
    """Put an event into a page's queue, from another thread; where too many wait already, the end."""

    def put() -> None:
        if listener.queue.qsize() < _WAITING:
            listener.queue.put_nowait(text)
        elif not listener.queue.full():
            listener.queue.put_nowait(None)

    if not listener.loop.is_closed():
        listener.loop.call_soon_threadsafe(put)
