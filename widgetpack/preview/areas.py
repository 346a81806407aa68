"""Which parts of the CRM the sandbox plays for a widget, and why it does not play the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.platform import BLOCK_OF_LOCATION, FILE_OF_LOCATION, LOCATIONS_OF_ONE, PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.widget import Widget


class Area(NamedTuple):
    """One entry of the sandbox's menu."""

    id: str
    """The location without its suffix; ``integrations`` is the one that no manifest declares."""
    title: str
    group: str
    offered: bool
    reason: str
    """Why it is grey, or what is to be known of it; may be empty."""
    has_panel: bool
    """Whether the widget may draw in the right column (suffix ``-1``)."""


class _Kind(NamedTuple):
    id: str
    title: str
    group: str


_KINDS: Final = (
    _Kind("settings", "Install and settings", "Integration"),
    _Kind("advanced_settings", "Advanced settings", "Integration"),
    _Kind("lcard", "Lead", "Cards"),
    _Kind("ccard", "Contact", "Cards"),
    _Kind("comcard", "Company", "Cards"),
    _Kind("cucard", "Customer", "Cards"),
    _Kind("card_sdk", "Linked entities", "Cards"),
    _Kind("llist", "Leads", "Lists"),
    _Kind("clist", "Contacts", "Lists"),
    _Kind("tlist", "Tasks", "Lists"),
    _Kind("culist", "Customers", "Lists"),
    _Kind("catalogs", "Catalogs", "Lists"),
    _Kind("digital_pipeline", "Pipeline action", "Automation"),
    _Kind("salesbot_designer", "Salesbot step", "Automation"),
    _Kind("lead_sources", "Lead source", "Automation"),
    _Kind("sms", "System SMS", "Automation"),
    _Kind("ai_agent", "AI agent", "Automation"),
    _Kind("widget_page", "Left menu page", "Pages"),
    _Kind("everywhere", "Any other page", "Pages"),
    _Kind("mobile_card", "Mobile card", "Pages"),
    _Kind("website_chat_button", "Chat button", "Pages"),
    _Kind("tline", "Task line", "Pages"),
    _Kind("tcalendar", "Calendar", "Pages"),
    _Kind("whatsapp_modal", "WhatsApp window", "Pages"),
    _Kind("personal_page", "Personal page", "Pages"),
    _Kind("amoforms", "Web forms", "Pages"),
)

AREA_IDS: Final = frozenset(("integrations", *(kind.id for kind in _KINDS)))
"""Every id that an area of the menu can have."""

_SILENT: Final = {
    "ai_agent": "the AI agent calls a server, not the script; only its description is shown",
    "website_chat_button": "what the platform calls there is not documented",
    "tline": "the task line gives scripts no area that is documented",
    "tcalendar": "the calendar gives scripts no area that is documented",
    "whatsapp_modal": "what the platform calls there is not documented",
    "personal_page": "it runs personal_page.js in an application of its own",
    "amoforms": "it runs amoforms.js on the page of a web form",
}
"""Locations without anything to play: the vendors' pages say too little of them, or another script runs there."""


def load_areas(widget: Widget) -> tuple[Area, ...]:
    """Return every area that there is, in the order of the menu."""
    return tuple(_areas(widget))


def _areas(widget: Widget) -> Iterator[Area]:
    declared = _declared(widget.locations)
    yield Area("integrations", "Integrations", "Integration", offered=True, reason="", has_panel=False)
    for kind in _KINDS:
        reason = _obstacle(widget, kind.id, declared)
        yield Area(
            *kind,
            offered=not reason,
            reason=reason or _everywhere(kind.id, declared),
            has_panel=declared.get(kind.id, 0) == 1,
        )


def _declared(locations: tuple[str, ...]) -> dict[str, int]:
    """Return each area with its suffix; one without a suffix behaves as ``-1`` on cards and lists (older docs/areas)."""
    found: dict[str, int] = {}
    for location in locations:
        area, _, suffix = location.partition("-")
        found[area] = max(found.get(area, 0), 0 if suffix == "0" else 1)
    return found


def _everywhere(area: str, declared: dict[str, int]) -> str:
    return "declared by `everywhere`: no panel" if area not in declared and "everywhere" in declared else ""


def _obstacle(widget: Widget, area: str, declared: dict[str, int]) -> str:
    """Return why an area is not offered, or nothing."""
    if area == "settings":
        block = widget.get("settings")
        has_window = "settings" in declared or widget.get("widget", "installation") is True or bool(block)
        return "" if has_window else "the manifest has neither `settings` nor `installation: true`"
    return _undeclared(widget, area, declared) or _unplayable(widget, area)


def _undeclared(widget: Widget, area: str, declared: dict[str, int]) -> str:
    if area in declared:
        return ""
    only = LOCATIONS_OF_ONE.get(area)
    if only is not None and only != widget.target:
        return f"{PLATFORMS[only]} has it, {PLATFORMS[widget.target]} does not"
    return f"`locations` does not name `{area}`"


def _unplayable(widget: Widget, area: str) -> str:
    block_name = BLOCK_OF_LOCATION.get(area)
    if block_name is not None and not isinstance(widget.get(block_name), dict):
        return f"the manifest has no `{block_name}`"
    file = FILE_OF_LOCATION.get(area)
    if file is not None and file not in widget.tree.files:
        return f"the package has no `{file}`"
    return _SILENT.get(area, "")
