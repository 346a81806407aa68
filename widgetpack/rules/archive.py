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
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".idea", ".vscode", ".svn", "node_modules")


def _of(anomaly: Anomaly, *kinds: str) -> bool:
    return anomaly.kind in kinds


@rule("A01", Anomaly, source="zip format")
def damaged_archive(anomaly: Anomaly) -> Iterator[Problem]:
    """The archive, or a file in it, cannot be unpacked.

    Fix: build the zip again; an upload or copy may have been cut off.
    """
    if _of(anomaly, "damaged"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A02", Anomaly, source="largest real widget: 6.6 MB unpacked")
def too_much_to_read(anomaly: Anomaly) -> Iterator[Problem]:
    """A file, or the whole, is too large to be a widget.

    It is not read: a zip that unpacks to gigabytes would take the machine down.

    Fix: remove what is not part of the widget, or name it under `exclude`.
    """
    if _of(anomaly, "bomb", "too-large"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A03", Anomaly, source="Kommo refuses archives of PowerShell's Compress-Archive (2026-09)")
def backslash_in_name(anomaly: Anomaly) -> Iterator[Problem]:
    """An entry's name has back-slashes for separators.

    The platform takes it for one odd file name and refuses the archive.

    Fix: pack with `widgetpack build`.
    """
    if _of(anomaly, "backslash"):
        yield Problem("back-slash in the entry's name", Place(anomaly.path))


@rule("A04", Anomaly, source="zip format")
def duplicate_entry(anomaly: Anomaly) -> Iterator[Problem]:
    """Two entries of the archive have the same name.

    Which one is used is left to chance.

    Fix: pack with `widgetpack build`.
    """
    if _of(anomaly, "duplicate"):
        yield Problem("this name occurs twice in the archive", Place(anomaly.path))


@rule("A05", Anomaly, source="zip format (path traversal)")
def unsafe_name(anomaly: Anomaly) -> Iterator[Problem]:
    """An entry's name would lead out of the folder it is unpacked to.

    Fix: pack with `widgetpack build`.
    """
    if _of(anomaly, "absolute", "parent"):
        what = "an absolute name" if anomaly.kind == "absolute" else "`..` in the name"
        yield Problem(what, Place(anomaly.path))


@rule("A06", Anomaly, source="zip format")
def encrypted_entry(anomaly: Anomaly) -> Iterator[Problem]:
    """An entry is encrypted.

    The platform has no password for it.

    Fix: pack without one.
    """
    if _of(anomaly, "encrypted"):
        yield Problem("encrypted", Place(anomaly.path))


@rule("A07", Anomaly, source="none of 47 real archives holds one")
def link(anomaly: Anomaly) -> Iterator[Problem]:
    """A link is in the archive, or one in the folder leads out of the widget or back into itself.

    Fix: replace it by the file it points at.
    """
    if _of(anomaly, "symlink", "outside-link", "link-loop"):
        yield Problem(anomaly.detail or "a symbolic link", Place(anomaly.path))


@rule("A08", Anomaly, source="reading the folder")
def unreadable_file(anomaly: Anomaly) -> Iterator[Problem]:
    """A file of the widget cannot be read.

    Leaving it out in silence could break the widget.

    Fix: see the message: permissions, a broken link, a file that another program writes; or name it under `exclude`.
    """
    if _of(anomaly, "unreadable", "changing", "special"):
        yield Problem(anomaly.detail, Place(anomaly.path))


@rule("A09", Anomaly, source="zip format: names are UTF-8")
def name_not_utf8(anomaly: Anomaly) -> Iterator[Problem]:
    """A file's name is not UTF-8.

    Fix: rename the file.
    """
    if _of(anomaly, "name"):
        yield Problem("its name is not UTF-8" if anomaly.path else "an entry without a name", Place(anomaly.path))


@rule("A10", Widget, "warning", source="none of 47 real archives holds one")
def name_not_ascii(widget: Widget) -> Iterator[Problem]:
    """A file's name has letters outside ASCII.

    No archive that is known to run has one; servers and browsers encode such addresses differently.

    Fix: rename the file.
    """
    for path in widget.tree.files:
        if not path.isascii():
            yield Problem("letters outside ASCII in the name", Place(path))


@rule("A11", Widget, source="Windows and macOS cannot unpack both")
def case_collision(widget: Widget) -> Iterator[Problem]:
    """Two files differ only in the case of their names.

    Fix: rename one.
    """
    seen: dict[str, str] = {}
    for path in widget.tree.files:
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Problem(f"differs from {first} only in case", Place(path))


@rule("A12", Widget, "warning", source="survey: 12 of 105 widgets; forbidden in public ones (getting-listed)")
def junk(widget: Widget) -> Iterator[Problem]:
    """The archive holds what an operating system or an editor left behind.

    Fix: pack with `widgetpack build`.
    """
    if not widget.tree.is_archive:
        return
    for path in widget.tree.files:
        if any(part in _JUNK or part.startswith("._") for part in path.split("/")):
            yield Problem("left over by an operating system, editor or tool", Place(path))


@rule("A13", Widget, "warning", source=_STRUCTURE + " (UTF-8)")
def text_not_utf8(widget: Widget) -> Iterator[Problem]:
    """A script, style or template is not UTF-8.

    The platform serves every text as UTF-8: letters outside ASCII come out as garbage.

    Fix: save the file as UTF-8.
    """
    for path, data in widget.tree.files.items():
        if is_text(path) and not path.endswith(".json"):
            try:
                data.decode()
            except UnicodeDecodeError as error:
                yield Problem(f"not UTF-8: byte 0x{data[error.start]:02X}", Place(path, offset=error.start))


@rule("A14", Widget, "warning", source=_STRUCTURE + ", getting-listed (no BOM, LF)")
def windows_text(widget: Widget) -> Iterator[Problem]:
    """A text has a byte order mark or CRLF line ends.

    The public checklist refuses both. Judged in archives only: `widgetpack build` writes LF and no mark.

    Fix: pack with `widgetpack build`.
    """
    if not widget.tree.is_archive:
        return
    for path, data in widget.tree.files.items():
        if is_text(path):
            found = ["a byte order mark"] if data.startswith(BOM) and not path.endswith(".json") else []
            found += ["CRLF line ends"] if b"\r\n" in data else []
            if found:
                yield Problem(" and ".join(found), Place(path, offset=max(0, data.find(b"\r\n"))))
