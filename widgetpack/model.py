"""The nouns: frozen values that every other room speaks in.

Paths are POSIX and relative to the widget's root. Offsets count bytes from the start of a file as it lies on disk (a
byte order mark counts); lines and columns are 1-based and columns count characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

Pointer = tuple[str | int, ...]
"""Where a value lies in a JSON document: ``("widget", "locale", 0)``; ``()`` is the whole document."""


BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""

MAX_FILE_BYTES = 50_000_000
MAX_TREE_BYTES = 200_000_000
"""More is not read, from a folder or a zip: the largest real widget unpacks to 6.6 MB."""


class Anomaly(NamedTuple):
    """Something odd that reading a folder or a zip brought up; a rule says what it means."""

    kind: str
    """Of a folder: ``unreadable``, ``special``, ``changing``, ``too-large``, ``outside-link``, ``link-loop``, ``name``,
    ``near-manifest``. Of a zip: ``damaged``, ``bomb``, ``encrypted``, ``duplicate``, ``backslash``, ``absolute``,
    ``parent``, ``symlink``, ``name``."""
    path: str
    detail: str = ""


class Entry(NamedTuple):
    """One file that was seen, and whether it goes into the archive."""

    path: str
    size: int
    packed: bool
    reason: str
    """Why it is in or out, in words for the user: ``images/ is a widget folder``, ``excluded by .widgetpackignore:3 (*.psd)``."""


class Tree(NamedTuple):
    """A widget's files, read once, from a folder or from a zip."""

    source: str
    """The path as the user would write it: ``sample_widget`` or ``dist/widget.zip``."""
    files: Mapping[str, bytes]
    """What goes into the archive, by path, sorted by path."""
    aside: Mapping[str, bytes]
    """What is read and never packed: the integration form and its icon."""
    entries: tuple[Entry, ...]
    anomalies: tuple[Anomaly, ...] = ()
    is_archive: bool = False
    bundled: tuple[str, ...] = ()
    """Scripts that esbuild made of sources: they are neither linked nor lowered again."""


class Fault(NamedTuple):
    """A fact that a loader met in a text and that some rule may object to."""

    kind: str
    message: str
    offset: int | None = None


class Document(NamedTuple):
    """A JSON text, parsed as far as it can be."""

    path: str
    data: bytes
    value: Any
    """The parsed value; ``None`` where the text could not be parsed (then ``faults`` holds the reason)."""
    faults: tuple[Fault, ...] = ()
    """Kinds: ``syntax``, ``duplicate``, ``comment``, ``trailing-comma``, ``bom``, ``encoding``, ``too-large``, ``too-deep``, ``empty``."""

    @property
    def readable(self) -> bool:
        """Whether ``value`` is what the text says."""
        return not any(fault.kind in UNREADABLE for fault in self.faults)


UNREADABLE = frozenset({"syntax", "encoding", "too-large", "too-deep", "empty"})
"""Kinds of `Fault` that leave a document without a value."""


class ShapeFault(NamedTuple):
    """A place where a document leaves its JSON Schema, already in the user's words."""

    document: Document
    pointer: Pointer
    keyword: str
    """The schema keyword that failed: ``type``, ``enum``, ``required``, ``additionalProperties``, ..."""
    message: str
    rule: str = ""
    """The slug of the rule that owns this part of the schema (``x-rule`` in the schema), or empty."""
    on_key: bool = False
    """Point at the key, not at the value."""


