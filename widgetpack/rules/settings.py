"""The rules about what silences other rules. They judge what came of a run: see `widgetpack.silence.apply`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.model import Place, Problem
from widgetpack.rules.base import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


class UnusedComment(NamedTuple):
    """A comment ``widgetpack: ignore``, or a part of it, that no finding needs."""

    path: str
    offset: int
    """Where ``widgetpack:`` stands, in bytes."""
    reason: str


class UnusedEntry(NamedTuple):
    """An entry of ``ignore``, ``per-file-ignores`` or ``severity`` that no finding needs."""

    place: Place
    """In the config file, or the widget as a whole for one from the command line."""
    reason: str


class StaleEntries(NamedTuple):
    """Entries of a baseline that no finding matches any more."""

    file: str
    number: int


@rule("U01", UnusedComment, "warning", source="widgetpack: what silences nothing today hides the next fault")
def unused_comment(comment: UnusedComment) -> Iterator[Problem]:
    """A comment `widgetpack: ignore` silences nothing.

    The fault is mended, or the comment stands on another line or names another rule.

    Fix: delete the comment, or those of its rules that find nothing.

    Wrong: `save(); // widgetpack: ignore S12` where S12 finds nothing
    Right: `save();`
    """
    yield Problem(comment.reason, Place(comment.path, offset=comment.offset))


@rule("U02", UnusedEntry, "warning", source="widgetpack: what silences nothing today hides the next fault")
def unused_entry(entry: UnusedEntry) -> Iterator[Problem]:
    """An entry of `ignore`, `per-file-ignores` or `severity` silences or softens nothing.

    Judged only where the config serves one widget, and the rules in question have run.

    Fix: delete the entry.

    Wrong: `ignore = ["S12"]` where S12 finds nothing
    Right: `ignore = []`
    """
    yield Problem(entry.reason, entry.place)


@rule("U03", StaleEntries, "info", source="widgetpack: a baseline is there to shrink")
def stale_baseline(entries: StaleEntries) -> Iterator[Problem]:
    """The baseline holds findings that are mended.

    Fix: write it anew with `validate --write-baseline`.

    Wrong: a baseline of 12 findings beside a widget that has 9 of them
    Right: a baseline of the 9 findings that are left
    """
    noun = "entry matches" if entries.number == 1 else "entries match"
    yield Problem(f"{entries.number} {noun} no finding any more: write {entries.file} anew", Place(""))
