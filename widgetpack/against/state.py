"""What of a widget counts beside an earlier one: its version and its contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.archive import contents_digest
from widgetpack.bundle.package import bundle
from widgetpack.documents.load import load_document
from widgetpack.widget import MANIFEST, Widget, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

State = tuple[str, str]
"""Version and digest of the contents; the digest is empty where they are known to be others than those of today."""


def state(widget: Widget) -> State:
    """Return the state of what `build` would make of a folder, or of a zip as it is."""
    return packed_state(widget.tree.files if widget.tree.is_archive else bundle(widget).files)


def packed_state(files: Mapping[str, bytes]) -> State:
    """Return the state of the files of an archive."""
    return version_in(files), contents_digest(files)


def version_in(files: Mapping[str, bytes]) -> str:
    """Return the version in the manifest among ``files``; empty where there is none."""
    version = value_at(load_document(MANIFEST, files.get(MANIFEST, b"")).value, ("widget", "version"))
    return version if isinstance(version, str) else ""
