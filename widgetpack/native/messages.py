"""What esbuild prints about the sources, as facts: it has no other form for errors than this text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = re.compile(r"\S+ \[(ERROR|WARNING)\] (.*)")
_PLACE: Final = re.compile(r"    (\S.*):(\d+):(\d+):")
_NOTE: Final = re.compile(r"  (\S.*)")
_NAME: Final = re.compile(r" \[([\w@-]+)\]\Z")


class Spot(NamedTuple):
    """A place in a source."""

    path: str
    """As esbuild names it: relative to the folder that it ran in, with ``/``."""
    line: int
    """1-based."""
    column: int
    """In bytes, 0-based."""


class Note(NamedTuple):
    """What belongs to a message."""

    text: str
    spot: Spot | None


class Message(NamedTuple):
    """One error or warning."""

    kind: Literal["error", "warning"]
    text: str
    name: str
    """Of a warning, by which esbuild knows it: ``duplicate-object-key``; empty for most errors."""
    spot: Spot | None
    notes: tuple[Note, ...] = ()


def load_messages(printed: bytes) -> tuple[Message, ...]:
    """Return the messages in what esbuild printed without colours; lines of another form are left out."""
    blocks: list[list[str]] = []
    for line in printed.decode("utf-8", "replace").splitlines():
        if _HEAD.fullmatch(line):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    return tuple(dict.fromkeys(map(_message, blocks)))  # two entries that share a module say the same


def _message(lines: list[str]) -> Message:
    head = _HEAD.fullmatch(lines[0])
    kind, text = (head[1], head[2]) if head else ("ERROR", lines[0])
    name = _NAME.search(text) if kind == "WARNING" else None
    notes = list(_notes(lines[1:]))
    first = notes.pop(0) if notes and not notes[0].text else Note("", None)
    text = text[: name.start()] if name else text
    return Message("error" if kind == "ERROR" else "warning", text, name[1] if name else "", first.spot, tuple(notes))


def _notes(lines: list[str]) -> Iterator[Note]:
    """Yield what stands below a message; its own place comes first, as a note without text."""
    text: str | None = None
    for line in lines:
        if place := _PLACE.fullmatch(line):
            yield Note(text or "", Spot(place[1], int(place[2]), int(place[3])))
            text = None
        elif note := _NOTE.fullmatch(line):
            if note[1].startswith(("│", "╵")):
                continue
            if line.startswith("    "):  # a line of source
                continue
            if text:
                yield Note(text, None)
            text = note[1]
    if text:
        yield Note(text, None)
