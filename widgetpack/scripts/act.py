"""One thing that a script does, as a fact with its place."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "evaluated",
    "script-tag",
    "dialog",
    "debugger",
    "console",
    "console-trace",
    "waiting",
    "owned",
    "global",
    "top-level",
    "loop",
]


class Act(NamedTuple):
    """One thing that a script does."""

    kind: Kind
    what: str
    """As a user would name it: ``eval(...)``, ``console.log``, ``window.cache``, ``crm_post``."""
    offset: int
