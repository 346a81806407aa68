"""Fixes of the manifest's values: types that say the same in another spelling, and names of locations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from widgetpack.documents.places import span
from widgetpack.documents.schema import read_schema
from widgetpack.documents.schema_words import shown
from widgetpack.fixes.base import Edit, Repair, fix, is_strict
from widgetpack.fixes.json_text import Splice, group_at, item_removed, member_added, member_removed, replaced
from widgetpack.platform import TWO_WAY_AREAS
from widgetpack.widget import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.model import Pointer, Problem
    from widgetpack.widget import Widget

_BOOLEANS = {"y": True, "yes": True, "true": True, "1": True, "n": False, "no": False, "false": False, "0": False}
_LISTS = (("widget", "locale"), ("locations",))
_MISPLACED = ("dp", "settings", "action_multiple")
_PLACE = ("dp", "action_multiple")
_QUOTED = (("widget", "version"),)
"""Texts that people write as numbers; their digits as they stand are what is meant."""

_BARE = frozenset(TWO_WAY_AREAS) - {"tline", "tcalendar"}
"""Areas in which a missing suffix is known to mean ``-1``; the two of the tasks also occur on the list without one."""


@fix("M02")
def wrong_type(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write a yes, a number, a text or a list of one as the type that the schema asks for."""
    pointer = problem.place.pointer
    if problem.place.path != MANIFEST or pointer is None:
        return
    value, wanted = widget.get(*pointer), _schema_at(pointer).get("type")
    if wanted == "boolean" and (answer := _boolean(value)) is not None:
        yield from _edit(widget, pointer, answer)
    elif wanted == "integer" and isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,8}|0", value):
        yield from _edit(widget, pointer, int(value))
    elif wanted == "array" and pointer in _LISTS and isinstance(value, str) and re.fullmatch(r"[\w-]+", value):
        yield from _edit(widget, pointer, [value])
    elif wanted == "string" and pointer in _QUOTED:
        yield from _quoted(widget, pointer)


@fix("M06")
def unknown_location(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write a location as the platform spells it, where only case, blanks, hyphens or underscores differ."""
    pointer = problem.place.pointer or ()
    value = widget.get(*pointer)
    if problem.place.path == MANIFEST and isinstance(value, str):
        meant = [name for name in _schema_at(pointer).get("enum", ()) if _letters(name) == _letters(value)]
        if len(meant) == 1:
            yield from _edit(widget, pointer, meant[0])


@fix("M09")
def wrong_tour(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write a yes as true, and a single picture as a list of one."""
    pointer = problem.place.pointer or ()
    value = widget.get(*pointer)
    if problem.place.path != MANIFEST:
        return
    if pointer == ("tour", "is_tour") and value is not True and _boolean(value):
        yield from _edit(widget, pointer, value=True)
    elif pointer[:-1] == ("tour", "tour_images") and not problem.place.on_key and isinstance(value, str) and value:
        yield from _edit(widget, pointer, [value])


@fix("M16")
def no_suffix(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write the suffix that a bare area stands for, unless its opposite is declared as well."""
    pointer = problem.place.pointer or ()
    value = widget.get(*pointer)
    if problem.place.path == MANIFEST and value in _BARE and f"{value}-0" not in widget.locations:
        yield from _edit(widget, pointer, f"{value}-1")


@fix("M30")
def misplaced_action_multiple(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Put ``action_multiple`` where the platform reads it; the wrong one goes once the right one is there."""
    wrong, right, dp = widget.get(*_MISPLACED), widget.get(*_PLACE), widget.get("dp")
    answer = wrong if isinstance(wrong, bool) else _boolean(wrong)
    if problem.place.pointer != _MISPLACED or answer is None or not isinstance(dp, dict):
        return
    data = _text(widget)
    if _PLACE[-1] not in dp:
        group = group_at(data, ("dp",))
        splice = None if group is None else member_added(group, _PLACE[-1], answer)
        yield from _spliced(widget, splice, "added `dp.action_multiple`")
    elif right is answer:
        yield from _spliced(widget, member_removed(data, _MISPLACED), "removed `dp.settings.action_multiple`")


@fix("M33")
def listed_twice(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Remove the second of two equal locations or locales."""
    pointer = problem.place.pointer or ()
    items = widget.get(*pointer[:-1])
    if problem.place.path == MANIFEST and pointer[:-1] in _LISTS and isinstance(items, list):
        value = widget.get(*pointer)
        if isinstance(value, str) and value in items[: int(pointer[-1])]:
            yield from _spliced(widget, item_removed(_text(widget), pointer), f"removed the second {shown(value)}")


def _text(widget: Widget) -> bytes:
    return widget.manifest.data if widget.manifest is not None else b""


def _edit(widget: Widget, pointer: Pointer, value: Any) -> Iterator[Repair]:
    was = widget.get(*pointer)
    yield from _spliced(widget, replaced(_text(widget), pointer, value), f"{shown(was)} is now {shown(value)}", pointer)


def _spliced(widget: Widget, splice: Splice | None, what: str, pointer: Pointer = ()) -> Iterator[Repair]:
    if splice is not None and widget.manifest is not None and is_strict(widget.manifest):
        name = f"`{'.'.join(map(str, pointer))}`: " if pointer else ""
        yield Edit(MANIFEST, *splice, name + what)


def _boolean(value: Any) -> bool | None:
    """Return the answer that a text or number gives, as amoCRM's older interfaces wrote it; else None."""
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def _quoted(widget: Widget, pointer: Pointer) -> Iterator[Repair]:
    """Put a number into quotes, digit by digit."""
    place = span(_text(widget), pointer)
    literal = _text(widget)[place[0] : place[1]] if place else b""
    if place and re.fullmatch(rb"[0-9]+(\.[0-9]+)?", literal):
        quoted = b'"' + literal + b'"'
        what = f"{literal.decode()} is now {quoted.decode()}"
        yield from _spliced(widget, Splice(*place, quoted), what, pointer)


def _letters(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _schema_at(pointer: Pointer) -> Mapping[str, Any]:
    """Return what the schema says of the value at ``pointer``; empty where it says nothing that is read here."""
    root = read_schema("manifest")
    here: dict[str, Any] = root
    for key in pointer:
        named = here.get("properties", {}).get(key, here.get("additionalProperties"))
        below = here.get("items") if isinstance(key, int) else named
        here = below if isinstance(below, dict) else {}
        while "$ref" in here:
            here = {**root["$defs"][here["$ref"].rpartition("/")[2]], **{k: v for k, v in here.items() if k != "$ref"}}
    return here
