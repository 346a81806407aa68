"""What the sandbox's page must know of a widget, as one value that can be written as JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from widgetpack.documents.locales import find_text
from widgetpack.preview.areas import load_areas
from widgetpack.preview.sanitise import clean
from widgetpack.scripts.modules import MODULES
from widgetpack.widget import ENTRY, file_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.model import Locale
    from widgetpack.preview.fixtures import Fixtures
    from widgetpack.widget import Widget


def load_state(widget: Widget, files: Mapping[str, bytes], fixtures: Fixtures) -> dict[str, Any]:
    """Return everything about a widget whose ``files`` ship; parts that the widget lacks are empty, never missing."""
    code = code_of(widget)
    return {
        "code": code,
        "target": widget.target,
        "version": _text(widget.get("widget", "version")),
        "initOnce": widget.get("widget", "init_once") is True,
        "script": ENTRY if ENTRY in files else "",
        "manifest": _dict(widget.manifest.value if widget.manifest else None),
        "locales": [locale.code for locale in _locales(widget)],
        "texts": {locale.code: _dict(locale.value) for locale in _locales(widget)},
        "areas": [area._asdict() for area in load_areas(widget)],
        "fields": _fields(widget.get("settings")),
        "action": {
            "fields": _fields(widget.get("dp", "settings")),
            "multiple": widget.get("dp", "action_multiple") is True,
        },
        "steps": _steps(widget.get("salesbot_designer")),
        "listing": {locale.code: _listing(widget, locale, fixtures) for locale in _locales(widget)},
        "images": {
            name.removeprefix("images/").rpartition(".")[0]: name
            for name in sorted(files)
            if name.startswith("images/logo")
        },
        "form": widget.form_value,
        "icon": _icon(widget, files),
        "files": sorted(files),
        "modules": sorted(MODULES),
        "account": fixtures.account,
        "answers": fixtures.answers,
        "stored": fixtures.settings,
        "installed": fixtures.installed,
        "faults": [fault._asdict() for fault in fixtures.faults],
    }


def code_of(widget: Widget) -> str:
    """Return the code that the platform would give: the manifest's, else one made of the name; fits a class and a path."""
    given = widget.get("widget", "code")
    if isinstance(given, str) and re.fullmatch(r"[A-Za-z][\w-]*", given, re.ASCII):
        return given
    names = [
        found[1] for locale in _locales(widget) if (found := find_text(locale, _text(widget.get("widget", "name"))))
    ]
    slug = re.sub(r"[^a-z0-9]+", "_", names[0].lower() if names else "").strip("_")
    return f"preview_{slug or 'widget'}"


def _locales(widget: Widget) -> list[Locale]:
    """Return the declared locales first, in the manifest's order; the first is what the page starts with."""
    order = {code: index for index, code in enumerate(widget.declared_locales)}
    known = [locale for locale in widget.locales if isinstance(locale.value, dict)]
    return sorted(known, key=lambda locale: (order.get(locale.code, len(order)), locale.code))


def _listing(widget: Widget, locale: Locale, fixtures: Fixtures) -> dict[str, Any]:
    """Return what the list of integrations shows in one language."""
    named = {key: _word(locale, widget.get("widget", key)) for key in ("name", "short_description", "description")}
    account = fixtures.account
    macros = {
        "HOST": str(account["host"]),
        "SUBDOMAIN": str(account["subdomain"]),
        "LOGIN": str(account["user"]["login"]),
        "ACCOUNT_ID": str(account["id"]),
        "USER_ID": str(account["user"]["id"]),
        "TOP_LEVEL_DOMAIN": str(account["host"]).rpartition(".")[2],
    }
    images = widget.get("tour", "tour_images", locale.code)
    return {
        "name": named["name"],
        "short": named["short_description"],
        "description": clean(named["description"], macros),
        "tour": clean(_word(locale, widget.get("tour", "tour_description")), macros),
        "pictures": [file_of(name) for name in images if isinstance(name, str)] if isinstance(images, list) else [],
        "form": {key: _of_locale(widget.form_value.get(key), locale.code) for key in ("name", "description")},
    }


def _of_locale(value: Any, code: str) -> str:
    """Return a text of the integration form, which may hold one per language."""
    return _text(value.get(code) if isinstance(value, dict) else value)


def _word(locale: Locale, key: Any) -> str:
    """Return the text that a key of the manifest names; a key that names none is shown as it stands, as on the platform."""
    found = find_text(locale, key) if isinstance(key, str) else None
    return found[1] if found else _text(key)


def _fields(block: Any) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": _text(field.get("name")),
            "type": _text(field.get("type")) or "text",
            "required": field.get("required") is True,
        }
        for code, field in _dict(block).items()
        if isinstance(field, dict)
    ]


def _steps(block: Any) -> list[dict[str, Any]]:
    """Return the handlers of the Salesbot designer; what is no object there is the block's logo."""
    return [
        {
            "code": code,
            "name": _text(step.get("name")),
            "fields": [
                {
                    "code": name,
                    "name": _text(field.get("name")),
                    "type": _text(field.get("type")) or "text",
                    "default": field.get("default_value", ""),
                    "manual": field.get("manual") is True,
                }
                for name, field in _dict(step.get("settings")).items()
                if isinstance(field, dict)
            ],
        }
        for code, step in _dict(block).items()
        if isinstance(step, dict)
    ]


def _icon(widget: Widget, files: Mapping[str, bytes]) -> str:
    """Return the path below the widget of the picture for the list: the form's icon where the page has it, else the logo."""
    icon = _text(widget.form_value.get("icon")).lstrip("/")
    if icon in files or icon in widget.tree.aside:
        return icon
    return next((name for name in sorted(files) if name.startswith("images/logo_main.")), "")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
