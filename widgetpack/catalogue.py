"""The rules as text, for `widgetpack rule` and for ``docs/rules.md``."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from widgetpack.errors import UsageError
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
    "A": "Archive",
    "F": "Integration form",
}


def weights(item: Rule) -> str:
    """Return the severity of a rule, or each of them and when it holds."""
    if isinstance(item.weight, str):
        return item.weight
    names = {
        item.weight(Context(target, audience, is_archive)): (audience, "in a zip" if is_archive else "in a folder")
        for target in ("kommo", "amocrm")
        for audience in ("public", "private")
        for is_archive in (True, False)
    }
    by_audience = item.weight(Context("kommo", "public", False)) != item.weight(Context("kommo", "private", False))  # noqa: FBT003
    return ", ".join(f"{name} ({when[0] if by_audience else when[1]})" for name, when in sorted(names.items()))


def list_rules() -> str:
    """Return one line per rule: code, severity, slug, what it finds."""
    return "".join(
        f"{code}  {weights(item).partition(' ')[0].rstrip(','):<8} {item.slug:<24} {item.doc.what}\n"
        for code, item in sorted(RULES.items())
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
    parts = [f"{item.code} {item.slug} ({weights(item)})", doc.what, doc.why, f"Fix: {doc.fix}", examples]
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
                cells = (f"{doc.what} {doc.why}".strip(), doc.fix, doc.wrong, doc.right, item.source)
                row = " | ".join(cell.replace("|", "\\|") for cell in cells)
                yield f"| {code} | {weights(item)} | `{item.slug}` | {row} |"
        yield ""
