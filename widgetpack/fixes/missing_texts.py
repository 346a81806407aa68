"""Fixes of texts that a locale lacks: the key goes to its place, with a text that says it is still to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.fixes.base import Edit, Repair, fix, is_strict
from widgetpack.fixes.json_text import member_added
from widgetpack.widget import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Locale, Pointer, Problem
    from widgetpack.widget import Widget

TODO = "TODO"
"""What a made text begins with; behind it stands the text of another locale, where there is one."""


@fix("L03")
def missing_text(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Add the text or the group that another locale has."""
    locale = next((one for one in widget.locales if problem.place.path in _paths(one)), None)
    pointer = problem.place.pointer
    if locale is not None and pointer:
        yield from _added(widget, locale, pointer, TODO)


@fix("L04")
def unresolved_reference(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Add the text that the manifest names, with the groups around it."""
    key = widget.get(*(problem.place.pointer or ()))
    for locale in widget.locales if isinstance(key, str) else ():
        if locale.code not in widget.declared_locales or f"the locale `{locale.code}`" not in problem.message:
            continue
        pointer = tuple(key.split("."))
        missing = next((depth for depth in range(1, len(pointer) + 1) if not _has(locale.value, pointer[:depth])), None)
        if missing is not None:
            value: Any = TODO
            for name in reversed(pointer[missing:]):
                value = {name: value}
            yield from _added(widget, locale, pointer[:missing], value)


def _paths(locale: Locale) -> list[str]:
    return [document.path for document in locale.documents]


def _has(value: Any, pointer: Pointer) -> bool:
    """Tell whether there is something at ``pointer``, null included: what is there is not made again."""
    group = value_at(value, pointer[:-1])
    return not isinstance(group, dict) or pointer[-1] in group


def _added(widget: Widget, locale: Locale, pointer: Pointer, value: Any) -> Iterator[Repair]:
    """Add what ``locale`` lacks at ``pointer``: as the first other locale has it, else ``value``."""
    home = locale.home(pointer)
    group = None if home is None else value_at(home.value, pointer[:-1])
    if home is None or not is_strict(home) or not isinstance(group, dict) or _has(locale.value, pointer):
        return
    order: Sequence[str] = ()
    for other in widget.locales:
        if other.code in widget.declared_locales and value_at(other.value, pointer) is not None:
            value, order = _todo(value_at(other.value, pointer)), list(value_at(other.value, pointer[:-1]))
            break
    splice = member_added(home.data, pointer[:-1], str(pointer[-1]), value, order)
    if splice is not None:
        yield Edit(home.path, *splice, f"added `{'.'.join(map(str, pointer))}`", makes=pointer)


def _todo(value: Any) -> Any:
    """Return a text, or all texts of a group, as one that is still to be translated."""
    if isinstance(value, dict):
        return {key: _todo(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_todo(item) for item in value]
    if not isinstance(value, str) or value.startswith(TODO):
        return value
    return f"{TODO}: {value}" if value.strip() else TODO
