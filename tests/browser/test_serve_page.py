"""A dev zip in a page of another origin, in Chromium: with the server, without it, and through builds that come and fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import as_json, folder, merged, widget
from running import DEADLINE
from serve_process import Serving, ask, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
MISSING = CHROMIUM is None or not (HERE / "node_modules" / "requirejs").is_dir()

pytestmark = pytest.mark.skipif(
    MISSING and not os.environ.get("CI"),  # CI promises that both are there
    reason="needs Chromium, and `npm ci` in tests/browser",
)

PAGE = """<!doctype html><meta charset="utf-8"><title>crm</title><link rel="icon" href="data:,">
<body><div id="work-area"></div>
<script src="/node_modules/requirejs/require.js"></script>
<script src="/crm.js"></script>"""

CRM = """
requirejs.config({ paths: { jquery: '/node_modules/jquery/dist/jquery' } });
define('text', [], function () {
  var text = {
    useXhr: function (url) { return url.indexOf('http') !== 0; },
    load: function (name, req, done) {
      var url = req.toUrl(name);
      if (!text.useXhr(url)) return req([url], done, done.error);
      fetch(url).then(function (answer) { return answer.text(); }).then(done, done.error);
    }
  };
  return text;
});
window.APP = { lang_id: 'en' };
window.told = [];
window.platform = {
  i18n: function (name) { return 'packaged ' + name; },
  langs: { widget: { name: 'packaged' } },
  get_settings: function () { return { path: '/upl/code/widget', version: '1.0.0', token: 't' }; },
  system: function () { return { area: 'lcard' }; }
};
require(['jquery'], function () {
  var asked = performance.now();
  require(['/upl/code/widget/script.js?v=1.0.0'], function (Widget) {
    window.SHAPE === 'replaced' ? Widget.prototype = window.platform : Object.assign(Widget.prototype, window.platform);
    window.Widget = Widget;
    var widget = window.widget = new Widget();
    widget.params = { path: '/upl/code/widget', version: '1.0.0' };
    window.kept = widget.callbacks;
    if (widget.callbacks.render() && widget.callbacks.init()) widget.callbacks.bind_actions();
    told.push('started');
  }, function (error) { told.push('failed ' + error.message); });
});
"""

SCRIPT = """define(['jquery', './lib/other.js'], function ($, other) {
  return function () {
    var self = this, area = self.system().area;
    this.callbacks = {
      render: function () { told.push('render %s', other, area, self.params.path, self.get_settings().path, self.i18n('widget.name')); return true; },
      init: function () { told.push('init'); return true; },
      bind_actions: function () { told.push('bind'); return true; },
      settings: function () { told.push('settings'); return true; },
      onSave: function () { return true; },
      destroy: function () { told.push('destroy %s'); }
    };
  };
});
"""

Start = Callable[..., Serving]


def script(name: str, text: str = SCRIPT) -> bytes:
    """Return the widget of these tests with a name that it tells."""
    return text.replace("%s", name).encode()


class Crm(BaseHTTPRequestHandler):
    """Serves the page, the loader of the platform, and the files of an uploaded zip."""

    def __init__(self, files: dict[str, bytes], *rest: Any) -> None:
        self.files = files
        super().__init__(*rest)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        own = {"/": (PAGE.encode(), "text/html"), "/crm.js": (CRM.encode(), "text/javascript")}
        data, kind = own.get(path, (None, "text/javascript" if path.endswith(".js") else "text/plain"))
        if path.startswith("/node_modules/"):
            data = (HERE / path[1:]).read_bytes()
        elif path.startswith("/upl/code/widget/"):
            data = self.files.get(path.removeprefix("/upl/code/widget/"))
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class Account:
    """A page of another origin with an uploaded dev zip."""

    def __init__(self, page: Page, origin: str, port: int) -> None:
        self.page = page
        self.origin = origin
        self.port = port
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(f"{message.type} {message.text}"))
        page.set_default_timeout(DEADLINE * 1000)

    def open(
        self, *, on: bool = True, key: str = "widgetpack_dev_good", before: str = "", scheme: str = "http"
    ) -> None:
        """Open the page, with the loader switched on; ``before`` runs before any script of the page."""
        value = json.dumps(f"{scheme}://localhost:{self.port}")
        switch = f"localStorage[{json.dumps(key)}] = {value};" if on else "localStorage.clear();"
        self.page.add_init_script(f"{before};{switch}")
        self.page.goto(self.origin)
        self.wait("told.includes('started') || told.some(text => String(text).startsWith('failed'))")

    def wait(self, condition: str) -> None:
        """Wait until an expression holds in the page."""
        self.page.wait_for_function(condition)

    def wait_for_line(self, part: str) -> None:
        """Wait until a line with this part is in the console."""
        latest = time.monotonic() + DEADLINE
        while not any(part in line for line in self.console):
            assert time.monotonic() < latest, self.console
            self.page.wait_for_timeout(20)

    def told(self) -> list[Any]:
        """Return what the widget told since it was last asked."""
        found: list[Any] = self.page.evaluate("told.splice(0)")
        return found

    def said(self) -> list[str]:
        """Return the loader's own lines in the console."""
        return [line.replace(str(self.port), "PORT") for line in self.console if "widgetpack good:" in line]


