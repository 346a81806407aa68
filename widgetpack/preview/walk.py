"""A headless browser that goes through every area of the sandbox in every language."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.errors import WidgetpackError
from widgetpack.preview.tab import Tab, first_line, within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.async_api import Browser, Playwright

    from widgetpack.preview.tab import Stop, Visit

_OFFLINE: Final = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"
"""Requests are answered in the page or refused by its policy; this holds also what neither reaches, as a page in a frame."""


class Journey(NamedTuple):
    """Where to go, and with what."""

    origin: str
    browser: Path
    online: bool


def walk(journey: Journey, stops: Iterable[Stop]) -> list[Visit]:
    """Visit every stop, several at a time; raises `WidgetpackError` where the browser does not start, or ends before its time.

    Where an area hung in one language, those that were not yet begun are left out.
    """
    from playwright.async_api import Error

    try:
        return asyncio.run(_walk(journey, list(stops)))
    except Error as error:
        message = f"{journey.browser} ended before its time: {first_line(error.message)}"
        raise WidgetpackError(message, "look at the memory that is free, or name another with --browser") from None


async def _walk(journey: Journey, stops: list[Stop]) -> list[Visit]:
    from playwright.async_api import async_playwright

    visits: dict[Stop, Visit] = {}
    left, hung = deque(stops), set[str]()
    async with async_playwright() as play:
        browser = await _launched(play, journey)

        async def work() -> None:
            tab: Tab | None = None
            while left:
                stop = left.popleft()
                if stop.area in hung:
                    continue
                tab = tab or await Tab.open(browser)
                visits[stop] = visit = await tab.visit(journey.origin, stop)
                if any(event["kind"] == "hang" for event in visit.events):
                    hung.add(stop.area)
                    await tab.close()
                    tab = None

        try:
            await asyncio.gather(*(work() for _ in range(min(len(stops), _tabs()))))
        finally:
            await within(browser.close())
    return [visits[stop] for stop in stops if stop in visits]


def _tabs() -> int:
    """Return how many pages are open at once: much of a visit is waiting for answers and timers."""
    return max(2, min(8, 2 * (os.cpu_count() or 1)))


async def _launched(play: Playwright, journey: Journey) -> Browser:
    from playwright.async_api import Error

    arguments = ["--disable-dev-shm-usage", *([] if journey.online else [_OFFLINE])]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # whom Chromium's sandbox refuses
    try:
        return await play.chromium.launch(
            executable_path=journey.browser, args=arguments, chromium_sandbox=not is_root, handle_sigint=False
        )
    except Error as error:
        if not is_root and "sandbox" in error.message:  # as in many containers
            with suppress(Error):
                return await play.chromium.launch(executable_path=journey.browser, args=arguments, handle_sigint=False)
        message = f"{journey.browser} does not start: {first_line(error.message)}"
        raise WidgetpackError(message, "name another Chromium or Chrome with --browser") from None
