"""`preview --check` in Chromium: good widgets are clean, every fault is one finding at its place, nothing makes it hang."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from builders import as_json, brief, folder, merged, widget
from native_builders import needs_native
from running import DEADLINE
from sandbox import ROOT, example, script

from widgetpack.config.settings import Config, read_config
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INTERRUPTED
from widgetpack.images import load_image
from widgetpack.preview.check import Checking, check
from widgetpack.toolchain.browser import find_browser
from widgetpack.toolchain.libraries import need_libraries

pytest_plugins = "sandbox_fixtures"


def checked(home: Path, cache: str, pictures: Path | None = None, **settings: Any) -> list[str]:
    """Return the findings about what happened, in one line each."""
    libraries = need_libraries({"WIDGETPACK_CACHE": cache})
    asked = Checking(find_browser(None, os.environ), libraries, pictures, online=False)
    result = check(home, Config(home, **{"select": ("R",), **settings}), asked, say=lambda _: None)
    return brief(result.findings)


ONE_AREA = {
    "widget": {"locale": ["en"], "installation": False},
    "settings": None,
    "locations": ["lcard-1"],
    "tour": {"tour_images": {"es": None}},
}


def one_area(
    home: Path,
    bodies: dict[str, str],
    manifest: dict[str, Any] | None = None,
    files: dict[str, bytes] | None = None,
) -> Path:
    """Write a widget with one language and one card."""
    changed = {"script.js": script(bodies), "i18n/es.json": None, **(files or {})}
    return folder(home, widget(merged(ONE_AREA, manifest or {}) | {"settings": None}, None, changed))


# Widgets that are good


def run(cache: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "widgetpack", "preview", "--check", *arguments]
    environ = {**os.environ, "WIDGETPACK_CACHE": cache, **environment}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_the_sample_widget_is_clean_in_every_area_and_language(cache: str, tmp_path: Path) -> None:
    home = shutil.copytree(ROOT / "sample_widget", tmp_path / "w", ignore=shutil.ignore_patterns("dist"))
    done = run(cache, str(home), "--fail-level", "info")
    said = f"7 areas in 3 languages, 21 pictures in {home}/dist/preview\nno findings\n"
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_CLEAN, said, "")
    areas = ("advanced_settings", "ccard", "digital_pipeline", "integrations", "lcard", "salesbot_designer", "settings")
    pictures = sorted((home / "dist" / "preview").iterdir())
    assert [path.name for path in pictures] == [f"{area}-{locale}.png" for area in areas for locale in ("en", "es", "pt")]  # fmt: skip
    found = [load_image(path.name, path.read_bytes()) for path in pictures]
    assert {(one.format, one.width, one.height, one.fault) for one in found} == {("PNG", 1280, 800, "")}


@needs_native
def test_the_typescript_example_is_clean_and_its_faults_have_the_place_in_the_source(
    cache: str, tmp_path: Path
) -> None:
    home = example("typescript-widget", tmp_path)
    settings = read_config(home)._asdict()
    settings.pop("base")
    assert checked(home, cache, tmp_path / "p", **{**settings, "select": ("R",)}) == []
    clock = home / "src" / "clock.ts"
    clock.write_text(clock.read_text().replace("  let parts", "  (undefined as any).oh;\n  let parts"))
    line = clock.read_text().splitlines().index("  (undefined as any).oh;") + 1
    found = checked(home, cache, tmp_path / "p", **{**settings, "select": ("R",)})
    told = "`render`: TypeError: Cannot read properties of undefined (reading 'oh')"
    assert [item.rpartition(" (")[0] for item in found] == [f"R02 error src/clock.ts:{line}:22 {told}"]


@needs_native
def test_the_react_example_is_clean(cache: str, tmp_path: Path) -> None:
    home = example("react-widget", tmp_path)
    done = run(cache, str(home), "--select", "R", "--fail-level", "info")
    assert (done.returncode, done.stdout.splitlines()[1:], done.stderr) == (EXIT_CLEAN, ["no findings"], "")


# Widgets with faults

MANY = """alert('Hi');
window.leaked = 1;
APP.mine = 1;
self.i18n('no.such');
$.ajax({ url: '/api/v4/account', async: false });
$.get('/api/v4/unknown');
location.href = 'https://a.example/welcome';
$('head').append('<link rel=stylesheet href=' + self.params.path + '/own.css>');
$('body').append('<img src=' + self.params.path + '/images/no.png>');
APP.nothing;
debugger;
return true;"""


def test_faults_that_stop_nothing_are_all_told_each_with_its_place(cache: str, tmp_path: Path) -> None:
    css = b".mine { color: red }\n.linked-form__cf { color: red }\n"
    home = one_area(tmp_path / "w", {"init": MANY}, files={"own.css": css})
    # Rules that read the text find some of these as well, and a fault is told once.
    ignored = ("S", "C", "L", "M")
    assert checked(home, cache, select=("ALL",), ignore=ignored) == [
        "R11 warning own.css:2:1 .linked-form__cf reaches 5 elements of the page outside the widget, first <input> .linked-form__cf (lcard, en)",
        'R18 info script.js:6:1 alert("Hi") stops the whole page (lcard, en)',
        "R10 info script.js:7:1 window.leaked is a global that the widget made (lcard, en)",
        "R17 warning script.js:8:1 APP.mine: APP is read only: moderation refuses what writes to it (lcard, en)",
        'R13 warning script.js:9:12 `self.i18n` finds no text "no.such" (lcard, en)',
        "R16 warning script.js:10:34 GET /api/v4/account is synchronous: the page stands still until the answer is there (lcard, en)",
        'R15 info script.js:11:3 GET /api/v4/unknown: no answer is known; add "GET /api/v4/unknown" to "answers" in preview/answers.json (lcard, en)',
        "R09 error script.js:12:15 the widget led the browser to https://a.example/welcome (lcard, en)",
        "R12 error script.js:14:53 images/no.png: no such file in the package (lcard, en)",
        "R14 info script.js:15:4 APP.nothing is not imitated: it is undefined here (lcard, en)",
    ]
    told = checked(home, cache, select=("ALL",))
    assert [item.split()[0] for item in told if item.split()[2].startswith("script.js:6:")] == ["S22"]


FAULTS: dict[str, tuple[dict[str, str], dict[str, Any], list[str]]] = {
    "render that gives nothing": (
        {"render": ""},
        {},
        ["R01 error script.js:2:1 `render` gave undefined, not true: init and bind_actions do not run (lcard, en)"],
    ),
    "an error in a callback": (
        {"init": "var x;\nreturn x.y;"},
        {},
        ["R02 error script.js:7:10 `init`: TypeError: Cannot read properties of undefined (reading 'y') (lcard, en)"],
    ),
    "an error in a timer": (
        {"init": "setTimeout(function () { null.x(); });\nreturn true;"},
        {},
        ["R03 error script.js:6:31 TypeError: Cannot read properties of null (reading 'x') (lcard, en)"],
    ),
    "a template that cannot be read": (
        {"init": "self.render({ data: '{% if %}' }, {});\nreturn true;"},
        {},
        ["R21 error script.js:1:1 a template cannot be read: Unable to parse 'if' (lcard, en)"],
    ),
    "a document of its own": (
        {"bind_actions": "document.write('x');\nreturn true;"},
        {},
        ["R22 error script.js:9:1 the page's own elements are gone: the widget has written over them (lcard, en)"],
    ),
    "an error while a module is made": (
        {"init": "define('late', [], function () { throw new RangeError('oh'); });\nrequire(['late']);\nreturn true;"},
        {},
        ["R04 error script.js:6:40 RangeError: oh (lcard, en)"],
    ),
    "what is not imitated, behind require": (
        {"init": "require(['lib/components/none'], function (none) { none.oh(); });\nreturn true;"},
        {},
        ["R14 warning script.js:6:57 the module lib/components/none is not imitated by widgetpack preview (lcard, en)"],
    ),
    "a part of the platform that is not imitated": (
        {"init": "self.listenSocketChannel('x');\nreturn true;"},
        {},
        ["R14 warning script.js:6:6 self.listenSocketChannel() is not imitated by widgetpack preview (lcard, en)"],
    ),
    "a promise without an end": (
        {"advancedSettings": "return new Promise(function () {});"},
        {"locations": ["advanced_settings"], "advanced": {"title": "widget.name"}},
        ["R07 warning script.js:14:1 `advancedSettings`: the promise has no answer after 5 seconds (advanced_settings, en)"],
    ),
    "a callback that is not there": (
        {},
        {"locations": ["advanced_settings"], "advanced": {"title": "widget.name"}},
        ["R05 warning script.js:1:1 no callback `advancedSettings` (advanced_settings, en)"],
    ),
    "a program that is none": (
        {"salesbotDesignerSettings": "return { exits: [] };", "onSalesbotDesignerSave": "return JSON.stringify({});"},
        {"locations": ["salesbot_designer"], "salesbot_designer": {"step": {"name": "widget.name", "settings": {}}}},
        [
            "R06 warning script.js:14:1 `salesbotDesignerSettings`: no exits: {exits: [{code, title}]} is expected (salesbot_designer, en)",
            "R06 error script.js:17:1 `onSalesbotDesignerSave`: not an array of steps (salesbot_designer, en)",
        ],
    ),
    "a loop without an end": (
        {"init": "while (true) {\nself.turns = 1;\n}"},
        {"locations": ["lcard-1", "ccard-1"]},
        ["R08 error script.js:7:1 the page stood still for 5 seconds (lcard, en and 1 more)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stops_something_is_one_finding(cache: str, tmp_path: Path, name: str) -> None:
    bodies, manifest, expected = FAULTS[name]
    found = checked(one_area(tmp_path / "w", bodies, manifest), cache)
    if name == "a loop without an end":  # on which of its lines it is stopped is chance
        found = [re.sub(r"script\.js:[678]:\d+", "script.js:7:1", item) for item in found]
    assert found == expected


def test_a_widget_that_gives_no_constructor_is_one_finding(cache: str, tmp_path: Path) -> None:
    home = one_area(
        tmp_path / "w", {}, files={"script.js": b"define([], function () { return { callbacks: {} }; });\n"}
    )
    told = "define gives {callbacks: {}}, not a constructor"
    assert checked(home, cache) == [f"R04 error script.js:1:33 {told} (lcard, en)"]


def test_a_fault_that_reading_takes_less_seriously_is_told_as_well(cache: str, tmp_path: Path) -> None:
    found = checked(one_area(tmp_path / "w", {"render": ""}), cache, select=("S16", "R"))
    assert [item.partition(" (")[0] for item in found] == [
        "R01 error script.js:2:1 `render` gave undefined, not true: init and bind_actions do not run",
        "S16 warning script.js:2:1 `render` never returns anything; it must return true",
    ]


def test_windows_frames_and_a_sign_in_behind_save_end_nothing(cache: str, tmp_path: Path) -> None:
    bodies = {
        "init": "$('body').append('<iframe src=\"about:blank\"></iframe>');\nwindow.open('/state.json').focus();\nreturn true;",
        "onSave": "if (a.active === 'Y') { location.href = 'https://a.example/sign-in'; }\nreturn true;",
        "settings": "",
    }
    files = {"script.js": script(bodies)}
    manifest = {"locations": ["settings"], "widget": {"locale": ["en"]}, "tour": {"tour_images": {"es": None}}}
    home = folder(tmp_path / "w", widget(manifest, None, {**files, "i18n/es.json": None}))
    line = files["script.js"].split(b"\n").index(bodies["onSave"].split("\n")[0].encode()) + 1
    assert checked(home, cache) == [
        f"R09 info script.js:{line}:39 the widget led the browser to https://a.example/sign-in (settings, en)"
    ]


def test_what_one_area_stores_is_not_there_in_the_next(cache: str, tmp_path: Path) -> None:
    body = "if (localStorage.mark || sessionStorage.mark) { throw new Error('seen'); }\nlocalStorage.mark = sessionStorage.mark = 1;\nreturn true;"
    locations = ["lcard-1", "ccard-1", "comcard-1", "llist-1", "clist-1"]
    home = one_area(tmp_path / "w", {"init": body}, {"locations": locations})
    assert checked(home, cache) == []


def test_a_fault_in_every_language_is_one_finding(cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget(files={"script.js": script({"render": ""})}))
    effect = "init and bind_actions do not run"
    assert checked(home, cache) == [
        f"R01 error script.js:2:1 `render` gave undefined, not true: {effect} (settings, en and 3 more)"
    ]


BEHIND = """setInterval(show, 1000);
setInterval(show, 16);
self.ended = setInterval(show, 1000);
for (var n = 0; n < 3; n++) { setInterval(show, 900); }
$(document).on('click keyup', '.mine', show);
$(document).on('click.own', '.mine', show);
$(window).on('resize.own', show);
window.addEventListener('message', show);
window.addEventListener('message', self);
document.addEventListener('focusin', show, { once: true });
document.body.addEventListener('scroll', show, true);
document.body.addEventListener('scroll', show, true);
$('<div class="mine"></div>').appendTo('body').on('click', show).fadeIn();
window.addEventListener('error', show);
return true;
function show() {}"""
GONE = """clearInterval(self.ended);
$(document).off('.own');
$(window).off('.own');
window.removeEventListener('message', self);"""


def test_what_goes_on_after_destroy_is_told_once_for_each_line_that_began_it(cache: str, tmp_path: Path) -> None:
    assert checked(one_area(tmp_path / "w", {"init": BEHIND, "destroy": GONE}), cache) == [
        "R20 warning script.js:6:1 an interval of 1000 ms goes on after `destroy` (lcard, en)",
        "R20 warning script.js:9:31 an interval of 900 ms goes on after `destroy` (lcard, en)",
        "R20 info script.js:10:13 a handler of click, keyup on document is still there after `destroy` (lcard, en)",
        "R20 info script.js:13:8 a handler of message on window is still there after `destroy` (lcard, en)",
        "R20 info script.js:16:15 a handler of scroll on body is still there after `destroy` (lcard, en)",
    ]


FLOOD = """var n;
for (n = 0; n < 100000; n++) { console.log('turn ' + n); }
for (n = 0; n < 1000; n++) { alert('Hi ' + n); }
for (n = 0; n < 40; n++) { window.open('/state.json'); }
for (n = 0; n < 10000; n++) { setInterval(function () {}, 1000 + n); }
return true;"""


def test_a_flood_of_lines_dialogs_windows_and_clocks_is_a_finding_per_line(cache: str, tmp_path: Path) -> None:
    assert checked(one_area(tmp_path / "w", {"init": FLOOD}), cache) == [
        'R18 info script.js:8:30 alert("Hi 0") stops the whole page (lcard, en)',
        "R20 warning script.js:10:31 an interval of 1000 ms goes on after `destroy` (lcard, en)",
    ]


def test_a_flood_hides_nothing_else_of_its_kind_or_another(cache: str, tmp_path: Path) -> None:
    body = """for (var n = 0; n < 150; n++) { self.add_action('line ' + n, show); $.get('https://a.example/' + n); }
