"""M: the shape of the manifest, as its JSON Schema has it; the schema says which rule owns a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, ShapeFault
from widgetpack.platform import BLOCK_OF_LOCATION
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"
_LOCATIONS = "developers.kommo.com/docs/widget-locations"
_OWNED = frozenset(
    [
        "unknown_location",
        "unknown_setting_type",
        "wrong_locale_code",
        "wrong_tour",
        "wrong_url",
        "misplaced_action_multiple",
        "unknown_menu_item",
        "wrong_colour",
        "legacy_code",
    ]
)
"""Rules that own faults by the schema's ``x-rule``; `legacy_code` reads the value itself."""

_FORMS = frozenset({"legacy_code", "unknown_menu_item", "wrong_colour"})
"""Those that judge the form of a text; what is no text at all is a wrong type."""

_MISPLACED = ("dp", "settings", "action_multiple")


def _shape(fault: ShapeFault) -> Problem:
    """Put a fault into words; inside a block that its location does not bring to life it stops nothing."""
    place = Place(fault.document.path, fault.pointer, on_key=fault.on_key)
    return Problem(fault.message, place, "warning" if _is_dead(fault) else None)


def _is_dead(fault: ShapeFault) -> bool:
    locations = value_at(fault.document.value, ("locations",))
    needed = [location for location, block in BLOCK_OF_LOCATION.items() if fault.pointer[:1] == (block,)]
    return bool(needed) and isinstance(locations, list) and not any(item in locations for item in needed)


def _is_of(fault: ShapeFault, rule_name: str = "") -> bool:
    """Whether a fault of the manifest belongs to the rule of that name, or to none in particular."""
    owner = fault.rule if fault.rule in _OWNED and not (fault.keyword == "type" and fault.rule in _FORMS) else ""
    return fault.document.path == MANIFEST and owner == rule_name


@rule("M02", ShapeFault, source=_MANIFEST)
def wrong_type(fault: ShapeFault) -> Iterator[Problem]:
    """A value of the manifest has the wrong JSON type.

    The platform reads `"true"` or `"Y"` as a text, not as a yes.

    Fix: write the type that the message names.

    Wrong: `"init_once": "Y"`
    Right: `"init_once": true`
    """
    if _is_of(fault) and fault.keyword == "type":
        yield _shape(fault)


@rule("M03", ShapeFault, source=_MANIFEST)
def missing_key(fault: ShapeFault) -> Iterator[Problem]:
    """A key that the platform needs is absent.

    The upload is refused, mostly with "Something went wrong" and no more words.

    Fix: add the key; `widgetpack schema manifest` describes each.

    Wrong: `"widget": {"name": "widget.name"}`, without `version` and the rest
    Right: `"widget": {"name": "widget.name", "version": "1.0.0", ...}` with all seven keys
    """
    elsewhere = fault.pointer == ("dp",) and value_at(fault.document.value, _MISPLACED) is not None
    if _is_of(fault) and fault.keyword == "required" and not (elsewhere and "action_multiple" in fault.message):
        yield _shape(fault)


@rule("M04", ShapeFault, "warning", source=_MANIFEST + "; survey: 14 of 105 widgets have keys that do nothing")
def unknown_key(fault: ShapeFault) -> Iterator[Problem]:
    """The manifest has a key that the platform does not know.

    It is ignored in silence, so a misspelt key is a missing one.

    Fix: correct the spelling, or remove the key.

    Wrong: `"locaitons": ["settings"]`
    Right: `"locations": ["settings"]`
    """
    if _is_of(fault) and fault.keyword == "additionalProperties":
        yield _shape(fault)


@rule("M05", ShapeFault, source=_MANIFEST)
def wrong_value(fault: ShapeFault) -> Iterator[Problem]:
    """A value has the right type, but is not one that the platform takes.

    `interface_version` 1, for example, is the interface that is gone.

    Fix: use a value that the message names.

    Wrong: `"interface_version": 1`
    Right: `"interface_version": 2`
    """
    if _is_of(fault) and fault.keyword not in {
        "type",
        "required",
        "additionalProperties",
        "uniqueItems",
        "propertyNames",
    }:
        yield _shape(fault)


@rule("M06", ShapeFault, "warning", source=_LOCATIONS + "; survey: `anywhere`, `advancedSettings`, `dashboard-widgets`")
def unknown_location(fault: ShapeFault) -> Iterator[Problem]:
    """`locations` names a place that is not on the platform's list.

    The widget never shows up there. A warning, for the vendors add places faster than they document them.

    Fix: take a location from the list that the message names.

    Wrong: `"locations": ["anywhere"]`
    Right: `"locations": ["everywhere"]`
    """
    if _is_of(fault, "unknown_location"):
        yield _shape(fault)


@rule("M07", ShapeFault, source=_MANIFEST + "; upload refused with \"Unknown type 'select'\" (2025-07)")
def unknown_setting_type(fault: ShapeFault) -> Iterator[Problem]:
    """A settings field has a type that the platform does not draw.

    The upload answers "Unknown type". Only a warning for `url`, which three packed widgets carry, and in `dp`, where an older
    page names more types.

    Fix: use `text`, `pass`, `users`, `users_lp` or `custom`, and draw anything else yourself in a `custom` field.

    Wrong: `"plan": {"name": "settings.plan", "type": "select", "required": false}`
    Right: `"plan": {"name": "settings.plan", "type": "text", "required": false}`
    """
    if _is_of(fault, "unknown_setting_type"):
        mild = fault.pointer[0] == "dp" or value_at(fault.document.value, fault.pointer) == "url"
        yield _shape(fault)._replace(severity="warning" if mild else None)


