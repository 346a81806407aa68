"""From a `Widget` to the files that ship: texts made uniform, locales merged, scripts linked and lowered."""

from __future__ import annotations

from typing import NamedTuple

from widgetpack.bundle.amd import Linked, link
from widgetpack.bundle.embedded import lower
from widgetpack.bundle.texts import merged_locale, normal_text, without_schema
from widgetpack.platform import is_text
from widgetpack.widget import ENTRY, MANIFEST, Widget


class Package(NamedTuple):
    """What ships, and what became of the scripts."""

    files: dict[str, bytes]
    linked: Linked | None
    """None where ``[script] bundle`` is off, and where esbuild made the scripts of sources."""


def bundle(widget: Widget) -> Package:
    """Return the files of the archive, by path; pure."""
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
    return Package({**linked.files, **lowered}, linked)