setTimeout(function () { null.x(); });
$.get('https://b.example/');
return true;
function show() {}"""
    none = "no answer is known"
    assert [line.partition(";")[0] for line in checked(one_area(tmp_path / "w", {"init": body}), cache)] == [
        f"R15 info script.js:6:71 GET https://a.example/0: {none}",
        "R03 warning script.js:7:31 TypeError: Cannot read properties of null (reading 'x') (lcard, en)",
        f"R15 info script.js:8:3 GET https://b.example/: {none}",
    ]


def test_an_observer_that_goes_on_in_the_next_frame_is_no_error(cache: str, tmp_path: Path) -> None:
    body = """var box = $('<div>').appendTo('body')[0];
new ResizeObserver(function () { box.style.height = Math.min(9, box.offsetHeight + 1) + 'px'; }).observe(box);
return true;"""
    assert checked(one_area(tmp_path / "w", {"init": body}), cache) == []


def test_a_widget_that_is_not_installed_is_asked_for_nothing(cache: str, tmp_path: Path) -> None:
    changes = {"locations": ["sms", "card_sdk"], "sms": {"endpoint": "https://a.example/"}}
    files = {"preview/a.json": as_json({"installed": False})}
    assert checked(one_area(tmp_path / "w", {}, changes, files), cache) == []


def test_a_place_in_a_linked_script_has_its_line_and_column(cache: str, tmp_path: Path) -> None:
    hello = b"define([], function () {\n  return function (whom) {\n    whom.first.last();\n  };\n});\n"
    files = {
        "script.js": script({"init": "hello({});\nreturn true;"}, "'./lib/hello.js'", "hello"),
        "lib/hello.js": hello,
    }
    assert checked(one_area(tmp_path / "w", {}, files=files), cache) == [
        "R02 error lib/hello.js:3:16 `init`: TypeError: Cannot read properties of undefined (reading 'last') (lcard, en)"
    ]


def test_a_widget_that_takes_the_sandbox_away_is_not_told_to_hang(cache: str, tmp_path: Path) -> None:
    home = one_area(tmp_path / "w", {"init": "window.widgetpack = undefined;\nreturn true;"})
    told = "the sandbox itself failed: Cannot read properties of undefined (reading 'walk')"
    assert checked(home, cache) == [f"R14 warning script.js:1:1 {told} (lcard, en)"]


# Reports, silence, the end


def test_reports_silence_and_exit_codes_are_those_of_every_command(cache: str, tmp_path: Path) -> None:
    text = script({"init": "setTimeout(function () { null.x(); });\nreturn true;"})
    home = one_area(tmp_path / "w", {}, files={"script.js": text})
    out = tmp_path / "out"
    formats = ("json", "sarif", "junit", "markdown")
    asked = [part for name in formats for part in ("--output-format", f"{name}:{out}.{name}")]
    done = run(cache, str(home), "--select", "R", "--output-format", "concise", *asked)
    message = "TypeError: Cannot read properties of null (reading 'x') (lcard, en)"
    assert (done.returncode, done.stdout.splitlines()[1:]) == (
        EXIT_FINDINGS,
        [f"{home}/script.js:6:31: R03 error {message}", "1 error"],
    )
    written = {name: Path(f"{out}.{name}").read_text(encoding="utf-8") for name in formats}
    (result,) = json.loads(written["sarif"])["runs"][0]["results"]
    assert (result["ruleId"], result["message"]["text"]) == ("R03", message)
    assert [finding["code"] for one in json.loads(written["json"])["widgets"] for finding in one["findings"]] == ["R03"]
    # JUnit has it as an attribute, and with its place as a text.
    assert [written[name].count("of null (reading") for name in ("junit", "markdown")] == [2, 1]
    done = run(cache, str(home), "--select", "R", "--output-format", "json")
    assert [item["code"] for one in json.loads(done.stdout)["widgets"] for item in one["findings"]] == ["R03"]
    known = tmp_path / "known.json"
    done = run(cache, str(home), "--select", "R", "--write-baseline", str(known))
    assert (done.returncode, done.stdout.splitlines()[1:]) == (
        EXIT_CLEAN,
        [f"{known}: 1 finding, silent from now on with --baseline {known}"],
    )
    done = run(cache, str(home), "--select", "R", "--baseline", str(known))
    assert (done.returncode, done.stdout.splitlines()[1:]) == (EXIT_CLEAN, ["no findings (1 in the baseline)"])
    (home / "script.js").write_bytes(text.replace(b"setTimeout", b"// widgetpack: ignore R03\nsetTimeout"))
    done = run(cache, str(home), "--select", "R", "--fail-level", "info", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_CLEAN, "", "")


def test_answers_of_the_project_are_used(cache: str, tmp_path: Path) -> None:
    body = "fetch('https://a.example/limits').then(function (x) { return x.json(); }).then(function (x) { x.days.toFixed(); });\nreturn true;"
    home = one_area(tmp_path / "w", {"init": body})
    assert [item.split()[:2] for item in checked(home, cache)] == [["R15", "info"], ["R03", "warning"]]
    folder(home, {"preview/a.json": as_json({"answers": {"GET https://a.example/limits": {"body": {"days": 2}}}})})
    assert checked(home, cache) == []


def test_ctrl_c_ends_it_at_once_and_leaves_no_browser(cache: str, tmp_path: Path) -> None:
    home = one_area(tmp_path / "w", {"init": "while (true) {}"})
    (tmp_path / "t").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "widgetpack", "preview", "--check", str(home)],
        env={**os.environ, "WIDGETPACK_CACHE": cache, "TMPDIR": str(tmp_path / "t")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    latest = time.monotonic() + DEADLINE
    while not browsers_in(tmp_path / "t"):
        assert process.poll() is None
        assert time.monotonic() < latest
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=DEADLINE)
    assert (process.returncode, output.strip()) == (EXIT_INTERRUPTED, "")
    while browsers_in(tmp_path / "t"):
        assert time.monotonic() < latest
        time.sleep(0.05)


def browsers_in(folder: Path) -> list[str]:
    """Return the processes of a browser whose profile lies in a folder."""
    listed = subprocess.run(["ps", "-e", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if f"--user-data-dir={folder}" in line]
