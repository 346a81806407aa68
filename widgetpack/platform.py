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

PLATFORMS = {"kommo": "Kommo", "amocrm": "amoCRM"}
"""How each target spells its name."""

LOCALES = {
    # developers.kommo.com/docs/manifest-json, 2026-11; amocrm.ru/developers, with the pages of the other markets.
    "kommo": ("en", "es", "pt", "tr", "id"),
    "amocrm": ("ru", "en", "es", "pt"),
}

LOCATIONS_OF_ONE = {
    # Area -> the one platform that has it (developers.kommo.com/docs/widget-locations; amocrm.ru integrations/areas).
    **dict.fromkeys(
        ("cucard", "culist", "tline", "tcalendar", "whatsapp_modal", "personal_page", "amoforms"), "amocrm"
    ),
    **dict.fromkeys(("website_chat_button", "ai_agent"), "kommo"),
}

TEXT_LIMITS = {
    # Characters, of the public checklist (developers.kommo.com/docs/getting-listed, 2026-02).
    "name": 30,
    "short_description": 50,
    "description": 400,
    "ai_agent_description": 100,
}

LONGEST_WORD = 19
"""Characters of a word in the widget's name (getting-listed and changelog, 2026)."""

MACROS = frozenset(
    # Of the description (docs/manifest-json); the last three on older pages only.
    ["HOST", "SUBDOMAIN", "LOGIN", "ACCOUNT_ID", "USER_ID", "TOP_LEVEL_DOMAIN", "API_HASH", "LINK", "/LINK"]
)

TOUR_SIZE = (1188, 616)
"""Pixels of a tour's picture in a public listing (developers.kommo.com/docs/getting-listed)."""

LARGE_SCRIPT = 512_000
"""Bytes above which the vendor's own build warns of an asset (kommo-crm/create-kommo-integration, 2025-06)."""

LARGE_WIDGET = 2_000_000
"""Bytes, unpacked: the largest known zips have 2.05 MB packed, half of all widgets below 80 KB (survey, 2026-11)."""

CARD_AREAS = ("lcard", "ccard", "comcard", "cucard")

TWO_WAY_AREAS = (*CARD_AREAS, "llist", "clist", "tlist", "culist", "tline", "tcalendar")
"""Areas that take the suffix -0 (no panel) or -1 (with panel) (developers.kommo.com/docs/widget-locations)."""

BARE_AREAS = ("tline", "tcalendar")
"""Those that amoCRM's pages also name without a suffix."""

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


def is_locale_code(text: str) -> bool:
    """Tell whether a text has the form of a locale: two small letters (docs/i18n)."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.islower()  # noqa: PLR2004


def is_text(path: str) -> bool:
    """Tell whether a file is text by its ending."""
    return path.lower().endswith(TEXT_ENDINGS)
