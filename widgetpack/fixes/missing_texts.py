"""Fixes of texts that a locale lacks: the key goes to its place, with a text that says it is still to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.fixes.base import Edit, Repair, fix_all, is_strict
from widgetpack.fixes.json_text import Beside, Group, group_at, member_added, sides
from widgetpack.widget import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Document, Locale, Pointer, Problem
    from widgetpack.widget import Widget

TODO = "TODO"
"""What a made text begins with; behind it stands the text of another locale, where there is one."""


class _Known(NamedTuple):
    """What one addition to a group leaves to the next: a locale can lack thousands of texts."""

    groups: dict[tuple[str, Pointer], Group | None]
    """By the file and the group's place in it."""
    sides: dict[tuple[str, Pointer, str], dict[str, Beside]]
    """The same, and the code of the locale whose order counts."""


@fix_all("L03")
def missing_text(widget: Widget, problems: Sequence[Problem]) -> Iterator[Repair]:
    """Add the text or the group that another locale has."""
    homes = {document.path: locale for locale in reversed(widget.locales) for document in locale.documents}
    known = _Known({}, {})
    for problem in problems:
        locale, pointer = homes.get(problem.place.path), problem.place.pointer
        if locale is not None and pointer:
            yield from _added(widget, locale, pointer, TODO, known)


@fix_all("L04")
def unresolved_reference(widget: Widget, problems: Sequence[Problem]) -> Iterator[Repair]:
    """Add the text that the manifest names, with the groups around it."""
    known = _Known({}, {})
    for problem in problems:
        key = widget.get(*(problem.place.pointer or ()))
        for locale in widget.locales if isinstance(key, str) else ():
            if locale.code in widget.declared_locales and f"the locale `{locale.code}`" in problem.message:
                yield from _referred(widget, locale, tuple(key.split(".")), known)


def _referred(widget: Widget, locale: Locale, pointer: Pointer, known: _Known) -> Iterator[Repair]:
    """Add the first part of ``pointer`` that a locale lacks, with all that it leads to."""
    missing = next((depth for depth in range(1, len(pointer) + 1) if not _has(locale.value, pointer[:depth])), None)
    if missing is not None:
        value: Any = TODO
        for name in reversed(pointer[missing:]):
            value = {name: value}
        yield from _added(widget, locale, pointer[:missing], value, known)


def _has(value: Any, pointer: Pointer) -> bool:
    """Tell whether there is something at ``pointer``, null included: what is there is not made again."""
    group = value_at(value, pointer[:-1])
    return not isinstance(group, dict) or pointer[-1] in group


def _added(widget: Widget, locale: Locale, pointer: Pointer, value: Any, known: _Known) -> Iterator[Repair]:
    """Add what ``locale`` lacks at ``pointer``: as the first other locale has it, else ``value``."""
    home = locale.home(pointer)
    values = None if home is None else value_at(home.value, pointer[:-1])
    if home is None or not is_strict(home) or not isinstance(values, dict) or _has(locale.value, pointer):
        return
    group = _group(home, pointer[:-1], known)
    if group is None:
        return
    name, beside = str(pointer[-1]), None
    for other in widget.locales:
        if other.code in widget.declared_locales and value_at(other.value, pointer) is not None:
            value, beside = _todo(value_at(other.value, pointer)), _sides(home, group, other, known).get(name)
            break
    splice = member_added(group, name, value, beside)
    yield Edit(home.path, *splice, f"added `{'.'.join(map(str, pointer))}`", makes=pointer)


def _group(home: Document, pointer: Pointer, known: _Known) -> Group | None:
    key = home.path, pointer
    if key not in known.groups:
        known.groups[key] = group_at(home.data, pointer)
    return known.groups[key]


def _sides(home: Document, group: Group, other: Locale, known: _Known) -> dict[str, Beside]:
    """Return where the group's missing members go so that they come in the order of another locale."""
    key = home.path, group.pointer, other.code
    if key not in known.sides:
        known.sides[key] = sides(group, value_at(other.value, group.pointer))
    return known.sides[key]


def _todo(value: Any) -> Any:
    """Return a text, or all texts of a group, as one that is still to be translated."""
    if isinstance(value, dict):
        return {key: _todo(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_todo(item) for item in value]
    if not isinstance(value, str) or value.startswith(TODO):
        return value
    return f"{TODO}: {value}" if value.strip() else TODO