@rule("M08", ShapeFault, source="developers.kommo.com/docs/i18n; survey: `es_ES` twice")
def wrong_locale_code(fault: ShapeFault) -> Iterator[Problem]:
    """A locale is not a two-letter code in small letters.

    Fix: write `es`, not `es_ES`, and name the file `i18n/es.json`.

    Wrong: `"locale": ["es_ES"]`
    Right: `"locale": ["es"]`
    """
    key = fault.keyword == "propertyNames" and _is_of(fault, "wrong_tour")  # of tour_images
    if key or _is_of(fault, "wrong_locale_code"):
        yield _shape(fault)


@rule("M09", ShapeFault, source=_MANIFEST + "; upload refused with 400 (field report, 2026-09)")
def wrong_tour(fault: ShapeFault) -> Iterator[Problem]:
    """The `tour` block is there, but not complete.

    `is_tour: false` or a block without pictures makes the upload answer "Something went wrong".

    Fix: complete the block (`is_tour: true`, 1 to 5 pictures per locale, a description), or remove it.

    Wrong: `"tour": {"is_tour": false}`
    Right: `"tour": {"is_tour": true, "tour_images": {"en": ["/images/tour.png"]}, "tour_description": "widget.tour_description"}`
    """
    if _is_of(fault, "wrong_tour") and fault.keyword != "propertyNames":
        yield _shape(fault)


@rule("M10", ShapeFault, source=_MANIFEST + "; developers.kommo.com/docs/limitations (https only)")
def wrong_url(fault: ShapeFault) -> Iterator[Problem]:
    """An address is not one that the platform can call.

    The CRM is served over https; browsers block http in it, and the platform calls endpoints over https.

    Fix: give a full `https://` address.

    Wrong: `"sms": {"endpoint": "http://sms.acme.dev/send"}`
    Right: `"sms": {"endpoint": "https://sms.acme.dev/send"}`
    """
    if _is_of(fault, "wrong_url"):
        yield _shape(fault)


@rule("M30", ShapeFault, "warning", source=_MANIFEST + "; survey: in `dp` itself in 16 of 16")
def misplaced_action_multiple(fault: ShapeFault) -> Iterator[Problem]:
    """`action_multiple` lies in `dp.settings`, where it is taken for a field.

    The vendor's table puts it there, the vendor's example and every widget that runs put it beside `settings`.

    Fix: move it one level up, into `dp`.

    Wrong: `"dp": {"settings": {"action_multiple": false}}`
    Right: `"dp": {"settings": {}, "action_multiple": false}`
    """
    if _is_of(fault, "misplaced_action_multiple"):
        yield Problem("belongs beside `settings`, directly in `dp`", _shape(fault).place._replace(on_key=True))


@rule("M32", ShapeFault, "warning", source="developers.kommo.com/docs/left-menu")
def unknown_menu_item(fault: ShapeFault) -> Iterator[Problem]:
    """An item of the left menu is to stand after one that does not exist.

    Fix: name an item of the platform, as the message lists them, or another one of this widget.

    Wrong: `"sort": {"after": "lead"}`
    Right: `"sort": {"after": "leads"}`
    """
    own = value_at(fault.document.value, ("left_menu",))
    after = value_at(fault.document.value, fault.pointer)
    if _is_of(fault, "unknown_menu_item") and not (isinstance(after, str) and isinstance(own, dict) and after in own):
        yield _shape(fault)


@rule("M33", ShapeFault, "warning", source=_LOCATIONS + ", docs/manifest-json")
def listed_twice(fault: ShapeFault) -> Iterator[Problem]:
    """`locations` or `widget.locale` names the same thing twice.

    The second one does nothing, and one of the two is often a slip for something else.

    Fix: remove one of the two.

    Wrong: `"locations": ["lcard-1", "lcard-1"]`
    Right: `"locations": ["lcard-1", "ccard-1"]`
    """
    if _is_of(fault) and fault.keyword == "uniqueItems":
        yield _shape(fault)


@rule("M35", ShapeFault, "warning", source=_MANIFEST + "; the vendor's scaffolder")
def wrong_colour(fault: ShapeFault) -> Iterator[Problem]:
    """`mobile.color` does not have the form `#RRGGBB`.

    Fix: write six hexadecimal digits behind `#`.

    Wrong: `"color": "red"`
    Right: `"color": "#D0021B"`
    """
    if _is_of(fault, "wrong_colour"):
        yield _shape(fault)


@rule("M36", ShapeFault, "warning", source="survey: every code of a field, step and handler is an identifier")
def wrong_field_code(fault: ShapeFault) -> Iterator[Problem]:
    """The code of a field or step is no identifier.

    Scripts read it as a property, and the platform builds ids of elements from it.

    Fix: use Latin letters, digits and underscores, the first one no digit.

    Wrong: `"settings": {"api-key": {...}}`
    Right: `"settings": {"api_key": {...}}`
    """
    if _is_of(fault) and fault.keyword == "propertyNames":
        yield _shape(fault)
