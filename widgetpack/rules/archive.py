"""A: the archive: its mechanics, its names, and what a reader met in a folder or a zip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import BOM, Anomaly, Place, Problem
from widgetpack.platform import is_text
from widgetpack.rules.base import rule
from widgetpack.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRUCTURE = "developers.kommo.com/docs/structure-widget"


def _of(anomaly: Anomaly, *kinds: str) -> bool:
    return anomaly.kind in kinds


@rule("A01", Anomaly, source="zip format")
def damaged_archive(anomaly: Anomaly) -> Iterator[Problem]:
    """The archive, or a file in it, cannot be unpacked.

    Fix: build the zip again; an upload or copy may have been cut off.

    Wrong: a zip whose second half was lost in a copy
    Right: a zip as `widgetpack build` wrote it
    """
    if _of(anomaly, "damaged"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A02", Anomaly, source="largest real widget: 6.6 MB unpacked")
def too_much_to_read(anomaly: Anomaly) -> Iterator[Problem]:
    """A file, or the whole, is too large to be a widget.

    It is not read: a zip that unpacks to gigabytes would take the machine down.

    Fix: remove what is not part of the widget, or name it under `exclude`.

    Wrong: a 300 MB video in the widget's folder
    Right: a link to the video on the author's server
    """
    if _of(anomaly, "bomb", "too-large"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A03", Anomaly, source="Kommo refuses archives of PowerShell's Compress-Archive (2026-09)")
def backslash_in_name(anomaly: Anomaly) -> Iterator[Problem]:
    r"""An entry's name has back-slashes for separators.

    The platform takes it for one odd file name and refuses the archive.

    Fix: pack with `widgetpack build`.

    Wrong: an entry named `lib\api.js`
    Right: an entry named `lib/api.js`
    """
    if _of(anomaly, "backslash"):
        yield Problem("back-slash in the entry's name", Place(anomaly.path))


@rule("A04", Anomaly, source="zip format")
def duplicate_entry(anomaly: Anomaly) -> Iterator[Problem]:
    """Two entries of the archive have the same name.

    Which one is used is left to chance.

    Fix: pack with `widgetpack build`.

    Wrong: two entries named `script.js`
    Right: one entry named `script.js`
    """
    if _of(anomaly, "duplicate"):
        yield Problem("this name occurs twice in the archive", Place(anomaly.path))


@rule("A05", Anomaly, source="zip format (path traversal)")
def unsafe_name(anomaly: Anomaly) -> Iterator[Problem]:
    """An entry's name would lead out of the folder it is unpacked to.

    Fix: pack with `widgetpack build`.

    Wrong: an entry named `../script.js`
    Right: an entry named `script.js`
    """
    if _of(anomaly, "absolute", "parent"):
        what = "an absolute name" if anomaly.kind == "absolute" else "`..` in the name"
        yield Problem(what, Place(anomaly.path))


@rule("A06", Anomaly, source="zip format")
def encrypted_entry(anomaly: Anomaly) -> Iterator[Problem]:
    """An entry is encrypted.

    The platform has no password for it.

    Fix: pack without one.

    Wrong: `zip -e widget.zip ...`
    Right: `zip widget.zip ...`
    """
    if _of(anomaly, "encrypted"):
        yield Problem("encrypted", Place(anomaly.path))


@rule("A07", Anomaly, source="none of 47 real archives holds one")
def link(anomaly: Anomaly) -> Iterator[Problem]:
    """A link is in the archive, or one in the folder leads out of the widget or back into itself.

    Fix: replace it by the file it points at.

    Wrong: `lib` as a link to `../../shared/lib`
    Right: `lib` as a folder with the files themselves
    """
    if _of(anomaly, "symlink", "outside-link", "link-loop"):
        yield Problem(anomaly.detail or "a symbolic link", Place(anomaly.path))


@rule("A08", Anomaly, source="reading the folder")
def unreadable_file(anomaly: Anomaly) -> Iterator[Problem]:
    """A file of the widget cannot be read.

    Leaving it out in silence could break the widget.

    Fix: see the message: permissions, a broken link, a file that another program writes; or name it under `exclude`.

    Wrong: a `script.js` that only another user may read
    Right: a `script.js` that the user who builds may read
    """
    if _of(anomaly, "unreadable", "changing", "special"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A09", Anomaly, source="zip format: names are UTF-8")
def name_not_utf8(anomaly: Anomaly) -> Iterator[Problem]:
    """A file's name is not UTF-8.

    Fix: rename the file.

    Wrong: a name that Windows-1251 spelt: the bytes F1 F2 E8 EB FC
    Right: `style.css`
    """
    if _of(anomaly, "name"):
        yield Problem("its name is not UTF-8" if anomaly.path else "an entry without a name", Place(anomaly.path))


@rule("A10", Widget, "warning", source="none of 47 real archives holds one")
def name_not_ascii(widget: Widget) -> Iterator[Problem]:
    """A file's name has letters outside ASCII.

    No archive that is known to run has one; servers and browsers encode such addresses differently.

    Fix: rename the file.

    Wrong: `images/логотип.svg`
    Right: `images/logotype.svg`
    """
    for path in widget.tree.files:
        if not path.isascii():
            yield Problem("letters outside ASCII in the name", Place(path))


@rule("A11", Widget, source="Windows and macOS cannot unpack both")
def case_collision(widget: Widget) -> Iterator[Problem]:
    """Two files differ only in the case of their names.

    Fix: rename one.

    Wrong: `Style.css` beside `style.css`
    Right: `style.css` alone
    """
    seen: dict[str, str] = {}
    for path in widget.tree.files:
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Problem(f"differs from {first} only in case", Place(path))


@rule("A13", Widget, "warning", source=_STRUCTURE + " (UTF-8)")
def text_not_utf8(widget: Widget) -> Iterator[Problem]:
    """A script, style or template is not UTF-8.

    The platform serves every text as UTF-8: letters outside ASCII come out as garbage.

    Fix: save the file as UTF-8.

    Wrong: a `script.js` saved as Windows-1251
    Right: a `script.js` saved as UTF-8
    """
    for path, data in widget.tree.files.items():
        image = widget.images.get(path)
        pixels = image is not None and image.format not in {"", "SVG"}  # a PNG named .svg is I04's
        if is_text(path) and not path.endswith(".json") and not pixels:
            try:
                data.decode()
            except UnicodeDecodeError as error:
                yield Problem(f"not UTF-8: byte 0x{data[error.start]:02X}", Place(path, offset=error.start))


@rule("A14", Widget, "warning", source=_STRUCTURE + ", getting-listed (no BOM, LF)")
def windows_text(widget: Widget) -> Iterator[Problem]:
    """A text has a byte order mark or CRLF line ends.

    The public checklist refuses both; line ends are an info in private widgets. Told once for the whole archive; folders are not judged, for `widgetpack build`
    writes LF and no mark.

    Fix: pack with `widgetpack build`.

    Wrong: a `script.js` in the zip whose lines end in CR LF
    Right: a `script.js` in the zip whose lines end in LF
    """
    if not widget.tree.is_archive:
        return
    texts = [(path, data) for path, data in widget.tree.files.items() if is_text(path)]
    marked = [(path, 0) for path, data in texts if data.startswith(BOM) and not path.endswith(".json")]  # J05 has those
    broken = [(path, data.find(b"\r\n")) for path, data in texts if b"\r\n" in data]
    for what, found in (("a byte order mark", marked), ("CRLF line ends", broken)):
        if found:
            path, offset = found[0]
            more = f", and in {len(found) - 1} more of {len(texts)} texts" if len(found) > 1 else ""
            mild = found is broken and widget.config.audience == "private"
            yield Problem(what + more, Place(path, offset=offset), "info" if mild else None)