class Locale(NamedTuple):
    """The texts of one language: one file, or the files of a folder merged."""

    code: str
    documents: tuple[Document, ...]
    value: Any
    """The merged texts: nested objects of strings as the files hold them."""
    clashes: tuple[tuple[Document, Pointer, str], ...] = ()
    """Keys that a second file sets again: that file, the place in it, the path of the first."""

    @property
    def readable(self) -> bool:
        """Whether ``value`` is the whole of its texts: every file could be read, and they are groups."""
        return isinstance(self.value, dict) and all(document.readable for document in self.documents)

    def home(self, pointer: Pointer) -> Document | None:
        """Return the document that holds the longest part of ``pointer``, for a finding's place."""
        best: Document | None = None
        depth = -1
        for document in self.documents:
            value, reached = document.value, 0
            for key in pointer:
                if not (isinstance(value, dict) and key in value):
                    break
                value, reached = value[key], reached + 1
            if reached > depth:
                best, depth = document, reached
        return best


class Image(NamedTuple):
    """What the header of a picture says; nothing is decoded."""

    path: str
    size: int
    """Bytes."""
    format: str
    """``PNG``, ``JPEG``, ``GIF``, ``SVG``, another name of Pillow's, or empty where the bytes are no picture."""
    width: int
    height: int
    fault: str = ""
    """Empty, or what is wrong with the bytes: ``truncated``, ``fake``, ``empty``, ``bomb``, ``broken``."""
    detail: str = ""
    """For ``fake``: what the bytes are instead (``base64 text``, ``an HTML page``)."""
    traits: frozenset[str] = frozenset()
    """What else the header says: ``animated`` (GIF, APNG, WebP), ``CMYK`` (the four colours of print, JPEG)."""


class Place(NamedTuple):
    """Where a problem is: a file, and optionally a JSON pointer or a byte offset in it."""

    path: str
    pointer: Pointer | None = None
    offset: int | None = None
    on_key: bool = False
    """With ``pointer``: point at the key instead of the value."""


class Problem(NamedTuple):
    """What a rule yields: the fault in words, and where."""

    message: str
    place: Place
    severity: Severity | None = None
    """Set only where one rule has two weights; else the rule's own."""
    related: tuple[tuple[Place, str], ...] = ()
    """Further places that belong to the fault, each with what it is: ``named here``."""
    hidden: bool = False
    """Whether the line there must stay out of every report: it holds a secret, and logs are read by many."""


class Related(NamedTuple):
    """A further place of a finding, in the same tree."""

    path: str
    line: int
    column: int
    message: str


class Finding(NamedTuple):
    """A problem with everything a report needs."""

    code: str
    slug: str
    severity: Severity
    message: str
    source: str
    """The tree the file belongs to, as `Tree.source`."""
    path: str
    """The file in the tree, or empty for the widget as a whole."""
    line: int = 1
    column: int = 1
    text: str = ""
    """The source line, without its end; empty where there is none, or none that may be shown."""
    related: tuple[Related, ...] = ()
    hidden: bool = False
    """Whether the line must stay out of every report."""
    script: str = ""
    """Of a place in a source: the script of the package that it was found in; empty where the place is what was judged."""


class Release(NamedTuple):
    """The widget beside an earlier state of it."""

    name: str
    """The earlier state as the user knows it: ``dist/widget.zip``, ``v1.2.0``."""
    before: str
    """Its manifest's version; empty where there is none."""
    now: str
    changed: bool
    """Whether the contents of the two archives differ."""
    asked: bool
    """Whether the user named the earlier state; else it is the last build."""
    public: bool = False
    """Whether the widget is a public one."""


class Content(NamedTuple):
    """What a script of the package, or its ``style.css``, was made of."""

    file: str
    """The path in the package."""
    size: int
    """Bytes, before compression."""
    parts: tuple[tuple[str, int], ...]
    """Each file with the bytes of it that are left; what is missing from ``size`` the bundler wrote."""
    base: str = ""
    """The folder that the files' paths start from, absolute; empty where they are files of the widget."""


class Artifact(NamedTuple):
    """The finished archive."""

    data: bytes
    """The zip; dropped once it is written."""
    size: int
    """Bytes."""
    version: str
    files: int
    """Number of files."""
    sha256: str
    contents: str
    """SHA-256 over the sorted ``path NUL sha256(file) LF`` lines: equal contents, equal digest, whatever the zlib."""
