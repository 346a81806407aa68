"""How a rule is written, and how all rules run over a widget.

A rule is one generator function: it takes one thing of the type that its decorator names and yields problems. The runner
stamps code, severity and order. Nothing here, nor in any family, opens a file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from widgetpack.documents.places import locate
from widgetpack.model import (
    SEVERITIES,
    Anomaly,
    Document,
    Finding,
    Image,
    Locale,
    Place,
    Problem,
    Related,
    Severity,
    ShapeFault,
)
from widgetpack.scripts.javascript import Script
from widgetpack.styles.load import Style
from widgetpack.widget import MANIFEST, Widget, file_of

T = TypeVar("T")


class Context(NamedTuple):
    """What a severity may depend on."""

    target: str
    audience: str
    is_archive: bool


Weight = Severity | Callable[[Context], Severity]
Check = Callable[[Any], Iterable[Problem]]


def moderated(context: Context) -> Severity:
    """Weigh what only a public listing is asked for."""
    return "warning" if context.audience == "public" else "info"


def refused_if_public(context: Context) -> Severity:
    """Weigh what a public listing is refused for, and what is a fault of private widgets too."""
    return "error" if context.audience == "public" else "warning"


def refused_only_if_public(context: Context) -> Severity:
    """Weigh what a public listing is refused for, and what private widgets are known to live with."""
    return "error" if context.audience == "public" else "info"


class Doc(NamedTuple):
    """The parts of a rule's docstring, each on one line."""

    what: str
    why: str
    fix: str
    wrong: str
    """An example, in Markdown."""
    right: str


class Rule(NamedTuple):
    """One rule: its code, the name of its fault, and the function that finds it."""

    code: str
    slug: str
    subject: type
    weight: Weight
    check: Check
    source: str
    """Where the platform's rule is known from."""

    @property
    def doc(self) -> Doc:
        """What the function's docstring says, in its parts."""
        text = inspect.cleandoc(self.check.__doc__ or "")
        body, *parts = re.split(r"\n(Fix|Wrong|Right): ", text)
        what, _, why = body.partition("\n\n")
        told = dict(zip(parts[::2], parts[1::2], strict=True))
        return Doc(
            *(" ".join(part.split()) for part in (what, why, *(told.get(key, "") for key in ("Fix", "Wrong", "Right"))))
        )


RULES: dict[str, Rule] = {}
"""Every rule by its code; filled by the decorator when a family is imported."""

SUBJECTS: Mapping[type, Callable[[Widget], Iterable[Any]]] = {
    # The type that a rule's decorator names -> the things of that type in a widget.
    Widget: lambda widget: (widget,),
    Document: lambda widget: widget.documents,
    ShapeFault: lambda widget: (*widget.shape, *widget.form_shape),
    Locale: lambda widget: widget.locales,
    Image: lambda widget: widget.images.values(),
    Script: lambda widget: widget.scripts.values(),
    Style: lambda widget: widget.styles.values(),
    Anomaly: lambda widget: widget.tree.anomalies,
}


def rule(
    code: str, subject: type[T], weight: Weight = "error", *, source: str
) -> Callable[[Callable[[T], Iterator[Problem]]], Callable[[T], Iterator[Problem]]]:
    """Register a function as the rule ``code`` over every ``subject`` of a widget."""

    def register(check: Callable[[T], Iterator[Problem]]) -> Callable[[T], Iterator[Problem]]:
        if code in RULES:
            message = f"two rules have the code {code}"
            raise ValueError(message)
        RULES[code] = Rule(code, check.__name__, subject, weight, check, source)
        return check

    return register


def check(widget: Widget, families: str = "") -> tuple[Finding, ...]:
    """Run every rule over `SUBJECTS`, or those whose code starts with a letter of ``families``; return sorted findings.

    A line that one finding must not show is shown by none.
    """
    found: list[Finding] = []
    for kind, things in SUBJECTS.items():
        found += judge(widget, kind, things(widget), families)
    unseen = {(finding.path, finding.line) for finding in found if finding.hidden}
    if unseen:
        found = [item._replace(text="", hidden=True) if (item.path, item.line) in unseen else item for item in found]
    return tuple(sorted(found, key=order))


def judge(widget: Widget, kind: type[T], things: Iterable[T], families: str = "") -> tuple[Finding, ...]:
    """Run the rules that judge a ``kind`` over ``things``, also one that a widget alone does not have; sorted findings."""
    context = Context(widget.target, widget.config.audience, widget.tree.is_archive)
    rules = [item for item in RULES.values() if item.subject is kind and (not families or item.code[0] in families)]
    if not rules:
        return ()
    found = {
        _finding(item, problem, widget, context) for thing in things for item in rules for problem in item.check(thing)
    }
    return tuple(sorted(found, key=order))


def order(finding: Finding) -> tuple[Any, ...]:
    """Return the sort key of findings: by place, then by weight."""
    return finding.path, finding.line, finding.column, SEVERITIES.index(finding.severity), finding.code, finding.message


def _finding(item: Rule, problem: Problem, widget: Widget, context: Context) -> Finding:
    place = problem.place
    line, column, text = locate(_bytes_of(widget, place.path), place)
    weight = problem.severity or (item.weight if isinstance(item.weight, str) else item.weight(context))
    further = tuple(_related(widget, *pair) for pair in (*problem.related, *_naming(widget, place.path)))
    return Finding(
        item.code,
        item.slug,
        weight,
        problem.message,
        widget.tree.source,
        place.path,
        line,
        column,
        "" if problem.hidden else text,
        further,
        problem.hidden,
    )


def _related(widget: Widget, place: Place, message: str) -> Related:
    line, column, _ = locate(_bytes_of(widget, place.path), place)
    return Related(place.path, line, column, message)


def _naming(widget: Widget, path: str) -> Iterator[tuple[Place, str]]:
    """Yield where the manifest names the picture ``path``."""
    if path in widget.images:
        for pointer, named in widget.named_files():
            if file_of(named) == path:
                yield Place(MANIFEST, pointer), "named here"


def _bytes_of(widget: Widget, path: str) -> bytes:
    if widget.form is not None and path == widget.form.path:
        return widget.form.data
    settings = widget.config.file
    if settings is not None and path == settings.name and path not in widget.tree.files:
        return widget.config.text
    return widget.tree.files.get(path) or widget.tree.aside.get(path) or b""
