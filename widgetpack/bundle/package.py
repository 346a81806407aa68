"""From a `Widget` to the files that ship: texts made uniform, locales merged, scripts linked, lowered, and minified if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.amd import Linked, link
from widgetpack.bundle.embedded import lower
from widgetpack.bundle.texts import merged_locale, normal_text, without_schema
from widgetpack.platform import is_text
from widgetpack.widget import ENTRY, MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Mapping


class Package(NamedTuple):
    """What ships, and what became of the scripts."""

    files: dict[str, bytes]
    linked: Linked | None
    """None where ``[script] bundle`` is off, and where esbuild made the scripts of sources."""
    maps: Mapping[str, bytes] = {}
    """Script that was minified -> its source map, whose source is the script as it stands in ``linked``."""
    refused: Mapping[str, str] = {}
    """Scripts that were to be minified and that esbuild does not read -> its words."""


def bundle(widget: Widget) -> Package:
    """Return the files of the archive, by path; pure, unless scripts are minified, for which esbuild runs.

    Raises `WidgetpackError` where it is asked for then, and missing or broken.
    """
    raw = not widget.config.bundle
    files = {
        path: data if raw and path.endswith(".js") else normal_text(data) if is_text(path) else data
        for path, data in widget.tree.files.items()
    }
    if widget.manifest is not None:
        files[MANIFEST] = without_schema(widget.manifest)
    for locale in widget.locales:
        for document in locale.documents:
            del files[document.path]
        files[f"i18n/{locale.code}.json"] = merged_locale(locale)
    if raw or widget.tree.bundled:
        return Package(files, None)
    linked = link(files, ENTRY)
    jsx = [path for path, script in widget.scripts.items() if script.has_jsx and path != ENTRY and path in linked.files]
    # A script that stays a file of its own is lowered only where it must be: no browser runs JSX.
    lowered = {path: lower(linked.files[path].decode("utf-8", "replace")).encode() for path in jsx}
    linked = linked._replace(files={**linked.files, **lowered})
    made = Package(linked.files, linked)
    if not widget.config.script.minify:
        return made
    # Imported here: most classic widgets ship as they are written.
    from widgetpack.bundle.minify import minify

    done = minify(made.files, widget.config)
    return Package({**made.files, **done.files}, linked, done.maps, done.refused)
