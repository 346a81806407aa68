"""Facts of an SVG as a text: its size, and everything that it wants to read from elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from widgetpack.errors import UsageError

_SVG = "http://www.w3.org/2000/svg"
_UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
"""Pixels of each absolute unit (css-values-4, section 6.2)."""
_LENGTH = re.compile(r"\s*\+?(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)(px|pt|pc|in|cm|mm|q|)\s*", re.IGNORECASE)
_URL = re.compile(r"""url\(\s*+["']?+\s*+(?!["'#)]|data:)([^"')]{1,200})""", re.IGNORECASE)
_IMPORT = re.compile(r"""@import\s++(?:url\()?+\s*+["']?+([^"');]{1,200})""", re.IGNORECASE)
_LONGEST_ENTITY = 1000
"""Characters: what drawing programs declare are addresses of namespaces."""
_MOST_RATIO = 1000
_EMBED = "embed it as a data: URL, and turn text into paths"


class Markup(NamedTuple):
    """An SVG that refers to nothing outside."""

    before: str
    """What stands in front of the root element: the declarations of its entities."""
    root: str
    """The root element and all that follows."""
    width: float
    height: float
    has_text: bool
    has_html: bool


def load_markup(path: str, data: bytes) -> Markup:
    """Read an SVG without reading anything that it refers to.

    Raises `UsageError` with the line where it is no SVG, has no size, or needs another file.
    """
    reader = _Reader(path)
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003  # the C function takes no keyword
    except expat.ExpatError as error:
        message = f"{path}:{error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}"
        raise UsageError(message, "export the picture again") from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        message = f"{path}: an SVG that cannot be read: {error}"
        raise UsageError(message, "save it as UTF-8") from None
    width, height = _size(path, reader.attributes)
    text = data[reader.start :].decode(reader.encoding, "replace")
    before = data[: reader.start].decode(reader.encoding, "replace").lstrip("\ufeff")
    return Markup(before, text, width, height, reader.has_text, reader.has_html)


class _Reader:
    """One walk of expat over the text; it holds what is found on the way."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.encoding = "utf-8"
        self.start = -1
        self.attributes: dict[str, str] = {}
        self.has_text = self.has_html = False
        self.css: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._element
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding:
            "".encode(encoding)  # LookupError for an unknown one
            self.encoding = encoding

    def _entity(
        self,
        name: str,
        _is_parameter: bool,  # noqa: FBT001  # expat's own signature
        value: str | None,
        _base: str | None,
        system: str | None,
        *_: object,
    ) -> None:
        if system is not None:
            self._refuse(system)
        if "&" in (value or "") or "%" in (value or "") or len(value or "") > _LONGEST_ENTITY:
            message = f"{self._line()}: the entity `{name[:40]}` unfolds to more than {_LONGEST_ENTITY:,} characters, or to others"
            raise UsageError(message, "save it without a DOCTYPE")

    def _instruction(self, target: str, text: str) -> None:
        if target == "xml-stylesheet":
            found = re.search(r"""href\s*=\s*["']([^"']*)""", text)
            self._refuse(found[1] if found else text)

    def _element(self, full: str, attributes: dict[str, str]) -> None:
        space, _, name = full.rpartition(" ")
        if self.start < 0:
            if (space, name) != (_SVG, "svg"):
                message = f"{self._line()}: the root element is `{name[:40]}` in the namespace `{space[:80]}`, not `svg` in `{_SVG}`"
                raise UsageError(message, "export the picture again")
            self.start, self.attributes = self.parser.CurrentByteIndex, attributes
        if space != _SVG:
            return  # of an editor, and never drawn
        self.has_text = self.has_text or name == "text"
        self.has_html = self.has_html or name == "foreignObject"
        self.css = [] if name == "style" else None
        for key, value in attributes.items():
            is_link = key.rpartition(" ")[2] == "href"
            if is_link and name != "a" and value and not value.startswith(("#", "data:")):
                self._refuse(value)
            if not is_link:
                self._styles(value)

    def _characters(self, text: str) -> None:
        if self.css is not None:
            self.css.append(text)

    def _end(self, _full: str) -> None:
        if self.css is not None:
            self._styles("".join(self.css))
            self.css = None

    def _styles(self, text: str) -> None:
        found = _URL.search(text) or _IMPORT.search(text)
        if found:
            self._refuse(found[1])

    def _refuse(self, reference: str) -> None:
        shown = reference.strip()[:80].encode("unicode_escape").decode()
        message = f"{self._line()}: refers to `{shown}`; nothing outside the picture is read"
        raise UsageError(message, _EMBED)

    def _line(self) -> str:
        return f"{self.path}:{self.parser.CurrentLineNumber}"


def _size(path: str, attributes: dict[str, str]) -> tuple[float, float]:
    """Return width and height of the root element: its own, else those of its ``viewBox`` (SVG 2, section 8.2)."""
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    sides = [_pixels(text) for text in box[2:4]] if len(box) == 4 else [0.0, 0.0]  # noqa: PLR2004
    own = [_pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))]
    width, height = (mine or side for mine, side in zip(own, sides, strict=True))
    if not (width and height):
        message = f"{path}: the SVG has no size"
        raise UsageError(message, 'give its root element a viewBox, as in viewBox="0 0 96 96"')
    if max(width, height) > _MOST_RATIO * min(width, height):
        message = f"{path}: {width:g}x{height:g}; one side is more than {_MOST_RATIO:,} times the other"
        raise UsageError(message, "export the picture with another shape")
    return width, height


def _pixels(text: str) -> float:
    """Return an absolute length in pixels; 0 for a percentage, for nothing, and for what is none."""
    found = _LENGTH.fullmatch(text)
    if not found:
        return 0.0
    pixels = float(found[1]) * _UNITS[found[2].lower()]
    return pixels if pixels < 1e9 else 0.0  # noqa: PLR2004  # infinity as well
