"""The sandbox in Chromium: widgets in every area, and every kind of fault in the timeline."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import as_json, folder, merged, widget
from native_builders import needs_native
from preview_process import previewing
from sandbox import SAMPLE_AREAS, callbacks, example, problems, script, shown, stage, until, walked

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from preview_process import Previewing

pytest_plugins = "sandbox_fixtures"

# Widgets that are good


# `preview --check` goes through every area in every language: see test_preview_walk.
@pytest.mark.parametrize(("area", "locale"), list(zip(SAMPLE_AREAS, ("en", "es", "pt") * 3, strict=False)))
def test_the_sample_widget_has_no_problem_in_any_area(page: Page, sample: Previewing, area: str, locale: str) -> None:
    assert problems(walked(page, sample.origin, area, locale)) == []


def test_the_areas_of_the_sample_widget_are_those_of_its_manifest(page: Page, sample: Previewing) -> None:
    page.goto(sample.origin)
    stage(page)
    offered = page.eval_on_selector_all("button.area", "all => all.map(one => one.dataset.area)")
    assert tuple(offered) == SAMPLE_AREAS
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


# Widgets with everything


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