class Uploads:
    """The CRM's own server, and the files that an account has of the widget."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Crm, self.files))
        self.port = self.server.server_port


@pytest.fixture(scope="module")
def uploads() -> Iterator[Uploads]:
    made = Uploads()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(uploads: Uploads) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    # The CRM counts as a page of the internet, as it does in an account.
    flags = ["--no-sandbox", f"--ip-address-space-overrides=127.0.0.1:{uploads.port}=public"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=flags)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)  # as a user who has accepted the certificate
    yield context.new_page()
    context.close()


@pytest.fixture
def account(page: Page, uploads: Uploads) -> Account:
    found = Account(page, f"http://crm.localhost:{uploads.port}", free_port())
    page.context.grant_permissions(["local-network-access"], origin=found.origin)
    return found


def upload(base: Path, uploads: Uploads) -> None:
    """Build the dev zip of a widget, and let the account have its files."""
    done = subprocess.run(
        [sys.executable, "-m", "widgetpack", "build", "--dev", "."],
        cwd=base,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(base / "dist/widget-dev.zip") as archive:
        uploads.files.clear()
        uploads.files.update({name: archive.read(name) for name in archive.namelist()})


@pytest.fixture
def home(tmp_path: Path, account: Account, uploads: Uploads) -> Path:
    """Make a widget that tells what it does, and upload its dev zip."""
    files = {
        "script.js": script("one"),
        "lib/other.js": b"define(['module'], function () { return 'other'; });\n",
        "widgetpack.toml": f'[serve]\nport = {account.port}\norigins = ["{account.origin}"]\n'.encode(),
    }
    base = folder(tmp_path / "w", widget(files={"lib/greet.js": None, **files}))
    upload(base, uploads)
    return base


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Serving] = []

    def begin(*arguments: str) -> Serving:
        running.append(Serving(tmp_path, *arguments, WIDGETPACK_CACHE=str(tmp_path / "cache")))
        return running[-1]

    yield begin
    for serving in running:
        assert serving.end() in (130, 3)


ALIVE = ["init", "bind"]
PACKAGED = "/upl/code/widget"


def rendered(name: str, path: str, text: str = "packaged widget.name") -> list[str]:
    """Return what `render` of the widget tells."""
    return [f"render {name}", "other", "lcard", path, path, text]


def served(account: Account, scheme: str = "http") -> str:
    """Return where the files of the newest build lie."""
    origin = f"{scheme}://localhost:{account.port}"
    return f"{origin}{json.loads(ask(origin, '/build.json').body)['files']}"


def test_without_the_key_the_packaged_widget_is_loaded_and_nobody_is_asked(
    home: Path, account: Account, start: Start
) -> None:
    start("w").line()
    asked: list[str] = []
    account.page.on("request", lambda request: asked.append(request.url))
    account.open(on=False)
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    assert [url for url in asked if not url.startswith(account.origin)] == []
    assert account.console == []


@pytest.mark.parametrize("shape", ["replaced", "extended"])
def test_with_the_server_the_served_widget_runs_on_served_files_and_texts(
    home: Path, account: Account, start: Start, shape: str
) -> None:
    (home / "script.js").write_bytes(script("two"))
    start("w").line()
    account.open(before=f"window.SHAPE = '{shape}'")
    assert account.told() == [*rendered("two", served(account), "Good"), *ALIVE, "started"]
    assert account.said() == []


def test_the_server_may_answer_over_https_though_the_loader_was_built_for_http(
    home: Path, account: Account, start: Start
) -> None:
    start("w", "--https").line()
    account.open(scheme="https")
    assert account.told() == [*rendered("one", served(account, "https"), "Good"), *ALIVE, "started"]


def test_without_the_server_the_packaged_widget_runs_and_the_console_says_so(home: Path, account: Account) -> None:
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    [said] = account.said()
    assert said == (
        "warning widgetpack good: http://localhost:PORT: nobody answers; the packaged widget runs. Start `widgetpack serve`, allow "
        "this page the access to the local network if the browser asks, and reload the page"
    )


def test_over_https_the_console_says_how_the_certificate_is_trusted(
    home: Path, browser: Browser, account: Account, start: Start
) -> None:
    start("w", "--https").line()
    doubting = browser.new_context()
    found = Account(doubting.new_page(), account.origin, account.port)
    doubting.grant_permissions(["local-network-access"], origin=found.origin)
    found.open(scheme="https")
    assert found.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    [said] = found.said()
    assert said == (
        "warning widgetpack good: https://localhost:PORT: nobody answers; the packaged widget runs. Start `widgetpack serve`, open "
        "https://localhost:PORT once to trust its certificate, allow this page the access to the local network if the browser asks, "
        "and reload the page"
    )
    doubting.close()


def test_without_the_permission_for_the_local_network_the_packaged_widget_runs(
    home: Path, account: Account, start: Start
) -> None:
    start("w").line()
    account.page.context.clear_permissions()
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    assert [line.partition("; ")[0] for line in account.said()] == [
        "warning widgetpack good: http://localhost:PORT: nobody answers, or this page may not reach the local network"
    ]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (["loopback-network", "local-network"], ", or this page may not reach the local network"),  # Firefox
        (["local-network-access"], ", or this page may not reach the local network"),
        (["local-network"], ""),
        ([], ""),
    ],
)
def test_each_name_that_browsers_have_for_the_permission_is_asked_for(
    home: Path, account: Account, known: list[str], reason: str
) -> None:
    answer = f"({{ name }}) => {json.dumps(known)}.includes(name) ? Promise.resolve({{ state: 'prompt' }}) : Promise.reject(new TypeError(name))"
    account.open(before=f"navigator.permissions.query = {answer}")
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    assert [line.partition("; ")[0] for line in account.said()] == [
        f"warning widgetpack good: http://localhost:PORT: nobody answers{reason}"
    ]


def test_a_server_that_does_not_answer_in_time_is_not_waited_for_but_followed_once_it_does(
    home: Path, account: Account, start: Start
) -> None:
    (home / "script.js").write_bytes(script("two"))
    start("w").line()
    hold: list[Any] = []
    account.page.route("**/build.json", lambda route: hold.append(route))  # noqa: PLW0108  # Playwright marks what it calls
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    hold[0].continue_()
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]


def test_a_save_reloads_the_open_widget_in_place(home: Path, account: Account, start: Start) -> None:
    serving = start("w")
    serving.line()
    account.open()
    account.told()
    account.page.evaluate("window.here = true")
    for name in ("two", "three"):
        (home / "script.js").write_bytes(script(name))
        assert serving.line() == f"script.js: http://localhost:{account.port} has 10 files, SIZE, N ms"
        account.wait("told.includes('bind')")
        before = {"two": "one", "three": "two"}[name]
        assert account.told() == [f"destroy {before}", *rendered(name, served(account), "Good"), *ALIVE]
    assert account.page.evaluate("[window.here, widget.callbacks === kept]") == [True, True]
    assert account.page.evaluate("Object.keys(kept)") == [
        *("render", "init", "bind_actions", "settings", "onSave", "destroy"),
    ]


def test_a_changed_text_reaches_the_open_widget(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    account.open()
    account.told()
    path = home / "i18n/en.json"
    path.write_bytes(as_json(merged(json.loads(path.read_bytes()), {"widget": {"name": "Better"}})))
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("one", served(account), "Better"), *ALIVE]


def test_a_broken_build_keeps_the_last_good_one_and_its_findings_are_in_the_console(
    home: Path, account: Account, start: Start
) -> None:
    serving = start("w")
    serving.line()
    account.open()
    account.told()
    (home / "script.js").write_bytes(b"define([], function () {\n  return function () { this.\n")
    kept = f"http://localhost:{account.port} stays at the last good build"
    assert serving.line() == f"script.js: 1 error; {kept}, N ms"
    account.wait_for_line("the build has errors")
    assert account.said() == [
        "error widgetpack good: script.js:2:22 S02 `{` is never closed",
        "error widgetpack good: the build has errors; the last good build runs on",
    ]
    assert account.told() == []
    account.page.reload()
    account.wait("told.includes('started')")
    assert account.told() == [*rendered("one", served(account), "Good"), *ALIVE, "started"]
    (home / "script.js").write_bytes(script("two"))
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]


def test_a_first_build_with_errors_leaves_the_packaged_widget_until_there_is_a_good_one(
    home: Path, account: Account, start: Start
) -> None:
    manifest = (home / "manifest.json").read_bytes()
    (home / "manifest.json").write_bytes(b"{")
    (home / "script.js").write_bytes(script("two"))
    start("w").line()
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    assert account.said()[0].partition("; ")[0] == (
        "warning widgetpack good: http://localhost:PORT: it has no good build yet"
    )
    (home / "manifest.json").write_bytes(manifest)
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]


def test_a_served_script_that_throws_is_named_as_the_reason_and_a_mended_one_is_taken(
    home: Path, account: Account, start: Start
) -> None:
    (home / "script.js").write_bytes(
        script("two", SCRIPT.replace("  return function", "  $.none.none();\n  return function"))
    )
    start("w").line()
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    [said] = account.said()
    assert said.splitlines()[0] == (
        "warning widgetpack good: http://localhost:PORT: Cannot read properties of undefined (reading 'none'); "
        "the packaged widget runs TypeError: Cannot read properties of undefined (reading 'none')"
    )
    (home / "script.js").write_bytes(script("three"))
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("three", served(account), "Good"), *ALIVE]


def test_an_open_settings_window_is_a_reason_to_reload_the_page(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    account.open()
    account.page.evaluate("window.here = true; kept.settings()")
    (home / "script.js").write_bytes(script("two"))
    account.wait("!window.here && told.includes('started')")
    assert account.told() == [*rendered("two", served(account), "Good"), *ALIVE, "started"]


DESTROY = "destroy: function () { told.push('destroy %s'); }"


@pytest.mark.parametrize(
    "destroy",
    [
        "other: function () { told.push('other'); }",
        "destroy: function () {}",
        "destroy: () => undefined",
        "destroy: function () { // nothing\n return true; }",
    ],
)
def test_a_widget_without_destroy_or_with_an_empty_one_is_a_reason_to_reload_the_page(
    home: Path, account: Account, start: Start, destroy: str
) -> None:
    (home / "script.js").write_bytes(script("one", SCRIPT.replace(DESTROY, destroy)))
    start("w").line()
    account.open()
    account.page.evaluate("window.here = true")
    (home / "script.js").write_bytes(script("two"))
    account.wait("!window.here && told.includes('started')")
    assert account.told() == [*rendered("two", served(account), "Good"), *ALIVE, "started"]


def test_a_page_that_gets_each_answer_too_late_is_reloaded_once(
    home: Path, account: Account, uploads: Uploads, start: Start
) -> None:
    (home / "script.js").write_bytes(script("one", SCRIPT.replace(DESTROY, "destroy: function () {}")))
    upload(home, uploads)
    start("w").line()
    hold: list[Any] = []
    account.page.route("**/build.json", lambda route: hold.append(route))  # noqa: PLW0108  # Playwright marks what it calls
    account.open()
    account.page.evaluate("window.here = true")
    hold[0].continue_()
    account.wait("!window.here && told.includes('started')")
    hold[1].continue_()
    account.wait_for_line("too late again")
    assert len(hold) == 2


def test_a_constructor_that_throws_leaves_the_last_build_running(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    account.open()
    account.told()
    good = served(account)
    (home / "script.js").write_bytes(script("two", SCRIPT.replace("var self = this", "none(); var self = this")))
    account.wait_for_line("the constructor failed")
    account.page.evaluate("kept.render()")
    assert account.told() == rendered("one", good, "Good")


def test_a_class_is_constructed_and_replaced_too(home: Path, account: Account, start: Start) -> None:
    text = """define(['jquery'], function () {
  return class {
    constructor() { this.name = '%s'; this.callbacks = { render: () => this.tell('render'), init: () => true,
      bind_actions: () => this.tell('bind'), settings: () => true, onSave: () => true, destroy: () => this.tell('destroy') }; }
    tell(what) { told.push(what + ' ' + this.name, this.params.path, this.system().area); return true; }
  };
});
"""
    (home / "script.js").write_bytes(script("one", text))
    start("w").line()
    account.open(before="window.SHAPE = 'extended'")
    first = served(account)
    assert account.told() == ["render one", first, "lcard", "bind one", first, "lcard", "started"]
    (home / "script.js").write_bytes(script("two", text))
    account.wait("told.includes('bind two')")
    told = account.told()
    now = served(account)
    assert told == ["destroy one", first, "lcard", "render two", now, "lcard", "bind two", now, "lcard"]


@pytest.mark.parametrize("shape", ["replaced", "extended"])
def test_a_class_that_was_compiled_is_constructed_and_replaced_too(
    home: Path, account: Account, start: Start, shape: str
) -> None:
    text = """define(['jquery'], function () {
  function Widget() {
    if (!(this instanceof Widget)) throw new TypeError('Cannot call a class as a function');
    this.callbacks = { render: () => this.tell('render'), init: () => true, bind_actions: () => this.tell('bind'),
      settings: () => true, onSave: () => true, destroy: () => this.tell('destroy') };
    this.tell = what => { told.push(what + ' %s', this.system().area, Object.keys(this).join()); return true; };
    var names = [];
    for (var name in this) names.push(name);
    told.push(names.includes('get_settings'));
  }
  return Widget;
});
"""
    (home / "script.js").write_bytes(script("one", text))
    start("w").line()
    account.open(before=f"window.SHAPE = '{shape}'")
    assert account.told() == [
        *(True, "render one", "lcard", "callbacks,tell", "bind one", "lcard", "callbacks,tell", "started")
    ]
    (home / "script.js").write_bytes(script("two", text))
    account.wait("told.includes('bind two')")
    assert account.told() == [
        *(True, "destroy one", "lcard", "callbacks,tell"),
        *("render two", "lcard", "callbacks,tell", "bind two", "lcard", "callbacks,tell"),
    ]


def test_callbacks_that_come_after_the_constructor_are_found(home: Path, account: Account, start: Start) -> None:
    late = "var self = this; setTimeout(function () { self.callbacks.late = function () { return 'late'; }; });"
    (home / "script.js").write_bytes(script("one", SCRIPT.replace("var self = this,", f"{late} var")))
    start("w").line()
    account.open()
    account.wait("widget.callbacks.late && widget.callbacks.late() === 'late'")


def test_only_one_of_the_packaged_and_the_served_script_runs(home: Path, account: Account, start: Start) -> None:
    (home / "script.js").write_bytes(b"told.push('script two');\n" + script("two"))
    start("w").line()
    asked: list[str] = []
    account.page.on("request", lambda request: asked.append(request.url))
    account.open()
    base = served(account)
    assert account.told() == ["script two", *rendered("two", base, "Good"), *ALIVE, "started"]
    assert [url for url in asked if "/widget.js" in url] == []


def test_a_page_finds_the_server_again_after_a_restart(home: Path, account: Account, start: Start) -> None:
    serving = start("w")
    serving.line()
    account.open()
    account.told()
    first = served(account)
    assert serving.end() == 130
    (home / "script.js").write_bytes(script("two"))
    start("w").line()
    account.wait("told.includes('bind')")
    assert served(account) != first
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]


def test_a_page_asks_again_where_its_stream_was_refused(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    refused: list[Any] = []

    def refuse_once(route: Any) -> None:
        refused.append(route)
        if len(refused) == 1:
            route.fulfill(status=403)
        else:
            route.continue_()

    account.page.route("**/events", refuse_once)
    account.open()
    account.told()
    (home / "script.js").write_bytes(script("two"))
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]


def test_a_storm_of_saves_ends_with_the_last_one(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    account.open()
    account.told()
    for number in range(20):
        (home / "script.js").write_bytes(script(f"save {number}"))
        account.page.wait_for_timeout(30)
    account.wait("told.includes('render save 19') && told[told.length - 1] === 'bind'")
    assert account.told()[-8:] == [*rendered("save 19", served(account), "Good"), *ALIVE]


def test_texts_that_the_widget_asks_for_come_from_the_served_files(home: Path, account: Account, start: Start) -> None:
    call = "init: function () { require(['text!' + self.params.path + '/templates/a.html'], function (t) { told.push(t); });"
    (home / "script.js").write_bytes(script("one", SCRIPT.replace("init: function () {", call)))
    folder(home, {"templates/a.html": b"<p>served</p>"})
    start("w").line()
    account.open()
    account.wait("told.includes('<p>served</p>')")


def test_a_style_sheet_of_the_served_files_is_exchanged(home: Path, account: Account, start: Start) -> None:
    link = "$('head').append('<link rel=\"stylesheet\" id=\"w\" href=\"' + self.params.path + '/style.css?v=1\">');"
    text = SCRIPT.replace("init: function () {", "init: function () { if (!document.getElementById('w')) " + link)
    (home / "script.js").write_bytes(script("one", text))
    (home / "style.css").write_text("#work-area.good { color: rgb(1, 2, 3); }\n")
    start("w").line()
    account.open()
    account.page.evaluate("document.getElementById('work-area').className = 'good'")
    colour = "getComputedStyle(document.getElementById('work-area')).color"
    account.wait(f"{colour} === 'rgb(1, 2, 3)'")
    (home / "style.css").write_text("#work-area.good { color: rgb(4, 5, 6); }\n")
    account.wait(f"{colour} === 'rgb(4, 5, 6)'")
    assert account.page.evaluate("Array.from(document.querySelectorAll('link[id=w]'), link => link.href)") == [
        f"{served(account)}/style.css?v=1"
    ]


@pytest.mark.parametrize("value", ["https://elsewhere.example:1", "http://[", "http://localhost.elsewhere.example"])
def test_a_key_that_names_another_machine_is_not_followed(
    home: Path, account: Account, start: Start, value: str
) -> None:
    start("w").line()
    account.open(before=f"Storage.prototype.getItem = function () {{ return '{value}'; }}")
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    [said] = account.said()
    assert said == (
        f"warning widgetpack good: localStorage.widgetpack_dev_good is {value}, which is not this machine; "
        "the packaged widget runs"
    )


def test_any_other_value_of_the_key_means_the_address_that_is_built_in(
    home: Path, account: Account, start: Start
) -> None:
    (home / "script.js").write_bytes(script("two"))
    start("w").line()
    account.open(before="Storage.prototype.getItem = function () { return 'on'; }")
    assert account.told() == [*rendered("two", served(account), "Good"), *ALIVE, "started"]


def test_callbacks_in_groups_and_those_that_come_later_are_followed(home: Path, account: Account, start: Start) -> None:
    text = """define(['jquery'], function () {
  return function () {
    var self = this;
    this.callbacks = {
      render: function () { return true; }, settings: function () { return true; }, onSave: function () { return true; },
      init: function () { self.callbacks.late = function () { return 'late %s'; }; return true; },
      bind_actions: function () { told.push('bind'); return true; }, destroy: function () { told.push('destroy'); },
      leads: { selected: function () { return ['%s', this === self.callbacks.leads]; } }, %s: 1
    };
  };
});
"""
    (home / "script.js").write_bytes(script("one", text))
    start("w").line()
    account.open()
    account.page.evaluate("window.leads = kept.leads.selected; window.late = kept.late; told.length = 0")
    ask_all = "[leads(), kept.leads.selected(), late(), kept.one, kept.two]"
    assert account.page.evaluate(ask_all) == [["one", True], ["one", True], "late one", 1, None]
    (home / "script.js").write_bytes(script("two", text))
    account.wait("told.includes('bind')")
    assert account.page.evaluate(ask_all) == [["two", True], ["two", True], "late two", None, 1]


def test_a_page_of_an_origin_that_is_not_named_gets_the_packaged_widget(
    home: Path, account: Account, start: Start
) -> None:
    config = home / "widgetpack.toml"
    config.write_text(config.read_text().replace("crm.localhost", "other.localhost"))
    start("w").line()
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]


def test_a_changed_manifest_asks_for_another_upload(home: Path, account: Account, start: Start) -> None:
    start("w").line()
    account.open()
    path = home / "manifest.json"
    path.write_bytes(as_json(merged(json.loads(path.read_bytes()), {"widget": {"version": "1.0.1"}})))
    account.wait_for_line("reloaded")
    warning, last = account.said()
    assert warning == (
        "warning widgetpack good: manifest.json differs from the uploaded one, and only the platform reads it: "
        "`widgetpack build --dev`, then upload again"
    )
    assert last == "info widgetpack good: reloaded"


def test_a_server_of_another_widget_is_not_taken_for_this_one(home: Path, account: Account, start: Start) -> None:
    config = home / "widgetpack.toml"
    config.write_text(config.read_text() + 'id = "other"\n')
    start("w").line()
    account.open()
    assert account.told() == [*rendered("one", PACKAGED), *ALIVE, "started"]
    assert account.said()[0].partition("; ")[0] == (
        'warning widgetpack good: http://localhost:PORT: the widget there is "other"'
    )


def test_a_hidden_page_holds_no_connection_and_catches_up_when_it_is_seen(
    home: Path, account: Account, start: Start
) -> None:
    serving = start("w")
    serving.line()
    account.open()
    account.told()
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    show = "document.dispatchEvent(new Event('visibilitychange'))"
    account.page.evaluate(f"{hide % 'true'}; {show}")
    (home / "script.js").write_bytes(script("two"))
    serving.line()
    account.page.wait_for_timeout(200)  # decides only whether a stream that is still open would be found out
    assert account.told() == []
    account.page.evaluate(f"{hide % 'false'}; {show}")
    account.wait("told.includes('bind')")
    assert account.told() == ["destroy one", *rendered("two", served(account), "Good"), *ALIVE]
