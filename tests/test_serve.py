"""`widgetpack serve` as a real process, and the dev zip: who is answered and with what, what is printed, how it ends."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import signal
import socket
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import pytest
import trustme
from builders import SCRIPT, brief, findings, folder, put, tree, widget
from native_builders import INDEX, needs_native, project
from running import DEADLINE
from serve_process import Answer, Serving, ask, free_port
from starlette.responses import PlainTextResponse

from widgetpack.config.settings import Config
from widgetpack.errors import WidgetpackError
from widgetpack.serve.devzip import dev_files, dev_id
from widgetpack.serve.live import steps
from widgetpack.server.certificate import doubt_of, given_certificate
from widgetpack.server.headers import AnswerHeaders
from widgetpack.widget import load_widget

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")

ACCOUNT = "https://acme.kommo.com"
Start = Callable[..., Serving]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return folder(tmp_path / "w", widget())


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    running: list[Serving] = []

    def begin(*arguments: str, **environment: str) -> Serving:
        running.append(Serving(tmp_path, *arguments, "--port", str(port), **environment))
        return running[-1]

    yield begin
    for serving in running:
        serving.end()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that has built the good widget."""
    port = free_port()
    serving = Serving(folder(tmp_path_factory.mktemp("served"), widget()), "--port", str(port))
    assert serving.line() == f"first build: http://localhost:{port} has 10 files, SIZE, N ms"
    yield f"http://localhost:{port}"
    assert serving.end() == 130


