"""M, from M11 on: whether the parts of the manifest fit each other and the files; and M01, whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, Severity
from widgetpack.platform import BLOCK_OF_LOCATION, CARD_AREAS, TWO_WAY_AREAS
from widgetpack.rules.base import Context, rule
from widgetpack.widget import MANIFEST, Widget, file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "developers.kommo.com/docs/manifest-json"
_LOCATIONS = "developers.kommo.com/docs/widget-locations"


def _at(*pointer: str | int, on_key: bool = False) -> Place:
    return Place(MANIFEST, pointer, on_key=on_key)


def _public_only(context: Context) -> Severity:
    return "error" if context.audience == "public" else "warning"


@rule("M01", Widget, source="developers.kommo.com/docs/structure-widget; all 47 archives of the survey")
def no_manifest(widget: Widget) -> Iterator[Problem]:
    """There is no `manifest.json` at the widget's root.

    The upload answers "Failed to get object manifest.json". The usual cause is a folder inside the zip.

    Fix: put `manifest.json` at the top of the folder or archive, with that name in small letters.
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
    yield Problem(f"no {MANIFEST}{where}", Place(""))


def _near_manifest(widget: Widget) -> str:
    """Return what looks like the manifest but lies elsewhere or is spelt otherwise."""
    noted = [item.path for item in widget.tree.anomalies if item.kind == "near-manifest"]
    inside = [path for path in widget.tree.files if path.lower().replace("\\", "/").rpartition("/")[2] == MANIFEST]
    return ", ".join(sorted(noted + inside)[:3])


@rule("M11", Widget, source=_MANIFEST + "; the vendor's scaffolder")
def location_without_block(widget: Widget) -> Iterator[Problem]:
    """A location is declared, but the block that describes it is absent.

    The platform has nothing to show there, and refuses most such manifests.

    Fix: add the block, or remove the location.
    """
    for index, location in enumerate(_raw_locations(widget)):
        block = BLOCK_OF_LOCATION.get(location)
        if block and widget.get(block) is None:
            yield Problem(f"location `{location}` needs the block `{block}`", _at("locations", index))


@rule("M12", Widget, "warning", source=_MANIFEST + "; survey: leftovers of the sample in 6 widgets")
def block_without_location(widget: Widget) -> Iterator[Problem]:
    """A block describes a location that is not declared.

    It does nothing.

    Fix: add the location, or remove the block.
    """
    if not isinstance(widget.get("locations"), list):
        return
    for location, block in BLOCK_OF_LOCATION.items():
        if widget.get(block) is not None and location not in widget.locations:
            yield Problem(f"`{block}` does nothing without the location `{location}`", _at(block, on_key=True))


@rule("M13", Widget, source='upload refused with `"settings" field is required` (2 field reports)')
def no_settings(widget: Widget) -> Iterator[Problem]:
    """An installable widget has no field in `settings`.

    The upload answers `"settings" field is required`; an empty object counts as absent.

    Fix: add one field, for example an optional text.
    """
    needed = widget.get("widget", "installation") is True or "settings" in widget.locations
    if needed and widget.get("settings") in (None, {}):
        place = _at("settings") if widget.get("settings") == {} else _at()
        yield Problem("`settings` needs at least one field in a widget with `installation: true`", place)


@rule("M14", Widget, "warning", source=_MANIFEST)
def not_installable(widget: Widget) -> Iterator[Problem]:
    """`installation` is false although the widget declares locations.

    Without an Install button nobody can switch it on.

    Fix: set `installation` to true.
    """
    if widget.get("widget", "installation") is False and widget.locations:
        yield Problem("`installation: false` leaves no Install button", _at("widget", "installation"))


@rule("M15", Widget, "warning", source="the vendor's scaffolder excludes the pair; survey: 1 widget")
def both_suffixes(widget: Widget) -> Iterator[Problem]:
    """One area is declared with the panel (`-1`) and without it (`-0`).

    Fix: keep one of the two.
    """
    raw = _raw_locations(widget)
    for index, location in enumerate(raw):
        area, _, suffix = location.partition("-")
        if suffix == "1" and f"{area}-0" in raw:
            yield Problem(f"`{area}-0` and `{area}-1` exclude each other", _at("locations", index))


