"""The rules as text, for `widgetpack rule` and for ``docs/rules.md``."""

from __future__ import annotations

import difflib
from itertools import product
from typing import TYPE_CHECKING

from widgetpack.errors import UsageError
from widgetpack.fixes import FIXABLE
from widgetpack.rules import RULES, Rule
from widgetpack.rules.base import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES = {
    "M": "Manifest",
    "J": "JSON texts",
    "L": "Locale texts",
    "I": "Images",
    "S": "Scripts",
    "B": "Build",
    "C": "Styles",
    "A": "Archive",
    "F": "Integration form",
    "R": "Runtime (`widgetpack preview --check`)",
    "U": "widgetpack's own settings",
}


_MENDED = "`widgetpack validate --fix` mends it where there is no doubt how."

_USUAL = ("kommo", "private", "in a folder")
_OTHER = ("amocrm", "public", "in a zip")


def weights(item: Rule) -> str:
    """Return the severity of a rule for a private Kommo widget in a folder, and each other one with when it holds."""
    if isinstance(item.weight, str):
        return item.weight
    cases: dict[str, set[tuple[str, ...]]] = {}
    for case in product(*zip(_USUAL, _OTHER, strict=True)):
        cases.setdefault(item.weight(Context(case[0], case[1], case[2] == _OTHER[2])), set()).add(case)
    usual = next(name for name, held in cases.items() if _USUAL in held)
    others = (f"{name} ({_shortest(held)})" for name, held in sorted(cases.items()) if name != usual)
    return ", ".join((usual, *others))


def _shortest(cases: set[tuple[str, ...]]) -> str:
    """Say a set of cases in few words: what makes no difference is left out, and what another case covers."""
    found = set(cases)
    for axis, pair in enumerate(zip(_USUAL, _OTHER, strict=True)):
        for case in list(found):
            both = {(*case[:axis], value, *case[axis + 1 :]) for value in pair}
            if both <= found:
                found.add((*case[:axis], "", *case[axis + 1 :]))
    kept = [case for case in found if not any(_covers(other, case) for other in found - {case})]
    return "; ".join(sorted(" ".join(word for word in case if word) for case in kept))


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return all(a in ("", b) for a, b in zip(wide, narrow, strict=True))


def list_rules(start: str = "") -> str:
    """Return one line per rule whose code begins with ``start``: code, severity, slug, what it finds."""
    return "".join(
        f"{code}  {weights(item).partition(' ')[0].rstrip(','):<8} {item.slug:<24} {item.doc.what}\n"
        for code, item in sorted(RULES.items())
        if code.startswith(start)
    )


def explain_rule(code: str) -> str:
    """Return what, why, fix and source of one rule, by its code or slug; raises `UsageError` for another word."""
    wanted = code.strip()
    item = RULES.get(wanted.upper()) or next(
        (rule for rule in RULES.values() if rule.slug == wanted.replace("-", "_")), None
    )
    if item is None:
        known = [*RULES, *(rule.slug for rule in RULES.values())]
        near = difflib.get_close_matches(wanted, known, 1) or difflib.get_close_matches(wanted.upper(), known, 1)
        message = f"{code}: no such rule" + (f"; did you mean {near[0]}?" if near else "")
        raise UsageError(message, "`widgetpack rule` lists them")
    doc = item.doc
    examples = "\n".join(f"{label}: {text}" for label, text in (("Wrong", doc.wrong), ("Right", doc.right)) if text)
    mended = _MENDED if item.code in FIXABLE else ""
    parts = [f"{item.code} {item.slug} ({weights(item)})", doc.what, doc.why, f"Fix: {doc.fix}", mended, examples]
    parts.append(f"Source: {item.source}")
    return "\n\n".join(part for part in parts if part) + "\n"


def rules_page() -> str:
    """Return ``docs/rules.md``: one table per family."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# Rules\n"
    yield "Generated from the rules' own docstrings by `make docs`; `widgetpack rule CODE` prints the same.\n"
    for letter, title in FAMILIES.items():
        yield f"## {letter}: {title}\n"
        yield "| code | severity | rule | what it finds | fix | wrong | right | source |"
        yield "|---|---|---|---|---|---|---|---|"
        for code, item in sorted(RULES.items()):
            if code.startswith(letter):
                doc = item.doc
                fix = f"{doc.fix} {_MENDED}" if code in FIXABLE else doc.fix
                cells = (f"{doc.what} {doc.why}".strip(), fix, doc.wrong, doc.right, item.source)
                row = " | ".join(cell.replace("|", "\\|") for cell in cells)
                yield f"| {code} | {weights(item)} | `{item.slug}` | {row} |"
        yield ""
