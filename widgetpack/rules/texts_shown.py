"""L: the texts that the platform itself shows: their length, their markup, their macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgetpack.documents.locales import find_text
from widgetpack.model import Place, Problem
from widgetpack.platform import LONGEST_WORD, MACROS, TEXT_LIMITS
from widgetpack.rules.base import moderated, refused_if_public, rule
from widgetpack.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.documents.markup import Link, Markup

_LISTED = "developers.kommo.com/docs/getting-listed"
_IDENTITY = ("name", "short_description", "description", "tour_description")
_MACRO = r"#(/?[A-Z][A-Z_]*)#"
_KOMMO = r"(?i)(?<![\w@./:-])kommo(?![\w@/-]|\.\w)"
_SHORT_MESSAGE = 40


def _markup(text: str) -> Markup:
    """Read a text that may hold HTML; the import waits for the first text."""
    from widgetpack.documents.markup import load_markup

    return load_markup(text)


def _shown(widget: Widget, *names: str) -> Iterator[tuple[str, str, Place]]:
    """Yield (name, text, place) of the widget's own texts in every declared locale, wherever the manifest points."""
    for name in names:
        block = "tour" if name == "tour_description" else "widget"
        key = widget.get(block, name)
        if name == "ai_agent_description" and "ai_agent" in widget.locations:
            key = f"widget.{name}"
        for locale in widget.locales if isinstance(key, str) else ():
            found = find_text(locale, key) if locale.code in widget.declared_locales else None
            home = locale.home(found[0]) if found else None
            if found and home:
                yield name, found[1], Place(home.path, found[0])


@rule(
    "L13",
    Widget,
    moderated,
    source=_LISTED + " (2026-02); survey: 4 of 102 names and 20 of 102 short descriptions are longer",
)
def text_too_long(widget: Widget) -> Iterator[Problem]:
    """A text is longer than the public checklist allows.

    A name of 30 characters with no word above 19, a short description of 50, a description of 400, 100 for the AI agent.
    Tags do not count.

    Fix: shorten it.

    Wrong: `"name": "Follow-up planner for leads and contacts"`
    Right: `"name": "Follow-up planner"`
    """
    for name, text, place in _shown(widget, *TEXT_LIMITS):
        length, limit = len(_markup(text).text.strip()), TEXT_LIMITS[name]
        if length > limit:
            yield Problem(f"the {name} has {length} characters, not at most {limit}", place)
        words = text.split() if name == "name" else []
        longest = max(words, key=len, default="")
        if len(longest) > LONGEST_WORD:
            yield Problem(f"a word of the name has {len(longest)} characters, not at most {LONGEST_WORD}", place)


@rule("L14", Widget, refused_if_public, source=_LISTED + " (no `<script>` in the description)")
def script_in_text(widget: Widget) -> Iterator[Problem]:
    """A description holds a `<script>`.

    The public checklist refuses it.

    Fix: move the code into the widget's scripts.

    Wrong: `"description": "Plans tasks. <script src='https://acme.dev/count.js'></script>"`
    Right: `"description": "Plans tasks."`
    """
    for _, text, place in _shown(widget, *_IDENTITY):
        if _markup(text).scripts:
            yield Problem("`<script>` in a text", place)


@rule(
    "L15",
    Widget,
    moderated,
    source=_LISTED + ' (`<a href="https://..." target="_blank" referrerpolicy="no-referrer">`)',
)
def careless_link(widget: Widget) -> Iterator[Problem]:
    """A link in a description lacks the attributes that the platform asks for, or is not https.

    Without `target="_blank"` it takes the user away from the CRM, without `referrerpolicy` it tells where from.

    Fix: write the link in the form of the example.

    Wrong: `<a href='http://acme.dev'>Help</a>`
    Right: `<a href='https://acme.dev' target='_blank' referrerpolicy='no-referrer'>Help</a>`
    """
    for _, text, place in _shown(widget, *_IDENTITY):
        for link in _markup(text).links:
            if faults := list(_link_faults(link)):
                yield Problem(f"the link to {link.address[:_SHORT_MESSAGE]!r} {' and '.join(faults)}", place)