@rule("M16", Widget, "info", source=_LOCATIONS + "; survey: 6 of 105 widgets")
def no_suffix(widget: Widget) -> Iterator[Problem]:
    """An area of cards or lists is declared without `-0` or `-1`.

    It acts as `-1`, with a panel, on the word of an older page only.

    Fix: write the suffix.
    """
    for index, location in enumerate(_raw_locations(widget)):
        if location in TWO_WAY_AREAS:
            yield Problem(f"`{location}` is read as `{location}-1`; write which one you mean", _at("locations", index))


@rule("M17", Widget, "warning", source="developers.kommo.com/docs/card-sdk")
def card_sdk_without_card(widget: Widget) -> Iterator[Problem]:
    """`card_sdk` is declared without a card.

    The tab of linked entities has no card to live in.

    Fix: add `lcard-1`, `ccard-1` or `comcard-1`.
    """
    if "card_sdk" in widget.locations and not any(item.partition("-")[0] in CARD_AREAS for item in widget.locations):
        yield Problem("`card_sdk` needs a card location", _at("locations", _raw_locations(widget).index("card_sdk")))


@rule("M18", Widget, source="amocrm.ru/developers/content/integrations/custom_settings")
def two_custom_fields(widget: Widget) -> Iterator[Problem]:
    """`settings` has more than one field of type `custom`.

    The platform gives a widget one holder only.

    Fix: draw everything into one `custom` field.
    """
    fields = widget.get("settings")
    custom = (
        [key for key in fields if widget.get("settings", key, "type") == "custom"] if isinstance(fields, dict) else []
    )
    for key in custom[1:]:
        yield Problem(f"only one field can be `custom`; `{custom[0]}` is one", _at("settings", key, "type"))


@rule("M19", Widget, _public_only, source=_MANIFEST + "; missing or incomplete tours: survey, 17 of 105")
def tour_lacks_locale(widget: Widget) -> Iterator[Problem]:
    """`tour_images` has no pictures for a declared locale.

    People of that language see an empty slideshow.

    Fix: add the locale with at least one picture; `/images/logo_main.png` will do.
    """
    pictures = widget.get("tour", "tour_images")
    for locale in widget.declared_locales if isinstance(pictures, dict) else ():
        if locale not in pictures:
            yield Problem(f"no pictures for the locale `{locale}`", _at("tour", "tour_images"))


@rule("M20", Widget, _public_only, source=_MANIFEST + " (required since 2018); 31 of 105 live without it")
def no_support(widget: Widget) -> Iterator[Problem]:
    """`widget.support` is absent or lacks its link or e-mail.

    Users have nobody to ask; public listings are refused without it.

    Fix: add `"support": {"link": "https://...", "email": "..."}`.
    """
    if not isinstance(widget.get("widget"), dict):
        return
    support = widget.get("widget", "support")
    if support is None:
        yield Problem("no `support` block", _at("widget"))
    for key in ("link", "email"):
        if isinstance(support, dict) and not support.get(key):
            yield Problem(f"`support` has no `{key}`", _at("widget", "support"))


@rule("M21", Widget, "warning", source=_MANIFEST + " (generated by the platform since integrations exist)")
def secret_in_manifest(widget: Widget) -> Iterator[Problem]:
    """The manifest holds a `secret_key`.

    It is a leftover from before integrations existed; everybody who can download the widget can read it.

    Fix: remove `secret_key` (and `code`): the platform makes both.
    """
    if widget.get("widget", "secret_key"):
        yield Problem("a secret that everybody can read", _at("widget", "secret_key", on_key=True))


@rule("M22", Widget, source="developers.kommo.com/docs/structure-widget")
def named_file_missing(widget: Widget) -> Iterator[Problem]:
    """The manifest names a file that is not in the package.

    The picture or icon stays empty; missing tour pictures make a public upload fail.

    Fix: add the file, or correct the path; case matters.
    """
    for pointer, path in widget.named_files():
        name = file_of(path)
        if name not in widget.tree.files and not name.startswith(("widgets/", "http:", "https:")):
            left_out = widget.left_out(name)
            why = f" (left out: {left_out})" if left_out else _other_case(name, widget)
            yield Problem(f"no file `{name}` in the package{why}", _at(*pointer))


def _other_case(name: str, widget: Widget) -> str:
    same = [path for path in widget.tree.files if path.lower() == name.lower()]
    return f", but `{same[0]}`" if same else ""


def _raw_locations(widget: Widget) -> list[str]:
    """Return ``locations`` with its indexes kept; what is no string becomes empty."""
    value = widget.get("locations")
    return [item if isinstance(item, str) else "" for item in value] if isinstance(value, list) else []
