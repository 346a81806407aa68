"""From what was heard to incidents: one per fault, however many areas and languages showed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.incidents import Incident
from widgetpack.preview.heard import file_of, hear, text_of, unloaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from widgetpack.model import Place
    from widgetpack.preview.heard import Heard
    from widgetpack.preview.tab import Stop, Visit
    from widgetpack.preview.traces import Traces

_MOST_NAMES: Final = 3


def load_incidents(visits: Sequence[Visit], traces: Traces) -> Iterator[Incident]:
    """Yield each incident once, in the order in which they were first heard."""
    found: dict[tuple[str, str, Place], tuple[Heard, list[Stop]]] = {}
    reported = {path for visit in visits for event in visit.events for path in unloaded(event)}
    for visit in visits:
        for heard in _of_visit(visit, traces, reported):
            # Numbers differ from area to area, or from turn to turn of a loop.
            key = (heard.kind, re.sub(r"\d+", "0", heard.key or heard.message), heard.place)
            first, stops = found.setdefault(key, (heard, []))
            if visit.stop not in stops:
                stops.append(visit.stop)
            if heard.is_grave and not first.is_grave:
                found[key] = (heard, stops)
    for heard, stops in _joined(found.values(), traces.entry()):
        yield Incident(heard.kind, heard.message, heard.place, _where(stops), heard.is_grave)


def _where(stops: list[Stop]) -> str:
    first = ", ".join(part for part in stops[0] if part)
    return f"{first} and {len(stops) - 1} more" if len(stops) > 1 else first


def _of_visit(visit: Visit, traces: Traces, reported: set[str]) -> Iterator[Heard]:
    """Yield what was heard; errors behind something that the sandbox lacks may be the sandbox's own."""
    lacked = False
    for event in visit.events:
        if event["kind"] == "missing" and file_of(text_of(event, "path")) in reported:
            continue  # the loader tells of it, too
        heard = hear(event, traces)
        if heard is None:
            continue
        if heard.kind in ("callback-threw", "uncaught") and lacked:
            heard = heard._replace(is_grave=False)
        lacked = lacked or heard.kind in ("not-imitated", "unanswered")
        yield heard


def _joined(found: Iterable[tuple[Heard, list[Stop]]], nowhere: Place) -> Iterator[tuple[Heard, list[Stop]]]:
    """Make one of what is one fault: a module that is asked for and then used, globals that no file of the widget names."""
    found = _with_hangs_joined(list(found), nowhere)
    used = {heard.key for heard, _ in found if heard.kind == "not-imitated" and heard.is_grave}
    names = [heard.key for heard, _ in found if _is_unnamed(heard, nowhere)]
    is_told = False
    for heard, stops in found:
        if len(names) > 1 and _is_unnamed(heard, nowhere):
            if not is_told:
                yield heard._replace(message=_of_globals(names)), stops
            is_told = True
        elif heard.kind != "not-imitated" or heard.is_grave or heard.key not in used:
            yield heard, stops


def _with_hangs_joined(found: list[tuple[Heard, list[Stop]]], nowhere: Place) -> list[tuple[Heard, list[Stop]]]:
    """Add the stops of a hang without a line to the same one with a line: only one language is traced."""
    lines = {
        heard.message: stops for heard, stops in reversed(found) if heard.kind == "hang" and heard.place != nowhere
    }
    kept = []
    for heard, stops in found:
        if heard.kind == "hang" and heard.place == nowhere and heard.message in lines:
            told = lines[heard.message]
            told.extend(stop for stop in stops if stop not in told)
        else:
            kept.append((heard, stops))
    return kept


def _is_unnamed(heard: Heard, nowhere: Place) -> bool:
    return heard.kind == "global" and heard.place == nowhere


def _of_globals(names: list[str]) -> str:
    """Name the first ones: a library that puts names together can make dozens."""
    rest = len(names) - _MOST_NAMES
    told = ", ".join(f"window.{name}" for name in names[:_MOST_NAMES])
    return f"{told}{f' and {rest} more' if rest > 0 else ''} are globals that the widget made"
