"""M: the slide show, and the files that the manifest names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Problem, Severity
from widgetpack.platform import is_locale_code
from widgetpack.rules.base import refused_if_public, refused_only_if_public, rule
from widgetpack.widget import Widget, at, file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"


@rule("M19", Widget, refused_if_public, source=_MANIFEST + "; missing or incomplete tours: survey, 17 of 105")
def tour_lacks_locale(widget: Widget) -> Iterator[Problem]:
    """`tour_images` has no pictures for a declared locale.

    People of that language see an empty slideshow.

    Fix: add the locale with at least one picture; `/images/logo_main.png` will do.

    Wrong: `"tour_images": {"en": ["/images/tour.png"]}` with `"locale": ["en", "es"]`
    Right: `"tour_images": {"en": ["/images/tour.png"], "es": ["/images/tour.png"]}` with `"locale": ["en", "es"]`
    """
    pictures = widget.get("tour", "tour_images")
    for locale in widget.declared_locales if isinstance(pictures, dict) else ():
        if locale not in pictures and is_locale_code(locale):  # another rule speaks of a wrong code
            yield Problem(f"no pictures for the locale `{locale}`", at("tour", "tour_images"))


@rule("M22", Widget, source="developers.kommo.com/docs/structure-widget")
def named_file_missing(widget: Widget) -> Iterator[Problem]:
    """The manifest names a file that is not in the package.

    The picture or icon stays empty; missing tour pictures make a public upload fail. A warning for icons and logos of
    menus and bots.

    Fix: add the file, or correct the path; case matters.

    Wrong: `"tour_images": {"en": ["/images/Tour.PNG"]}` beside the file `images/tour.png`
    Right: `"tour_images": {"en": ["/images/tour.png"]}` beside the file `images/tour.png`
    """
    for pointer, path in widget.named_files():
        name = file_of(path)
        if name not in widget.tree.files and not name.startswith(("widgets/", "http:", "https:")):
            left_out = widget.left_out(name)
            why = f" (left out: {left_out})" if left_out else _other_case(name, widget)
            weight: Severity | None = None if pointer[0] == "tour" else "warning"
            yield Problem(f"no file `{name}` in the package{why}", at(*pointer), weight)


def _other_case(name: str, widget: Widget) -> str:
    same = [path for path in widget.tree.files if path.lower() == name.lower()]
    return f", but `{same[0]}`" if same else ""


@rule("M45", Widget, refused_only_if_public, source=_MANIFEST + ", getting-listed; survey: 60 of 105 widgets have none")
def no_tour(widget: Widget) -> Iterator[Problem]:
    """The manifest has no `tour`.

    Public listings need it. Private widgets run without it, but two field reports of failed installs blame its absence;
    a whole block is safe in every reading.

    Fix: add the block; `/images/logo_main.png` will do as the picture of a private widget.

    Wrong: a manifest without `tour`
    Right: `"tour": {"is_tour": true, "tour_images": {"en": ["/images/tour.png"]}, "tour_description": "widget.tour_description"}`
    """
    if isinstance(widget.get("widget"), dict) and widget.get("tour") is None:
        yield Problem("no `tour` block", at())


@rule("M46", Widget, "info", source=_MANIFEST)
def tour_of_undeclared_locale(widget: Widget) -> Iterator[Problem]:
    """`tour_images` has pictures for a locale that is not declared.

    Nobody ever sees them.

    Fix: add the locale to `widget.locale`, or remove its pictures.

    Wrong: `"tour_images": {"en": [...], "pt": [...]}` with `"locale": ["en"]`
    Right: `"tour_images": {"en": [...]}` with `"locale": ["en"]`
    """
    pictures = widget.get("tour", "tour_images")
    for locale in pictures if isinstance(pictures, dict) and widget.declared_locales else ():
        if locale not in widget.declared_locales:
            message = f"pictures for `{locale}`, which is not in `widget.locale`"
            yield Problem(message, at("tour", "tour_images", locale, on_key=True))
