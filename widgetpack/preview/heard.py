"""From one event of the stage to what went wrong, and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from widgetpack.incidents import IncidentKind
    from widgetpack.model import Place
    from widgetpack.preview.traces import Traces

_STARTING: Final = ("render", "init", "bind_actions")
_SOURCE: Final = "source sms"
"""The function that `self.add_source` has registered goes by this name, the call of that method by `add_source sms`."""
_ASKING: Final = (".js", ".twig", ".css", ".json")
"""Files that name other files."""
_MOST_WORDS: Final = 300
_STAGE: Final = "the stage itself"

Event = dict[str, Any]


class Heard(NamedTuple):
    """One event that is an incident."""

    kind: IncidentKind
    message: str
    place: Place
    is_grave: bool = True
    key: str = ""
    """What tells it from others where the message does not, or holds what differs from area to area."""


def hear(event: Event, traces: Traces) -> Heard | None:
    """Return what an event tells of, or None for one that is no fault."""
    heard = _READERS[event["kind"]](event, traces) if event["kind"] in _READERS else None
    return heard and heard._replace(message=" ".join(heard.message.split())[:_MOST_WORDS])


def unloaded(event: Event) -> Iterator[str]:
    """Yield the files of the modules that did not come; the loader names several in one error."""
    names = event.get("modules")
    yield from (file_of(written(name)) for name in (names if isinstance(names, list) else ()))


def file_of(address: str) -> str:
    """Return a path as the files of the widget have it; what stands in a query may change from one visit to the next."""
    return unquote(address.partition("?")[0]).lstrip("/")


def text_of(event: Event, key: str) -> str:
    """Return what stands there as a text that can be written; empty for anything else."""
    return written(event.get(key))


def written(value: object) -> str:
    """Return a text that can be written; empty for anything else."""
    # JavaScript's texts may hold halves of characters, which no report can be written with.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _traced(event: Event, traces: Traces) -> Place | None:
    """Return the place of an event that has a stack, or one that was looked up when it happened."""
    place = traces.of_stack(text_of(event, "stack"))
    spot = event.get("place")
    if place is None and isinstance(spot, dict):
        place = traces.of_stack(f"/upl/-/0/widget/{spot.get('shipped')}")
    return place


def _callback(event: Event, traces: Traces) -> Heard | None:
    name, message, is_grave = text_of(event, "name"), text_of(event, "message"), event.get("level") == "error"
    fault = text_of(event, "fault")
    if not fault:
        # One that throws has an event of its own, with its stack; what `onSave` gives for made-up values is the widget's business.
        return None
    place = traces.of_word(r"add_source\s*\(") if name.endswith(_SOURCE) else traces.of_callback(name)
    gave = f"`{name}` gave {text_of(event, 'value')}, {message}"
    told = f"`{name}`: {message}"
    faults = {
        "no-source": Heard("no-callback", message, place, is_grave=False),
        "absent": Heard("no-callback", f"no callback `{name}`", place, name in _STARTING),
        "late": Heard("late", told, place),
        "promise": Heard("misused", gave, place),
        "value": Heard("not-true", gave, place, is_grave)
        if name in _STARTING
        else Heard("salesbot", told, place, is_grave),
    }
    return faults.get(fault)


def _error(event: Event, traces: Traces) -> Heard | None:
    context, message = text_of(event, "context"), text_of(event, "message")
    if context == "manifest.json":
        return None  # the rules say it with its place
    if context == _STAGE:
        return Heard("not-imitated", f"the sandbox itself failed: {message}", traces.entry())
    place = _traced(event, traces)
    if name := text_of(event, "callback"):
        return Heard("callback-threw", f"`{name}`: {message}", place or traces.of_callback(name))
    if context in ("script.js", "module"):
        names = list(unloaded(event))
        named = traces.of_text(names[0].removesuffix(".js"), ".js") if names else None
        if event.get("fault") == "constructor":
            named = traces.of_constructor()
        words = f"{', '.join(names)}: {text_of(event, 'reason')}" if names else message
        return Heard("not-loaded", words, place or named or traces.entry())
    words = message if context == "uncaught" else f"{context}: {message}"
    return Heard("uncaught", words, place or traces.entry())


def _missing(event: Event, traces: Traces) -> Heard | None:
    message, path, part = (text_of(event, key) for key in ("message", "path", "part"))
    if text_of(event, "by") == "self.i18n":
        key = text_of(event, "text")
        quoted = rf"[\"']({re.escape(key)})[\"']"
        place = traces.of_pattern(rf"i18n\(\s*{quoted}", quoted, endings=(".js", ".twig")) if key else None
        return Heard("no-text", f'`self.i18n` finds no text "{key}"', place or traces.of_locale(path))
    if path:
        place = traces.of_text(path, *_ASKING) or traces.of_text(path.rpartition("/")[2], *_ASKING)
        return Heard("no-file", message, place or traces.entry())
    place = _traced(event, traces) or _named(event, traces)
    return Heard("not-imitated", message, place, event.get("stops") is True, key=part)


def _named(event: Event, traces: Traces) -> Place:
    """Return where a part of the platform is named: the module ``quill``, ``APP.nothing``, ``APP.constant("none")``."""
    if module := text_of(event, "module"):
        return traces.of_word(rf"[\"']{re.escape(module)}[\"']")
    if constant := text_of(event, "constant"):
        return traces.of_word(rf"constant\(\s*[\"']{re.escape(constant)}[\"']")
    return traces.of_word(rf"\.\s*{re.escape(text_of(event, 'part').rpartition('.')[2])}(?![\w$])")


def _request(event: Event, traces: Traces) -> Heard | None:
    message = text_of(event, "message")
    asked = f"{text_of(event, 'method')} {text_of(event, 'url').partition('?')[0]}"  # a query may hold a token
    if event.get("fault") == "synchronous":
        place = traces.of_word(r"async[\"']?\s*:\s*(?:false|!1)", r"\.open\(")
        return Heard("synchronous", f"{asked} is {message}", place)
    if event.get("level") != "error":
        return None
    hint = text_of(event, "hint")
    words = f"{asked}: no answer is known; {hint}" if hint else f"{asked}: no answer came"
    return Heard("unanswered", words, _traced(event, traces) or traces.entry(), key=hint or words)


def _blocked(event: Event, traces: Traces) -> Heard:
    url = text_of(event, "url").partition("?")[0]
    host = url.partition("//")[2].partition("/")[0]
    place = traces.of_text(url, *_ASKING) or traces.of_text(host, *_ASKING)
    return Heard("unanswered", f"{url} is elsewhere: --online lets the widget reach it", place or traces.entry())


def _leak(event: Event, traces: Traces) -> Heard:
    name = text_of(event, "name")
    word = re.escape(name)
    place = traces.of_word(
        rf"(?:window|self|globalThis|top|parent)\s*(?:\.\s*{word}(?![\w$])|\[\s*[\"']{word}[\"'])",
        rf"(?<![\w$.])(?<!var )(?<!let ){word}\s*=(?!=)",
        rf"function\s+{word}(?![\w$])",
        rf"(?<![\w$.]){word}(?![\w$])",
    )
    return Heard("global", f"window.{name} is a global that the widget made", place, key=name)


def _css(event: Event, traces: Traces) -> Heard:
    path, selector = text_of(event, "path"), text_of(event, "selector")
    ends = (path,) if path.endswith(".css") else (".js", ".twig", ".css")
    first = text_of(event, "first")
    words = text_of(event, "message") + (f", first {first}" if first else "")
    return Heard("css", words, traces.of_text(selector, *ends) or traces.of_file(path), key=f"{path} {selector}")


def _call(event: Event, traces: Traces) -> Heard | None:
    message, name = text_of(event, "message"), text_of(event, "name").removesuffix(" =")
    if event.get("level") != "warning" or not message:
        return None
    place = traces.of_word(rf"{re.escape(name)}\s*[=(]", re.escape(name.rpartition(".")[2]))
    return Heard("misused", f"{name}: {message}", place)


def _behind(event: Event, traces: Traces) -> Heard | None:
    is_grave, stack = event.get("level") == "warning", text_of(event, "stack")
    # What a library keeps on the window for its own use (a clock made of messages) is not the author's to end.
    place = traces.of_stack(stack) if is_grave else traces.of_own_frame(stack)
    if place is None and not is_grave:
        return None
    return Heard("behind", text_of(event, "message"), place or traces.entry(), is_grave)


def _template(event: Event, traces: Traces) -> Heard:
    path = text_of(event, "path")
    return Heard("template", text_of(event, "message"), traces.of_file(path))


def _wiped(event: Event, traces: Traces) -> Heard:
    body = r"(?:document\s*\.\s*(?:body|documentElement)|\$\(\s*[\"'](?:body|html)[\"']\s*\))"
    place = traces.of_word(
        r"document\s*\.\s*(?:write(?:ln)?|open)\s*\(",
        rf"{body}\s*\.\s*(?:innerHTML|outerHTML|innerText|textContent|replaceChildren|replaceWith|html|empty|remove|text)\b",
    )
    return Heard("wiped", text_of(event, "message"), place)


def _own(kind: IncidentKind, words: str) -> Callable[[Event, Traces], Heard]:
    """Return the reader of what the walk itself tells."""

    def read(event: Event, traces: Traces) -> Heard:
        place = _traced(event, traces) or traces.entry()
        return Heard(kind, words.format(text_of(event, "message")), place, event.get("asked") is not True)

    return read


_READERS: Final[dict[str, Callable[[Event, Traces], Heard | None]]] = {
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
    "behind": _behind,
    "template": _template,
    "wiped": _wiped,
}
