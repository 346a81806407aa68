"""M: the places of the CRM that the manifest names, their suffixes, and what only one of the platforms has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Problem
from widgetpack.platform import BARE_AREAS, LOCATIONS_OF_ONE, PLATFORMS, TWO_WAY_AREAS
from widgetpack.rules.base import rule
from widgetpack.widget import Widget, at

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCATIONS = "developers.kommo.com/docs/widget-locations"


@rule("M15", Widget, "warning", source="the vendor's scaffolder excludes the pair; survey: 1 widget")
def both_suffixes(widget: Widget) -> Iterator[Problem]:
    """One area is declared with the panel (`-1`) and without it (`-0`).

    Fix: keep one of the two.

    Wrong: `"locations": ["lcard-0", "lcard-1"]`
    Right: `"locations": ["lcard-1"]`
    """
    raw = widget.raw_locations
    for index, location in enumerate(raw):
        area, _, suffix = location.partition("-")
        if suffix == "1" and f"{area}-0" in raw:
            yield Problem(f"`{area}-0` and `{area}-1` exclude each other", at("locations", index))


@rule("M16", Widget, "info", source=_LOCATIONS + "; survey: 6 of 105 widgets")
def no_suffix(widget: Widget) -> Iterator[Problem]:
    """An area of cards or lists is declared without `-0` or `-1`.

    It acts as `-1`, with a panel, on the word of an older page only.

    Fix: write the suffix.

    Wrong: `"locations": ["lcard"]`
    Right: `"locations": ["lcard-1"]`
    """
    for index, location in enumerate(widget.raw_locations):
        if location in TWO_WAY_AREAS and location not in BARE_AREAS:
            yield Problem(f"`{location}` is read as `{location}-1`; write which one you mean", at("locations", index))


@rule("M27", Widget, "warning", source="developers.kommo.com/docs/left-menu (public integrations only)")
def menu_page_in_private(widget: Widget) -> Iterator[Problem]:
    """A private Kommo integration declares a page in the left menu.

    Kommo gives the location `widget_page` to public integrations only: the item never appears.

    Fix: use `advanced_settings` for a page of your own, or publish the integration.

    Wrong: `"locations": ["widget_page"]` in a private Kommo integration
    Right: `"locations": ["advanced_settings"]` in a private Kommo integration
    """
    if widget.target == "kommo" and widget.config.audience == "private" and "widget_page" in widget.locations:
        place = at("locations", widget.raw_locations.index("widget_page"))
        yield Problem("`widget_page` does nothing in a private integration of Kommo", place)


@rule("M34", Widget, "info", source="developers.kommo.com/docs/getting-listed (no location that is not used)")
def runs_everywhere(widget: Widget) -> Iterator[Problem]:
    """A public widget is started on every page.

    `everywhere` slows the whole CRM down, and moderation asks what it is for. Private widgets are not judged.

    Fix: name the places that the widget needs; keep `everywhere` for telephony, notifications and the like.

    Wrong: `"locations": ["everywhere"]` for a panel in the lead card
    Right: `"locations": ["lcard-1"]` for a panel in the lead card
    """
    if widget.config.audience == "public" and "everywhere" in widget.locations:
        place = at("locations", widget.raw_locations.index("everywhere"))
        yield Problem("`everywhere` starts the script on every page: keep it only where that is needed", place)


@rule("M38", Widget, "warning", source=_LOCATIONS + "; amocrm.ru/developers/content/integrations/areas")
def location_of_other_platform(widget: Widget) -> Iterator[Problem]:
    """A location exists on the other platform only.

    Kommo and amoCRM are two products since 2022; the widget never shows up there.

    Fix: remove the location, or set `target` in the config if the widget is meant for the other platform.

    Wrong: `"locations": ["cucard-1"]` in a Kommo widget
    Right: `"locations": ["lcard-1"]` in a Kommo widget
    """
    for index, location in enumerate(widget.raw_locations):
        owner = LOCATIONS_OF_ONE.get(location.partition("-")[0], widget.target)
        if owner != widget.target:
            message = f"only {PLATFORMS[owner]} has `{location}`, {PLATFORMS[widget.target]} does not"
            yield Problem(message, at("locations", index))


@rule("M39", Widget, "info", source="amocrm.ru/developers/content/integrations/structure, web_sdk/salesbot_conditions")
def block_of_other_platform(widget: Widget) -> Iterator[Problem]:
    """A Kommo manifest holds a key that only amoCRM knows.

    `is_showcase` and the `conditions` of a bot are ignored by Kommo.

    Fix: remove the key, or set `target` in the config if the widget is meant for amoCRM.

    Wrong: `"is_showcase": true` in a Kommo widget
    Right: no `is_showcase` in a Kommo widget
    """
    if widget.target != "kommo":
        return
    handlers = widget.get("salesbot_designer")
    bots = [("salesbot_designer", key, "conditions") for key in (handlers if isinstance(handlers, dict) else ())]
    for pointer in (("widget", "is_showcase"), ("salesbot_designer", "conditions"), *bots):
        if widget.get(*pointer):
            yield Problem(f"only amoCRM knows `{pointer[-1]}`", at(*pointer, on_key=True))
