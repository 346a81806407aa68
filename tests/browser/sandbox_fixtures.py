"""The browser, its pages, and the sandbox with the sample widget; the libraries of the page are installed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chromium import CHROMIUM, need
from preview_process import previewing
from sandbox import ROOT, installed_libraries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from preview_process import Previewing


@pytest.fixture(scope="session")
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
