"""What the tests of the sandbox in Chromium share: the libraries of the page, scripts of widgets, and what the page tells."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chromium import CHROMIUM, need

from widgetpack.config.settings import Config
from widgetpack.preview.app import Sandbox
from widgetpack.preview.live import Preview
from widgetpack.server.events import Events
from widgetpack.server.run import bound, serving
from widgetpack.toolchain.libraries import install_libraries, need_libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Frame, Page

ROOT = Path(__file__).parent.parent.parent
SAMPLE_AREAS = (
    "integrations",
    "settings",
    "advanced_settings",
    "lcard",
    "ccard",
    "digital_pipeline",
    "salesbot_designer",
)
PLAIN = {"render": "return true;", "init": "return true;", "bind_actions": "return true;", "destroy": ""}


def installed_libraries(cache: Path) -> str:
    """Install the real libraries of the page below ``cache``; return it, as WIDGETPACK_CACHE."""
    need(CHROMIUM, "no Chromium on PATH")
    need(shutil.which("npm"), "no npm for the libraries of the page")
    install_libraries({**os.environ, "WIDGETPACK_CACHE": str(cache)})
    return str(cache)


def script(bodies: dict[str, str], dependencies: str = "'jquery'", names: str = "$") -> bytes:
    """Return a script whose callbacks have these bodies, each from a line of its own on; ``self`` is the widget."""
    members = ",\n".join(f"{name}: function (a, b) {{\n{body}\n}}" for name, body in {**PLAIN, **bodies}.items())
    return (
        f"define([{dependencies}], function ({names}) {{ return function () {{ var self = this; this.callbacks = {{\n"
        f"{members}\n}}; }}; }});\n"
    ).encode()


def example(name: str, base: Path) -> Path:
    """Return a copy of an example below ``base``; packages of npm are those that were installed beside the original."""
    source = ROOT / "examples" / name
    home = Path(shutil.copytree(source, base / "w", ignore=shutil.ignore_patterns("dist", "node_modules")))
    if (source / "package-lock.json").is_file():
        need((source / "node_modules").is_dir(), f"run `npm ci --ignore-scripts` in examples/{name}")
        (home / "node_modules").symlink_to(source / "node_modules")
    return home


@contextmanager
def built(home: Path, cache: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Serve the sandbox with the widget in ``home`` from this process; return its address, and what builds it anew."""
    sandbox = Sandbox(Events(), need_libraries({"WIDGETPACK_CACHE": cache}), online=False)
    with bound("127.0.0.1", 0) as place, serving(sandbox.app(), place, sandbox.events):
        work = Preview(sandbox, place.origin, print)
        work.make(home, Config(home))
        yield place.origin, lambda: work.make(home, Config(home))


@contextmanager
def shown(home: Path, cache: str) -> Iterator[str]:
    """Serve the sandbox with the widget in ``home`` as it is now; return its address."""
    with built(home, cache) as (origin, _):
        yield origin


def walked(page: Page, origin: str, area: str, locale: str = "en", *, walk: bool = True) -> list[dict[str, Any]]:
    """Open the stage alone, do what a person would do there, and leave; return all events."""
    page.goto(f"{origin}/stage?area={area}&locale={locale}&theme=light")
    if walk:
        page.evaluate("window.widgetpack.walk()")
    events: list[dict[str, Any]] = page.evaluate("window.widgetpack.ready.then(() => window.widgetpack.leave())")
    return events


def problems(events: list[dict[str, Any]]) -> list[str]:
    """Return errors and warnings, each in one line."""
    return [brief(event) for event in events if event["level"] in ("error", "warning")]


def brief(event: dict[str, Any]) -> str:
    place = event.get("place")
    where = f" at {place['path']}:{place['line']}" if place else ""
    what = event.get("message") or event.get("value") or ""
    name = event.get("name") or (f"{event['method']} {event['url']}" if event["kind"] == "request" else "")
    return " ".join(part for part in (event["level"], event["kind"], name, what) if part) + where


def callbacks(events: list[dict[str, Any]]) -> list[str]:
    """Return what was called, with what it gave."""
    return [f"{event['name']} {event['value']}" for event in events if event["kind"] == "callback"]


def stage(page: Page) -> Frame:
    """Return the frame in which the CRM is played, once its area stands."""
    until(page, "document.getElementById('frame')?.src.includes(`?${location.hash.slice(1)}&`)")
    (frame,) = (frame for frame in page.frames if frame.parent_frame is not None)
    for _ in range(1000):
        source = page.evaluate("document.getElementById('frame')?.src")
        if frame.url == source and frame.evaluate("Boolean(window.widgetpack)"):
            frame.evaluate("window.widgetpack.ready.then(() => true)")
            return frame
        page.wait_for_timeout(10)
    raise AssertionError(frame.url)


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds in the shell, whose policy forbids Playwright's own way to wait."""
    for _ in range(1000):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(10)
    raise AssertionError(expression)
