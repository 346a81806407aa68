"""What the platform fixes: sizes, names and limits, each with its source and the date it was read.

Enums that a JSON Schema can hold (locations, setting types, scopes) live in ``schemas/``; here is what only code can use.
"""

from __future__ import annotations

from typing import NamedTuple

UPLOAD_HINT = "Settings > Integrations > your private integration > Upload widget"
"""Where the finished zip goes (developers.kommo.com/docs/private-integration, 2026-11)."""


class Slot(NamedTuple):
    """An image that the platform looks for by name."""

    name: str
    """File name below ``images/`` without its ending."""
    width: int
    height: int
    location: str = ""
    """Needed only where the manifest declares this location; empty: always needed."""


SLOTS: tuple[Slot, ...] = (
    # developers.kommo.com/docs/images and structure-widget, 2026-11; the size is enforced by the server.
    Slot("logo_main", 400, 272),
    Slot("logo_small", 108, 108),
    Slot("logo", 130, 100),
    Slot("logo_medium", 240, 84),
    Slot("logo_min", 84, 84),
    Slot("logo_dp", 174, 109, location="digital_pipeline"),
)

MAX_IMAGE_BYTES = 300 * 1024
"""Documented limit of each image (developers.kommo.com/docs/images): 300 KB."""

FORM_ICON = (400, 272)
"""Pixels of the integration form's icon (private integration page)."""

FORM_ICON_FORMATS = ("JPEG", "PNG", "GIF")

IMAGE_ENDINGS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "svg": "SVG", "webp": "WEBP"}
"""File ending -> Pillow's name of the format."""

LOGO_ENDINGS = {"kommo": ("png",), "amocrm": ("png", "jpg", "jpeg", "gif")}
"""Logos are PNG on Kommo (docs/images); amoCRM takes the others too (amocrm.ru structure page)."""

BLOCK_OF_LOCATION = {
    # developers.kommo.com/docs/manifest-json and the vendor's scaffolder; amoforms: amocrm.ru/developers amoforms-widgets.
    "digital_pipeline": "dp",
    "advanced_settings": "advanced",
    "salesbot_designer": "salesbot_designer",
    "sms": "sms",
    "mobile_card": "mobile",
    "widget_page": "left_menu",
    "amoforms": "amoforms_settings",
}

CARD_AREAS = ("lcard", "ccard", "comcard", "cucard")

TWO_WAY_AREAS = (*CARD_AREAS, "llist", "clist", "tlist", "culist", "tline", "tcalendar")
"""Areas that take the suffix -0 (no panel) or -1 (with panel) (developers.kommo.com/docs/widget-locations)."""

FILE_OF_LOCATION = {
    # amocrm.ru/developers web_sdk/personal_page and integrations/amoforms-widgets.
    "personal_page": "personal_page.js",
    "amoforms": "amoforms.js",
}

TEXT_ENDINGS = (
    ".js",
    ".json",
    ".css",
    ".twig",
    ".html",
    ".htm",
    ".svg",
    ".txt",
    ".tpl",
    ".mustache",
    ".hbs",
    ".ejs",
    ".xml",
    ".csv",
)
"""Files that are to be UTF-8 without BOM and with LF (docs/structure-widget, getting-listed)."""


def is_text(path: str) -> bool:
    """Tell whether a file is text by its ending."""
    return path.lower().endswith(TEXT_ENDINGS)
