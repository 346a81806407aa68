"""The addresses of the sandbox: its own page, the widget as it ships, the libraries, and the events of the build."""

from __future__ import annotations

import json
import time
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from widgetpack.server.files import file_response
from widgetpack.server.headers import AnswerHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from widgetpack.model import Finding
    from widgetpack.preview.origin import Sources
    from widgetpack.server.events import Events

_SHELL_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STAGE_POLICY: Final = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; base-uri 'self'; frame-ancestors 'self'"
)
"""Widgets write styles and handlers into the page, as they may in the CRM; what is elsewhere stays out of reach."""
_MOST_DIGITS: Final = 7
_MOST_FINDINGS: Final = 200
"""So many go to the page; the terminal shows all."""


class Shown(NamedTuple):
    """One good build, as the page gets it."""

    number: int
    """Counts the good builds; part of the address, so that nothing of an earlier one is taken for this one."""
    state: dict[str, Any]
    files: Mapping[str, bytes]
    icon: bytes
    sources: Sources


class Sandbox:
    """What the page shows now. The watch loop puts a new build in; answers take what is there."""

    def __init__(self, events: Events, libraries: Mapping[str, bytes], *, online: bool, lasting: bool = False) -> None:
        """Start with nothing to show; ``libraries`` go by name, ``online`` lets the widget ask servers of others.

        ``lasting`` lets browsers keep the page's own files: for a server that ends with one check.
        """
        self.events = events
        self._libraries = libraries
        self.online = online
        self._lasting = lasting
        self._session = time.time_ns()
        self._builds: tuple[Shown, ...] = ()
        """The last good one, and the one before: a stage of it asks until the page has a new one."""

    @property
    def number(self) -> int:
        """How many good builds there were."""
        return self._builds[0].number if self._builds else 0

    def show(self, shown: Shown, findings: list[dict[str, Any]]) -> None:
        """Put a good build in place and tell every page."""
        self._builds = (shown, *self._builds[:1])
        self._publish({"ok": True, "number": shown.number, "findings": findings})

    def keep(self, message: str, findings: list[dict[str, Any]]) -> None:
        """Leave the last good build where it is, and tell every page why."""
        self._publish({"ok": False, "number": self.number, "message": message, "findings": findings})

    def _publish(self, told: dict[str, Any]) -> None:
        """Tell every page; builds of another process have the same numbers, so the session is told, too."""
        self.events.publish("build", {**told, "session": self._session})

    def app(self) -> ASGIApp:
        """Return the routes; each answers GET and HEAD only."""
        routes = [
            Route("/", self._page("index.html", _SHELL_POLICY)),
            Route("/stage", self._page("stage.html", "" if self.online else _STAGE_POLICY)),
            Route("/page/{path:path}", self._own),
            Route("/state.json", self._state),
            Route("/lib/{name}", self._library),
            Route("/tmpl/{path:path}", self._control),  # noqa: S108  # an address of the platform's page
            Route("/upl/{code}/{number}/widget/{path:path}", self._widget),
            Route("/icon", self._icon),
            Route("/origin", self._origin),
            Route("/events", self.events.respond),
        ]
        return AnswerHeaders(Starlette(routes=routes), shared=False)

    def _page(self, name: str, policy: str) -> Any:
        def respond(_: Request) -> Response:
            answer = file_response(page_files(), name)
            if policy:
                answer.headers["Content-Security-Policy"] = policy
            return answer

        return respond

    def _own(self, request: Request) -> Response:
        answer = file_response(page_files(), request.path_params["path"])
        if self._lasting:
            answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    def _control(self, request: Request) -> Response:
        return file_response(page_files(), f"tmpl/{request.path_params['path']}")

    def _library(self, request: Request) -> Response:
        data = self._libraries.get(request.path_params["name"].removesuffix(".js"))
        if data is None:
            return PlainTextResponse("no such library\n", 404)
        # Pinned, and half a megabyte for every stage: the one thing that a browser may keep.
        headers = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "private, max-age=3600"}
        return Response(data, headers=headers)

    def _state(self, _: Request) -> Response:
        if not self._builds:
            return _json({}, 503)  # why, the latest event of the build says
        shown = self._builds[0]
        base = f"/upl/{shown.state['code']}/{shown.number}/widget"
        facts = {
            "build": shown.number,
            "session": self._session,
            "path": base,
            "online": self.online,
            "controls": _controls(),
        }
        return _json({**shown.state, **facts})

    def _widget(self, request: Request) -> Response:
        shown = self._numbered(request.path_params["number"])
        return file_response(shown.files if shown else {}, request.path_params["path"])

    def _numbered(self, number: str) -> Shown | None:
        return next((shown for shown in self._builds if str(shown.number) == number), None)

    def _icon(self, _: Request) -> Response:
        icons = {shown.state["icon"]: shown.icon for shown in self._builds[:1] if shown.state["icon"]}
        return file_response(icons, next(iter(icons), ""))

    def _origin(self, request: Request) -> Response:
        """Answer where a place of a shipped script lies in the sources; null where that is not known."""
        asked = request.query_params
        numbers = [asked.get(key, "") for key in ("line", "column")]
        shown = self._numbered(asked.get("build", ""))
        if shown is None or not all(text.isdecimal() and len(text) <= _MOST_DIGITS for text in numbers):
            return PlainTextResponse("build, path, line and column are needed\n", 400)
        found = shown.sources.find(asked.get("path", ""), *map(int, numbers))
        return _json(found and found._asdict())


def _json(value: Any, status: int = 200) -> Response:
    """Answer with ASCII: a text of a widget may hold halves of characters, which are no UTF-8."""
    return Response(json.dumps(value), status, headers={"Content-Type": "application/json"})


@cache
def page_files() -> Mapping[str, bytes]:
    """Return the files of the page by path, read once; whole from the start, for several threads ask at the same time."""
    folder = Path(__file__).parent / "page"
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _controls() -> dict[str, str]:
    """Return the platform's twig files, as we play them: ``/tmpl/controls/select.twig`` -> its text."""
    return {f"/{path}": data.decode() for path, data in page_files().items() if path.endswith(".twig")}


def as_told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as the page lists them."""
    keys = ("code", "severity", "message", "path", "line", "column")
    return [{key: getattr(finding, key) for key in keys} for finding in islice(findings, _MOST_FINDINGS)]
