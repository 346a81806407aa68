"""The sandbox in Chromium: widgets in every area, every kind of fault in the timeline, saves, keyboard, sizes."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import as_json, folder, merged, widget
from chromium import CHROMIUM, need
from native_builders import needs_native
from preview_process import previewing
from sandbox import ROOT, example, installed_libraries, script

from widgetpack.config.settings import Config
from widgetpack.images import load_image
from widgetpack.preview.app import Sandbox
from widgetpack.preview.live import Preview
from widgetpack.server.events import Events
from widgetpack.server.run import bound, serving
from widgetpack.toolchain.libraries import need_libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Frame, Page, Route
    from preview_process import Previewing

PROBLEMS = ("error", "warning")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a cache with the real libraries."""
    return installed_libraries(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    need(CHROMIUM, "no Chromium on PATH")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def sample(cache: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewing]:
    """Return the sample widget in the sandbox."""
    log = tmp_path_factory.mktemp("sample") / "log"
    with previewing(ROOT / "sample_widget", log, WIDGETPACK_CACHE=cache) as process:
        yield process


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
    return [brief(event) for event in events if event["level"] in PROBLEMS]


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


# Widgets that are good


AREAS = ("integrations", "settings", "advanced_settings", "lcard", "ccard", "digital_pipeline", "salesbot_designer")


# `preview --check` goes through every area in every language: see test_preview_walk.
@pytest.mark.parametrize(("area", "locale"), list(zip(AREAS, ("en", "es", "pt") * 3, strict=False)))
def test_the_sample_widget_has_no_problem_in_any_area(page: Page, sample: Previewing, area: str, locale: str) -> None:
    assert problems(walked(page, sample.origin, area, locale)) == []


def test_the_areas_of_the_sample_widget_are_those_of_its_manifest(page: Page, sample: Previewing) -> None:
    page.goto(sample.origin)
    stage(page)
    offered = page.eval_on_selector_all("button.area", "all => all.map(one => one.dataset.area)")
    assert tuple(offered) == AREAS
    page.click(".areas__more")
    assert page.locator('[data-area="comcard"]').inner_text() == "Company\nlocations does not name comcard"


def test_the_life_of_the_sample_widget_stands_in_the_timeline(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=lcard&locale=en")
    frame = stage(page)
    assert callbacks(frame.evaluate("window.widgetpack.events")) == ["render true", "init true", "bind_actions true"]
    rows = page.eval_on_selector_all(
        ".row.is-good:has(.row__value)",
        "all => all.map(one => [...one.querySelectorAll('code')].map(code => code.textContent).join(''))",
    )
    assert rows == ["script.js", "render() → true", "init() → true", "bind_actions() → true"]
    assert frame.locator(".followup-widget__days").inner_text() == "2 days"
    frame.click("[data-followup-days='3']")
    frame.wait_for_selector(".followup-widget__card_planned")
    page.click("#tab-network")
    asked = page.eval_on_selector_all(".rows .row__text > code", "all => all.map(one => one.innerText)")
    assert asked == ["GET /api/v4/leads/1001", "POST /api/v4/tasks"]


def test_the_language_is_the_one_that_is_chosen(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=lcard&locale=en")
    stage(page)
    page.select_option("#locale", "es")
    until(page, "document.getElementById('frame')?.src.includes('locale=es')")
    assert stage(page).locator(".followup-widget__heading").inner_text() == "Planificar un seguimiento en"


def test_the_step_of_the_sample_widget_is_a_valid_program_with_its_exits(page: Page, sample: Previewing) -> None:
    walked(page, sample.origin, "salesbot_designer")
    assert page.locator(".salesbot-designer__result .stage-message").inner_text() == "A valid program."
    assert page.locator(".salesbot-designer__exits code").all_inner_texts() == ["success", "fail"]
    program = json.loads(page.locator(".salesbot-designer__result pre").inner_text())
    assert program[0]["question"][0]["params"]["url"] == "https://followup.example.org/hooks/salesbot"


@needs_native
def test_the_typescript_example_runs_and_its_errors_have_the_place_in_the_source(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    home = example("typescript-widget", tmp_path)
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        for area in ("integrations", "settings", "lcard"):
            assert problems(walked(page, process.origin, area)) == []
        assert page.locator(".office-hours").count() == 1
        clock = home / "src" / "clock.ts"
        clock.write_text(clock.read_text().replace("  let parts", "  (undefined as any).oh;\n  let parts"))
        process.wait_for("src/clock.ts: ")
        line = clock.read_text().splitlines().index("  (undefined as any).oh;") + 1
        events = walked(page, process.origin, "lcard", walk=False)
        told = "Cannot read properties of undefined (reading 'oh')"
        assert problems(events) == [
            f"error callback render throws TypeError: {told}",
            f"error error TypeError: {told} at src/clock.ts:{line}",
        ]


@needs_native
def test_the_react_example_runs(page: Page, cache: str, tmp_path: Path) -> None:
    home = example("react-widget", tmp_path)
    with shown(home, cache) as origin:
        assert problems(walked(page, origin, "lcard", walk=False)) == []
        assert page.locator(".quick-note-panel").count() == 1


if os.environ.get("WIDGETPACK_BIRTHDAY"):  # a copy of the vendor's widget, which is none of ours to ship

    def test_the_vendors_birthday_widget_is_installed_configured_and_shown_in_a_lead(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
        home = Path(shutil.copytree(os.environ["WIDGETPACK_BIRTHDAY"], tmp_path / "w"))
        folder(home, {"preview/a.json": as_json({"installed": False})})
        leaked = "warning leak KommoWidget window.KommoWidget is a global that the widget made"
        with shown(home, cache) as origin:
            page.goto(f"{origin}/stage?area=settings&locale=en&theme=light")
            page.evaluate("window.widgetpack.ready")
            page.click(".js-widget-install")
            page.wait_for_selector("#kommo-birthday-settings__form")
            assert page.locator("[name='params[field][id]']").input_value() == "520003"
            events = page.evaluate("window.widgetpack.walk()")
            assert problems(events) == [leaked]
            assert callbacks(events)[-1] == "onSave Promise of true"
            assert problems(walked(page, origin, "lcard")) == [leaked]
            text = page.locator(".kommo-birthday__right_panel__inner_text").inner_text()
            assert text == "No birthdays today. Check back tomorrow!"


# Widgets with faults


FIREFOX = """var at = location.origin, own = at + self.params.path + '/script.js', error = new TypeError('oh');
error.stack = 'find@' + at + '/lib/jquery.js:2690:11\\nanonymous@' + own + ' line 7 > Function:3:1\\ninit@' + own + ':9:2\\n';
setTimeout(function () { throw error; });
"""

FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "render that gives nothing": (
        {"script.js": script({"render": ""})},
        ["error callback render not true: init and bind_actions do not run"],
    ),
    "render whose promise gives false": (
        {"script.js": script({"render": "return Promise.resolve(false);"})},
        ["error callback render not true: init and bind_actions do not run"],
    ),
    "bind_actions that gives a text": (
        {"script.js": script({"bind_actions": "return 'yes';"})},
        ["warning callback bind_actions not true"],
    ),
    "an error in a callback": (
        {"script.js": script({"init": "var x;\nreturn x.y;"})},
        [
            "error callback init throws TypeError: Cannot read properties of undefined (reading 'y')",
            "error error TypeError: Cannot read properties of undefined (reading 'y') at script.js:7",
        ],
    ),
    "an error in a linked module, later": (
        {
            "script.js": script({"init": "setTimeout(greet); return true;"}, "'./lib/greet.js'", "greet"),
            "lib/greet.js": b"define([], function () {\n  // says nothing\n  return function () {\n    null.greet();\n  };\n});\n",
        },
        ["error error TypeError: Cannot read properties of null (reading 'greet') at lib/greet.js:4"],
    ),
    "an error in a text that was run as code, as Firefox tells it": (
        {"script.js": script({"init": FIREFOX + "return true;"})},
        ["error error TypeError: oh at script.js:7"],
    ),
    "a promise that nobody catches": (
        {"script.js": script({"init": "Promise.reject(new Error('no')); return true;"})},
        ["error error Error: no at script.js:6"],
    ),
    "a module that is not imitated, used": (
        {"script.js": script({"init": "new Quill('#x');\nreturn true;"}, "'quill'", "Quill")},
        [
            "error callback init throws NotImitated: the module quill is not imitated by widgetpack preview",
            "error missing the module quill is not imitated by widgetpack preview at script.js:6",
        ],
    ),
    "a method that is not imitated": (
        {"script.js": script({"init": "self.listenSocketChannel('x');\nreturn true;"})},
        [
            "error callback init throws NotImitated: self.listenSocketChannel() is not imitated by widgetpack preview",
            "error missing self.listenSocketChannel() is not imitated by widgetpack preview at script.js:6",
        ],
    ),
    "a part of APP that is not imitated, and one that is not known": (
        {"script.js": script({"init": "APP.nothing; AMOCRM.constant('none'); APP.router.navigate('/');\nreturn true;"})},
        [
            "warning missing APP.nothing is not imitated: it is undefined here",
            'warning missing APP.constant("none") is not imitated: it is undefined here',
            "error callback init throws NotImitated: APP.router is not imitated by widgetpack preview",
            "error missing APP.router is not imitated by widgetpack preview at script.js:6",
        ],
    ),
    "a part of the card that is not known, and one that is no part but a look at the object": (
        {"script.js": script({"init": "APP.data.current_card.nothing; console.log(APP, APP.data); $.extend({}, APP.data);\nreturn APP.constant('card_id') === 1001;"})},
        ["warning missing APP.data.current_card.nothing is not imitated: it is undefined here"],
    ),
    "a module of the page that nobody knows": (
        {"script.js": script({}, "'lib/interface/unknown'", "unknown")},
        ["warning missing the module lib/interface/unknown is not imitated"],
    ),
    "a global": (
        {"script.js": script({"init": "window.leaked = 1; return true;"})},
        ["warning leak leaked window.leaked is a global that the widget made"],
    ),
    "writing to APP": (
        {"script.js": script({"init": "APP.mine = 1; return true;"})},
        ["warning call APP.mine = APP is read only: moderation refuses what writes to it"],
    ),
    "css that reaches the page": (
        {
            "script.js": script({"render": "$('head').append('<link rel=stylesheet href=' + self.params.path + '/style.css>'); return true;"}),
            "style.css": b".mine { color: red }\n:root { --mine-x: 1px }\n@media all { .linked-form__cf:hover, .mine { color: red } }\n",
        },
        ["warning css .linked-form__cf:hover reaches 5 elements of the page outside the widget"],
    ),
    "a twig file and a picture that are not there": (
        {"script.js": script({"render": "self.render({ href: '/templates/no.twig', base_path: self.params.path, load: function () {} }, {});\n$('body').append('<img src=' + self.params.path + '/images/no.png>'); return true;"})},
        ["error missing templates/no.twig: no such file in the package", "error missing images/no.png: no such file in the package"],
    ),
    "a text that is not there": (
        {"script.js": script({"init": "self.i18n('no.such'); return true;"})},
        ['warning missing i18n/en.json has no "no.such"'],
    ),
    "requests without an answer": (
        {"script.js": script({"init": "$.get('/api/v4/unknown');\nfetch('https://a.example/b?c=1', { method: 'POST' });\nself.crm_post('https://a.example/d', {}, function () {});\nreturn true;"})},
        [
            "error request GET /api/v4/unknown no answer is known at script.js:6",
            "error request POST https://a.example/b?c=1 no answer is known at script.js:7",
            "error request POST https://a.example/d no answer is known at script.js:8",
        ],
    ),
    "a request that the page waits for": (
        {"script.js": script({"init": "$.ajax({ url: '/api/v4/account', async: false }); return true;"})},
        ["warning request GET /api/v4/account synchronous: the page stands still until the answer is there"],
    ),
    "more requests to the account than it answers": (
        {"script.js": script({"init": "for (var i = 0; i < 20; i += 1) { $.get('/api/v4/account'); }\nreturn true;"})},
        ["warning request GET /api/v4/account more than 7 requests at once: the API takes 7 a second at script.js:6"],
    ),
    "as many requests as it answers": (
        {"script.js": script({"init": "for (var i = 0; i < 7; i += 1) { $.get('/api/v4/account'); }\nreturn true;"})},
        [],
    ),
    "writing a constant": (
        {"script.js": script({"init": "return APP.constant('user', { id: 5 }).id === 5;"})},
        ["warning call APP.constant sets a constant of the page: moderation refuses what writes to APP"],
    ),
    "a script of another server": (
        {"script.js": script({"init": "$('body').append('<img src=https://a.example/x.png>'.repeat(2)); return true;"})},
        ["warning blocked https://a.example/x.png is elsewhere: nothing leaves this machine"],
    ),
    "no constructor": (
        {"script.js": b"define([], function () { return { callbacks: {} }; });\n"},
        ["error error define gives {callbacks: {}}, not a constructor"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_kind_of_fault_is_told(page: Page, cache: str, tmp_path: Path, name: str) -> None:
    files, expected = FAULTS[name]
    # Without comments and lowering places would be those of the file; here they go through the linker.
    home = folder(tmp_path / "w", widget(None, None, files))
    with shown(home, cache) as origin:
        assert sorted(problems(walked(page, origin, "lcard", walk=False))) == sorted(expected)


def test_a_socket_that_firefox_refuses_at_once_fails_a_moment_later(page: Page, cache: str, tmp_path: Path) -> None:
    throwing = "class extends WebSocket { constructor(url) { if (!url.includes(location.host)) throw { name: 'NS_ERROR_CONTENT_BLOCKED' }; super(url); } }"
    body = "new WebSocket('wss://a.example/').onclose = function (e) { document.title = 'closed ' + e.code; };\nreturn true;"
    home = folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})}))
    page.add_init_script(f"window.WebSocket = {throwing}")
    with shown(home, cache) as origin:
        assert problems(walked(page, origin, "lcard", walk=False)) == []
        page.wait_for_function("document.title === 'closed 1006'")


STRANGE = """console.log({ get bad() { throw new Error('read'); } }, Object.create(null));
Promise.reject({ code: 5 });
return true;"""


def test_values_that_cannot_be_shown_stop_nothing(page: Page, cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": STRANGE})}))
    with shown(home, cache) as origin:
        events = walked(page, origin, "lcard")
    assert problems(events) == ["error error thrown: {code: 5}"]
    assert [event["message"] for event in events if event["kind"] == "console"] == ["object that cannot be read {}"]


def test_of_a_flood_of_lines_the_first_are_listed_and_one_says_that_there_were_more(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    body = "for (var n = 0; n < 1500; n += 1) { console.log(n); } return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        lines = [event["message"] for event in walked(page, origin, "lcard") if event["kind"] == "console"]
    said = "more than 1000 lines: the others stand in the browser's own console only"
    assert lines == [*map(str, range(1000)), said]


def test_buttons_of_a_widget_that_did_not_start_say_so(page: Page, cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget(None, None, {"script.js": b"define([], function () { return {}; });\n"}))
    with shown(home, cache) as origin:
        told = problems(walked(page, origin, "settings"))
        for button in (".js-widget-save", ".js-widget-uninstall"):
            page.click(button)
            assert page.locator(".stage-message").inner_text() == "The widget did not start: see the timeline."
        assert problems(page.evaluate("window.widgetpack.settled().then(() => window.widgetpack.events)")) == told
    assert told == ["error error define gives {}, not a constructor"]


def test_what_comes_after_two_callbacks_that_overlap_is_in_neither(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const { emit, enter } = await import('/page/stage/events.js');
      const during = () => emit('call', 'info', { name: 'x' }).during;
      const [first, second] = [enter('one'), enter('two')];
      const told = [during()];
      first();
      told.push(during());
      second();
      return [...told, during()];
    }""")
    assert found == ["two", "two", "page"]


# Parts of the platform


def test_install_save_and_disable_call_what_the_platform_calls(page: Page, cache: str, tmp_path: Path) -> None:
    fields = {
        "a": {"name": "settings.token", "type": "text", "required": True},
        "p": {"name": "settings.token", "type": "pass", "required": False},
        "u": {"name": "settings.token", "type": "users", "required": False},
        "l": {"name": "settings.token", "type": "users_lp", "required": False},
        "c": {"name": "settings.token", "type": "custom", "required": False},
    }
    bodies = {
        "onInstall": "",
        "settings": "$('#' + self.params.widget_code + '_custom_content').text('drawn'); $('#' + self.params.widget_code + '_custom').val('7');",
        "onSave": "return a.active === 'N' || a.fields.a !== 'no';",
    }
    manifest = {"settings": {"token": None, **fields}}
    files = {"script.js": script(bodies), "preview/a.json": as_json({"installed": False})}
    with shown(folder(tmp_path / "w", widget(manifest, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click(".js-widget-install")
        page.wait_for_selector(".js-widget-save")
        assert page.locator("#preview_good_custom_content").inner_text() == "drawn"
        page.click(".js-widget-save")
        assert page.locator(".stage-message").inner_text() == "Required: Token. The platform does not call onSave."
        page.fill("[name=a]", "no")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent.startsWith('onSave did')")
        page.fill("[name=a]", "yes")
        page.fill("[name=p]", "secret")
        page.fill("[name='u[9000002]']", "9")
        page.fill("[name='l[9000001][login]']", "me")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent === 'Saved.'")
        stored = json.loads(page.evaluate("sessionStorage.getItem('widgetpack-preview:preview_good')"))
        assert stored == {
            "from": "[false,{}]",
            "status": "installed",
            "fields": {
                "a": "yes",
                "p": "secret",
                "u": {"9000001": "", "9000002": "9", "9000003": ""},
                "l": {"9000001": {"login": "me", "password": ""}, "9000002": {"login": "", "password": ""}, "9000003": {"login": "", "password": ""}},
                "c": "7",
            },
        }  # fmt: skip
        page.click(".js-widget-uninstall")
        page.wait_for_selector(".js-widget-install")
        events = page.evaluate("window.widgetpack.events")
    names = [event["name"] for event in events if event["kind"] == "callback"]
    assert names == [
        "render", "init", "bind_actions", "settings", "onInstall", "settings", "onSave", "onSave", "onSave", "onSave", "destroy", "settings",
    ]  # fmt: skip
    assert [event["given"] for event in events if event.get("name") == "onSave"][-1].startswith('{active: "N", ')


def test_an_on_save_that_breaks_is_told_once(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"onSave": "return Promise.reject(new Error('no key'));"})}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.fill("[name=token]", "x")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent !== ''")
        assert page.locator(".stage-message").inner_text() == "onSave failed: nothing was stored. See the timeline."
        events = page.evaluate("window.widgetpack.settled().then(() => window.widgetpack.events)")
    assert problems(events) == [
        "error callback onSave throws Error: no key",
        "error error Error: no key at script.js:15",
    ]


def test_a_widget_that_is_not_installed_is_not_loaded_in_a_card(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"preview/a.json": as_json({"installed": False})}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:  # fmt: skip
        assert [event["kind"] for event in walked(page, origin, "lcard")] == ["done"]
        page.goto(f"{origin}/#area=lcard")
        stage(page).click("text=Open its settings")
        page.wait_for_selector('button.area[data-area="settings"][aria-current="page"]')


def test_answers_come_from_the_projects_fixtures_and_the_account(page: Page, cache: str, tmp_path: Path) -> None:
    body = """
      var said = [];
      function say(name) { return function (x) { said.push(name, x); }; }
      $.get('/api/v4/leads/5').then(say('lead'));
      $.get('https://example.amocrm.ru/api/v2/account').then(say('account'));
      fetch('/api/v4/contacts?query=none').then(function (x) { say('none')(x.status); });
      fetch('https://a.example/x/y?z=1').then(function (x) { return x.json().then(say('other ' + x.status + x.headers.get('x-y'))); });
      self.crm_post('https://a.example/p', { a: 1 }, say('post'), 'json');
      self.$authorizedAjax({ url: 'https://a.example/q', method: 'POST' }).then(say('token'));
      $.ajax({ url: '/api/v4/tasks', method: 'POST', contentType: 'application/json', data: '[{"text":"t"}]' })
        .then(function (x) { return $.get('/api/v4/tasks/' + x._embedded.tasks[0].id); }).then(say('task'));
      window.said = said;
      return true;"""
    answers = {
        "GET https://a.example/x/*": {"status": 201, "body": {"b": 2}, "headers": {"x-y": "Z"}},
        "POST https://a.example/p": {"body": {"c": 3}},
        "POST https://a.example/q": {"body": "text"},
    }
    fixture = {"leads": [{"id": 5, "name": "Five", "updated_at": 1}], "answers": answers}
    files = {"script.js": script({"init": body}), "preview/a.json": as_json(fixture)}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:  # fmt: skip
        walked(page, origin, "lcard")
        said = page.evaluate("window.said")
    told = dict(zip(said[::2], said[1::2], strict=True))
    assert told.pop("account")["subdomain"] == "example"
    assert told.pop("task")["text"] == "t"
    assert told == {
        "lead": {"id": 5, "name": "Five", "updated_at": 1},
        "none": 204,
        "other 201Z": {"b": 2},
        "post": {"c": 3},
        "token": "text",
    }


def test_the_api_before_2019_answers_in_its_own_shape(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const get = (path) => fetch(path).then((answer) => (answer.status === 200 ? answer.json() : answer.status));
      const account = await get('/api/v2/account?with=users,pipelines');
      const { account: old } = (await get('/private/api/v2/json/accounts/current')).response;
      const leads = await get('/api/v2/leads?id=1002');
      const pipelines = await get('/api/v2/pipelines');
      return [account.current_user, account._embedded.users[9000002].login, Object.keys(account._embedded), old.subdomain,
        old.users.length, old.leads_statuses.length, leads._embedded.items.map((one) => one.name),
        pipelines._embedded.items[7100002].statuses[62000001].name, await get('/api/v2/nothing')];
    }""")
    assert found == [
        9000001, "sales@example.org", ["users", "pipelines"], "example", 3, 10, ["Yearly maintenance"], "Due soon", 404,
    ]  # fmt: skip


def test_an_answer_comes_in_the_type_that_was_asked_for(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""() => Promise.all(['', 'json', 'arraybuffer', 'blob'].map((type) => new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('GET', '/api/v4/users/9000001');
      request.responseType = type;
      request.onload = async () => resolve(type === 'arraybuffer' ? request.response.byteLength > 9
        : type === 'blob' ? JSON.parse(await request.response.text()).id
        : type === 'json' ? request.response.id : JSON.parse(request.responseText).id);
      request.send();
    })))""")
    assert found == [9000001, 9000001, True, 9000001]


def test_a_request_that_was_stopped_or_opened_anew_has_one_answer(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const said = [];
      const request = new XMLHttpRequest();
      request.onabort = () => said.push('stopped');
      request.onload = () => said.push(JSON.parse(request.responseText).id);
      const ask = (id) => { request.open('GET', `/api/v4/users/${id}`); request.send(); };
      ask(9000001);
      request.abort();
      ask(9000002);
      ask(9000003);
      await new Promise((resolve) => setTimeout(resolve, 300));
      request.abort();
      const control = new AbortController();
      const fetched = fetch('/api/v4/users/9000001', { signal: control.signal }).catch((error) => error.name);
      control.abort();
      return [said, request.readyState, await fetched, (await fetch('/api/v4/users/9000001', null)).status];
    }""")
    assert found == [["stopped", 9000003], 0, "AbortError", 200]


def test_the_stage_is_at_rest_after_requests_of_every_kind(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const { idle } = await import('/page/stage/idle.js');
      const open = (path, isLater) => { const one = new XMLHttpRequest(); one.open('GET', path, isLater); return one; };
      open('/page/stage.css', false).send();
      open('/page/stage.css', true).send();
      const twice = open('/page/stage.css', true);
      twice.send();
      twice.open('GET', '/page/stage.css', true);
      open('/page/stage.css', true);
      let isThere = false;
      fetch('/page/stage.css').then(() => new Promise((resolve) => setTimeout(resolve, 50))).then(() => (isThere = true));
      return [await idle(), isThere];
    }""")
    assert found == [True, True]


def test_the_selected_rows_are_what_list_selected_gives(page: Page, cache: str, tmp_path: Path) -> None:
    bodies = {"leads": ""}
    text = script(bodies).replace(
        b"leads: function (a, b) {\n\n}", b"leads: { selected: function () { window.chosen = self.list_selected(); } }"
    )
    files = {"script.js": text}
    with shown(folder(tmp_path / "w", widget({"locations": ["llist-1", "settings"]}, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=llist&locale=en")
        page.evaluate("window.widgetpack.ready")
        assert page.locator(".list-multiple-actions__item").is_disabled()
        page.check("#table_item_1002")
        page.click(".list-multiple-actions__item")
        assert page.evaluate("window.chosen") == {
            "selected": [{"id": 1002, "type": "lead", "name": "Yearly maintenance", "phones": [], "emails": []}],
            "count_selected": 1,
            "summary": {"items": 1, "emails": 0, "phones": 0},
        }


def test_the_selected_contacts_are_counted_and_checked_in_the_open_list(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"init": "window.mine = self; return true;"})}
    with shown(folder(tmp_path / "w", widget({"locations": ["clist-1", "settings"]}, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=clist&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.check("#table_item_2001")
        page.check("#table_item_2003")
        summary = page.evaluate("window.mine.list_selected().summary")
        rows = page.evaluate("APP.data.current_list.map((one) => [one.id, one.get('name'), one.get('checked')])")
        assert summary == {"items": 2, "emails": 1, "phones": 1}
        assert rows == [[2001, "Robin Sample", True], [2002, "Kim Placeholder", False], [2003, "Sam Template", True]]
        assert page.evaluate("APP.data.current_card") is False


OF_CARDS = {
    "init": "window.mine = self; window.got = []; self.add_action('phone', function (given) { window.got.push(given); }); return true;"
}


def test_a_call_from_a_card_says_whose_number_it_is(page: Page, cache: str, tmp_path: Path) -> None:
    locations = ["lcard-1", "comcard-1", "clist-0", "settings"]
    texts = {"widget": {"call_action": "Ring"}}
    home = folder(tmp_path / "w", widget({"locations": locations}, texts, {"script.js": script(OF_CARDS)}))
    with shown(home, cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=Robin Sample >> xpath=.. >> role=button[name='Call +1 555 0100']")
        of_contact = {"value": "+1 555 0100", "element_type": 1, "element_id": 2001, "entity": "lcard"}
        assert page.evaluate("window.got") == [of_contact]
        page.goto(f"{origin}/stage?area=comcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("#edit_card [data-pei-code=phone] button")
        of_company = {"value": "+1 555 0110", "element_type": 3, "element_id": 3001, "entity": "comcard"}
        assert page.evaluate("window.got") == [of_company]
        page.goto(f"{origin}/stage?area=clist&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("tr[data-id='2002'] button[aria-label^=Call]")
        assert page.locator("tr[data-id='2002'] button").first.get_attribute("title") == "Ring"
        of_row = {"value": "+1 555 0101", "element_type": 1, "element_id": 2002, "entity": "clist"}
        assert page.evaluate("window.got") == [of_row]


SENDING: dict[str, tuple[str, list[str]]] = {
    "return Promise.resolve();": ("The promise was kept.", []),
    "return Promise.reject(new Error('no'));": (
        "The promise was broken.",
        ["error error Error: no at script.js:6"],
    ),
    "return 1;": (
        "The widget gave no promise: nobody knows what was sent.",
        ["warning callback source sms not a promise: the platform waits for one"],
    ),
}


@pytest.mark.parametrize("handler", SENDING)
def test_a_source_of_messages_is_offered_below_the_feed(page: Page, cache: str, tmp_path: Path, handler: str) -> None:
    words, told = SENDING[handler]
    body = f"self.add_source('sms', function (given) {{ window.got = given; {handler} }}); return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=Send an SMS")
        page.wait_for_function("document.querySelector('.feed-compose__message').textContent !== 'Write a note'")
        assert page.locator(".feed-compose__message").inner_text() == words
        assert page.evaluate("window.got") == {"phone": 15550100, "message": "Hello from the sandbox", "contact_id": 2001}  # fmt: skip
        events = page.evaluate("window.widgetpack.settled().then(() => window.widgetpack.events)")
        assert [line for line in problems(events) if "leak" not in line] == told


def test_a_card_without_a_source_of_messages_offers_none(page: Page, sample: Previewing) -> None:
    walked(page, sample.origin, "lcard")
    assert page.locator(".feed-compose__source").count() == 0


def test_a_source_of_another_kind_fills_its_control_itself(page: Page, cache: str, tmp_path: Path) -> None:
    body = "self.add_source('email', function ($place) { $place.append('<b>Letter</b>'); }, 'My post'); return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=My post")
        assert page.locator(".feed-compose").inner_text().split() == ["Note", "My", "post", "Letter"]
        assert problems(page.evaluate("window.widgetpack.events")) == []


def test_answers_that_must_be_promises_are_told_where_they_are_none(page: Page, cache: str, tmp_path: Path) -> None:
    names = ("loadPreloadedData", "loadElements", "linkCard", "searchDataInCard")
    bodies = dict.fromkeys(names, "return [];")
    changes = {"locations": ["lcard-1", "card_sdk", "settings"]}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        told = problems(walked(page, origin, "card_sdk"))
    assert told == [f"warning callback {name} not a promise: the platform waits for one" for name in names]


def test_the_tab_of_a_card_has_the_code_of_the_widget_to_be_drawn_into(page: Page, cache: str, tmp_path: Path) -> None:
    promise = "return Promise.resolve([]);"
    bodies = {
        "loadPreloadedData": f"$('#' + self.get_settings().widget_code).text('drawn'); {promise}",
        "loadElements": f"console.log(a.type, b); {promise}", "linkCard": promise, "searchDataInCard": promise,
    }  # fmt: skip
    changes = {"locations": ["lcard-1", "card_sdk", "settings"]}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        events = walked(page, origin, "card_sdk")
        assert page.locator("#preview_good").inner_text() == "drawn"
    assert problems(events) == []
    assert [event["message"] for event in events if event["kind"] == "console"] == ["leads 1001"]


def test_a_notification_says_when_it_is_kept(page: Page, cache: str, tmp_path: Path) -> None:
    body = """var say = function (word) { return function () { console.log(word); }; };
APP.notifications.add_error({ header: 'x', text: 'no' }, { done: say('done'), fail: say('fail'), always: say('always') });
return true;"""
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        events = walked(page, origin, "lcard")
    assert [event["message"] for event in events if event["kind"] == "console"] == ["done", "always"]


def test_app_knows_the_card_that_is_open_and_who_is_there(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    page.fill("[name='lead[NAME]']", "Not yet saved")
    found = page.evaluate("""() => {
      const { current_card: card, current_list: list, current_view: view } = APP.data;
      const { sdk } = AMOCRM;
      return {
        card: [card.id, card.new_card, card.model.get('lead[NAME]'), card.model.get('MAIN_USER')],
        list, view: view.$el.attr('id'),
        status: [sdk.showUserStatus('online'), sdk.showUserStatus(9000002), sdk.showUserStatus(9000001), sdk.showUserStatus(5)],
      };
    }""")
    assert found == {
        "card": [1001, False, "Not yet saved", 9000001],
        "list": False,
        "view": "page_content",
        "status": [
            [9000001], False, True,
            {str(number): {"id": number, "online": number == 9000001} for number in (9000001, 9000002, 9000003)},
        ],
    }  # fmt: skip


def test_an_empty_list_of_leads_opens_a_new_card(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"render": "return !APP.data.current_card.new_card;"}), "preview/a.json": as_json({"leads": []})}  # fmt: skip
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        told = problems(walked(page, origin, "lcard"))
        assert told == ["error callback render not true: init and bind_actions do not run"]
        assert page.evaluate("APP.data.current_card.id") == 0


def test_methods_of_the_widget_give_what_is_documented(page: Page, cache: str, tmp_path: Path) -> None:
    body = """window.mine = self; window.got = [];
self.crm_post('https://a.example/x', {}, function () { window.got.push('done'); }, 'json', function (request, how) { window.got.push([request.status, how]); });
self.crm_post('https://a.example/y', {}, function (answer) { window.got.push(answer); }, 'json');
return true;"""
    answers = {"POST https://a.example/x": {"body": "plain"}, "POST https://a.example/y": {"body": {"a": 1}}}
    files = {"script.js": script({"init": body}), "preview/a.json": as_json({"answers": answers})}
    for locations, expected in (
        (["lcard-1", "settings"], "the widget is no source: `locations` does not name `lead_sources`"),
        (["lcard-1", "lead_sources", "settings"], 7100001),
    ):
        home = folder(tmp_path / str(len(locations)), widget({"locations": locations}, None, dict(files)))
        with shown(home, cache) as origin:
            page.goto(f"{origin}/stage?area=lcard&locale=en")
            page.evaluate("window.widgetpack.ready")
            assert page.evaluate("window.mine.get_pipeline_id().catch((error) => error.message)") == expected
            assert page.evaluate("window.got") == [[200, "parsererror"], {"a": 1}]
            contacts = page.evaluate("window.mine.get_current_card_contacts_data()")
    assert contacts == [
        {
            "id": 2001, "name": "Robin Sample", "first_name": "Robin", "last_name": "Sample",
            "phones": ["+1 555 0100"], "emails": ["robin@example.com"],
        }
    ]  # fmt: skip


def test_rows_that_a_widget_adds_to_its_step_stand_above_the_button(page: Page, cache: str, tmp_path: Path) -> None:
    bodies = {
        "salesbotDesignerSettings": "a.append(b('extra', '1')); return { exits: [{ code: 'x', title: 'X' }] };",
        "onSalesbotDesignerSave": "return '[]';",
    }
    steps = {"h": {"name": "settings.token", "settings": {"q": {"name": "settings.token", "type": "text"}}}}
    changes = {"locations": ["salesbot_designer", "settings"], "salesbot_designer": steps}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        walked(page, origin, "salesbot_designer", walk=False)
        order = page.eval_on_selector_all("form [name], form button", "all => all.map((one) => one.name || one.innerText)")  # fmt: skip
    assert order == ["q", "extra", "Save"]


def test_the_fields_are_there_before_the_installation_and_hidden(page: Page, cache: str, tmp_path: Path) -> None:
    body = "window.values = (window.values || []).concat($('[name=token]').val());"
    files = {"script.js": script({"settings": body}), "preview/a.json": as_json({"installed": False, "settings": {"token": "x"}})}  # fmt: skip
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        assert page.locator("[name=token]").is_hidden()
        page.click(".js-widget-install")
        page.wait_for_selector("[name=token]", state="visible")
        page.wait_for_function("window.values.length === 2")
        assert page.evaluate("window.values") == ["x", "x"]


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ("'[]'", ["an empty array: the bot has nothing to do"]),
        ("undefined", ["nothing, not a text: JSON.stringify the steps"]),
        ("[{}]", ["object, not a text: JSON.stringify the steps"]),
        ("'{}'", ["not an array of steps"]),
        ("JSON.stringify([{execute_handler: []}])", ["step 0: execute_handler is saved and never runs, question is expected"]),
        ("JSON.stringify([{question: [{handler: 'goto', params: {type: 'question', step: 1}}]}])", ["step 0: goto step 1, and there are 1"]),
        ("JSON.stringify([{question: [{handler: 'widget_request', params: {url: 'http://a'}}]}])", ['step 0: widget_request to "http://a", not to an https address']),
        ("JSON.stringify([{question: [{handler: 'nothing'}]}])", ["step 0: nothing is no handler that is documented"]),
        ("JSON.stringify([{question: [{handler: 'show', params: {}}, {handler: 'exits', params: {value: 'x'}}]}])", []),
    ],
)  # fmt: skip
def test_a_program_of_a_bot_is_judged(page: Page, sample: Previewing, value: str, faults: list[str]) -> None:
    page.goto(f"{sample.origin}/stage?area=integrations")
    judge = f"import('/page/stage/program.js').then((it) => it.judgeProgram({value}).faults)"
    assert page.evaluate(judge) == faults


def test_the_platforms_controls_and_windows_work(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    page.evaluate("""() => new Promise((resolve) => require(['lib/components/base/modal', 'twigjs'], (Modal, twig) => {
      window.heard = [];
      const html = twig({ ref: '/tmpl/controls/select.twig' }).render({ name: 'x', items: [{ id: 1, option: 'One' }, { id: 2, option: '<b>Two' }], selected: 2 })
        + twig({ ref: '/tmpl/controls/input.twig' }).render({ name: 'y', value: '"q"' })
        + twig({ ref: '/tmpl/controls/checkbox.twig' }).render({ name: 'z', text: 'Zed', checked: true });
      window.modal = new Modal({ class_name: 'mine', init($body) { $body.trigger('modal:loaded').html(html).trigger('modal:centrify'); }, destroy() { window.heard.push('destroyed'); } });
      $('[name=x]').on('change', function () { window.heard.push($(this).val()); });
      resolve();
    }))""")
    assert page.locator(".mine .control--select--button").inner_text() == "<b>Two"
    assert page.evaluate("[$('[name=x]').val(), $('[name=y]').val(), $('[name=z]').prop('checked')]") == [
        "2",
        '"q"',
        True,
    ]
    page.click(".mine .control--select--button")
    page.click(".mine .control--select--list--item >> text=One")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("window.heard") == ["1", "2", "destroyed"]
    assert page.locator(".mine").count() == 0


def test_the_page_has_the_platforms_libraries_in_its_versions(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""() => new Promise((resolve) => require(
      ['backbone', 'underscore', 'moment', 'moment-timezone', 'chartjs', 'twigjs', 'text!/upl/x/1/widget/templates/notice.twig', 'json!/upl/x/1/widget/manifest.json'],
      (backbone, underscore, moment, zones, Chart, twig, text, json) => resolve([requirejs.version, $.fn.jquery, backbone.VERSION,
        underscore.VERSION, moment.version, moment === zones, typeof Chart, twig === window.twig && twig.twig === twig,
        typeof Twig.Templates.registry, text.slice(0, 2), json.widget.version])))""")
    assert found == [
        "2.3.8", "2.1.3", "1.1.2", "1.9.1", "2.24.0", True, "function", True, "object", "{#", "1.0.0",
    ]  # fmt: skip


