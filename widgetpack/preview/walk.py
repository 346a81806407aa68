"""A headless browser that goes through every area of the sandbox in every language."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
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
_SPARED: Final = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    "AimEnabled",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
)
"""Features of Chromium that cost seconds, or that talk to its maker. The first three are pages behind the address bar of each window,
the fourth a process that waits for a next site: a quarter of the processor time of a check. Of several lists Chromium takes the
last, so what Playwright's own list spares us is named again."""


_START_SECONDS: Final = 30


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
    except BaseException as error:
        if not isinstance(error, Exception):
            _hush()
        raise


def _hush() -> None:
    """Let nothing be said at an end by a signal: what is left of the driver's process tells that its loop is gone."""
    logging.getLogger("asyncio").disabled = True
    sys.unraisablehook = lambda _: None


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
                visits[stop] = visit = await tab.visit(journey.origin, stop, traced=stop.locale == stops[0].locale)
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
    """Return how many pages are open at once: one more than there are processors, for a part of a visit is waiting."""
    return min(8, (os.cpu_count() or 1) + 1)


async def _launched(play: Playwright, journey: Journey) -> Browser:
    from playwright.async_api import Error

    arguments = [f"--disable-features={','.join(_SPARED)}", *([] if journey.online else [_OFFLINE])]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # whom Chromium's sandbox refuses

    async def launch(*, sandboxed: bool) -> Browser:
        return await play.chromium.launch(
            executable_path=journey.browser,
            args=arguments,
            chromium_sandbox=sandboxed,
            handle_sigint=False,
            timeout=_START_SECONDS * 1000,
        )

    try:
        return await launch(sandboxed=not is_root)
    except Error as error:
        if not is_root and "sandbox" in error.message:  # as in many containers
            with suppress(Error):
                return await launch(sandboxed=False)
        message = f"{journey.browser} does not start: {_reason(error.message)}"
        raise WidgetpackError(message, "name another Chromium or Chrome with --browser") from None


def _reason(message: str) -> str:
    """Return what the browser wrote before it ended, which Playwright keeps among its own lines; else what it did."""
    said = re.search(r"\[err\] (.+)", message)
    if said is not None:
        return said[1].strip()
    first = first_line(message).removeprefix("BrowserType.launch: ")
    if first.startswith("Timeout"):
        return f"it gave no sign of life for {_START_SECONDS} seconds"
    return "it ended at once" if "has been closed" in first else first
