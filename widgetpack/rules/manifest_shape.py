"""M, from M02 to M10: the shape of the manifest, as its JSON Schema has it; the schema says which rule owns a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, ShapeFault
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"
_LOCATIONS = "developers.kommo.com/docs/widget-locations"
_OWNED = ("unknown_location", "unknown_setting_type", "wrong_locale_code", "wrong_tour", "wrong_url")


def _shape(fault: ShapeFault) -> Problem:
    return Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


def _is_of(fault: ShapeFault, rule_name: str = "") -> bool:
    """Whether a fault of the manifest belongs to the rule of that name, or to none in particular."""
    owner = fault.rule if fault.rule in _OWNED else ""
    return fault.document.path == MANIFEST and owner == rule_name


@rule("M02", ShapeFault, source=_MANIFEST)
def wrong_type(fault: ShapeFault) -> Iterator[Problem]:
    """A value of the manifest has the wrong JSON type.

    The platform reads `"true"` or `"Y"` as a text, not as a yes.

    Fix: write the type that the message names.
    """
    if _is_of(fault) and fault.keyword == "type":
        yield _shape(fault)


@rule("M03", ShapeFault, source=_MANIFEST)
def missing_key(fault: ShapeFault) -> Iterator[Problem]:
    """A key that the platform needs is absent.

    The upload is refused, mostly with "Something went wrong" and no more words.

    Fix: add the key; `widgetpack schema manifest` describes each.
    """
    if _is_of(fault) and fault.keyword in {"required", "dependentRequired"}:
        yield _shape(fault)


@rule("M04", ShapeFault, "warning", source=_MANIFEST + "; survey: 14 of 105 widgets have keys that do nothing")
def unknown_key(fault: ShapeFault) -> Iterator[Problem]:
    """The manifest has a key that the platform does not know.

    It is ignored in silence, so a misspelt key is a missing one.

    Fix: correct the spelling, or remove the key.
    """
    if _is_of(fault) and fault.keyword in {"additionalProperties", "unevaluatedProperties"}:
        yield _shape(fault)


@rule("M05", ShapeFault, source=_MANIFEST)
def wrong_value(fault: ShapeFault) -> Iterator[Problem]:
    """A value has the right type, but is not one that the platform takes.

    `interface_version` 1, for example, is the interface that is gone.

    Fix: use a value that the message names.
    """
    shape = {"type", "required", "dependentRequired", "additionalProperties", "unevaluatedProperties"}
    if _is_of(fault) and fault.keyword not in shape:
        yield _shape(fault)


@rule("M06", ShapeFault, "warning", source=_LOCATIONS + "; survey: `anywhere`, `advancedSettings`, `dashboard-widgets`")
def unknown_location(fault: ShapeFault) -> Iterator[Problem]:
    """`locations` names a place that is not on the platform's list.

    The widget never shows up there. A warning, for the vendors add places faster than they document them.

    Fix: take a location from the list that the message names.
    """
    if _is_of(fault, "unknown_location"):
        yield _shape(fault)


@rule("M07", ShapeFault, source=_MANIFEST + "; upload refused with \"Unknown type 'select'\" (2025-07)")
def unknown_setting_type(fault: ShapeFault) -> Iterator[Problem]:
    """A settings field has a type that the platform does not draw.

    The upload answers "Unknown type". Only a warning for `url`, which three packed widgets carry.

    Fix: use `text`, `pass`, `users`, `users_lp` or `custom`, and draw anything else yourself in a `custom` field.
    """
    if _is_of(fault, "unknown_setting_type"):
        seen = value_at(fault.document.value, fault.pointer) == "url"
        yield _shape(fault)._replace(severity="warning" if seen else None)


@rule("M08", ShapeFault, source="developers.kommo.com/docs/i18n; survey: `es_ES` twice")
def wrong_locale_code(fault: ShapeFault) -> Iterator[Problem]:
    """A locale is not a two-letter code in small letters.

    Fix: write `es`, not `es_ES`, and name the file `i18n/es.json`.
    """
    if _is_of(fault, "wrong_locale_code"):
        yield _shape(fault)


@rule("M09", ShapeFault, source=_MANIFEST + "; upload refused with 400 (field report, 2026-09)")
def wrong_tour(fault: ShapeFault) -> Iterator[Problem]:
    """The `tour` block is there, but not complete.

    `is_tour: false` or a block without pictures makes the upload answer "Something went wrong".

    Fix: complete the block (`is_tour: true`, 1 to 5 pictures per locale, a description), or remove it.
    """
    if _is_of(fault, "wrong_tour"):
        yield _shape(fault)


@rule("M10", ShapeFault, source=_MANIFEST + "; developers.kommo.com/docs/limitations (https only)")
def wrong_url(fault: ShapeFault) -> Iterator[Problem]:
    """An address is not one that the platform can call.

    The CRM is served over https; browsers block http in it, and the platform calls endpoints over https.

    Fix: give a full `https://` address.
    """
    if _is_of(fault, "wrong_url"):
        yield _shape(fault)