# The shell


def test_a_save_shows_at_once_and_a_broken_one_leaves_the_last(page: Page, cache: str, tmp_path: Path) -> None:
    body = "self.render_template({ caption: {}, body: '<p class=mine>%s</p>', render: '' }); return true;"
    home = folder(tmp_path / "w", widget(None, None, {"script.js": script({"render": body % "one"})}))
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        page.goto(f"{process.origin}/#area=lcard")
        assert stage(page).locator(".mine").inner_text() == "one"
        (home / "script.js").write_bytes(script({"render": body % "two"}))
        until(page, "document.getElementById('dock-area').textContent === 'Lead, build 2'")
        assert stage(page).locator(".mine").inner_text() == "two"
        (home / "script.js").write_bytes(b"define([")
        until(page, "document.getElementById('notice').textContent !== ''")
        assert page.locator("#notice").inner_text().split("\n") == [
            "The build has errors. This is the last good build.",
            "`[` is never closed",
            "script.js:1:8",
            "All findings",
        ]
        assert stage(page).locator(".mine").inner_text() == "two"
        page.click(".notice__more")
        assert page.locator("#tab-findings").get_attribute("aria-selected") == "true"
        assert page.locator(".rows .row__said").all_inner_texts() == ["`[` is never closed"]
        (home / "script.js").write_bytes(script({"render": body % "three"}))
        until(page, "document.getElementById('notice').textContent === ''")
        until(page, "document.getElementById('dock-area').textContent === 'Lead, build 3'")
        assert stage(page).locator(".mine").inner_text() == "three"


