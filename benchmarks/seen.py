"""How soon a save is seen: in the sandbox, and in a page of another origin that plays the account; and what a whole check takes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import ENVIRONMENT, Contestant, Measure, Target, megabytes, race, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Frame, Page

ROOT = Path(__file__).resolve().parent.parent
WIDGETPACK = str(Path(sys.executable).parent / "widgetpack")
_KEY = "saves"
_SECONDS = 60
_ACCOUNT = """<!doctype html><meta charset="utf-8"><title>account</title><link rel="icon" href="data:,">
<script src="/require.js"></script><script>
window.APP = { lang_id: 'en' };
var load = requirejs.load;
requirejs.load = function (context, id, url) {  // what the platform's page has is not what is measured
  if (/\\/(upl|w)\\//.test(url)) return load(context, id, url);
  define(id, [], function () { return {}; });
  context.completeLoad(id);
};
require(['/upl/script.js'], function (Widget) {
  Widget.prototype.get_settings = function () { return { path: '/upl' }; };
  Widget.prototype.i18n = function () { return {}; };
  Widget.prototype.system = function () { return { area: 'lcard' }; };
  window.widget = new Widget();
  window.widget.params = { path: '/upl' };
});
</script>"""


def seen(work: Path, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure the sample widget in `preview`, `serve` and `preview --check`, where a Chromium is there."""
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None or find_spec("playwright") is None or find_spec("starlette") is None:
        return [
            "### Seen",
            "",
            "Not measured: there was no Chromium, or the extras `dev` and `browser` were not there.",
            "",
        ], []
    subprocess.run([WIDGETPACK, "toolchain", "install"], check=True, capture_output=True, env=ENVIRONMENT)
    widget = work / "sample_widget"
    shutil.copytree(ROOT / "sample_widget", widget, ignore=shutil.ignore_patterns("dist"))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        with driver.chromium.launch(executable_path=browser, args=arguments) as chromium:
            measures = [
                _sandbox(widget, chromium.new_page(), rounds),
                _account(widget, chromium.new_page(), rounds),
            ]
    check = Contestant("widgetpack preview --check, sample widget", [WIDGETPACK, "preview", "--check", str(widget)])
    measures += race([check], rounds).values()
    lines = ["### Seen", "", *table(measures), ""]
    return lines, [
        Target("a save until the sandbox has run it", measures[0].median, 1000, " ms"),
        Target("a save until a page of the account has run it", measures[1].median, 1000, " ms"),
        Target("`preview --check` of the sample widget", measures[2].median, 10_000, " ms"),
    ]


def _sandbox(widget: Path, page: Page, rounds: int) -> Measure:
    port = _free_port()
    with _running(["preview", str(widget), "--port", str(port)]) as peaks:
        page.goto(f"http://localhost:{port}/")

        def has(number: int) -> None:
            latest = time.monotonic() + _SECONDS
            while not any(_saved(frame) == number for frame in page.frames[1:]):
                if time.monotonic() > latest:
                    sys.exit(f"preview: saved, and not seen within {_SECONDS} seconds")
                page.wait_for_timeout(2)  # else nobody would hear of a frame that has come

        times = _saves(widget, has, rounds)
    return Measure("preview: from a save of the sample widget until the sandbox has run it", times, *peaks)


def _account(widget: Path, page: Page, rounds: int) -> Measure:
    port, crm = _free_port(), ThreadingHTTPServer(("127.0.0.1", 0), partial(_Account, widget / "unpacked"))
    threading.Thread(target=crm.serve_forever, daemon=True).start()
    origin = f"http://localhost:{crm.server_port}"
    config = widget / "widgetpack.toml"
    config.write_text(
        f'{config.read_text("utf-8")}\n[serve]\nport = {port}\nid = "{_KEY}"\norigins = ["{origin}"]\n', "utf-8"
    )
    subprocess.run([WIDGETPACK, "build", "--dev", str(widget)], check=True, capture_output=True, env=ENVIRONMENT)
    shutil.unpack_archive(widget / "dist/widget-dev.zip", widget / "unpacked")
    page.add_init_script(f'localStorage["widgetpack_dev_{_KEY}"] = "http://localhost:{port}"')
    with _running(["serve", str(widget)]) as peaks:
        page.goto(origin)

        def has(number: int) -> None:
            page.wait_for_function("number => window.saved === number", arg=number, polling=2, timeout=1000 * _SECONDS)

        times = _saves(widget, has, rounds)
    crm.shutdown()
    crm.server_close()
    return Measure("serve: from a save of the sample widget until a page of another origin has run it", times, *peaks)


def _saves(widget: Path, has: Callable[[int], None], rounds: int) -> list[float]:
    """Save the script so that it tells which save it is; return the milliseconds until the page has that one."""
    file, times = widget / "script.js", []
    text, start = file.read_bytes(), b"'use strict';"
    for number in range(rounds + 1):
        temporary = file.with_name(".script.js.saving")
        temporary.write_bytes(text.replace(start, start + b" window.saved = %d;" % number, 1))
        begun = time.perf_counter()
        temporary.replace(file)
        has(number)
        times += [1000 * (time.perf_counter() - begun)] if number else []
        time.sleep(1.2)  # until the loop has had its look after the last build
    file.write_bytes(text)
    return times


def _saved(frame: Frame) -> Any:
    """Return which save a stage runs; one that goes while it is asked runs none."""
    from playwright.sync_api import Error

    try:
        return frame.evaluate("window.saved")
    except Error:
        return None


@contextmanager
def _running(command: list[str]) -> Iterator[list[float]]:
    """Run a server of widgetpack, from its first build on, and end it; its peak memory in MB is in the list then."""
    peaks: list[float] = []
    process = subprocess.Popen(
        [WIDGETPACK, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    )
    assert process.stdout is not None  # noqa: S101  # for the type checker
    while "first build: " not in (line := process.stdout.readline()):
        if not line:
            sys.exit(f"widgetpack {' '.join(command)}: ended without a build")
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        yield peaks
    finally:
        process.terminate()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        peaks.append(megabytes(usage.ru_maxrss))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class _Account(BaseHTTPRequestHandler):
    """The page, the platform's loader, and the files of an unpacked zip."""

    def __init__(self, folder: Path, *rest: Any) -> None:
        self._folder = folder
        super().__init__(*rest)

    def do_GET(self) -> None:
        """Answer for a file."""
        from widgetpack.toolchain.libraries import need_libraries

        path = self.path.partition("?")[0]
        if path == "/":
            data: bytes | None = _ACCOUNT.encode()
        elif path == "/require.js":
            data = need_libraries(os.environ)["requirejs"]
        else:
            file = self._folder / path.removeprefix("/upl/")
            data = file.read_bytes() if file.is_file() else None
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Type", "text/html" if path == "/" else "text/javascript")
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        """Print nothing between the tables."""