def _link_faults(link: Link) -> Iterator[str]:
    lower = link.address.lower()
    if lower.startswith(("mailto:", "tel:", "#")):
        return
    if not lower.startswith("https:"):
        yield "is not https"
    lacking = [
        f'{name}="{value}"'
        for name, value in (("target", "_blank"), ("referrerpolicy", "no-referrer"))
        if link.attributes.get(name, "").lower() != value
    ]
    if lacking:
        yield f"lacks {' and '.join(lacking)}"


@rule(
    "L16",
    Widget,
    "warning",
    source="HTML standard: these end tags may not be left out; docs/manifest-json: descriptions are HTML",
)
def unclosed_tag(widget: Widget) -> Iterator[Problem]:
    """A description opens an element and never closes it.

    All that follows in the integration's window becomes bold, or part of the link.

    Fix: add the end tag.

    Wrong: `"description": "Plans <b>tasks"`
    Right: `"description": "Plans <b>tasks</b>"`
    """
    for _, text, place in _shown(widget, *_IDENTITY):
        for tag in dict.fromkeys(_markup(text).unclosed):
            yield Problem(f"`<{tag}>` is never closed", place)


@rule("L17", Widget, refused_if_public, source="developers.kommo.com/docs/manifest-json (2026)")
def no_ai_agent_description(widget: Widget) -> Iterator[Problem]:
    """The location `ai_agent` is declared, but a locale has no `widget.ai_agent_description`.

    The agent reads it to know when to call the widget.

    Fix: add the text, at most 100 characters, to every locale.

    Wrong: `"locations": ["ai_agent"]` and no `widget.ai_agent_description` in the texts
    Right: `"locations": ["ai_agent"]` and `"ai_agent_description": "Plans the next task of a lead"` in the texts
    """
    if "ai_agent" not in widget.locations:
        return
    for locale in widget.locales:
        found = find_text(locale, "widget.ai_agent_description")
        if locale.readable and locale.code in widget.declared_locales and not (found and found[1].strip()):
            pointer = ("widget", "ai_agent_description")
            home = locale.home(pointer)
            path = home.path if home else locale.documents[0].path
            message = f"no `widget.ai_agent_description` in `{locale.code}`, which `ai_agent` needs"
            yield Problem(message, Place(path, pointer))


@rule("L18", Widget, "warning", source=_LISTED + " (the product is spelt Kommo)")
def product_misspelt(widget: Widget) -> Iterator[Problem]:
    """A text of a public listing spells the product otherwise than "Kommo".

    Private widgets are not judged, nor are addresses.

    Fix: write `Kommo`.

    Wrong: `"short_description": "Tasks for KOMMO"`
    Right: `"short_description": "Tasks for Kommo"`
    """
    if widget.config.audience != "public":
        return
    for _, text, place in _shown(widget, *_IDENTITY):
        wrong = (match[0] for match in re.finditer(_KOMMO, _markup(text).text) if match[0] != "Kommo")
        for word in dict.fromkeys(wrong):
            yield Problem(f"`{word}`, not `Kommo`", place)


@rule("L20", Widget, "warning", source="developers.kommo.com/docs/manifest-json (macros of the description)")
def unknown_macro(widget: Widget) -> Iterator[Problem]:
    """The description holds a macro that the platform does not replace.

    Users see it as it stands.

    Fix: use HOST, SUBDOMAIN, LOGIN, ACCOUNT_ID, USER_ID or TOP_LEVEL_DOMAIN between two `#`.

    Wrong: `"description": "Works in #DOMAIN#"`
    Right: `"description": "Works in #SUBDOMAIN#"`
    """
    for _, text, place in _shown(widget, "description"):
        for match in dict.fromkeys(re.findall(_MACRO, text)):
            if match not in MACROS:
                yield Problem(f"`#{match}#` is no macro of the platform", place)