def test_the_area_and_the_language_come_back_with_the_save_that_has_them_again(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    home = folder(tmp_path / "w", widget())
    manifest = (home / "manifest.json").read_bytes()
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        page.goto(f"{process.origin}/#area=lcard&locale=es")
        stage(page)
        (home / "manifest.json").write_bytes(manifest.replace(b'"lcard-1"', b'"ccard-1"'))
        until(page, "document.getElementById('dock-area').textContent.endsWith('build 2')")
        assert page.evaluate("location.hash") == "#area=settings&locale=es"
        assert page.locator("#build").inner_text() == "Lead: locations does not name lcard"
        (home / "i18n" / "es.json").rename(tmp_path / "es.json")
        until(page, "document.getElementById('dock-area').textContent.endsWith('build 3')")
        assert page.evaluate("location.hash") == "#area=settings&locale=en"
        (home / "manifest.json").write_bytes(manifest)
        (tmp_path / "es.json").rename(home / "i18n" / "es.json")
        until(page, "location.hash === '#area=lcard&locale=es'")
        assert page.locator("#build").inner_text() == ""


def test_a_server_that_is_gone_is_told_and_the_page_goes_on_with_the_next(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    home = folder(tmp_path / "w", widget())
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        page.goto(f"{process.origin}/#area=lcard&locale=en")
        stage(page)
        process.end()
        until(page, "document.getElementById('notice').textContent !== ''")
        assert page.locator("#notice strong").inner_text() == "widgetpack preview does not answer."
        (home / "i18n" / "en.json").write_bytes(widget({}, {"widget": {"name": "Anew"}})["i18n/en.json"])
        with previewing(home, tmp_path / "log2", "--port", str(process.port), WIDGETPACK_CACHE=cache):
            until(page, "document.getElementById('notice').textContent === ''")
            until(page, "document.getElementById('widget-name').textContent === 'Anew'")


def test_back_leads_to_the_area_before(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=lcard&locale=en")
    stage(page)
    page.click('button.area[data-area="ccard"]')
    stage(page)
    page.go_back()
    until(page, "document.querySelector('.area[aria-current]').dataset.area === 'lcard'")
    assert stage(page).evaluate("window.widgetpack.world.area") == "lcard"
    marks = page.eval_on_selector_all(".area__mark[title]", "all => all.map(one => [one.parentElement.dataset.area, one.title])")  # fmt: skip
    assert marks == [["lcard", "runs"], ["ccard", "runs"]]


ON_LEAVING = ".row:has(.row__within:text('on leaving')) .row__text"


def test_destroy_is_called_when_an_area_is_left_and_told_in_the_next(page: Page, cache: str, tmp_path: Path) -> None:
    bodies = {"init": "setInterval(function () {}, 500); return true;", "destroy": "console.log('bye');"}
    home = folder(tmp_path / "w", widget(None, None, {"script.js": script(bodies)}))
    with shown(home, cache) as origin:
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        assert page.locator(ON_LEAVING).all_inner_texts() == []
        page.click('button.area[data-area="integrations"]')
        stage(page)
        behind = "an interval of 500 ms goes on after `destroy`"
        told = page.locator(ON_LEAVING).all_inner_texts()
        first = [line.partition("\n")[0] for line in told]
        assert [re.sub(r" \d+ ms$", "", line) for line in first] == ["bye", "destroy() → undefined", behind]
        assert page.locator(".row__within").all_inner_texts() == ["on leaving Lead"] * 3
        assert page.evaluate("document.activeElement.dataset.area") == "integrations"
        assert page.locator('[data-area="lcard"] .area__mark').get_attribute("aria-label") == "has warnings"
        assert page.locator('[data-area="integrations"] .area__mark').get_attribute("aria-label") == "runs"
        page.go_back()
        stage(page)
        assert page.locator(ON_LEAVING).all_inner_texts() == []  # no script runs in the list of integrations
        page.click("#reload")
        stage(page)
        assert page.locator(ON_LEAVING).all_inner_texts() == []  # a page that is loaded anew is not left


def test_a_destroy_without_an_end_does_not_hold_the_menu(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"destroy": "return new Promise(function () {});"})}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        page.click('button.area[data-area="settings"]')
        page.click('button.area[data-area="integrations"]')
        stage(page)
        until(page, "document.querySelector('[data-area=integrations]').getAttribute('aria-current') === 'page'")
        assert page.locator(ON_LEAVING).all_inner_texts() == ["destroy() no answer after 1 second"]
        assert page.locator("button.area[aria-current]").count() == 1


def test_what_is_stored_lasts_until_reset_or_until_the_fixtures_say_otherwise(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    home = folder(tmp_path / "w", widget(None, None, {"preview/a.json": as_json({"settings": {"token": "one"}})}))
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        page.goto(f"{process.origin}/#area=settings&locale=en")
        frame = stage(page)
        frame.fill("[name=token]", "mine")
        frame.click(".js-widget-save")
        frame.wait_for_selector("text=Saved.")
        page.reload()
        assert stage(page).locator("[name=token]").input_value() == "mine"
        page.click("#reset")
        assert stage(page).locator("[name=token]").input_value() == "one"
        frame = stage(page)
        frame.fill("[name=token]", "mine")
        frame.click(".js-widget-save")
        frame.wait_for_selector("text=Saved.")
        (home / "preview" / "a.json").write_bytes(as_json({"settings": {"token": "two"}}))
        until(page, "document.getElementById('dock-area').textContent.endsWith('build 2')")
        assert stage(page).locator("[name=token]").input_value() == "two"


def test_of_two_saves_in_a_moment_the_last_is_shown(page: Page, cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget())
    held: list[Route] = []

    def hold(route: Route) -> None:
        """Keep the shell's first question, and let its second through."""
        if route.request.frame == page.main_frame and not held:
            held.append(route)
        else:
            route.continue_()

    with built(home, cache) as (origin, build):
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        page.route("**/state.json", hold)
        build()
        for _ in range(1000):
            if held:
                break
            page.wait_for_timeout(10)
        early = held[0].fetch()
        build()
        until(page, "document.getElementById('dock-area').textContent === 'Lead, build 3'")
        first = stage(page).url
        held[0].fulfill(response=early)
        page.evaluate("fetch('/state.json').then(() => 1)")
        assert page.locator("#dock-area").inner_text() == "Lead, build 3"
        assert stage(page).url == first


def test_what_is_open_in_the_list_stays_open_while_more_comes(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=lcard&locale=en")
    frame = stage(page)
    page.click("#tab-network")
    page.click(".row summary >> text=Answered")
    frame.evaluate("fetch('/api/v4/account')")
    until(page, "document.querySelectorAll('.row').length === 2")
    assert page.eval_on_selector_all(".row details", "all => all.map(one => one.open)") == [True, False]
    page.click("#tab-problems")
    assert page.locator(".rows__empty").inner_text() == "No problems in this area."
    frame.evaluate("fetch('/api/v4/unknown')")
    until(page, "document.querySelectorAll('.row').length === 1")


def test_problems_stay_in_the_list_when_many_lines_follow(page: Page, cache: str, tmp_path: Path) -> None:
    body = "self.i18n('none'); for (var i = 0; i < 2100; i += 1) { self.add_action('line ' + i, 0); } return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        until(page, "document.querySelector('#tab-timeline .tab__count').textContent === '2106'")
        page.click("#tab-problems")
        assert page.locator(".row .row__said").all_inner_texts() == ['i18n/en.json has no "none"']


def test_the_list_is_filtered_and_keeps_the_latest_of_many_lines(page: Page, cache: str, tmp_path: Path) -> None:
    body = "for (var i = 0; i < 2100; i += 1) { self.add_action('line ' + i, 0); } return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        until(page, "document.querySelector('#tab-timeline .tab__count').textContent === '2105'")
        assert page.locator(".row").count() == 2000
        page.fill("#filter", "line 100")
        until(page, "document.querySelectorAll('.row:not([hidden])').length === 10")
        page.click("#tab-network")
        page.click("#tab-timeline")
        shown_rows = page.eval_on_selector_all(".row:not([hidden]) code", "all => all.map(one => one.innerText)")
        assert shown_rows == [f'self.add_action("line {number}")' for number in range(1000, 1010)]


def test_the_edge_of_the_list_is_moved_by_keys_and_remembered(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=lcard&locale=en")
    stage(page)
    high = page.evaluate("document.getElementById('dock').offsetHeight")
    page.focus("#split")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.getElementById('dock').offsetHeight") == high + 24
    assert page.locator("#split").get_attribute("aria-valuenow") == str(high + 24)
    page.reload()
    stage(page)
    assert page.evaluate("document.getElementById('dock').offsetHeight") == high + 24


def test_a_line_of_the_list_has_the_whole_width_of_a_side_list(browser: Browser, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"init": "console.log('long '.repeat(80)); return true;"})}
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/#area=lcard&locale=en")
        stage(page)
        row = page.locator(".row:has(.row__within)")
        corners = (
            "(element) => { const box = element.getBoundingClientRect(); return [box.left, box.top, box.bottom]; }"
        )
        text, within = (row.locator(f".row__{name}").evaluate(corners) for name in ("text", "within"))
    context.close()
    assert within[:2] == [text[0], text[2]]


def test_escape_closes_the_window_of_the_settings(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=settings&locale=en")
    stage(page).focus("[name=wait_days]")
    page.keyboard.press("Escape")
    until(page, "location.hash === '#area=integrations&locale=en'")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("area", AREAS)
def test_every_text_stands_out_from_its_ground(browser: Browser, sample: Previewing, area: str, theme: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{sample.origin}/#area={area}&locale=en")
    frame = stage(page)
    page.click(".areas__more")
    faint = (Path(__file__).parent / "contrast.js").read_text()
    assert (page.evaluate(faint), frame.evaluate(faint)) == ([], [])
    context.close()


def test_a_widget_without_an_icon_has_no_broken_picture(page: Page, cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget(None, None, {"images/logo_main.png": None}))
    with shown(home, cache) as origin:
        page.goto(f"{origin}/#area=integrations&locale=en")
        frame = stage(page)
        assert page.locator("#widget-icon").is_hidden()
        assert frame.evaluate("[...document.images].filter(one => !one.naturalWidth).length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (768, 1024), (390, 844)])
def test_the_page_fits_at_every_size_and_in_both_colours(browser: Browser, sample: Previewing, size: tuple[int, int], theme: Any) -> None:  # fmt: skip
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{sample.origin}/#area=lcard")
    frame = stage(page)
    assert page.evaluate(
        "[document.documentElement.dataset.theme, document.documentElement.scrollWidth <= innerWidth]"
    ) == [theme, True]
    assert frame.evaluate(
        "[document.documentElement.dataset.colorScheme, document.documentElement.scrollWidth <= innerWidth]"
    ) == [theme, True]
    context.close()


def test_the_page_can_be_used_without_a_mouse(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/#area=settings")
    stage(page)
    page.focus('button.area[data-area="settings"]')
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector('button.area[data-area="advanced_settings"][aria-current="page"]')
    assert page.evaluate("document.activeElement.dataset.area") == "advanced_settings"
    page.focus("#tab-timeline")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-problems"
    page.focus("#reload")
    page.keyboard.press("t")
    assert page.locator("#fold").get_attribute("aria-expanded") == "false"


HEARD = """document.addEventListener('keydown', function (event) {
  if (window.widgetTakesKeys) { event.preventDefault(); }
});
$('body').append('<input id=own><p id=free tabindex=0>x</p><p id=rich contenteditable>y</p>');
return true;"""


def test_the_keys_of_the_shell_are_heard_in_the_crm_but_where_somebody_types(page: Page, cache: str, tmp_path: Path) -> None:  # fmt: skip
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": HEARD})})), cache) as origin:
        page.goto(f"{origin}/#area=lcard")
        frame = stage(page)
        address = frame.url
        for field in ("#own", "#rich"):
            frame.focus(field)
            page.keyboard.press("t")
            page.keyboard.press("r")
        frame.focus("#free")
        page.keyboard.press("Control+Shift+x")
        frame.evaluate("window.widgetTakesKeys = true")
        page.keyboard.press("r")
        frame.evaluate("new Promise((resolve) => setTimeout(resolve, 100))")
        assert (page.locator("#fold").get_attribute("aria-expanded"), stage(page).url) == ("true", address)
        frame.evaluate("window.widgetTakesKeys = false")
        page.keyboard.press("t")
        until(page, "document.getElementById('fold').getAttribute('aria-expanded') === 'false'")
        for key in ("r", "Shift+R"):
            before = stage(page).url
            stage(page).focus("#free")
            page.keyboard.press(key)
            until(page, f"document.getElementById('frame').src !== {json.dumps(before)}")


def test_a_page_of_a_widget_with_errors_says_so_until_it_builds(page: Page, cache: str, tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget(None, None, {"script.js": b"define(["}))
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=cache) as process:
        page.goto(process.origin)
        page.wait_for_selector("body.is-empty")
        assert page.locator("#empty").is_visible()
        (home / "script.js").write_bytes(widget()["script.js"])
        page.wait_for_selector("body:not(.is-empty) button.area")
        assert problems(stage(page).evaluate("window.widgetpack.events")) == []


def test_a_stage_without_a_build_tells_of_no_globals(page: Page, cache: str, tmp_path: Path) -> None:
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": b"define(["})), cache) as origin:
        assert [event["kind"] for event in walked(page, origin, "lcard")] == ["done"]


def test_a_widget_with_every_location_plays_every_area_that_can_be_played(
    page: Page, cache: str, tmp_path: Path
) -> None:
    locations = ["settings", "lcard-1", "ccard-1", "comcard-1", "llist-1", "clist-1", "tlist-1", "everywhere", "sms", "catalogs", "lead_sources", "card_sdk", "widget_page", "mobile_card"]  # fmt: skip
    promise = "return Promise.resolve([]);"
    bodies = {
        "init": "self.add_source('sms', function () { return Promise.resolve(); }); return true;",
        "loadPreloadedData": promise, "loadElements": promise, "linkCard": promise, "searchDataInCard": promise,
        "onSource": promise, "onAddAsSource": "", "loadCatalogElement": promise,
        "initMenuPage": "$('#work-area-' + self.params.widget_code).text(a.item_code + ' ' + a.subitem_code);",
    }  # fmt: skip
    changes = {
        "locations": locations,
        "sms": {"endpoint": "https://a.example/"},
        "mobile": {"frame_url": "https://a.example/", "color": "#123456"},
        "left_menu": {"mine": {"title": "widget.name", "sort": {"after": "leads"}, "submenu": {"one": {"title": "widget.name"}}}, "stats": {"is_hidden": True}},
    }  # fmt: skip
    home = folder(tmp_path / "w", widget(merged(changes, {}), None, {"script.js": script(bodies)}))
    with shown(home, cache) as origin:
        state = page.request.get(f"{origin}/state.json").json()
        offered = [area["id"] for area in state["areas"] if area["offered"]]
        assert sorted(offered) == sorted(["integrations", *(name.partition("-")[0] for name in locations)])
        for area in offered:
            assert (area, problems(walked(page, origin, area))) == (area, [])
        walked(page, origin, "widget_page")
        assert page.locator("#work-area-preview_good").inner_text() == "mine one"
        assert page.locator("[data-entity=stats]").count() == 0


def test_a_manifest_and_fixtures_of_any_shape_break_no_area(page: Page, cache: str, tmp_path: Path) -> None:
    changes = {
        "locations": ["settings", "lcard", "ccard-1", "comcard-1", "llist-1", "tlist-1", "digital_pipeline", "salesbot_designer", "widget_page", "mobile_card", "lead_sources", "catalogs"],
        "left_menu": {'a"b': {"title": 5, "icon": 7, "sort": 3, "submenu": {"x": None, "y": {}}}, "z": None, "q": []},
        "mobile": {"frame_url": 5, "color": []},
        "dp": {"settings": {"x y": {"name": 3, "type": 4}, "n": None}},
        "salesbot_designer": {"h": {"name": None, "settings": {"a]": {"name": 1, "default_value": {"a": 1}}}}},
        "settings": {"w]'x": {"name": 5, "type": [], "required": 1}},
        "tour": {"tour_images": {"en": ["/images/tour.png", 5]}},
    }  # fmt: skip
    fixture = {
        "users": [{"id": 1}], "pipelines": [{"id": 1}], "leads": [], "contacts": [{"id": 3}], "companies": [], "catalogs": [],
        "tasks": [{"id": 9}], "custom_fields": {"leads": [{"id": 1}]}, "user": {"login": 5}, "account": {"subdomain": 7},
        "settings": {"token": {"x": 1}},
    }  # fmt: skip
    bodies = {"onSalesbotDesignerSave": "return '[]';", "salesbotDesignerSettings": "", "dpSettings": "", "initMenuPage": "", "onSource": "", "onAddAsSource": "", "loadCatalogElement": ""}  # fmt: skip
    files = {"script.js": script(bodies), "preview/a.json": as_json(fixture)}
    home = folder(tmp_path / "w", widget(changes, None, dict(files)))
    with shown(home, cache) as origin:
        state = page.request.get(f"{origin}/state.json").json()
        offered = [area["id"] for area in state["areas"] if area["offered"]]
        assert len(offered) == 13
        told = {area: problems(walked(page, origin, area)) for area in offered}
    assert {area: lines for area, lines in told.items() if lines} == {
        "salesbot_designer": ["error callback onSalesbotDesignerSave an empty array: the bot has nothing to do"],
        "mobile_card": ["error error mobile.frame_url: 5, not an https address"],
    }


def test_the_picture_of_the_readme_is_taken_here(browser: Browser, sample: Previewing, tmp_path: Path) -> None:
    picture = Path(os.environ.get("WIDGETPACK_PICTURE") or tmp_path / "preview.png")
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", device_scale_factor=1.5
    )
    page = context.new_page()
    page.goto(f"{sample.origin}/#area=ccard&locale=en")
    stage(page)
    page.click('button.area[data-area="lcard"]')
    frame = stage(page)
    frame.click("[data-followup-days='3']")
    frame.wait_for_selector(".followup-widget__card_planned")
    page.mouse.move(700, 580)
    until(page, "document.querySelector('#tab-network .tab__count').textContent === '2'")
    page.screenshot(path=picture)
    context.close()
    found = load_image(picture.name, picture.read_bytes())
    assert (found.format, found.width, found.height, found.fault) == ("PNG", 1920, 1200, "")
