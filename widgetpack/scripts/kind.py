"""Whose work a script is: written here, minified, put together by a bundler, or a library of somebody else's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["own", "minified", "bundle", "library"]

LOADER_MARK: Final = b"/*! loader of a widgetpack dev zip"
"""How the loader of `build --dev` begins (`widgetpack.serve`)."""

_FOLDERS: Final = frozenset(
    {"vendor", "vendors", "third_party", "third-party", "thirdparty", "node_modules", "bower_components"}
)
_BUNDLERS: Final = (
    # webpack, Parcel, SystemJS, esbuild, Rollup's CommonJS plugin, browserify: words that nobody writes by hand.
    b"__webpack_require__",
    b"__webpack_modules__",
    b"webpackJsonp",
    b"webpackChunk",
    b"parcelRequire",
    b"System.register(",
    b"__commonJS(",
    b"__toESM(",
    b"commonjsGlobal",
    b"MODULE_NOT_FOUND",
)
_LIBRARIES: Final = (
    "accounting|amcharts|angular|animate|autosize|axios|backbone|bootstrap|chart|clipboard|core-js|cropper|d3|datatables"
    "|dayjs|dompurify|dropzone|flatpickr|fullcalendar|fuse|handlebars|highcharts|highlight|hammer|imask|inputmask|intl-tel-input"
    "|jquery|js-cookie|jssip|knockout|leaflet|list|lodash|luxon|marked|masonry|moment|mustache|numeral|papa ?parse|pdf|polyfill"
    "|popper|preact|promise|quill|react|require|select2|selectize|sheetjs|sip|slick|socket.io|sortable|svelte|sweetalert"
    "|swiper|tippy|toastr|twig|ua-parser|underscore|uuid|validate|vue|xlsx|zepto"
)
_BANNER_BYTES: Final = 600
_MINIFIED_BYTES: Final = 1_000
_LINE_BYTES: Final = 200
"""Mean length of a line: at most 67 in 117 hand-written scripts of public widgets, at least 235 in minified ones."""
_BLANK_SHARE: Final = 0.13
"""Blanks and line ends: at most 0.05 of the minified scripts among those; long lines of texts for people have more."""


def _is_banner(comment: bytes) -> bool:
    """Tell whether a comment is a library's: marked to be kept, beginning with its name, with a version or a licence."""
    kept = comment.startswith((b"/*!", b"//!")) or b"@license" in comment or b"@preserve" in comment
    names = rb"\W*(?:@\w+\W*)?(?:%s)(?:\.js|js)?\b" % _LIBRARIES.replace(" ", r"\s").encode()
    told = rb"v?\d+\.\d|copyright|\(c\)|licen[sc]e|library|plugin|foundation"
    return kept and all(
        re.compile(source, re.IGNORECASE).search(comment) is not None for source in (rb"\A" + names, told)
    )


@lru_cache(maxsize=256)
def is_minified(data: bytes) -> bool:
    """Tell whether ``data`` is written for machines: long lines with few blanks."""
    lines = data.count(b"\n") + 1
    if len(data) < _MINIFIED_BYTES or len(data) / lines < _LINE_BYTES:
        return False
    return data.count(b" ") + lines < len(data) * _BLANK_SHARE


_SEEN: Final = 20
"""Occurrences of a bundler's word that are looked at: one outside comments is enough."""


def _is_code(word: bytes, data: bytes) -> bool:
    """Tell whether ``word`` stands anywhere outside comments."""
    at = data.find(word)
    for _ in range(_SEEN):
        if at < 0:
            return False
        if not _is_commented(at, data):
            return True
        at = data.find(word, at + len(word))
    return False


def _is_commented(at: int, data: bytes) -> bool:
    line = data[max(data.rfind(b"\n", 0, at), at - _BANNER_BYTES, 0) : at]
    if re.search(rb"(?<![:\w\"'`\\/])//", line) is not None:
        return True
    opened = data.rfind(b"/*", 0, at)
    # `"image/*"` and `**/*.js` open no comment.
    is_opening = opened >= 0 and re.match(rb"[\w*.]", data[opened - 1 : opened] if opened else b"") is None
    return is_opening and opened > data.rfind(b"*/", 0, at)


def _is_known(name: str) -> bool:
    """Tell whether a minified file has the name of a known library: ``select2.min.js``, ``jquery.mask.min.js``."""
    names = _LIBRARIES.replace(" ?", "")
    return re.fullmatch(rf"(?:{names})(?:[.-][\w.-]*)?[.-]min\.js", name) is not None


@lru_cache(maxsize=256)
def kind_of(path: str, data: bytes) -> Kind:
    """Tell whose work the script at ``path`` is; ``script.js`` is a library only as our own loader."""
    if data.startswith(LOADER_MARK):
        return "library"
    *folders, name = path.lower().split("/")
    if path != "script.js":
        if not _FOLDERS.isdisjoint(folders) or _is_known(name):
            return "library"
        start = data[:_BANNER_BYTES].lstrip()
        if start.startswith((b"/*", b"//!")) and _is_banner(start.partition(b"*/")[0]):
            return "library"
    if any(word in data and _is_code(word, data) for word in _BUNDLERS):
        return "bundle"
    return "minified" if name.endswith((".min.js", "-min.js")) or is_minified(data) else "own"