def run(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "widgetpack", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def build_of(origin: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(origin, "/build.json").body)
    return found


def ask_file(origin: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a file of the newest build by its path."""
    return ask(origin, f"{build_of(origin)['files']}/{path}", method, **headers)


def preflight(origin: str, page: str, **further: str) -> Answer:
    return ask(origin, "/build.json", "OPTIONS", Origin=page, Access_Control_Request_Method="GET", **further)


def test_the_files_of_the_archive_are_served_and_nothing_else(origin: str) -> None:
    answer = ask_file(origin, "i18n/en.json")
    assert (answer.status, answer.body) == (200, widget()["i18n/en.json"])
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask_file(origin, "images/logo.png").headers["content-type"] == "image/png"
    # Linked: the module is in script.js.
    assert ask_file(origin, "script.js").headers["content-type"] == "text/javascript; charset=utf-8"
    strange = ("", "i18n", "lib/greet.js", "widgetpack.toml")
    out = ("../../etc/passwd", "..%2f..%2fetc/passwd", "/etc/passwd", "%00", "../../../etc/passwd")
    assert [ask_file(origin, path).status for path in (*strange, *out)] == [404] * 9
    assert ask(origin, "/../etc/passwd").status == 404


def test_a_site_that_cannot_read_the_state_does_not_know_where_the_files_are(origin: str) -> None:
    secret, build = build_of(origin)["files"].removeprefix("/w/").split("/")
    guesses = (
        f"/w/{build}",
        f"/w//{build}",
        f"/w/x/{build}",
        f"/w/{secret[:-1]}/{build}",
        f"/w/{secret}%C3%BC/{build}",
    )
    assert [ask(origin, f"{guess}/script.js").status for guess in guesses] == [404] * 5
    # A page that is one build behind knows the secret, and takes what there is.
    assert [ask(origin, f"/w/{secret}/{number}/script.js").status for number in ("1", build, "x")] == [200, 200, 404]


def test_nothing_can_be_written(origin: str) -> None:
    methods = ("POST", "PUT", "PATCH", "DELETE")
    paths = (f"{build_of(origin)['files']}/script.js", "/build.json", "/events", "/")
    assert {ask(origin, path, method).status for method in methods for path in paths} == {405}
    head = ask_file(origin, "script.js", "HEAD")
    assert (head.status, head.body) == (200, b"")


def test_the_head_of_the_stream_is_no_stream(origin: str) -> None:
    request = b"HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(origin).port or 0), DEADLINE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            lines = stream.read().split(b"\r\n")
    assert [line for line in lines if line.startswith((b"HTTP", b"content-type"))] == [
        *(b"HTTP/1.1 200 OK", b"content-type: text/event-stream; charset=utf-8"),
        *(b"HTTP/1.1 200 OK", b"content-type: text/plain; charset=utf-8"),
    ]


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:8377", "[::1]:8377", "LOCALHOST"])
def test_a_name_of_this_machine_is_answered(origin: str, host: str) -> None:
    assert ask(origin, "/build.json", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "10.0.0.7", "a@localhost", "::1"],
)
def test_a_strange_name_in_the_host_header_is_refused(origin: str, host: str) -> None:
    answer = ask(origin, "/build.json", Host=host)
    assert (answer.status, answer.body) == (421, b"this server does not answer to that host name\n")


@pytest.mark.parametrize("page", [ACCOUNT, "https://a.b.amocrm.ru", "https://acme.amocrm.com"])
def test_a_page_of_the_platform_may_read(origin: str, page: str) -> None:
    headers = ask_file(origin, "script.js", Origin=page).headers
    assert headers["access-control-allow-origin"] == page
    assert headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "page",
    [
        *("https://evil.example", "http://acme.kommo.com", "https://kommo.com.evil.example", "https://evilkommo.com"),
        *(
            "null",
            "https://acme.kommo.com:8443",
            "https://acme.kommo.com.",
            "file://",
            f"{ACCOUNT}\thttps://evil.example",
        ),
    ],
)
def test_another_page_may_not_read(origin: str, page: str) -> None:
    answer = ask_file(origin, "script.js", Origin=page)
    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert preflight(origin, page).status == 403


def test_preflights_of_the_platform_are_answered_also_those_about_networks(origin: str) -> None:
    plain = preflight(origin, ACCOUNT, Access_Control_Request_Headers="x-requested-with")
    assert plain.status == 204
    assert {name: value for name, value in plain.headers.items() if name.startswith("access-control")} == {
        "access-control-allow-origin": ACCOUNT,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, HEAD",
        "access-control-allow-headers": "x-requested-with",
        "access-control-max-age": "0",
    }
    for network in ("Private", "Local"):
        answer = preflight(origin, ACCOUNT, **{f"Access-Control-Request-{network}-Network": "true"})
        assert answer.headers[f"access-control-allow-{network.lower()}-network"] == "true"


def test_a_server_that_shares_nothing_refuses_preflights_and_says_that_it_is_its_own_pages() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("found")(scope, receive, send)

    def answer(method: str) -> list[tuple[int, str]]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"origin", ACCOUNT.encode()), (b"access-control-request-method", b"GET")]
        scope = {"type": "http", "method": method, "path": "/", "headers": headers}
        asyncio.run(AnswerHeaders(app, shared=False)(scope, None, send))  # type: ignore[arg-type]  # nothing is received
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        assert [name for name in found if name.startswith("access-control")] == []
        return [(sent[0]["status"], found["cross-origin-resource-policy"])]

    assert [*answer("GET"), *answer("OPTIONS")] == [(200, "same-origin"), (403, "same-origin")]


def test_origins_of_the_config_may_read_too(home: Path, start: Start, port: int) -> None:
    (home / "widgetpack.toml").write_text('[serve]\norigins = ["https://CRM.example/"]\n')
    start("w").line()
    origin = f"http://localhost:{port}"
    allowed = ask(origin, "/build.json", Origin="https://crm.example").headers["access-control-allow-origin"]
    assert allowed == "https://crm.example"
    assert "access-control-allow-origin" not in ask(origin, "/build.json", Origin="https://other.example").headers


def test_the_first_lines_say_what_to_do(home: Path, start: Start, port: int) -> None:
    serving = start("w")
    serving.line()
    assert serving.said == [
        f"serving w at http://localhost:{port}, until Ctrl+C",
        "  1. once: widgetpack build --dev w, and upload w/dist/widget-dev.zip to your account",
        "  2. in a page of the account, open the console (F12), paste this line, and reload the page:",
        f'     localStorage["widgetpack_dev_good"] = "http://localhost:{port}"',
        "     Chrome and Firefox ask whether the page may reach this machine or the local network: allow it.",
        '     To switch it off: delete localStorage["widgetpack_dev_good"]',
    ]


def test_a_build_with_errors_keeps_the_last_one_and_a_mended_one_goes_on(home: Path, start: Start, port: int) -> None:
    serving = start("w")
    serving.line()
    origin = f"http://localhost:{port}"
    first = build_of(origin)
    (home / "manifest.json").write_bytes(b"{")
    assert serving.line() == f"manifest.json: 1 error; {origin} stays at the last good build, N ms"
    assert build_of(origin) == first
    assert json.loads(ask_file(origin, "manifest.json").body)["widget"]["version"] == "1.0.0"
    (home / "manifest.json").write_bytes(widget()["manifest.json"])
    (home / "extra.txt").write_text("more\n")
    while build_of(origin)["build"] == first["build"]:
        serving.line()
    assert ask_file(origin, "extra.txt").body == b"more\n"


def test_a_first_build_with_errors_serves_nothing_yet(home: Path, start: Start, port: int) -> None:
    (home / "manifest.json").write_bytes(b"{")
    serving = start("w")
    assert serving.line() == "first build: 1 error; no build yet, N ms"
    origin = f"http://localhost:{port}"
    assert {**build_of(origin), "files": "any"} == {"build": 0, "files": "any", "id": "", "manifest": ""}
    assert serving.said[0] == f"serving w at {origin}, until Ctrl+C"
    assert [line for line in serving.said if "localStorage" in line] == []
    assert ask_file(origin, "script.js").status == 404


def test_warnings_stop_nothing_whatever_the_fail_level(home: Path, start: Start, port: int) -> None:
    (home / "widgetpack.toml").write_text('fail-level = "info"\n')
    (home / "style.css").write_text(".good { color: red }\n")
    serving = start("w")
    assert serving.line() == f"first build: http://localhost:{port} has 11 files, SIZE, 1 warning, N ms"


def next_event(stream: BinaryIO) -> dict[str, Any]:
    while not (line := stream.readline()).startswith(b"data: "):
        assert line
    found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return found


def test_events_tell_the_latest_build_first_and_then_each_one(home: Path, start: Start, port: int) -> None:
    serving = start("w")
    serving.line()
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as connection:
        connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\nOrigin: https://acme.kommo.com\r\n\r\n")
        with connection.makefile("rb") as stream:
            first = next_event(stream)
            state = build_of(f"http://localhost:{port}")
            (home / "i18n/en.json").write_bytes(b"{}x")
            broken = next_event(stream)
        assert first == {**state, "good": True, "message": "", "findings": []}
        assert {**broken, "findings": []} == {**state, "good": False, "message": "the build has errors", "findings": []}
        assert broken["findings"][0] == {
            "severity": "error",
            "text": "i18n/en.json:1:3 J01 text after the end of the JSON",
        }


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_its_code_while_a_page_listens(
    home: Path, start: Start, port: int, number: int, code: int
) -> None:
    serving = start("w")
    serving.line()
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as connection:
        connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(100)
        assert serving.end(number) == code
    assert serving.errors.strip() == ""
    assert sorted(path.name for path in home.iterdir()) == ["i18n", "images", "lib", "manifest.json", "script.js"]


def test_a_path_that_is_none_is_told_before_a_port_that_is_taken(tmp_path: Path, start: Start, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        serving = start("none")
        assert serving.result() == 2
    assert serving.errors == (
        "widgetpack: none: no such file or directory\n  try: name the widget's folder or its finished zip\n"
    )


def test_a_port_in_use_is_one_line(home: Path, start: Start, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        serving = start("w")
        assert serving.result() == 3
    assert serving.errors == (
        f"widgetpack: port {port} is in use\n  try: stop what listens there, or name another with --port\n"
    )


@pytest.mark.parametrize(
    ("host", "reason"),
    [("192.0.2.1", "cannot assign requested address"), ("no.such.host.invalid", "name or service not known")],
)
def test_an_address_that_is_none_of_this_machine_is_one_line(home: Path, start: Start, host: str, reason: str) -> None:
    serving = start("w", "--host", host)
    assert serving.result() == 3
    assert serving.errors == (
        f"widgetpack: cannot listen at {host}: {reason}\n"
        "  try: 127.0.0.1 is this machine alone, 0.0.0.0 every network\n"
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "nowhere",
            "nowhere: no such file or directory\n  try: name the widget's folder or its finished zip",
        ),
        (
            "w/script.js",
            (
                "w/script.js: a file; a build starts from the widget's folder\n  try: to check a finished zip: "
                "widgetpack validate w/script.js"
            ),
        ),
    ],
)
def test_a_path_that_is_no_folder_ends_it_before_anything_else_is_said(
    home: Path, start: Start, path: str, words: str
) -> None:
    serving = start(path)
    assert serving.result() == 2
    assert (serving.said, serving.errors) == ([], f"widgetpack: {words}\n")


def test_a_changed_table_is_said_to_count_after_a_restart(home: Path, start: Start, port: int) -> None:
    serving = start("w")
    serving.line()
    config = home / "widgetpack.toml"
    config.write_text('[serve]\nhost = "0.0.0.0"\nport = 9\n')
    now = f"http://localhost:{port} has 10 files, SIZE"
    assert serving.line() == f"widgetpack.toml: {now}; the new `[serve]` counts after a restart, N ms"
    config.write_text("[serve]\nport = 9\n")  # --port has the last word
    assert serving.line() == f"widgetpack.toml: {now}, N ms"


def test_the_project_s_own_build_runs_before_what_is_served(tmp_path: Path, start: Start, port: int) -> None:
    files = {
        "widgetpack.toml": b'root = "dist"\n[script]\ncommand = "sh make.sh"\n',
        "make.sh": b"rm -rf dist\ncp -r static dist\ncp src/a.txt dist/a.txt\n",
        "src/a.txt": b"first\n",
    }
    home = folder(tmp_path / "p", {**{f"static/{path}": data for path, data in widget().items()}, **files})
    serving = start("p")
    origin = f"http://localhost:{port}"
    assert serving.line() == f"first build: {origin} has 11 files, SIZE, N ms"
    assert ask_file(origin, "a.txt").body == b"first\n"
    before = build_of(origin)["build"]
    put(home / "src/a.txt", "second\n")
    assert serving.line() == f"src/a.txt: {origin} has 11 files, SIZE, N ms"
    assert ask_file(origin, "a.txt").body == b"second\n"
    assert build_of(origin)["build"] > before
    good = build_of(origin)
    put(home / "make.sh", "echo broken\nexit 2\n")
    assert (
        serving.line()
        == f"make.sh: `sh make.sh` in p ends with exit code 2; {origin} stays at the last good build, N ms"
    )
    assert (build_of(origin), ask_file(origin, "a.txt").body) == (good, b"second\n")
    put(home / "make.sh", files["make.sh"].decode())
    assert serving.line() == f"make.sh: {origin} has 11 files, SIZE, N ms"


@needs_native
def test_a_script_from_sources_carries_its_map_and_is_judged_without(tmp_path: Path, start: Start, port: int) -> None:
    text = (
        f"const kept: string = {json.dumps('x' * 600_000)};\nconsole.info(kept.length);\n"  # its map holds it once more
    )
    project(tmp_path / "p", {"src/index.ts": INDEX + text}, "[script]\n")
    serving = start("p")
    assert serving.line() == f"first build: http://localhost:{port} has 10 files, SIZE, 1 info, N ms"
    assert [line.split(" ")[1] for line in serving.said if line.startswith("p/")] == ["A20"]
    assert [Path(path).name for path in map_of_script(port)["sources"]] == ["index.ts"]


def map_of_script(port: int) -> dict[str, Any]:
    """Return the map that ends the served `script.js`."""
    last = ask_file(f"http://localhost:{port}", "script.js").body.decode().splitlines()[-1]
    start_of_map = "//# sourceMappingURL=data:application/json;charset=utf-8;base64,"
    assert last[: len(start_of_map)] == start_of_map
    found: dict[str, Any] = json.loads(base64.b64decode(last[len(start_of_map) :]))
    return found


def test_a_linked_script_carries_a_map_with_the_modules_as_they_were_written(
    tmp_path: Path, start: Start, port: int
) -> None:
    folder(tmp_path / "w", widget())
    assert start("w").line() == f"first build: http://localhost:{port} has 10 files, SIZE, N ms"
    found = map_of_script(port)
    texts = {path: widget()[path].decode() for path in ("script.js", "lib/greet.js")}
    assert dict(zip(found["sources"], found["sourcesContent"], strict=True)) == texts


def test_without_the_command_what_lies_there_is_served(tmp_path: Path, start: Start, port: int) -> None:
    config = b'root = "dist"\n[script]\ncommand = "exit 2"\n'
    folder(tmp_path / "p", {**{f"dist/{path}": data for path, data in widget().items()}, "widgetpack.toml": config})
    assert start("p", "--no-command").line() == f"first build: http://localhost:{port} has 10 files, SIZE, N ms"


def test_an_address_of_the_command_line_that_the_loader_does_not_know_comes_with_what_to_do() -> None:
    for host, origin in (
        ("10.1.2.3", "http://10.1.2.3:8377"),
        ("127.0.0.1", "http://localhost:8377"),
        ("", "http://x:1"),
    ):
        lines = steps(origin, Path(), Path("dist/widget-dev.zip"), "good", host)
        first = "  1. once: widgetpack build --dev, and upload dist/widget-dev.zip to your account"
        write = (
            '  0. write host = "10.1.2.3" under [serve] in the config: the loader asks no machine that it does not name'
        )
        assert lines[: lines.index(first)] == ([write] if host == "10.1.2.3" else [])


def test_every_network_is_served_when_told_and_only_numbers_are_names_there(
    home: Path, start: Start, port: int
) -> None:
    serving = start("w", "--host", "0.0.0.0")
    serving.line()
    origin = f"http://localhost:{port}"
    hosts = ("localhost", "10.0.0.7:80", "[fe80::1]", "evil.example")
    assert [ask(origin, "/build.json", Host=host).status for host in hosts] == [200, 200, 200, 421]


def test_https_makes_a_certificate_once_and_keeps_it_private(
    home: Path, start: Start, port: int, tmp_path: Path
) -> None:
    cache = {"WIDGETPACK_CACHE": str(tmp_path / "cache")}
    files = [tmp_path / "cache/certificate" / name for name in ("localhost.key", "localhost.pem")]
    kept = []
    for _ in range(2):
        serving = start("w", "--https", **cache)
        assert serving.line() == f"first build: https://localhost:{port} has 10 files, SIZE, N ms"
        assert (
            serving.said[2]
            == f"     and open https://localhost:{port} once in that browser: it asks about the certificate"
        )
        assert ask(f"https://localhost:{port}", "/build.json").status == 200
        context = ssl.create_default_context(cafile=files[1])
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="evil.example")
        assert serving.end() == 130
        kept.append([path.read_bytes() for path in files])
    assert kept[0] == kept[1]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    files[1].write_bytes(b"damaged")
    serving = start("w", "--https", **cache)
    serving.line()
    assert ask(f"https://localhost:{port}", "/build.json").status == 200


def test_a_given_certificate_is_used_and_a_wrong_one_is_one_line(
    home: Path, start: Start, port: int, tmp_path: Path
) -> None:
    first = start("w", "--https", WIDGETPACK_CACHE=str(tmp_path))
    first.line()
    first.end()
    made = tmp_path / "certificate"
    config = home / "widgetpack.toml"
    config.write_text('[serve]\ncertificate = "own.pem"\nkey = "own.key"\n')
    (home / "own.pem").write_bytes((made / "localhost.pem").read_bytes())
    assert start("w").result() == 2
    (home / "own.key").write_bytes(b"no key")
    wrong = start("w")
    assert wrong.result() == 2
    assert wrong.errors == (
        "widgetpack: w/own.pem: no certificate and key that belong together\n"
        "  try: name a PEM file with the certificate, and under `key` the one with its key, without a password\n"
    )
    (home / "own.key").write_bytes((made / "localhost.key").read_bytes())
    assert start("w").line() == f"first build: https://localhost:{port} has 10 files, SIZE, N ms"
    assert ask(f"https://localhost:{port}", "/build.json").status == 200


@pytest.mark.parametrize(
    ("name", "end", "doubt"),
    [
        ("localhost", timedelta(days=1), ""),
        ("localhost", timedelta(days=-1), "has expired, so browsers ask about it or refuse it"),
        ("127.0.0.1", timedelta(days=1), "is not made for localhost, so browsers ask about it or refuse it"),
        ("other.example", timedelta(days=1), "is not made for localhost, so browsers ask about it or refuse it"),
    ],
)
def test_a_certificate_that_browsers_doubt_is_named(tmp_path: Path, name: str, end: timedelta, doubt: str) -> None:
    leaf = trustme.CA().issue_cert(name, not_after=datetime.now(UTC) + end)
    path = tmp_path / "own.pem"
    leaf.private_key_and_cert_chain_pem.write_to_path(path)
    assert doubt_of(given_certificate(path, None), "https://localhost:8377") == doubt


def test_a_doubt_is_said_at_the_start(home: Path, start: Start, port: int) -> None:
    leaf = trustme.CA().issue_cert("other.example")
    leaf.private_key_and_cert_chain_pem.write_to_path(home / "own.pem")
    (home / "widgetpack.toml").write_text('[serve]\ncertificate = "own.pem"\n')
    serving = start("w")
    serving.line()
    assert serving.said[:2] == [
        f"serving w at https://localhost:{port}, until Ctrl+C",
        "  w/own.pem: is not made for localhost, so browsers ask about it or refuse it",
    ]


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        (("uvicorn", "starlette"), "starlette and uvicorn, which are not installed"),
        (("uvicorn",), "uvicorn, which is not installed"),
    ],
)
def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, home: Path, hidden: tuple[str, ...], words: str
) -> None:
    code = (
        "import importlib.util, sys\nfound = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *rest: None if name in {hidden!r} else found(name, *rest)\n"
        "from widgetpack.__main__ import main\nsys.argv = ['widgetpack', 'serve', 'w']\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        3,
        f"widgetpack: serve needs {words}\n  try: pip install 'widgetpack[dev]'\n",
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("port = 0", "2:1: `serve.port`: 0, not a port from 1 to 65535"),
        ('port = "x"', '2:1: `serve.port`: "x", a string, not a number'),
        ('host = "a b"', '2:1: `serve.host`: "a b" is no address to listen at: `127.0.0.1`, `0.0.0.0`'),
        ('key = "k.pem"', "2:1: `serve.key`: a key without its `certificate`"),
        ('certificate = "\\u0000"', "2:1: `serve.certificate`: a NUL character in a path"),
        (
            'origins = ["https://a.example/x"]',
            '2:12: `serve.origins.0`: "https://a.example/x" is no origin: `https://crm.example.com`, without a path',
        ),
        ('id = "a b"', '2:1: `serve.id`: "a b" is no id: Latin letters, digits, underscores and hyphens'),
        ("ports = 1", '2:1: unknown key "ports", did you mean "port"?'),
    ],
)
def test_a_faulty_table_is_one_line(tmp_path: Path, home: Path, line: str, fault: str) -> None:
    (home / "widgetpack.toml").write_text(f"[serve]\n{line}\n")
    done = run(tmp_path, "validate", "w")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, f"widgetpack: w/widgetpack.toml:{fault}")


def packed(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_dev_zip_holds_the_release_with_the_loader_in_front(tmp_path: Path, home: Path) -> None:
    assert run(tmp_path, "build", "w").returncode == 0
    done = run(tmp_path, "build", "--dev", "w")
    then = "then: `widgetpack serve`, which prints the line that switches the loader on in a browser"
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, then)
    release, dev = packed(home / "dist/widget.zip"), packed(home / "dist/widget-dev.zip")
    packaged = release.pop("script.js")
    assert dev.pop("widget.js") == packaged
    loader = dev.pop("script.js").decode()
    assert dev == release
    assert loader.splitlines()[0] == (
        "/*! loader of a widgetpack dev zip: not for a release. `widgetpack build` writes the zip to upload. */"
    )
    assert [line for line in loader.splitlines() if line.startswith("const ")][:3] == [
        'const ID = "good";',
        'const ADDRESS = "http://localhost:8377";',
        f'const PACKAGED = "./widget.js?v={hashlib.sha256(packaged).hexdigest()[:16]}";',
    ]


def test_validate_says_that_it_is_a_dev_zip_and_no_build_takes_its_loader(tmp_path: Path, home: Path) -> None:
    run(tmp_path, "build", "--dev", "w")
    done = run(tmp_path, "validate", "w/dist/widget-dev.zip", "--fail-level", "info", "-q")
    words = "S37 error a dev zip, not a release: this script is the loader of `widgetpack build --dev`"
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, f"w/dist/widget-dev.zip/script.js:1:1: {words}")
    folder(tmp_path / "again", packed(home / "dist/widget-dev.zip"))
    assert run(tmp_path, "build", "again").returncode == 1
    assert run(tmp_path, "build", "--dev", "again").returncode == 1
    assert not (tmp_path / "again/dist").exists()


def test_a_dev_zip_goes_where_it_is_told_and_is_no_release_of_its_own(tmp_path: Path, home: Path) -> None:
    (home / "widgetpack.toml").write_text('output = "out/acme.zip"\n')
    assert run(tmp_path, "build", "--dev", "w").returncode == 0
    (home / "script.js").write_bytes(SCRIPT + b"\n// more\n")
    again = run(tmp_path, "build", "--dev", "w", "--fail-level", "warning")
    assert (again.returncode, sorted(path.name for path in (home / "out").iterdir())) == (0, ["acme-dev.zip"])
    assert run(tmp_path, "build", "--dev", "w", "-o", "x.zip").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w", "x.zip"]


def test_the_loader_asks_at_the_configs_address(home: Path, tmp_path: Path) -> None:
    (home / "widgetpack.toml").write_text('[serve]\nport = 9000\nhost = "10.1.2.3"\nhttps = true\nid = "mine"\n')
    run(tmp_path, "build", "--dev", "w")
    loader = packed(home / "dist/widget-dev.zip")["script.js"].decode()
    assert 'const ID = "mine";\nconst ADDRESS = "https://10.1.2.3:9000";\n' in loader


def loaded(**options: Any) -> Any:
    return load_widget(tree(widget(**options)), Config(Path()))


@pytest.mark.parametrize(
    ("options", "identifier"),
    [
        ({}, "good"),
        ({"manifest": {"widget": {"code": "acme_tool"}}}, "acme-tool"),
        ({"texts": {"widget": {"name": "Планёр №1 — plus"}}}, "планёр-1-plus"),
        ({"texts": {"widget": {"name": "!!!"}}}, "widget"),
        ({"manifest": {"widget": {"name": "A literal name"}}}, "a-literal-name"),
        ({"manifest": {"widget": {"name": 7}}}, "widget"),
        ({"manifest": b"[1]"}, "widget"),
        ({"manifest": {"widget": {"locale": ["xx"]}}}, "widget-name"),
    ],
)
def test_the_id_comes_from_code_or_name(options: dict[str, Any], identifier: str) -> None:
    assert dev_id(loaded(**options)) == identifier


def test_a_name_that_is_taken_is_left_to_its_owner() -> None:
    files = {"script.js": b"1", "widget.js": b"2", "widget-1.js": b"3"}
    made = dev_files(loaded(), files)
    assert {path: data for path, data in made.items() if path != "script.js"} == {
        "widget.js": b"2",
        "widget-1.js": b"3",
        "widget-2.js": b"1",
    }
    assert made["script.js"].splitlines()[6] == b'const PACKAGED = "./widget-2.js?v=6b86b273ff34fce1";'


def test_without_a_script_there_is_nothing_to_load() -> None:
    with pytest.raises(WidgetpackError, match=r"^w: no script\.js for the loader to stand in front of$"):
        dev_files(loaded(), {"manifest.json": b"{}"})


def test_the_mark_counts_at_the_start_of_the_entry_only() -> None:
    loader = dev_files(loaded(), {"script.js": b"1"})["script.js"]
    assert brief(findings(widget(files={"script.js": loader, "lib/greet.js": None}))) == [
        "S37 error script.js:1:1 a dev zip, not a release: this script is the loader of `widgetpack build --dev`"
    ]
    mention = SCRIPT + b"// /*! loader of a widgetpack dev zip\n"
    assert brief(findings(widget(files={"script.js": mention}))) == []
