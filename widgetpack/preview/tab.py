"""One page of the browser that plays area after area, and what it tells of each."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Frame, Page

_WIDTH, _HEIGHT = 1280, 800
_BLOCKED_SECONDS: Final = 5.0
"""A page that does not answer for so long has a script that does not give the thread back."""
_LIMIT_SECONDS: Final = 40.0
"""For one area: the stage itself waits at most 5 seconds for a promise and 5 for the page to come to rest, a few times."""
_CLOSE_SECONDS: Final = 3.0
_ASK_SECONDS: Final = 1.0
_MOST_EVENTS: Final = 2_000
"""Of one area; what a loop tells a thousand times is one finding anyway."""

_WALKED: Final = Path(__file__).parent / "page" / "walked.js"

_READY: Final = """new Promise((resolve) => {
  const look = () => (window.widgetpack ? window.widgetpack.ready.then(() => resolve(true)) : setTimeout(look, 10));
  look();
})"""

_ACT: Final = """(async () => {
  const faults = [];
  for (const name of ['walk', 'leave']) {
    await window.widgetpack[name]().catch((error) => faults.push(String(error)));
  }
  return faults;
})()"""
"""What the stage cannot go on with is told, and is no fault of the widget; only the end of the page is one."""


class Stop(NamedTuple):
    """One area in one language."""

    area: str
    locale: str


class Visit(NamedTuple):
    """What came of one stop."""

    stop: Stop
    events: tuple[dict[str, Any], ...]
    """As `page/stage/events.js` makes them, with ``asked``: whether it was when the walk had begun to click and save;
    ``hang``, ``dialog`` and ``left`` are the walk's own."""
    picture: bytes
    """A PNG of 1280x800; empty where the area never stood."""


