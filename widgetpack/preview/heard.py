"""From the events of the stage to incidents: one per fault, however many areas and languages showed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from widgetpack.incidents import Incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from widgetpack.incidents import IncidentKind
    from widgetpack.model import Place
    from widgetpack.preview.tab import Stop, Visit
    from widgetpack.preview.traces import Traces

_STARTING: Final = ("render", "init", "bind_actions")
_SALESBOT: Final = ("salesbotDesignerSettings", "onSalesbotDesignerSave")
_ABSENT: Final = ("the widget has no such callback", "not there: the designer draws an empty block")
_ASKING: Final = (".js", ".twig", ".css", ".json")
"""Files that name other files."""
_MOST_WORDS: Final = 300

Event = dict[str, Any]


class _Heard(NamedTuple):
    """One event that is an incident."""

    kind: IncidentKind
    message: str
    place: Place
    is_grave: bool = True
    key: str = ""
    """What tells it from others where the message holds numbers that differ from area to area."""


def load_incidents(visits: Iterable[Visit], traces: Traces) -> Iterator[Incident]:
    """Yield each incident once, in the order in which they were first heard."""
    found: dict[tuple[str, str, Place], tuple[_Heard, list[Stop]]] = {}
    for visit in visits:
        for heard in _of_visit(visit, traces):
            key = (heard.kind, heard.key or heard.message, heard.place)
            first, stops = found.setdefault(key, (heard, []))
            if visit.stop not in stops:
                stops.append(visit.stop)
            if heard.is_grave and not first.is_grave:
                found[key] = (first._replace(is_grave=True), stops)
    for heard, stops in found.values():
        yield Incident(heard.kind, heard.message, heard.place, _where(stops), heard.is_grave)


def _where(stops: list[Stop]) -> str:
    first = ", ".join(part for part in stops[0] if part)
    return f"{first} and {len(stops) - 1} more" if len(stops) > 1 else first


def _of_visit(visit: Visit, traces: Traces) -> Iterator[_Heard]:
    """Yield what was heard; errors behind something that the sandbox lacks may be the sandbox's own."""
    lacked = False
    modules = {_text(event, "message").partition(": ")[0] for event in visit.events if event.get("context") == "module"}
    for event in visit.events:
        if event["kind"] == "missing" and event.get("path") and event["path"] in modules:
            continue  # the loader tells of it, too
        heard = _READERS.get(event["kind"], _nothing)(event, traces)
        if heard is None:
            continue
        if heard.kind in ("callback-threw", "uncaught") and lacked:
            heard = heard._replace(is_grave=False)
        lacked = lacked or heard.kind in ("not-imitated", "unanswered")
        yield heard._replace(message=" ".join(heard.message.split())[:_MOST_WORDS])


def _nothing(_: Event, __: Traces) -> None:
    return None


def _text(event: Event, key: str) -> str:
    value = event.get(key)
    # JavaScript's texts may hold halves of characters, which no report can be written with.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _traced(event: Event, traces: Traces) -> Place | None:
    """Return the place of an event that has a stack, or one that was looked up when it happened."""
    place = traces.of_stack(_text(event, "stack"))
    spot = event.get("place")
    if place is None and isinstance(spot, dict):
        place = traces.of_stack(f"/upl/-/0/widget/{spot.get('shipped')}")
    return place


def _callback(event: Event, traces: Traces) -> _Heard | None:
    name, message, level = _text(event, "name"), _text(event, "message"), event.get("level")
    if level not in ("error", "warning") or message.startswith("throws "):
        return None  # the error has an event of its own, with its stack
    if name == "add_source sms":
        return _Heard("no-callback", message, traces.entry(), is_grave=False)
    place = traces.of_callback(name)
    if message in _ABSENT:
        return _Heard("no-callback", f"no callback `{name}`", place, name in _STARTING)
    if message.startswith("the promise"):
        return _Heard("late", f"`{name}`: {message}", place)
    if name in _STARTING:
        gave = f"`{name}` gave {_text(event, 'value')}, {message}"
        return _Heard("not-true", gave, place, level == "error")
    # Of the others only the Salesbot's answers are judged: what `onSave` gives for made-up values is the widget's business.
    return _Heard("salesbot", f"`{name}`: {message}", place, level == "error") if name in _SALESBOT else None


def _error(event: Event, traces: Traces) -> _Heard | None:
    context, message = _text(event, "context"), _text(event, "message")
    if context == "manifest.json":
        return None  # the rules say it with its place
    place = _traced(event, traces)
    if context.startswith("callback "):
        name = context.removeprefix("callback ")
        return _Heard("callback-threw", f"`{name}`: {message}", place or traces.of_callback(name))
    if context in ("script.js", "module"):
        path, found, _ = message.partition(": no such file")
        named = traces.of_text(path.removesuffix(".js"), ".js") if found else None
        return _Heard("not-loaded", message, place or named or traces.entry())
    words = message if context == "uncaught" else f"{context}: {message}"
    return _Heard("uncaught", words, place or traces.entry())


