"""`preview --check` without a browser: which one it takes, what it makes of events, and what it says where it cannot run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import preview_process
import pytest
from builders import as_json, folder, png, widget
from preview_process import without_libraries

from widgetpack.config.settings import Config
from widgetpack.errors import EXIT_FINDINGS, EXIT_TOOL, EXIT_USAGE, UsageError, WidgetpackError
from widgetpack.files.sources import read_tree
from widgetpack.incidents import Incident
from widgetpack.model import Place
from widgetpack.pipeline import make, with_more
from widgetpack.preview.gathered import load_incidents
from widgetpack.preview.live import load_shown, runnable
from widgetpack.preview.tab import Stop, Visit
from widgetpack.preview.traces import Traces
from widgetpack.rules import judge
from widgetpack.toolchain.browser import find_browser

if TYPE_CHECKING:
    from pathlib import Path

# Which browser


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_browser_is_the_named_one_or_the_first_that_path_has(tmp_path: Path) -> None:
    chrome, edge = program(tmp_path / "bin" / "google-chrome"), program(tmp_path / "bin" / "msedge")
    environ = {"PATH": str(tmp_path / "bin")}
    assert find_browser(None, environ) == chrome
    assert find_browser(str(edge), environ) == edge
    assert find_browser("msedge", environ) == edge


def test_a_browser_with_a_dot_before_its_name_is_the_one_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin" / "chrome")
    program(tmp_path / "chrome")
    monkeypatch.chdir(tmp_path)
    assert find_browser("./chrome", {"PATH": str(tmp_path / "bin")}) == tmp_path / "chrome"


def test_the_usual_places_of_other_systems_are_looked_at(tmp_path: Path) -> None:
    mac = program(tmp_path / "Applications" / "Chromium.app" / "Contents" / "MacOS" / "Chromium")
    assert find_browser(None, {"PATH": "", "HOME": str(tmp_path)}, "darwin") == mac
    windows = program(tmp_path / "local" / "Google" / "Chrome" / "Application" / "chrome.exe")
    assert find_browser(None, {"PATH": "", "LOCALAPPDATA": str(tmp_path / "local")}, "win32") == windows


def test_a_named_browser_that_is_none_and_a_machine_without_any_are_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(UsageError) as named:
        find_browser(str(tmp_path / "notes.txt"), {"PATH": ""})
    assert str(named.value) == f"{tmp_path}/notes.txt: no browser that can be run"
    with pytest.raises(WidgetpackError) as none:
        find_browser(None, {"PATH": str(tmp_path)}, "linux")
    assert (str(none.value), none.value.hint, none.value.exit_code) == (
        "preview --check needs Chromium, Chrome or Edge, and none was found",
        "install one, or name its program with --browser",
        EXIT_TOOL,
    )


# From events to incidents


def traces_of(home: Path) -> Traces:
    config = Config(home)
    made = make(home, config)
    package = runnable(made)
    assert package is not None
    return Traces(made, load_shown(made, package, config, 1).sources)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Traces:
    """Return the way back to the good widget."""
    return traces_of(folder(tmp_path_factory.mktemp("plain"), widget()))


def heard(home: Path, *visits: tuple[str, str, list[dict[str, Any]]]) -> list[Incident]:
    """Return the incidents of visits, each an area, a language and its events."""
    traces = traces_of(home)
    return list(load_incidents([Visit(Stop(area, locale), tuple(events), b"") for area, locale, events in visits], traces))  # fmt: skip


def at(path: str, line: int, column: int) -> str:
    return f"Error\n    at x (http://localhost:1/page/stage/self.js:1:1)\n    at y (http://localhost:1/upl/w/1/widget/{path}?v=1:{line}:{column})"


def offset(data: bytes, text: bytes) -> int:
    return data.index(text)


RENDER = {"kind": "callback", "level": "error", "name": "render", "value": "1", "message": "not true: init and bind_actions do not run", "fault": "value"}  # fmt: skip


def test_what_shows_in_many_areas_is_one_incident(tmp_path: Path) -> None:
    home = folder(tmp_path, widget())
    found = heard(home, ("settings", "en", [RENDER, RENDER]), ("lcard", "en", [RENDER]), ("lcard", "es", [RENDER]))
    place = Place("script.js", offset=offset(widget()["script.js"], b"render"))
    message = "`render` gave 1, not true: init and bind_actions do not run"
    assert found == [Incident("not-true", message, place, "settings, en and 2 more")]
    assert found[0].words == f"{message} (settings, en and 2 more)"


def test_numbers_that_differ_from_area_to_area_make_no_second_incident(tmp_path: Path) -> None:
    home = folder(tmp_path, widget(files={"own.css": b".a { top: 0 }\n.text-input { top: 0 }\n"}))
    css = {"kind": "css", "level": "warning", "path": "own.css", "selector": ".text-input", "first": "<input>"}
    told = [{**css, "message": f".text-input reaches {count} elements"} for count in (2, 5)]
    assert heard(home, ("lcard", "en", told[:1]), ("ccard", "en", told[1:])) == [
        Incident(
            "css", ".text-input reaches 2 elements, first <input>", Place("own.css", offset=14), "lcard, en and 1 more"
        )
    ]


def test_a_loop_with_a_number_in_its_error_is_one_incident(plain: Traces) -> None:
    error = {"kind": "error", "level": "error", "context": "uncaught", "stack": at("lib/greet.js", 2, 3)}
    events = tuple({**error, "message": f"Error: no lead {number}"} for number in range(3))
    elsewhere = {**error, "message": "Error: no lead 9", "stack": ""}
    found = load_incidents([Visit(Stop("lcard", "en"), (*events, elsewhere), b"")], plain)
    assert [(item.message, item.place) for item in found] == [
        ("Error: no lead 0", Place("lib/greet.js", offset=offset(widget()["lib/greet.js"], b"return"))),
        ("Error: no lead 9", Place("script.js")),
    ]


def test_a_handler_that_only_a_library_added_is_its_own_business(tmp_path: Path) -> None:
    home = folder(tmp_path, widget(files={"vendor/big.js": b"define([], function () { return 1; });\n"}))
    event = {"kind": "behind", "message": "it is still there", "stack": at("vendor/big.js", 1, 12)}
    found = heard(home, ("lcard", "en", [{**event, "level": "info"}]), ("ccard", "en", [{**event, "level": "warning"}]))
    assert [(item.message, item.place.path, item.where) for item in found] == [
        ("it is still there", "vendor/big.js", "ccard, en")
    ]


def test_an_error_behind_something_that_the_sandbox_lacks_is_less_grave(tmp_path: Path) -> None:
    home = folder(tmp_path, widget())
    error = {"kind": "error", "level": "error", "message": "TypeError: no", "context": "uncaught", "stack": at("lib/none.js", 1, 1)}  # fmt: skip
    lack = {"kind": "missing", "level": "warning", "message": "APP.x is not imitated: it is undefined here", "part": "APP.x", "path": "", "by": "APP"}  # fmt: skip
    one, two = (heard(home, ("lcard", "en", events)) for events in ([lack, error], [error, lack]))
    assert [(item.kind, item.is_grave) for item in one] == [("not-imitated", False), ("uncaught", False)]
    assert [(item.kind, item.is_grave) for item in two] == [("uncaught", True), ("not-imitated", False)]


def test_a_frame_of_a_library_gives_way_to_one_of_ones_own(tmp_path: Path) -> None:
    home = folder(tmp_path, widget(files={"vendor/big.js": b"define([], function () { return 1; });\n"}))
    stack = f"{at('vendor/big.js', 1, 12)}\n    at {at('lib/greet.js', 2, 3)}"
    event = {"kind": "error", "level": "error", "message": "Error: no", "callback": "init", "stack": stack}
    files = widget()
    place = Place("lib/greet.js", offset=offset(files["lib/greet.js"], b"return"))
    assert heard(home, ("lcard", "en", [event])) == [
        Incident("callback-threw", "`init`: Error: no", place, "lcard, en")
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("  return {};\n", "{}"),
        ("  if (_) { return {}; }\n  return 5;\n", "5"),
        ("", "function"),
    ],
)
def test_a_module_that_is_no_constructor_is_told_where_it_is_given_back(tmp_path: Path, body: str, found: str) -> None:
    text = f"define([], function (_) {{\n{body}}});\n".encode()
    event = {"kind": "error", "level": "error", "message": "no constructor", "context": "script.js", "fault": "constructor"}  # fmt: skip
    place = Place("script.js", offset=text.index(found.encode()))
    assert heard(folder(tmp_path, widget(files={"script.js": text})), ("lcard", "en", [event])) == [
        Incident("not-loaded", "no constructor", place, "lcard, en")
    ]


def test_what_a_module_lacks_is_told_once_where_it_is_asked_for(tmp_path: Path) -> None:
    text = widget()["script.js"].replace(b"'./lib/greet.js'", b"'./lib/greet.js', 'json!./lib/none.js'")
    missing = {"kind": "missing", "level": "error", "message": "lib/none.js: no such file in the package", "path": "lib/none.js", "by": "script"}  # fmt: skip
    error = {"kind": "error", "level": "error", "message": "", "context": "module", "modules": ["lib/none.js"], "reason": "it cannot be reached"}  # fmt: skip
    home = folder(tmp_path, widget(files={"script.js": text}))
    place = Place("script.js", offset=text.index(b"lib/none"))
    assert heard(home, ("lcard", "en", [missing, error])) == [
        Incident("not-loaded", "lib/none.js: it cannot be reached", place, "lcard, en")
    ]


def test_a_file_that_one_area_asks_of_the_loader_is_not_told_as_missing_in_another(tmp_path: Path) -> None:
    text = widget()["script.js"].replace(b"'./lib/greet.js'", b"'./lib/greet.js', './lib/none.js'")
    home = folder(tmp_path, widget(files={"script.js": text}))
    missing = {"kind": "missing", "level": "error", "message": "", "path": "/lib/none.js", "by": "script"}
    error = {"kind": "error", "level": "error", "context": "module", "reason": "it cannot be reached"}
    asked = [{**error, "modules": [f"lib/none.js?cache={number}"]} for number in (1, 2)]
    place = Place("script.js", offset=text.index(b"lib/none"))
    assert heard(home, ("lcard", "en", [missing]), ("ccard", "en", asked[:1]), ("lcard", "es", asked[1:])) == [
        Incident("not-loaded", "lib/none.js: it cannot be reached", place, "ccard, en and 1 more")
    ]


def test_a_module_that_is_asked_for_and_then_used_is_one_incident(tmp_path: Path) -> None:
    home = folder(tmp_path, widget())
    quill = {"kind": "missing", "part": "the module quill", "module": "quill"}
    asked = {**quill, "level": "warning", "message": "the module quill is not imitated", "path": "", "by": "define"}
    used = {**quill, "level": "error", "message": "it is not there", "stops": True, "stack": at("script.js", 9, 7)}
    found = heard(home, ("lcard", "en", [asked]), ("ccard", "en", [asked, used]))
    assert [(item.kind, item.message, item.is_grave, item.where) for item in found] == [
        ("not-imitated", "it is not there", True, "ccard, en")
    ]
    assert [(item.message, item.is_grave) for item in heard(home, ("lcard", "en", [asked]))] == [
        ("the module quill is not imitated", False)
    ]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["__VUE__"], ["window.__VUE__ is a global that the widget made"]),
        (["__A__", "__B__"], ["window.__A__, window.__B__ are globals that the widget made"]),
        (
            ["__A__", "render", "__B__", "__C__", "__D__", "__E__"],
            [
                "window.__A__, window.__B__, window.__C__ and 2 more are globals that the widget made",
                "window.render is a global that the widget made",
            ],
        ),
    ],
)
def test_globals_that_no_file_of_the_widget_names_are_told_together(
    plain: Traces, names: list[str], told: list[str]
) -> None:
    events = tuple({"kind": "leak", "level": "warning", "name": name, "message": ""} for name in names)
    assert [item.message for item in load_incidents([Visit(Stop("lcard", "en"), events, b"")], plain)] == told


def test_a_line_of_the_linker_is_no_place_the_next_frame_or_the_callback_is(tmp_path: Path) -> None:
    home = folder(tmp_path, widget())
    traces = traces_of(home)
    (error,) = heard(home, ("lcard", "en", [{"kind": "error", "message": "E", "callback": "init", "stack": at("script.js", 2, 1)}]))  # fmt: skip
    assert error.place == Place("script.js", offset=offset(widget()["script.js"], b"init"))
    stack = f"{at('script.js', 2, 1)}\n    at z (http://localhost:1/upl/w/1/widget/lib/greet.js?v=1:2:3)"
    assert traces.of_stack(stack) == Place("lib/greet.js", offset=offset(widget()["lib/greet.js"], b"return"))
    assert traces.of_stack(at("script.js", 2, 1)) is None
    assert traces.of_stack(at("script.js", 999, 1)) is None


def test_what_is_looked_for_by_its_words_is_not_found_in_comments(tmp_path: Path) -> None:
    panel = (
        b"// images/no.png\n/* .lost .text-input\n * self.i18n('a.b') */\nf('images/no.png', '.lost .text-input');\n"
    )
    home = folder(tmp_path, widget(files={"lib/panel.js": panel, "own.css": b"/* .text-input */\n.text-input {}\n"}))
    missing = {"kind": "missing", "level": "error", "message": "images/no.png: no such file in the package", "path": "images/no.png", "by": "img"}  # fmt: skip
    css = {"kind": "css", "level": "warning", "path": "own.css", "selector": ".text-input", "message": "it reaches 2"}
    inline = {**css, "path": "<style>", "selector": ".lost .text-input"}
    text = {"kind": "missing", "level": "error", "message": "", "text": "a.b", "path": "i18n/en.json", "by": "self.i18n"}  # fmt: skip
    code = offset(panel, b"f('images")
    assert [item.place for item in heard(home, ("lcard", "en", [missing, css, inline, text]))] == [
        Place("lib/panel.js", offset=code + 3),
        Place("own.css", offset=18),
        Place("lib/panel.js", offset=panel.index(b".lost", code)),
        Place("i18n/en.json"),
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"var a = 'advanced'; self.i18n( \"advanced\" );", b'advanced" )'),
        (b"var a = 'advanced'; self.i18n(a);", b"advanced';"),
        (b"self.i18n('adv' + 'anced');", None),
    ],
)
def test_a_text_that_is_missing_is_where_it_is_asked_for(tmp_path: Path, body: bytes, found: bytes | None) -> None:
    panel = b"define(['./advanced.js'], function (advanced) { " + body + b" });\n"
    home = folder(tmp_path, widget(files={"lib/panel.js": panel}))
    event = {"kind": "missing", "message": "", "text": "advanced", "path": "i18n/en.json", "by": "self.i18n"}
    (incident,) = heard(home, ("lcard", "en", [event]))
    assert incident.place == (
        Place("i18n/en.json") if found is None else Place("lib/panel.js", offset=panel.index(found))
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            {"level": "warning", "name": "linkCard", "value": "1", "message": "not a promise", "fault": "promise"},
            ("misused", "`linkCard` gave 1, not a promise", b"linkCard"),
        ),
        (
            {"level": "warning", "name": "source sms", "value": "1", "message": "not a promise", "fault": "promise"},
            ("misused", "`source sms` gave 1, not a promise", b"add_source"),
        ),
        (
            {"level": "error", "name": "add_source sms", "message": "it was not called", "fault": "no-source"},
            ("no-callback", "it was not called", b"add_source"),
        ),
        (
            {"level": "warning", "name": "onSave", "message": "no answer", "fault": "late"},
            ("late", "`onSave`: no answer", b"onSave"),
        ),
        (
            {"level": "error", "name": "onSalesbotDesignerSave", "message": "no program", "fault": "value"},
            ("salesbot", "`onSalesbotDesignerSave`: no program", b""),
        ),
    ],
)
def test_what_a_callback_gave_is_judged_where_it_is_written(
    tmp_path: Path, event: dict[str, Any], told: tuple[str, str, bytes]
) -> None:
    text = widget()["script.js"].replace(
        b"destroy:", b"linkCard: function () { this.add_source('sms', 5); },\n      destroy:"
    )
    kind, message, word = told
    (found,) = heard(
        folder(tmp_path, widget(files={"script.js": text})), ("lcard", "en", [{"kind": "callback", **event}])
    )
    assert (found.kind, found.message, found.place.offset or 0) == (kind, message, text.index(word))


def test_a_hang_without_a_line_joins_the_one_with_a_line(plain: Traces) -> None:
    hang = {"kind": "hang", "message": "the page stood still for 5 seconds", "stack": at("lib/greet.js", 2, 3)}
    blind = {**hang, "stack": ""}
    broken = {**blind, "message": "the page broke off: Target crashed"}
    told = (("sms", "es", blind), ("lcard", "en", hang), ("ccard", "es", blind), ("lcard", "es", broken))
    visits = [Visit(Stop(area, locale), (event,), b"") for area, locale, event in told]
    assert [(item.message, item.place.path, item.where) for item in load_incidents(visits, plain)] == [
        ("the page stood still for 5 seconds", "lib/greet.js", "lcard, en and 2 more"),
        ("the page broke off: Target crashed", "script.js", "lcard, es"),
    ]
    assert [(item.place.path, item.where) for item in load_incidents(visits[::2], plain)] == [
        ("script.js", "sms, es and 1 more")
    ]


def test_a_fault_of_the_stage_itself_is_none_of_the_widget(plain: Traces) -> None:
    event = {"kind": "error", "message": "TypeError: no", "context": "the stage itself"}
    assert list(load_incidents([Visit(Stop("settings", "en"), (event,), b"")], plain)) == [
        Incident("not-imitated", "the sandbox itself failed: TypeError: no", Place("script.js"), "settings, en")
    ]


def test_an_interval_that_is_left_behind_is_graver_than_a_handler(plain: Traces) -> None:
    event = {"kind": "behind", "message": "it goes on", "stack": at("script.js", 6, 7)}
    events = ({**event, "level": "warning"}, {**event, "level": "info", "message": "it is still there"})
    found = load_incidents([Visit(Stop("lcard", "en"), events, b"")], plain)
    assert [(item.kind, item.message, item.is_grave) for item in found] == [
        ("behind", "it goes on", True),
        ("behind", "it is still there", False),
    ]


def test_a_page_that_is_led_to_behind_a_click_is_less_grave(plain: Traces) -> None:
    left = {"kind": "left", "message": "https://a.example/", "stack": at("script.js", 4, 7)}
    grave = [
        item.is_grave
        for asked in (False, True)
        for item in load_incidents([Visit(Stop("settings", "en"), ({**left, "asked": asked},), b"")], plain)
    ]
    assert grave == [True, False]


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "callback", "level": "error", "name": "init", "message": "throws TypeError: no"},
        {"kind": "callback", "level": "warning", "name": "onSave", "message": "not true: nothing is stored"},
        {"kind": "callback", "level": "info", "name": "destroy", "message": "not there", "fault": ""},
        {"kind": "request", "level": "info", "method": "GET", "url": "/api/v4/leads", "by": "the account"},
        {"kind": "request", "level": "warning", "method": "GET", "url": "/x", "by": "preview/*.json", "message": ""},
        {"kind": "call", "level": "warning", "name": "APP.notifications.add_error", "given": "{}"},
        {"kind": "error", "level": "error", "message": "mobile.frame_url: 5", "context": "manifest.json"},
        {"kind": "console", "level": "warning", "message": "no"},
        {"kind": "done"},
        {"kind": "what nobody knows", "level": "error", "message": 5},
    ],
    ids=str,
)
def test_an_event_that_is_no_fault_of_the_widget_is_no_incident(plain: Traces, event: dict[str, Any]) -> None:
    assert list(load_incidents([Visit(Stop("lcard", "en"), (event,), b"")], plain)) == []


@pytest.mark.parametrize("kind", ["callback", "error", "missing", "request", "blocked", "leak", "css", "call", "hang", "dialog", "left", "behind"])  # fmt: skip
@pytest.mark.parametrize("value", [None, 5, [], {}, "\ud800 ( [ \\ *"])
def test_events_of_any_shape_break_nothing(plain: Traces, kind: str, value: Any) -> None:
    keys = ("name", "message", "value", "path", "by", "stack", "place", "context", "hint", "url", "selector", "first", "fault",
        "callback", "modules", "reason", "part", "module", "constant", "text", "stops")  # fmt: skip
    event = {"kind": kind, "level": "error", **dict.fromkeys(keys, value)}
    warned = {**event, "level": "warning"}
    visits = [Visit(Stop("lcard", "en"), (event, warned), b""), Visit(Stop("", ""), (event,), b"")]
    found = list(load_incidents(visits, plain))
    assert {item.place.path for item in found} <= {"script.js"}
    assert all(item.words.encode() for item in found)


def test_a_line_that_a_rule_hides_is_not_shown_by_what_happened_there(tmp_path: Path) -> None:
    made = make(folder(tmp_path, widget()), Config(tmp_path))
    place = Place("script.js", offset=widget()["script.js"].index(b"render"))
    (told,) = judge(made.widget, Incident, [Incident("uncaught", "Error: no", place, "lcard, en")])
    assert told.text == "      render: function () { return true; },"
    secret = told._replace(code="S32", hidden=True, text="")
    result = with_more(made._replace(found=(secret,)), [told])
    assert [(item.code, item.text, item.hidden) for item in result.findings] == [("R03", "", True), ("S32", "", True)]


def test_queries_and_line_breaks_stay_out_of_messages(plain: Traces) -> None:
    request = {"kind": "request", "level": "error", "method": "GET", "url": "https://a.example/x?token=1", "hint": ""}
    error = {"kind": "error", "level": "error", "context": "uncaught", "message": "Error: one\n  two"}
    found = load_incidents([Visit(Stop("lcard", "en"), (error, request), b"")], plain)
    assert [item.message for item in found] == ["Error: one two", "GET https://a.example/x: no answer came"]


# The command


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return without_libraries(tmp_path / "cache")


def ended(cache: Path, *arguments: str, code: str = "", **environment: str) -> tuple[int, str]:
    """Run the check where PATH has no browser, until it ends; ``code`` runs before."""
    return preview_process.ended(cache, "--check", *arguments, code=code, **{"PATH": "/none", **environment})


def test_without_a_browser_or_with_one_that_is_none_it_ends_in_two_lines(tmp_path: Path, cache: Path) -> None:
    home = str(folder(tmp_path / "w", widget()))
    assert ended(cache, home) == (
        EXIT_TOOL,
        (
            "widgetpack: preview --check needs Chromium, Chrome or Edge, and none was found\n"
            "  try: install one, or name its program with --browser\n"
        ),
    )
    assert ended(cache, home, WIDGETPACK_BROWSER="/none/chrome") == (
        EXIT_USAGE,
        (
            "widgetpack: /none/chrome: no browser that can be run\n"
            "  try: --browser (or WIDGETPACK_BROWSER) names the program of Chromium or Chrome\n"
        ),
    )


def test_without_playwright_or_the_libraries_it_says_how_to_get_them(tmp_path: Path, cache: Path) -> None:
    home = str(folder(tmp_path / "w", widget()))
    hide = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'playwright' else f(n, *a)"
    assert ended(cache, home, code=hide) == (
        EXIT_TOOL,
        (
            "widgetpack: preview --check needs playwright, which is not installed\n"
            "  try: pip install 'widgetpack[browser]'\n"
        ),
    )
    browser = str(program(tmp_path / "chromium"))
    assert ended(tmp_path / "empty", home, "--browser", browser) == (
        EXIT_TOOL,
        (
            "widgetpack: preview needs the libraries of the platform's page, which are not installed\n"
            "  try: widgetpack toolchain install\n"
        ),
    )


def test_a_browser_that_does_not_start_is_one_line_with_a_cure(tmp_path: Path, cache: Path) -> None:
    browser = program(tmp_path / "chromium")
    browser.write_text("#!/bin/sh\nexit 7\n")
    code, text = ended(cache, str(folder(tmp_path / "w", widget())), "--browser", str(browser), PATH="/usr/bin:/bin")
    cure = "  try: name another Chromium or Chrome with --browser\n"
    assert (code, text) == (EXIT_TOOL, f"widgetpack: {browser} does not start: it ended at once\n{cure}")
    browser.write_text("#!/bin/sh\necho 'libnss3.so: no such file' >&2\nexit 127\n")
    code, text = ended(cache, str(folder(tmp_path / "w", widget())), "--browser", str(browser), PATH="/usr/bin:/bin")
    assert (code, text) == (EXIT_TOOL, f"widgetpack: {browser} does not start: libnss3.so: no such file\n{cure}")


def test_pictures_that_cannot_be_written_are_told_before_a_browser_starts(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "shots").write_text("")
    browser = str(program(tmp_path / "chromium"))
    home = str(folder(tmp_path / "w", widget()))
    assert ended(cache, home, "--browser", browser, "--screenshots", str(tmp_path / "shots")) == (
        EXIT_TOOL,
        (
            f"widgetpack: {tmp_path}/shots: no pictures can be put there: file exists\n"
            "  try: name another folder with --screenshots\n"
        ),
    )


def test_a_widget_that_cannot_run_is_reported_without_a_browser_being_started(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", widget(files={"script.js": b"define(["}))
    browser = str(program(tmp_path / "chromium"))
    code, text = ended(cache, str(home), "--browser", browser, "--select", "S02", "--output-format", "concise")
    assert (code, text.splitlines()[0]) == (
        EXIT_FINDINGS,
        "nothing was run: the widget has errors that leave nothing to run",
    )
    assert text.splitlines()[-1] == "1 error"


def test_pictures_are_not_packed_and_not_put_where_they_would_be(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", widget(files={"dist/preview/lcard-en.png": png(1, 1), "dist/own.png": png(1, 1)}))
    tree = read_tree(home, Config(home))
    assert [path for path in tree.files if path.startswith("dist/")] == ["dist/own.png"]
    assert [entry.reason for entry in tree.entries if entry.path == "dist/preview/"] == [
        "pictures of `widgetpack preview --check`"
    ]
    browser = str(program(tmp_path / "chromium"))
    assert ended(cache, str(home), "--browser", browser, "--screenshots", str(home / "dist" / "shots")) == (
        EXIT_USAGE,
        (
            f"widgetpack: {home}/dist/shots: a folder of the widget, so the next build would pack the pictures\n"
            "  try: name one beside the widget, or leave --screenshots out\n"
        ),
    )


def test_the_first_line_tells_what_was_left_out() -> None:
    from widgetpack.preview.check import _tried

    visits = [Visit(Stop(area, locale), (), b"") for locale in ("en", "es") for area in ("lcard", "ccard", "sms")]
    assert _tried(visits, 6) == "3 areas in 2 languages"
    assert _tried(visits[:4], 6) == "4 of 6 areas and languages tried: the widget hangs"


def test_only_pictures_of_an_earlier_check_are_removed(tmp_path: Path) -> None:
    from widgetpack.preview.check import _remove_pictures

    stay = (
        "lcard-en.png",
        "own-en.png",
        "lcard-e1.png",
        "lcard-eng.png",
        "lcard.png",
        "lcard-en.jpg",
        "my-lcard-es.png",
    )
    gone = ("lcard-es.png", "advanced_settings-pt.png", "integrations-ru.png")
    folder(tmp_path, dict.fromkeys((*stay, *gone, "sms-en.png/x"), b""))
    _remove_pictures(tmp_path, {"lcard-en.png"})
    assert {path.name for path in tmp_path.iterdir()} == {*stay, "sms-en.png"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "8000"], "--port has no use with --check"),
        (["--host", "0.0.0.0"], "--host has no use with --check"),
        (["--poll"], "--poll has no use with --check"),
    ],
)
def test_options_of_the_page_are_refused(cache: Path, arguments: list[str], words: str) -> None:
    assert ended(cache, *arguments) == (EXIT_USAGE, f"widgetpack: {words}\n  try: leave one of them out\n")


def test_options_of_the_check_need_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "widgetpack", "preview", "--screenshots", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        EXIT_USAGE,
        "widgetpack: --screenshots has no use without --check\n  try: add --check\n",
    )


def test_fixtures_that_cannot_be_used_are_findings_with_their_place(tmp_path: Path) -> None:
    from widgetpack.preview.check import _of_fixtures

    inner = folder(tmp_path / "a", widget(files={"preview/a.json": as_json({"installed": 1})}))
    outer = folder(tmp_path / "b", {f"public/{path}": data for path, data in widget().items()})
    folder(outer, {"widgetpack.toml": b"", "preview/a.json": as_json({"installed": 1})})
    for home in (inner, outer):
        config = Config(home, home / "widgetpack.toml" if home == outer else None)
        made = make(home, config)
        package = runnable(made)
        assert package is not None
        found = list(_of_fixtures(made, load_shown(made, package, config, 1), config))
        assert [(item.code, item.source, item.path, item.line, item.column, item.message) for item in found] == [
            ("R19", home.as_posix(), "preview/a.json", 2, 16, "`installed`: 1, a number, not a boolean")
        ]
