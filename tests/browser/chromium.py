"""Widgets in headless Chromium, under RequireJS and jQuery of the platform: every callback is called, and what happens is logged."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--virtual-time-budget=120000",
    "--dump-dom",
]
PAGE = """<!doctype html><meta charset="utf-8"><title>widget</title>
<body><div class="modal code"><div class="widget_settings_block"></div></div>
<script src="/node_modules/requirejs/require.js"></script>
<script>requirejs.config({ paths: { jquery: "/node_modules/jquery/dist/jquery" } });</script>
<script src="/stubs.js"></script>"""
FRAMES = """<!doctype html><meta charset="utf-8"><title>all</title><body><script>
var pages = %s, logs = {};
function next() {
  var page = pages.shift();
  if (!page) { var pre = document.createElement("pre"); pre.textContent = JSON.stringify(logs); document.body.appendChild(pre); return; }
  var frame = document.createElement("iframe");
  window.onmessage = function (event) { logs[page] = event.data; frame.remove(); next(); };
  frame.src = page;
  document.body.appendChild(frame);
}
next();
</script>"""

Log = list[list[str]]
Files = dict[str, bytes]


class Handler(BaseHTTPRequestHandler):
    """Serves /run/CASE/VARIANT/w/FILE from memory, node_modules and the stubs from disk, and {} for anything else."""

    def __init__(self, packages: dict[str, Files], *rest: Any) -> None:
        self.packages = packages
        super().__init__(*rest)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        data = self.body(path)
        self.send_response(404 if data is None else 200)
        kind = (
            "text/html"
            if path.endswith(("page.html", "/"))
            else "text/javascript"
            if ".js" in path[-4:]
            else "text/plain"
        )
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(data or b"")

    do_POST = do_PATCH = do_GET  # noqa: N815

    def body(self, path: str) -> bytes | None:
        """Return what lies at ``path``, or None."""
        if path == "/":
            return (FRAMES % json.dumps(pages(self.packages))).encode()
        if path == "/stubs.js":
            return (HERE / "stubs.js").read_bytes()
        if path.startswith("/node_modules/"):
            return (HERE / path[1:]).read_bytes()
        if (match := re.fullmatch(r"/run/(\d+)/(\w+)/(.*)", unquote(path))) is None:
            return b"{}"
        if match[3] == "page.html":
            own = self.packages[f"{match[1]}/{match[2]}"].get("platform.js", b"").decode()
            return PAGE.replace('<script src="/stubs.js">', f'<script>{own}</script><script src="/stubs.js">').encode()
        files = self.packages[f"{match[1]}/{match[2]}"]
        name = match[3].removeprefix("w/")
        return files.get(name, files.get(name + ".js"))

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def pages(packages: dict[str, Files]) -> list[str]:
    """Return the pages to visit: each package with its scripts arriving at once, and as the network brings them."""
    return [f"/run/{key}/page.html{mode}" for key in packages for mode in ("?sync", "?async")]


def need(condition: object, reason: str) -> None:
    """Skip for ``reason``, or fail where CI promises that everything is there."""
    if not condition:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def visit(packages: dict[str, Files]) -> dict[str, Log]:
    """Run packages, which are named ``CASE/VARIANT``, and return what each page logged, by its address."""
    need(CHROMIUM, "no Chromium on PATH")
    need((MODULES / "requirejs").is_dir() and (MODULES / "jquery").is_dir(), "run `npm ci` in tests/browser")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, packages))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
            done = subprocess.run(
                [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", f"http://127.0.0.1:{server.server_port}/"],
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    found = re.search(r"<pre>(.*)</pre>", done.stdout, re.DOTALL)
    assert found is not None, done.stdout[-2000:] + done.stderr[-2000:]
    return dict(json.loads(html.unescape(found[1])))
