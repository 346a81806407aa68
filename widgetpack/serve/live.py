"""What `serve` makes of a change: the files of the archive in memory, and an event for every page that listens."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from widgetpack.bundle.linked_maps import with_maps
from widgetpack.pipeline import make
from widgetpack.report.text import human_size, plural
from widgetpack.serve.devzip import STORAGE_KEY, dev_id, manifest_digest
from widgetpack.server.address import is_loopback
from widgetpack.server.events import Events
from widgetpack.server.files import file_response
from widgetpack.server.headers import AnswerHeaders
from widgetpack.server.hosts import origins_allowed
from widgetpack.watch.loop import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from widgetpack.config.serve import ServeOptions
    from widgetpack.config.settings import Config
    from widgetpack.errors import WidgetpackError
    from widgetpack.model import Finding
    from widgetpack.pipeline import Made

_MOST = 50
"""So many findings go to a browser's console; the terminal shows all."""


class Snapshot(NamedTuple):
    """The last good build."""

    build: int
    """Higher from build to build, also of one `serve` after another: it is part of each file's address. 0: there is none."""
    files: Mapping[str, bytes]
    id: str
    """What `widgetpack.serve.devzip.dev_id` says: of a widget with errors nobody knows it."""
    manifest: str
    """What `widgetpack.serve.devzip.manifest_digest` says of it."""


class Live:
    """Work of a watch: builds in memory, in the main thread; the server's thread reads the last good one."""

    def __init__(self, origin: str, options: ServeOptions, greet: Callable[[str], None]) -> None:
        """Take what browsers call this server, what it began with, and what is told the widget's id once: after the first good build."""
        self.events = Events()
        self._origin = origin
        self._options = options
        # Any site may name a script of any other, without asking to read it; so it must not know the name. Who may read is told it.
        self._secret = secrets.token_urlsafe(16)
        self._greet: Callable[[str], None] | None = greet
        self._last = Snapshot(0, {}, "", "")

    def make(self, path: Path, config: Config) -> Outcome:
        """Build, and tell the pages; findings below errors stop nothing while one works."""
        # The widget is judged without the maps that are served: they are none of its size.
        script = config.script._replace(sourcemap="external")
        made = make(path, config._replace(fail_level="error", script=script))
        if made.package is None:
            self._tell(good=False, findings=made.result.findings, message="the build has errors")
            return Outcome(made.result, "")
        files = with_maps(made.package, made.widget.tree.files, made.build.maps)
        self._last = self._snapshot(made, files)
        if self._greet is not None:
            self._greet(self._last.id)
            self._greet = None
        self._tell(good=True, findings=made.result.findings)
        size = human_size(sum(map(len, made.package.files.values())))
        later = "" if config.serve == self._options else "; the new `[serve]` counts after a restart"
        return Outcome(made.result, f"{self._origin} has {plural(len(files), 'file')}, {size}{later}")

    def _snapshot(self, made: Made, files: Mapping[str, bytes]) -> Snapshot:
        build = max(int(time.time()), self._last.build + 1)
        # The id of the first one stays: the name that it is made of may be what is being worked on.
        return Snapshot(build, files, self._last.id or dev_id(made.widget), manifest_digest(files))

    def failed(self, error: WidgetpackError) -> None:
        """Tell the pages what kept a build from being made."""
        self._tell(good=False, findings=(), message=str(error))

    def kept(self, config: Config) -> str:  # noqa: ARG002  # of `Work`
        """Say what the pages get now."""
        return f"{self._origin} stays at the last good build" if self._last.build else "no build yet"

    def output(self, config: Config) -> Path:
        """Return the zip's place: nothing is written there, and what another build writes there is no change."""
        return config.base / config.output

    def beside(self, config: Config) -> tuple[Path, ...]:  # noqa: ARG002  # of `Work`
        """Return nothing: what ships is all that counts."""
        return ()

    def _tell(self, *, good: bool, findings: tuple[Finding, ...], message: str = "") -> None:
        told = [{"severity": item.severity, "text": _line(item)} for item in findings[:_MOST]]
        self.events.publish("build", {**self._state(), "good": good, "message": message, "findings": told})

    def _state(self) -> dict[str, Any]:
        last = self._last
        return {
            "build": last.build,
            "files": f"/w/{self._secret}/{last.build}",
            "id": last.id,
            "manifest": last.manifest,
        }

    def app(self, origins: Iterable[str]) -> ASGIApp:
        """Return what answers: the state, the events, the files of the last good build, and a line for who looks by hand."""
        routes = [
            Route("/", self._hello),
            Route("/build.json", self._build),
            Route("/events", self.events.respond),
            Route("/w/{secret}/{build:int}/{path:path}", self._file),
        ]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False  # what is not there is 404, and no redirect names a host
        return AnswerHeaders(app, shared=True, origins=origins_allowed(origins))

    async def _hello(self, request: Request) -> Response:  # noqa: ARG002  # an endpoint of starlette
        return PlainTextResponse(
            f"widgetpack serves {self._last.id or 'a widget'} here; this browser trusts the address\n"
        )

    async def _build(self, request: Request) -> Response:  # noqa: ARG002
        return JSONResponse(self._state())

    async def _file(self, request: Request) -> Response:
        """Answer for any build: a page that is one behind takes what there is, and is told of the new one anyway."""
        known = secrets.compare_digest(request.path_params["secret"].encode(), self._secret.encode())
        return file_response(self._last.files if known else {}, request.path_params["path"])


def steps(origin: str, path: Path, output: Path, identifier: str, host: str) -> list[str]:
    """Return what a developer does in the account, in lines for the terminal; ``host`` is what the command line says, and no config."""
    key = f'localStorage["{STORAGE_KEY}{identifier}"]'
    named = "" if path.as_posix() == "." else f" {path.as_posix()}"
    lines = [
        f"  1. once: widgetpack build --dev{named}, and upload {output.as_posix()} to your account",
        "  2. in a page of the account, open the console (F12), paste this line, and reload the page:",
        f'     {key} = "{origin}"',
        "     Chrome and Firefox ask whether the page may reach this machine or the local network: allow it.",
        f"     To switch it off: delete {key}",
    ]
    if origin.startswith("https"):
        lines.insert(1, f"     and open {origin} once in that browser: it asks about the certificate")
    if host and not is_loopback(origin):
        lines.insert(
            0,
            f'  0. write host = "{host}" under [serve] in the config: the loader asks no machine that it does not name',
        )
    return lines


def _line(finding: Finding) -> str:
    where = f"{finding.path}:{finding.line}:{finding.column}" if finding.path else finding.source
    return f"{where} {finding.code} {finding.message}"
