"""The page around the CRM: saves, the way back, the list of what happened, keyboard, sizes, colours."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import as_json, folder, widget
from preview_process import previewing
from sandbox import SAMPLE_AREAS, built, problems, script, shown, stage, until

from widgetpack.images import load_image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route
    from preview_process import Previewing

pytest_plugins = "sandbox_fixtures"


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
@pytest.mark.parametrize("area", SAMPLE_AREAS)
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