def _missing(event: Event, traces: Traces) -> _Heard | None:
    message, path, by = (_text(event, key) for key in ("message", "path", "by"))
    if by == "self.i18n":
        key = message.partition(" has no ")[2]
        place = traces.of_text(key.strip('"'), ".js", ".twig")
        return _Heard("no-text", f"`self.i18n` finds no text {key}", place or traces.of_locale(path))
    if path:
        place = traces.of_text(path, *_ASKING) or traces.of_text(path.rpartition("/")[2], *_ASKING)
        return _Heard("no-file", message, place or traces.entry())
    words = message.removeprefix("NotImitated: ")
    return _Heard("not-imitated", words, _traced(event, traces) or _named(words, traces), words != message)


def _named(words: str, traces: Traces) -> Place:
    """Return where a part of the platform is named: the module ``quill``, ``APP.nothing``, ``APP.constant("none")``."""
    part = words.partition(" is not imitated")[0]
    module, constant = part.removeprefix("the module "), re.fullmatch(r'(.+)\("(.*)"\)', part)
    if module != part:
        return traces.of_word(rf"[\"']{re.escape(module)}[\"']")
    if constant is not None:
        return traces.of_word(rf"constant\(\s*[\"']{re.escape(constant[2])}[\"']")
    return traces.of_word(rf"\.\s*{re.escape(part.rpartition('.')[2])}(?![\w$])")


def _request(event: Event, traces: Traces) -> _Heard | None:
    message = _text(event, "message")
    asked = f"{_text(event, 'method')} {_text(event, 'url').partition('?')[0]}"  # a query may hold a token
    if message.startswith("synchronous"):
        place = traces.of_word(r"async[\"']?\s*:\s*(?:false|!1)", r"\.open\(")
        return _Heard("synchronous", f"{asked} is {message}", place)
    if event.get("level") != "error":
        return None
    hint = _text(event, "hint")
    words = f"{asked}: no answer is known; {hint}" if hint else f"{asked}: no answer came"
    return _Heard("unanswered", words, _traced(event, traces) or traces.entry(), key=hint or words)


def _blocked(event: Event, traces: Traces) -> _Heard:
    url = _text(event, "url").partition("?")[0]
    host = url.partition("//")[2].partition("/")[0]
    place = traces.of_text(url, *_ASKING) or traces.of_text(host, *_ASKING)
    return _Heard("unanswered", f"{url} is elsewhere: --online lets the widget reach it", place or traces.entry())


def _leak(event: Event, traces: Traces) -> _Heard:
    name = _text(event, "name")
    word = re.escape(name)
    place = traces.of_word(
        rf"(?:window|self|globalThis|top|parent)\s*(?:\.\s*{word}(?![\w$])|\[\s*[\"']{word}[\"'])",
        rf"(?<![\w$.])(?<!var )(?<!let ){word}\s*=(?!=)",
        rf"function\s+{word}(?![\w$])",
        rf"(?<![\w$.]){word}(?![\w$])",
    )
    return _Heard("global", f"window.{name} is a global that the widget made", place, key=name)


def _css(event: Event, traces: Traces) -> _Heard:
    path, selector = _text(event, "path"), _text(event, "selector")
    ends = (path,) if path.endswith(".css") else (".js", ".twig", ".css")
    first = _text(event, "first")
    words = _text(event, "message") + (f", first {first}" if first else "")
    return _Heard("css", words, traces.of_text(selector, *ends) or traces.of_file(path), key=f"{path} {selector}")


def _call(event: Event, traces: Traces) -> _Heard | None:
    message, name = _text(event, "message"), _text(event, "name").removesuffix(" =")
    if event.get("level") != "warning" or not message:
        return None
    place = traces.of_word(rf"{re.escape(name)}\s*[=(]", re.escape(name.rpartition(".")[2]))
    return _Heard("misused", f"{name}: {message}", place)


def _own(kind: IncidentKind, words: str) -> Callable[[Event, Traces], _Heard]:
    """Return the reader of what the walk itself tells."""

    def read(event: Event, traces: Traces) -> _Heard:
        place = _traced(event, traces) or traces.entry()
        return _Heard(kind, words.format(_text(event, "message")), place, event.get("asked") is not True)

    return read


_READERS: Final[dict[str, Callable[[Event, Traces], _Heard | None]]] = {
    "callback": _callback,
    "error": _error,
    "missing": _missing,
    "request": _request,
    "blocked": _blocked,
    "leak": _leak,
    "css": _css,
    "call": _call,
    "hang": _own("hang", "{}"),
    "dialog": _own("dialog", "{} stops the whole page"),
    "left": _own("left", "the widget led the browser to {}"),
}
