"""F: the integration's form: the properties that are typed in beside the upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.model import Image, Place, Pointer, Problem, ShapeFault
from widgetpack.platform import FORM_ICON, FORM_ICON_FORMATS
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = "developers.kommo.com/docs/private-integration"


def _place(widget: Widget, *pointer: str | int) -> Place:
    path = widget.form.path if widget.form else ""
    return Place(path, (*widget.form_base, *pointer))


@rule("F01", ShapeFault, source=_FORM)
def wrong_form(fault: ShapeFault) -> Iterator[Problem]:
    """A property of the integration form has a wrong type or value, or a needed one is absent.

    Fix: see the message; `widgetpack schema integration` describes each property.

    Wrong: `"duplicate_control": "yes"`
    Right: `"duplicate_control": true`
    """
    if fault.document.path != MANIFEST and not fault.rule and fault.keyword != "additionalProperties":
        yield Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


@rule("F02", ShapeFault, "warning", source=_FORM)
def unknown_form_key(fault: ShapeFault) -> Iterator[Problem]:
    """The form has a property that widgetpack does not know.

    Fix: correct the spelling, or remove it.

    Wrong: `"scope": ["crm"]`
    Right: `"scopes": ["crm"]`
    """
    if fault.document.path != MANIFEST and fault.keyword == "additionalProperties":
        yield Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


@rule(
    "F03",
    ShapeFault,
    source=_FORM + " (name at most 255, description at most 65,000 characters); field report: 3 and 5 at least",
)
def form_text_length(fault: ShapeFault) -> Iterator[Problem]:
    """A name or description of the form is too short or too long.

    The form answers "Something went wrong" and does not say which field it means.

    Fix: name 3 to 255 characters, description 5 to 65,000.

    Wrong: `"name": "FP"`
    Right: `"name": "Follow-up planner"`
    """
    if fault.rule == "form_text_length":
        yield Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


@rule("F04", ShapeFault, source=_FORM + " (valid SSL certificate)")
def form_url(fault: ShapeFault) -> Iterator[Problem]:
    """The redirect link or the hook of the form is not an https address.

    Fix: give a full `https://` address, or leave the property out.

    Wrong: `"redirect_uri": "http://acme.dev/oauth"`
    Right: `"redirect_uri": "https://acme.dev/oauth"`
    """
    if fault.rule == "form_url":
        yield Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


@rule("F05", ShapeFault, "warning", source=_FORM + ", docs/permissions")
def unknown_scope(fault: ShapeFault) -> Iterator[Problem]:
    """The form asks for a scope that is not on the known list.

    A warning: the vendor documents more rights than names for them.

    Fix: take the scopes from the list that the message names.

    Wrong: `"scopes": ["CRM"]`
    Right: `"scopes": ["crm"]`
    """
    if fault.rule == "unknown_scope":
        yield Problem(fault.message, Place(fault.document.path, fault.pointer, on_key=fault.on_key))


@rule("F06", Widget, source=_FORM + " (400x272, jpeg / jpg / png / gif)")
def wrong_form_icon(widget: Widget) -> Iterator[Problem]:
    """The file that the form names as its icon is absent, has another size or another format.

    Fix: export the icon as PNG of 400x272 pixels.

    Wrong: an icon of 400x270 pixels
    Right: an icon of 400x272 pixels
    """
    icon = widget.form_value.get("icon")
    if not isinstance(icon, str) or not icon:
        return
    name = icon.lstrip("/").removeprefix("./")
    image = widget.images.get(name)
    place = _place(widget, "icon")
    if image is None:
        known = name in widget.tree.aside or name in widget.tree.files
        yield Problem(f"{name} is no jpeg, jpg, png or gif" if known else f"no file `{name}`", place)
    else:
        for fault in _icon_faults(image):
            yield Problem(f"{name}: {fault}", place)


def _icon_faults(image: Image) -> Iterator[str]:
    if image.fault:
        yield f"not a whole picture ({image.detail or image.fault})"
    elif image.format not in FORM_ICON_FORMATS:
        yield f"{image.format}, not jpeg, jpg, png or gif"
    elif (image.width, image.height) != FORM_ICON:
        yield f"{image.width}x{image.height}, not {FORM_ICON[0]}x{FORM_ICON[1]}"


@rule("F07", Widget, source=_FORM + "; field report: a locale that the integration lacks refuses the upload")
def form_languages(widget: Widget) -> Iterator[Problem]:
    """The languages of the form are not the widget's locales.

    The upload is refused where the widget has a locale that was not added to the integration.

    Fix: give the text in every locale of `widget.locale`, and in no other.

    Wrong: `"name": {"en": "Planner"}` with `"locale": ["en", "es"]`
    Right: `"name": {"en": "Planner", "es": "Plan"}` with `"locale": ["en", "es"]`
    """
    declared = widget.declared_locales
    for key in ("name", "description"):
        texts: Any = widget.form_value.get(key)
        if not isinstance(texts, dict) or not declared:
            continue
        for locale in declared:
            if locale not in texts:
                yield Problem(f"no `{key}` for the locale `{locale}`", _place(widget, key))
        for language in texts:
            if language not in declared:
                pointer: Pointer = (*widget.form_base, key, language)
                path = widget.form.path if widget.form else ""
                yield Problem(f"`{language}` is not a locale of the widget", Place(path, pointer, on_key=True))
