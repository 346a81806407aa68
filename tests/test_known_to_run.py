"""Widgets that are known to run have no error on their own platform, and only the hints that are true of them.

The four manifests are written after descriptions of widgets that developers report as running on Kommo.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import GREET, SCRIPT, Files, as_json, brief, findings, png

from widgetpack.platform import SLOTS

FAMILIES = "MJLIAF"
"""What these widgets were described by; their scripts are stand-ins."""


def logos(*names: str) -> Files:
    return {f"images/{slot.name}.png": png(slot.width, slot.height) for slot in SLOTS if slot.name in names}


FIVE = logos("logo", "logo_main", "logo_small", "logo_medium", "logo_min")


def manifest(version: str, locales: list[str], locations: list[str], fields: list[str], **blocks: Any) -> bytes:
    settings = {code: {"name": f"settings.{code}", "type": "text", "required": False} for code in fields}
    own = {
        "name": "widget.name",
        "description": "widget.description",
        "short_description": "widget.short_description",
        "version": version,
        "interface_version": 2,
        "init_once": False,
        "locale": locales,
        "installation": True,
        **blocks.pop("widget", {}),
    }
    return as_json({"widget": own, "locations": locations, "settings": settings, **blocks})


def texts(fields: list[str], *locales: str) -> Files:
    """Return texts of one word each, which are the same in every language."""
    value = {
        "widget": {"name": "Uno", "description": "Dos", "short_description": "Tres", "tour_description": "Quatro"},
        "settings": dict.fromkeys(fields, "Cinco"),
        "salesbot": {"step": "Seis", "field": "Siete"},
    }
    return {f"i18n/{locale}.json": as_json(value) for locale in locales}


def bot(kind: str) -> dict[str, Any]:
    field = {"name": "salesbot.field", "type": kind, "default_value": "https://widgets.dev", "manual": True}
    return {"handler": {"name": "salesbot.step", "settings": {"target": field}}}


def tour(*locales: str) -> dict[str, Any]:
    pictures = {locale: ["/images/logo_main.png"] for locale in locales}
    return {"is_tour": True, "tour_images": pictures, "tour_description": "widget.tour_description"}


KOMMO = ("pt", "en", "es", "tr", "id")
WIDGETS: dict[str, tuple[Files, list[str]]] = {
    "a card of one language, re-uploaded many times": (
        {
            "manifest.json": manifest(
                "1.9.0",
                ["es"],
                ["settings", "ccard-1", "lcard-1"],
                ["account", "key"],
                widget={"support": {"link": "https://widgets.dev/ayuda"}},
            ),
            **texts(["account", "key"], "es"),
            **FIVE,
            "style.css": b".duplicates-list { margin: 0 }\n",
        },
        [
            "M45 info manifest.json:1:1 no `tour` block",
            "M20 warning manifest.json:13:16 `support` has no `email`",
        ],
    ),
    "a bot with three logos": (
        {
            "manifest.json": manifest(
                "1.3.0", list(KOMMO), ["salesbot_designer", "settings"], ["note"], salesbot_designer=bot("url")
            ),
            **texts(["note"], *KOMMO),
            **logos("logo", "logo_main", "logo_small"),
        },
        [
            "I01 warning :1:1 no images/logo_medium.png (240x84)",
            "I01 warning :1:1 no images/logo_min.png (84x84)",
            "M45 info manifest.json:1:1 no `tour` block",
            "M20 warning manifest.json:2:13 no `support` block",
        ],
    ),
    "a bot on every page, with a tour": (
        {
            "manifest.json": manifest(
                "1.0.9",
                ["en", "pt"],
                ["everywhere", "salesbot_designer", "settings"],
                ["note"],
                tour=tour("en", "pt"),
                salesbot_designer=bot("text"),
            ),
            **texts(["note"], "en", "pt"),
            **FIVE,
        },
        ["M20 warning manifest.json:2:13 no `support` block"],
    ),
    "a card whose tour shows the logo": (
        {
            "manifest.json": manifest("2.1.0", ["en", "es"], ["lcard-1", "settings"], ["note"], tour=tour("en", "es")),
            **texts(["note"], "en", "es"),
            **FIVE,
        },
        ["M20 warning manifest.json:2:13 no `support` block"],
    ),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_that_runs_has_no_error(name: str) -> None:
    files, hints = WIDGETS[name]
    found = findings({**files, "script.js": SCRIPT, "lib/greet.js": GREET}, target="kommo")
    assert [item for item in found if item.severity == "error"] == []
    assert brief(tuple(item for item in found if item.code[0] in FAMILIES)) == hints
