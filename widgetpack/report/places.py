"""Where a finding is, in the words of people and in those of a checkout."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from widgetpack.report.style import encodable
from widgetpack.widget import MANIFEST

if TYPE_CHECKING:
    from widgetpack.model import Finding, Related
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style


class Spot(NamedTuple):
    """A place in the checkout: what a service that shows the checkout's files can point at."""

    path: str
    """Relative to `Style.root`, with ``/``; absolute where it lies outside."""
    line: int
    column: int
    in_archive: bool = False
    """``path`` is a zip, which has no lines: ``line`` and ``column`` are 1."""
    member: str = ""
    """The place in the zip: ``manifest.json:26:15``."""

    @property
    def prefix(self) -> str:
        """What stands before a message so that the member is named."""
        return f"{self.member}: " if self.member else ""


def spot_of(place: Finding | Related, result: Result, source: str, style: Style) -> Spot:
    """Return where a finding of ``result``, or a related place of it, lies; ``source`` is the finding's own.

    A finding without a file is shown at the manifest, or where that is missing at the widget's folder; one in a zip at
    the zip.
    """
    if source == result.archive:
        return Spot(in_checkout(source, style), 1, 1, in_archive=True, member=place_in(place) if place.path else "")
    path = place.path or ("" if any(finding.code == "M01" for finding in result.findings) else MANIFEST)
    return Spot(in_checkout(f"{source}/{path}" if path else source, style), place.line, place.column)


def place_in(place: Finding | Related) -> str:
    """Return ``path:line:column`` in the widget; of a file without lines that show, the path."""
    return f"{place.path}:{place.line}:{place.column}" if (place.line, place.column) != (1, 1) else place.path


def in_checkout(path: str, style: Style) -> str:
    """Return ``path``, as a result names it, relative to the checkout and with ``/``."""
    absolute = os.path.normpath(os.path.join(style.cwd, path))  # noqa: PTH118  # nothing is asked of the disk
    root = style.root.rstrip(os.sep) + os.sep
    if style.root and (absolute + os.sep).startswith(root):
        absolute = absolute[len(root) :] or "."
    return encodable(absolute.replace(os.sep, "/"))


def as_uri(path: str) -> str:
    """Return what `in_checkout` gave as a URI reference (RFC 3986): percent-encoded, absolute paths with their scheme."""
    drive = path[1:3] == ":/"
    return ("file:///" if drive else "file://" if path.startswith("/") else "") + quote(
        path, safe="/:" if drive else "/"
    )
