"""M: the fields of `settings`, the action of the Digital pipeline and the steps of the Salesbot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.model import Pointer, Problem
from widgetpack.rules.base import rule
from widgetpack.widget import Widget, at

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"


def _objects(widget: Widget, *pointer: str) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield the pointer and value of every object directly below ``pointer``."""
    value = widget.get(*pointer)
    for key, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, dict):
            yield (*pointer, key), item


@rule("M18", Widget, source="amocrm.ru/developers/content/integrations/custom_settings")
def two_custom_fields(widget: Widget) -> Iterator[Problem]:
    """`settings` has more than one field of type `custom`.

    The platform gives a widget one holder only.

    Fix: draw everything into one `custom` field.

    Wrong: `"a": {"type": "custom", ...}, "b": {"type": "custom", ...}`
    Right: `"a": {"type": "custom", ...}`, which draws both
    """
    fields = widget.get("settings")
    custom = (
        [key for key in fields if widget.get("settings", key, "type") == "custom"] if isinstance(fields, dict) else []
    )
    for key in custom[1:]:
        yield Problem(f"only one field can be `custom`; `{custom[0]}` is one", at("settings", key, "type"))


@rule("M31", Widget, "info", source="developers.kommo.com/docs/widgets-dp; survey: absent in 2 of 16")
def no_webhook(widget: Widget) -> Iterator[Problem]:
    """The block `dp` has no `webhook_url`.

    The platform posts each run of the action there; without the address no server hears of it.

    Fix: add `"webhook_url": "https://..."` to `dp`.

    Wrong: `"dp": {"settings": {...}, "action_multiple": false}`
    Right: `"dp": {"settings": {...}, "action_multiple": false, "webhook_url": "https://acme.dev/hook"}`
    """
    block = widget.get("dp")
    if isinstance(block, dict) and "digital_pipeline" in widget.locations and not block.get("webhook_url"):
        yield Problem("no `webhook_url`: nobody hears of the action", at("dp"))


@rule(
    "M37", Widget, "warning", source="field report, 2026: Save stays grey without `required: false` and `default_value`"
)
def save_stays_grey(widget: Widget) -> Iterator[Problem]:
    """A required field of a Salesbot step has no `default_value`.

    The step's button Save stays grey.

    Fix: set `required` to false, and give a `default_value`.

    Wrong: `"url": {"name": "salesbot.url", "type": "url", "required": true}`
    Right: `"url": {"name": "salesbot.url", "type": "url", "required": false, "default_value": "https://acme.dev"}`
    """
    for step, _ in _objects(widget, "salesbot_designer"):
        for field, value in _objects(widget, *map(str, step), "settings"):
            if value.get("required") is True and not value.get("default_value"):
                yield Problem("required and without `default_value`: Save stays grey", at(*field, "required"))


@rule("M41", Widget, "info", source=_MANIFEST + "; survey: all 181 fields of 73 widgets state it")
def required_not_stated(widget: Widget) -> Iterator[Problem]:
    """A field does not say whether it is required.

    The platform documents name, type and `required` for each field.

    Fix: add `"required": false`, or true.

    Wrong: `"note": {"name": "settings.note", "type": "text"}`
    Right: `"note": {"name": "settings.note", "type": "text", "required": false}`
    """
    for block in (("settings",), ("dp", "settings")):
        for field, value in _objects(widget, *block):
            if "required" not in value and "type" in value:
                yield Problem("`required` is not stated", at(*field))


@rule("M42", Widget, "warning", source="developers.kommo.com/docs/left-menu (all but settings can be hidden)")
def settings_hidden(widget: Widget) -> Iterator[Problem]:
    """`left_menu` hides the CRM's settings.

    Every item of the platform can be hidden but this one.

    Fix: remove `is_hidden` from `settings`.

    Wrong: `"left_menu": {"settings": {"is_hidden": true}}`
    Right: `"left_menu": {"mail": {"is_hidden": true}}`
    """
    if widget.get("left_menu", "settings", "is_hidden") is True:
        yield Problem("`settings` cannot be hidden", at("left_menu", "settings", "is_hidden"))