class Tab:
    """A page in a context of its own, and so in a process of its own: one that hangs holds up no other."""

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession) -> None:
        """Take what `open` made."""
        self._context, self._page, self._session = context, page, session
        self._events: dict[object, dict[str, Any]] = {}
        self._picture = b""
        self._paused: asyncio.Future[dict[str, Any]] | None = None
        self._scripts: dict[str, str] = {}
        self._aside = set[asyncio.Future[None]]()
        self._is_heard = self._has_begun_to_act = self._is_traced = False
        session.on("Debugger.scriptParsed", self._note)
        session.on("Debugger.paused", self._pause)

    @classmethod
    async def open(cls, browser: Browser) -> Tab:
        """Open an empty page that tells what its scripts do."""
        context = await browser.new_context(
            viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light", service_workers="block"
        )
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        tab = cls(context, page, session)
        page.on("popup", tab.drop)
        await context.expose_binding("widgetpackTell", tab._hear)
        await context.add_init_script(path=_WALKED)
        page.on("framenavigated", tab._arrive)
        return tab

    async def close(self) -> None:
        """Close the page, as far as it lets itself be closed; the end of the browser ends the rest."""
        await within(self._context.close())

    def drop(self, popup: Page) -> None:
        """Close a window that the widget opened: often the sign-in of a service, which nobody can go through here."""
        self._do_aside(popup.close())

    def _do_aside(self, awaited: Any) -> None:
        """Do what nobody waits for; held, for the loop itself holds no task."""
        task = asyncio.ensure_future(within(awaited))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def visit(self, origin: str, stop: Stop, *, traced: bool) -> Visit:
        """Play one area, and look every second whether the page still answers; ``traced``: and know the line where it does not.

        Raises Playwright's Error where the browser itself has ended.
        """
        from playwright.async_api import Error

        self._events, self._picture, self._is_heard, self._has_begun_to_act = {}, b"", False, False
        self._scripts.clear()
        await self._trace(is_on=traced)
        query = urlencode({"area": stop.area, "locale": stop.locale, "theme": "light"})
        play = asyncio.create_task(self._play(f"{origin}/stage?{query}"))
        try:
            await self._watch(play)
        except Error as error:
            browser = self._context.browser
            if browser is None or not browser.is_connected():
                raise  # that is nothing which the widget did
            if "crashed" in error.message or self._page.is_closed():
                self._tell("hang", f"the page broke off: {first_line(error.message)}")
            else:
                self._tell("error", first_line(error.message), context="the stage itself")
        finally:
            self._is_heard = False
            play.cancel()
            await asyncio.wait({play})
            if not play.cancelled():
                play.exception()  # looked at: nobody else will
        return Visit(stop, tuple(self._events.values()), self._picture)

    async def _watch(self, play: asyncio.Task[None]) -> None:
        """Wait for the end of an area, or tell that there is none."""
        latest = time.monotonic() + _LIMIT_SECONDS
        while not (await asyncio.wait({play}, timeout=_ASK_SECONDS))[0]:
            if not await _answers(self._page):
                self._tell("hang", f"the page stood still for {_BLOCKED_SECONDS:.0f} seconds", stack=await self._busy())
                return
            if time.monotonic() > latest:
                self._tell("hang", f"the area did not come to rest in {_LIMIT_SECONDS:.0f} seconds")
                return
        await play

    async def _play(self, address: str) -> None:
        await self._page.goto(address, wait_until="commit", timeout=0)
        await self._page.evaluate(_READY)
        self._picture = await self._page.screenshot(animations="disabled", timeout=0)
        self._has_begun_to_act = True
        for fault in await self._page.evaluate(_ACT):
            self._tell("error", fault, context="the stage itself")

    def _arrive(self, frame: Frame) -> None:
        """Hear from here on: what the page of the last area still tells belongs to none."""
        self._is_heard = self._is_heard or frame == self._page.main_frame

    async def _trace(self, *, is_on: bool) -> None:
        """Switch the debugger, which slows down every script, and which a page that hangs already cannot be given."""
        if is_on != self._is_traced:
            self._is_traced = is_on
            await self._session.send("Debugger.enable" if is_on else "Debugger.disable")

    def _hear(self, _: object, text: object) -> None:
        """Take an event, or a change of one; what the widget itself may send here breaks nothing."""
        try:
            event = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            return
        if not self._is_heard or len(self._events) >= _MOST_EVENTS:
            return
        if isinstance(event, dict) and isinstance(event.get("kind"), str):
            number = event.get("id")
            acted = {"asked": self._has_begun_to_act}
            self._events[number if isinstance(number, int) else object()] = {**event, **acted}

    def _tell(self, kind: str, message: str, **details: str) -> None:
        self._events[object()] = {"kind": kind, "message": message, **details}

    def _note(self, event: dict[str, Any]) -> None:
        """Keep the address of a script: the frames of a page that was stopped have only its number."""
        self._scripts[event["scriptId"]] = event["url"]

    def _pause(self, event: dict[str, Any]) -> None:
        """Take where the page was stopped; a `debugger` statement stops it as well, and is passed by."""
        if self._paused is None:
            self._do_aside(self._session.send("Debugger.resume"))
        elif not self._paused.done():
            self._paused.set_result(event)

    async def _busy(self) -> str:
        """Return what runs in a page that does not answer, as a stack; nothing where it is not traced."""
        if not self._is_traced:
            return ""
        self._paused = asyncio.get_running_loop().create_future()
        await within(self._session.send("Debugger.pause"))
        await asyncio.wait({self._paused}, timeout=_CLOSE_SECONDS)
        frames = self._paused.result().get("callFrames", []) if self._paused.done() else []
        places = [frame["location"] for frame in frames]
        return "\n".join(
            f"{self._scripts.get(at['scriptId'], '')}:{at['lineNumber'] + 1}:{at.get('columnNumber', 0) + 1}"
            for at in places
        )


async def _answers(page: Page) -> bool:
    """Tell whether the page's thread is free; a page that is gone does not hang."""
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(_BLOCKED_SECONDS):
            await page.evaluate("0")
    except TimeoutError:
        return False
    except Error:
        return True
    return True


async def within(awaited: Any) -> None:
    """Wait for something that a page which hangs may never do."""
    from playwright.async_api import Error

    with suppress(Error, TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await awaited


def first_line(text: str) -> str:
    """Return the first line of what Playwright says, without its own name."""
    return text.strip().partition("\n")[0].rpartition("Error: ")[2].strip()
