"""M01, and whether the blocks of the manifest and its locations fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem
from widgetpack.platform import BLOCK_OF_LOCATION, CARD_AREAS
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Widget, at

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"
_OWN_KEYS = {
    # Block -> the keys that are no step or item of the widget's own (docs/salesbot-sdk, docs/left-menu).
    "salesbot_designer": frozenset({"logo"}),
    "left_menu": frozenset({"dashboard", "leads", "customers", "tasks", "catalogs", "mail", "stats", "settings"}),
}


@rule("M01", Widget, source="developers.kommo.com/docs/structure-widget; all 47 archives of the survey")
def no_manifest(widget: Widget) -> Iterator[Problem]:
    """There is no `manifest.json` at the widget's root.

    The upload answers "Failed to get object manifest.json". The usual cause is a folder inside the zip.

    Fix: put `manifest.json` at the top of the folder or archive, with that name in small letters.

    Wrong: an archive that starts with `my-widget/manifest.json`
    Right: an archive that starts with `manifest.json`
    """
    if widget.manifest is not None or any(
        item.kind in {"damaged", "bomb"} and not item.path for item in widget.tree.anomalies
    ):
        return
    if any(item.path == MANIFEST for item in widget.tree.anomalies):
        return  # another rule says why it could not be read
    near, reason, root = _near_manifest(widget), widget.left_out(MANIFEST), widget.config.root
    where = f" (left out: {reason})" if reason else f" at the root, only {near}" if near else ""
    if root and not widget.tree.files and not reason:
        where = f" in {root}, which the config names as root"
    if widget.config.script.command and not (widget.tree.files or widget.tree.is_archive):
        where += f"; `{widget.config.script.command}`, which `widgetpack build` runs first, has to make it"
    yield Problem(f"no {MANIFEST}{where}", Place(""))


def _near_manifest(widget: Widget) -> str:
    """Return what looks like the manifest but lies elsewhere or is spelt otherwise."""
    noted = [item.path for item in widget.tree.anomalies if item.kind == "near-manifest"]
    inside = [path for path in widget.tree.files if path.lower().replace("\\", "/").rpartition("/")[2] == MANIFEST]
    return ", ".join(sorted(noted + inside)[:3])


@rule("M11", Widget, source=_MANIFEST + "; the vendor's scaffolder")
def location_without_block(widget: Widget) -> Iterator[Problem]:
    """A location is declared, but the block that describes it is absent.

    The platform has nothing to show there, and refuses most such manifests. A warning where the block is there but
    names no step of a bot, or no item of the menu.

    Fix: add the block, or remove the location.

    Wrong: `"locations": ["advanced_settings"]` and no `advanced`
    Right: `"locations": ["advanced_settings"], "advanced": {"title": "advanced.title"}`
    """
    for index, location in enumerate(widget.raw_locations):
        block = BLOCK_OF_LOCATION.get(location)
        value = widget.get(block) if block else None
        if block and value is None:
            yield Problem(f"location `{location}` needs the block `{block}`", at("locations", index))
        elif block in _OWN_KEYS and isinstance(value, dict) and not set(value) - _OWN_KEYS[block]:
            yield Problem(f"`{block}` has nothing for the location `{location}` to show", at(block), "warning")


@rule("M12", Widget, "warning", source=_MANIFEST + "; survey: leftovers of the sample in 6 widgets")
def block_without_location(widget: Widget) -> Iterator[Problem]:
    """A block describes a location that is not declared.

    It does nothing.

    Fix: add the location, or remove the block.

    Wrong: `"advanced": {"title": "advanced.title"}` with `"locations": ["lcard-1"]`
    Right: `"advanced": {"title": "advanced.title"}` with `"locations": ["lcard-1", "advanced_settings"]`
    """
    if not isinstance(widget.get("locations"), list):
        return
    for location, block in BLOCK_OF_LOCATION.items():
        if widget.get(block) is not None and location not in widget.locations:
            yield Problem(f"`{block}` does nothing without the location `{location}`", at(block, on_key=True))


@rule("M13", Widget, source='upload refused with `"settings" field is required` (2 field reports)')
def no_settings(widget: Widget) -> Iterator[Problem]:
    """An installable widget has no field in `settings`.

    The upload answers `"settings" field is required`; an empty object counts as absent.

    Fix: add one field, for example an optional text.

    Wrong: `"settings": {}`
    Right: `"settings": {"note": {"name": "settings.note", "type": "text", "required": false}}`
    """
    needed = widget.get("widget", "installation") is True or "settings" in widget.locations
    if needed and widget.get("settings") in (None, {}):
        place = at("settings") if widget.get("settings") == {} else at()
        why = (
            "in a widget with `installation: true`"
            if widget.get("widget", "installation") is True
            else "for its location"
        )
        yield Problem(f"`settings` needs at least one field {why}", place)


@rule("M14", Widget, "warning", source=_MANIFEST)
def not_installable(widget: Widget) -> Iterator[Problem]:
    """`installation` is false although the widget declares locations.

    Without an Install button nobody can switch it on.

    Fix: set `installation` to true.

    Wrong: `"installation": false` with `"locations": ["lcard-1"]`
    Right: `"installation": true` with `"locations": ["lcard-1"]`
    """
    if widget.get("widget", "installation") is False and widget.locations:
        yield Problem("`installation: false` leaves no Install button", at("widget", "installation"))


@rule("M17", Widget, "warning", source="developers.kommo.com/docs/card-sdk")
def card_sdk_without_card(widget: Widget) -> Iterator[Problem]:
    """`card_sdk` is declared without a card.

    The tab of linked entities has no card to live in.

    Fix: add `lcard-1`, `ccard-1` or `comcard-1`.

    Wrong: `"locations": ["settings", "card_sdk"]`
    Right: `"locations": ["settings", "lcard-1", "card_sdk"]`
    """
    if "card_sdk" in widget.locations and not any(item.partition("-")[0] in CARD_AREAS for item in widget.locations):
        yield Problem("`card_sdk` needs a card location", at("locations", widget.raw_locations.index("card_sdk")))


@rule("M29", Widget, "info", source=_MANIFEST + "; survey: 21 of 105 widgets")
def settings_without_location(widget: Widget) -> Iterator[Problem]:
    """The widget has fields in `settings`, but not the location `settings`.

    Many such widgets run; the history of one says that `get_settings` and `set_settings` need the location.

    Fix: add `settings` to `locations`.

    Wrong: `"locations": ["lcard-1"]` with `"settings": {"note": {...}}`
    Right: `"locations": ["settings", "lcard-1"]` with `"settings": {"note": {...}}`
    """
    if widget.get("settings") and widget.locations and "settings" not in widget.locations:
        yield Problem("`settings` has fields, but is not among the locations", at("settings", on_key=True))


@rule("M43", Widget, "warning", source=_MANIFEST + "; survey: 2 of 105, one of them the vendor's template")
def no_location(widget: Widget) -> Iterator[Problem]:
    """`locations` is empty.

    The platform starts the script nowhere.

    Fix: name at least one place.

    Wrong: `"locations": []`
    Right: `"locations": ["settings", "lcard-1"]`
    """
    if widget.get("locations") == []:
        yield Problem("no location: the script is started nowhere", at("locations"))
