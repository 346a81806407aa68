"""What goes wrong while a widget runs: the facts that `widgetpack.preview` brings home and family R judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from widgetpack.model import Place

IncidentKind = Literal[
    "not-true",
    "callback-threw",
    "uncaught",
    "not-loaded",
    "no-callback",
    "salesbot",
    "late",
    "global",
    "css",
    "no-file",
    "no-text",
    "not-imitated",
    "unanswered",
    "synchronous",
    "misused",
    "hang",
    "dialog",
    "left",
    "behind",
    "template",
    "wiped",
    "fixture",
]


class Incident(NamedTuple):
    """One thing that went wrong, once for all areas and languages in which it did."""

    kind: IncidentKind
    message: str
    place: Place
    """In the widget's tree, or in a script that was bundled from sources."""
    where: str
    """The areas: ``lcard, en and 2 more``; empty where it has nothing to do with one."""
    is_grave: bool = True
    """Of a callback whether others depend on it, of a part that is not imitated whether the widget stopped there, ..."""

    @property
    def words(self) -> str:
        """The message with the areas."""
        return f"{self.message} ({self.where})" if self.where else self.message
