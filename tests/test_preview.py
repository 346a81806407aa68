"""What the sandbox knows of a widget: areas, texts, fixtures, the way back to sources, and the answers of its server."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from builders import as_json, folder, tree, widget
from serve_process import Answer, ask
from starlette.requests import Request
from starlette.responses import StreamingResponse

from widgetpack.bundle.package import bundle
from widgetpack.config.settings import Config
from widgetpack.files.sources import read_tree
from widgetpack.model import Tree
from widgetpack.preview.app import Sandbox, page_files
from widgetpack.preview.areas import load_areas
from widgetpack.preview.fixtures import load_fixtures, read_beside
from widgetpack.preview.live import Preview
from widgetpack.preview.sanitise import clean
from widgetpack.preview.state import code_of, load_state
from widgetpack.server.events import Events
from widgetpack.server.run import bound, serving
from widgetpack.widget import Widget, load_widget

if TYPE_CHECKING:
    from collections.abc import Iterator


def loaded(*given: Any, aside: dict[str, bytes] | None = None) -> Widget:
    """Return the widget of `builders.widget`."""
    return load_widget(tree(widget(*given), aside), Config(Path()))


def state(item: Widget, fixtures: dict[str, bytes] | None = None) -> dict[str, Any]:
    """Return what the page gets, as the browser reads it."""
    found = load_state(item, item.tree.files, load_fixtures(fixtures or {}, item.target))
    again: dict[str, Any] = json.loads(json.dumps(found))
    return again


# Areas


def test_what_the_manifest_declares_is_offered_and_the_rest_says_why_not() -> None:
    item = loaded({"locations": ["settings", "lcard-1", "clist-0", "digital_pipeline", "website_chat_button"]})
    found = {area.id: (area.offered, area.reason, area.has_panel) for area in load_areas(item)}
    assert found == {
        "integrations": (True, "", False),
        "settings": (True, "", True),
        "advanced_settings": (False, "`locations` does not name `advanced_settings`", False),
        "lcard": (True, "", True),
        "ccard": (False, "`locations` does not name `ccard`", False),
        "comcard": (False, "`locations` does not name `comcard`", False),
        "cucard": (False, "amoCRM has it, Kommo does not", False),
        "card_sdk": (False, "`locations` does not name `card_sdk`", False),
        "llist": (False, "`locations` does not name `llist`", False),
        "clist": (True, "", False),
        "tlist": (False, "`locations` does not name `tlist`", False),
        "culist": (False, "amoCRM has it, Kommo does not", False),
        "catalogs": (False, "`locations` does not name `catalogs`", False),
        "digital_pipeline": (False, "the manifest has no `dp`", True),
        "salesbot_designer": (False, "`locations` does not name `salesbot_designer`", False),
        "lead_sources": (False, "`locations` does not name `lead_sources`", False),
        "sms": (False, "`locations` does not name `sms`", False),
        "ai_agent": (False, "`locations` does not name `ai_agent`", False),
        "widget_page": (False, "`locations` does not name `widget_page`", False),
        "everywhere": (False, "`locations` does not name `everywhere`", False),
        "mobile_card": (False, "`locations` does not name `mobile_card`", False),
        "website_chat_button": (False, "what the platform calls there is not documented", True),
        "tline": (False, "amoCRM has it, Kommo does not", False),
        "tcalendar": (False, "amoCRM has it, Kommo does not", False),
        "whatsapp_modal": (False, "amoCRM has it, Kommo does not", False),
        "personal_page": (False, "amoCRM has it, Kommo does not", False),
        "amoforms": (False, "amoCRM has it, Kommo does not", False),
    }


def test_a_card_without_a_suffix_has_a_panel_and_one_with_both_as_well() -> None:
    for locations, panels in ((["ccard"], True), (["ccard-0"], False), (["ccard-0", "ccard-1"], True)):
        item = loaded({"locations": locations})
        assert [area.has_panel for area in load_areas(item) if area.id == "ccard"] == [panels]


def test_a_widget_that_nobody_can_install_has_no_window() -> None:
    item = loaded({"widget": {"installation": False}, "locations": ["lcard-1"], "settings": None})
    assert [area.reason for area in load_areas(item) if area.id == "settings"] == [
        "the manifest has neither `settings` nor `installation: true`"
    ]


# State


def test_a_manifest_of_any_shape_gives_a_state() -> None:
    for manifest in (
        b"",
        b"[]",
        b"null",
        b'{"widget": [], "settings": [1], "dp": 3, "salesbot_designer": {"a": 1}}',
        b"\xff",
    ):
        found = state(loaded(manifest))
        assert (found["fields"], found["steps"], found["action"]) == ([], [], {"fields": [], "multiple": False})


def test_texts_that_are_no_text_do_not_stop_the_page() -> None:
    texts = b'{"widget": {"name": "\\ud800 <b>x", "short_description": [], "description": "\\udfff<i>y</i>"}}'
    found = state(loaded({}, {}, {"i18n/en.json": texts}))
    assert found["listing"]["en"]["description"] == "?<i>y</i>"
    assert found["listing"]["en"]["name"] == "\ud800 <b>x"
    assert found["code"] == "preview_b_x"


def test_the_code_is_the_manifests_where_it_fits_a_class_and_else_made_of_the_name() -> None:
    assert code_of(loaded({"widget": {"code": "my_widget"}})) == "my_widget"
    assert code_of(loaded({"widget": {"code": "1 x"}})) == "preview_good"
    assert code_of(loaded({}, {"widget": {"name": "Виджет"}})) == "preview_widget"


def test_the_listing_has_harmless_html_with_its_macros_filled_in() -> None:
    description = 'At #SUBDOMAIN#, #NO# <a href="javascript:x" onclick="y">a</a><script>z</script><style>b{}</style>'
    found = state(loaded({}, {"widget": {"description": description}}))
    assert found["listing"]["es"]["description"] == 'At example, #NO# <a rel="noopener noreferrer">a</a>'
    assert clean("<svg onload=x><img src=http://a.b/c onerror=d>", {}) == '<img src="http://a.b/c">'


def test_locales_come_in_the_order_of_the_manifest() -> None:
    item = loaded({"widget": {"locale": ["es", "en"]}}, {}, {"i18n/pt.json": as_json({})})
    assert state(item)["locales"] == ["es", "en", "pt"]


# Fixtures


def test_files_are_laid_over_the_account_in_the_order_of_their_names() -> None:
    first = as_json({"account": {"subdomain": "one", "extra": 1}, "leads": [{"id": 5}], "settings": {"token": "a"}})
    second = as_json({"account": {"subdomain": "two"}, "installed": False, "answers": {"GET /x": {"status": 500}}})
    found = load_fixtures({"preview/b.json": second, "preview/a.json": first}, "kommo")
    account = found.account
    assert (account["subdomain"], account["host"], account["extra"]) == ("two", "two.kommo.com", 1)
    assert account["leads"] == [{"id": 5}]
    assert found[1:] == ({"GET /x": {"status": 500}}, {"token": "a"}, False, ())
    assert load_fixtures({}, "amocrm").account["host"] == "example.amocrm.ru"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'{"answers": {"/x": {}}}', (1, 14, '`answers./x`: "/x" is not a method and an address, as in `GET /api/v4/leads/1` or `POST https://example.org/hook`')),
        (b'{"answers": {"GET /x": {"status": "a"}}}', (1, 35, '`answers.GET /x.status`: "a", a string, not a number')),
        (b'{"leads": [{"id": "5"}]}', (1, 19, '`leads.0.id`: "5", a string, not a number')),
        (b'{"lead": []}', (1, 2, '`lead`: unknown key "lead", did you mean "leads"?')),
        (b"[]", (1, 1, "[], an array, not an object")),
        (b"{", (1, 2, "the text ends too early: a bracket or quote is not closed")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_and_left_out(data: bytes, fault: tuple[int, int, str]) -> None:
    found = load_fixtures({"preview/a.json": data}, "kommo")
    assert found.faults == (("preview/a.json", *fault),)
    assert found._replace(faults=()) == load_fixtures({}, "kommo")


def test_facts_of_the_account_do_not_hide_its_user() -> None:
    found = load_fixtures({"preview/a.json": as_json({"account": {"user": 5, "users": 6}})}, "kommo").account
    assert (found["user"]["id"], len(found["users"])) == (9000001, 3)


def test_fixtures_are_read_and_never_packed(tmp_path: Path) -> None:
    files = {"preview/a.json": b"{}", "preview/b.png": b"", "lib/preview/c.json": b"{}"}
    found = read_tree(folder(tmp_path, widget(None, None, dict(files))), Config(tmp_path))
    assert found.aside == {"preview/a.json": b"{}"}
    assert [path for path in found.files if "preview" in path] == ["lib/preview/c.json", "preview/b.png"]
    reasons = {entry.path: entry.reason for entry in found.entries}
    assert reasons["preview/a.json"] == "answers for `widgetpack preview`"
    included = read_tree(tmp_path, Config(tmp_path, include=("preview/a.json",)))
    assert "preview/a.json" in included.files


def test_a_fixture_that_links_to_a_file_elsewhere_is_not_read(tmp_path: Path) -> None:
    folder(tmp_path, {"secret.json": b'{"account": {}}', "w/preview/a.json": b"{}", "w/shared.json": b"[]"})
    (tmp_path / "w" / "preview" / "b.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "w" / "preview" / "c.json").symlink_to(tmp_path / "w" / "shared.json")
    (tmp_path / "w" / "preview" / "d.json").symlink_to("d.json")
    assert read_beside(tmp_path / "w") == {"preview/a.json": b"{}", "preview/c.json": b"[]"}


def test_a_large_fixture_beside_the_config_is_refused_aloud(tmp_path: Path) -> None:
    folder(tmp_path, {"preview/a.json": b'{"leads": []}' + b" " * 6_000_000})
    faults = load_fixtures(read_beside(tmp_path), "kommo").faults
    assert faults == (("preview/a.json", 1, 1, "6,000,013 bytes; more than 5,000,000 is not read"),)


def test_fixtures_beside_the_config_are_read(tmp_path: Path) -> None:
    folder(tmp_path, {"preview/a.json": b"{}", "preview/b.txt": b"", "preview/c.json/d": b""})
    assert read_beside(tmp_path) == {"preview/a.json": b"{}"}
    assert read_beside(tmp_path / "none") == {}


# The server


def latest(sandbox: Sandbox) -> dict[str, Any]:
    """Return what a page that comes now is told of the build, without its session and findings."""

    async def first() -> str:
        answer = await sandbox.events.respond(Request({"type": "http", "method": "GET", "headers": []}))
        assert isinstance(answer, StreamingResponse)
        return str(await anext(aiter(answer.body_iterator)))

    _, _, data = asyncio.run(first()).rpartition("data: ")
    told: dict[str, Any] = json.loads(data)
    return {key: value for key, value in told.items() if key not in ("session", "findings")}


class Shown(NamedTuple):
    """A sandbox that answers."""

    sandbox: Sandbox
    origin: str
    said: list[str]

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return ask(self.origin, path, method, **headers)

    def json(self, path: str) -> Any:
        return json.loads(self.get(path).body)


@contextmanager
def shown(path: Path, *, online: bool = False) -> Iterator[Shown]:
    """Build the widget in ``path`` for a sandbox, and serve it."""
    said: list[str] = []
    sandbox = Sandbox(Events(), {"jquery": b"$"}, online=online)
    Preview(sandbox, "http://localhost:1", said.append).make(path, Config(path))
    with bound("127.0.0.1", 0) as place, serving(sandbox.app(), place, sandbox.events):
        yield Shown(sandbox, place.origin.replace("localhost", "127.0.0.1"), said)


def test_the_widget_is_served_as_it_ships_and_nothing_else(tmp_path: Path) -> None:
    folder(tmp_path, widget(None, None, {"preview/a.json": b"{", "secret.txt~": b"x"}))
    with shown(tmp_path) as page:
        found = page.json("/state.json")
        assert (page.sandbox.number, found["path"], found["build"]) == (1, "/upl/preview_good/1/widget", 1)
        message = "the text ends too early: a bracket or quote is not closed"
        assert found["faults"] == [{"path": "preview/a.json", "line": 1, "column": 2, "message": message}]
        assert page.said == [f"preview/a.json:1:2: {message}"]
        assert page.json(f"{found['path']}/manifest.json")["widget"]["version"] == "1.0.0"
        assert page.get(f"{found['path']}/script.js").status == 200
        for path in (
            "preview/a.json",
            "secret.txt~",
            "../state.json",
            "%2e%2e/state.json",
            "lib/greet.js",
            "",
            "images",
        ):
            assert page.get(f"{found['path']}/{path}").status == 404, path
        assert page.get("/page/../app.py").status == 404
        assert page.get("/lib/jquery.js").body == page.get("/lib/jquery").body == b"$"
        assert page.get("/lib/none").status == 404
        assert page.get("/tmpl/controls/select.twig").body == page_files()["tmpl/controls/select.twig"]


def test_only_reading_is_answered(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget())) as page:
        for path in ("/", "/stage", "/state.json", "/page/shell.css", "/origin"):
            assert [page.get(path, method).status for method in ("POST", "PUT", "DELETE")] == [405] * 3
        assert (page.get("/", "HEAD").status, page.get("/", "HEAD").body) == (200, b"")


def test_a_strange_host_gets_no_answer(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget())) as page:
        assert page.get("/state.json", Host="evil.example").status == 421


def test_every_answer_has_the_headers_that_keep_it_here(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget())) as page:
        headers = page.get("/").headers
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert headers["content-security-policy"] == (
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert page.get("/stage").headers["content-security-policy"] == (
            "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; base-uri 'self'; frame-ancestors 'self'"
        )
        assert "access-control-allow-origin" not in page.get("/", Origin="https://a.kommo.com").headers
    with shown(tmp_path, online=True) as page:
        assert "content-security-policy" not in page.get("/stage").headers


def test_a_linked_script_carries_its_map_behind_what_ships(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget())) as page:
        body = page.get("/upl/preview_good/1/widget/script.js").body
        script, _, address = body.partition(b"//# sourceMappingURL=")
        assert script == bundle(load_widget(read_tree(tmp_path, Config(tmp_path)), Config(tmp_path))).files["script.js"]
        assert address.startswith(b"data:application/json;charset=utf-8;base64,")


def test_a_place_is_asked_for_with_numbers(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget())) as page:
        assert page.json("/origin?build=1&path=lib/greet.js&line=1&column=2") == {"path": "lib/greet.js", "line": 1, "column": 2}  # fmt: skip
        assert page.json("/origin?build=1&path=script.js&line=2&column=2") is None  # the linker's own
        for query in ("", "line=a&column=1", "line=-1&column=1", "line=99999999&column=1"):
            assert page.get(f"/origin?build=1&{query}").status == 400, query
        for build in ("", "0", "2", "1x"):
            assert page.get(f"/origin?build={build}&path=script.js&line=1&column=1").status == 400, build


def test_a_stage_of_the_build_before_has_the_files_of_that_build(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget(None, None, {"own.css": b"one"}))) as page:
        work = Preview(page.sandbox, page.origin, page.said.append)
        for text in (b"two", b"three"):
            folder(tmp_path, {"own.css": text})
            work.make(tmp_path, Config(tmp_path))
        found = [page.get(f"/upl/preview_good/{number}/widget/own.css") for number in range(5)]
    assert [(answer.status, answer.body) for answer in found if answer.status == 200] == [
        (200, b"two"),
        (200, b"three"),
    ]
    assert [answer.status for answer in found] == [404, 404, 200, 200, 404]


def test_a_widget_with_errors_that_can_run_is_shown(tmp_path: Path) -> None:
    with shown(folder(tmp_path, widget(None, None, {"images/logo.png": None}))) as page:
        assert (page.sandbox.number, page.get("/state.json").status) == (1, 200)


@pytest.mark.parametrize(
    "changes",
    [{"script.js": b"define(["}, {"manifest.json": b"{"}, {"i18n/en.json": b"{"}],
    ids=["script", "manifest", "texts"],
)
def test_what_cannot_run_leaves_the_last_good_build(tmp_path: Path, changes: dict[str, bytes | None]) -> None:
    folder(tmp_path, widget(None, None, changes))
    config = Config(tmp_path)
    with shown(tmp_path) as page:
        assert (page.sandbox.number, page.get("/state.json").status) == (0, 503)
        assert latest(page.sandbox) == {"ok": False, "number": 0, "message": "the build has errors"}
        folder(tmp_path, widget())
        work = Preview(page.sandbox, "http://localhost:1", print)
        assert work.make(tmp_path, config).made.startswith("http://localhost:1 shows 10 files, ")
        folder(tmp_path, widget(None, None, changes))
        assert work.make(tmp_path, config).made == ""
        assert work.kept(config) == "http://localhost:1 stays at the last good build"
        assert (page.sandbox.number, page.get("/state.json").status) == (1, 200)
        assert latest(page.sandbox) == {"ok": False, "number": 1, "message": "the build has errors"}


def test_any_tree_gives_a_state_that_is_json() -> None:
    empty = load_widget(Tree("w", {}, {}, ()), Config(Path()))
    assert state(empty)["script"] == ""
    strange = {"manifest.json": as_json({"widget": {"name": "a.b"}, "locations": "x", "tour": {"tour_images": []}})}
    assert state(load_widget(tree(strange), Config(Path())))["listing"] == {}
