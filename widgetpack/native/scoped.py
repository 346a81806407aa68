"""Local names of css modules: esbuild keeps them apart within one script, and a page has many widgets.

Minified they are single letters, else the name of the file and the class. So each gets a digest of the file that it is from, in
the css and in the strings that esbuild makes for the script; source maps say which these are.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from widgetpack.native import sourcemap
from widgetpack.native.options import LOADERS
from widgetpack.native.read import read_source
from widgetpack.native.sourcemap import Stretch
from widgetpack.utf16 import behind, units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from widgetpack.native.run import Job, Ran

_NAME: Final = r"-?(?:[A-Za-z_]|[^\x00-\x7f])(?:[\w-]|[^\x00-\x7f])*(?![\w\\-]|[^\x00-\x7f])"
"""One without escapes, which stay as they are."""
_IDENTIFIER: Final = re.compile(_NAME)
_IN_VALUE: Final = re.compile(rf"(?<![\w.-]){_NAME}")
_BEFORE: Final = re.compile(r"[.#]\Z|@(?:-\w+-)?(?:keyframes|container)\s+\Z")
_CSS: Final = re.compile(
    r"(?P<other>/\*.*?\*/|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|url\([^)]*\)|\\.)"
    rf"|(?P<before>[.#]|@(?:-\w+-)?(?:keyframes|container)\s+)(?P<name>{_NAME})"
    rf"|(?P<property>(?<=[{{;\s])(?:-\w+-)?(?:animation(?:-name)?|container(?:-name)?)\s*:)(?P<value>[^;}}]*)",
    re.DOTALL,
)
_LINE: Final = re.compile(r"[^\n\r\u2028\u2029]*(?:\r\n|[\n\r\u2028\u2029]|\Z)")
_STRING: Final = re.compile(r"\"(?P<words>(?:[^\"\\\n]|\\.)*)\"(?P<is_key>\s*:)?")


def scoped(job: Job, ran: Ran) -> Ran:
    """Return what a run brought, with names that no other widget has."""
    endings = (*(f".{ending}" for ending in LOADERS["local-css"]), *job.options.css_modules)
    modules = {path: read_source(job.cwd, path) or b"" for path in ran.metafile.inputs if path.endswith(endings)}
    if not modules:
        return ran
    files = dict(ran.files)
    for name in [path for path in files if path.endswith(".js")]:
        css = f"{name.removesuffix('.js')}.css"
        names = _names(job, ran, css, modules) if css in files else {}
        if names:
            files[css] = _in_css(files[css].decode("utf-8", "replace"), names).encode()
            files[name], files[f"{name}.map"] = _in_script(job, ran, name, modules, names)
    return ran._replace(files=files)


def _names(job: Job, ran: Ran, css: str, modules: Mapping[str, bytes]) -> dict[str, str]:
    """Return every local name in the css, and the one that it gets: what stands there is not what the source has."""
    found = {}
    lines = _lines(ran.files[css])
    texts = {path: _lines(data) for path, data in modules.items()}
    for line, column, path, row, at in _origins(job, ran, css):
        if path in modules and row < len(texts[path]):
            given, source = behind(lines[line], column), behind(texts[path][row], at)
            name, own = _IDENTIFIER.match(given), _IDENTIFIER.match(source)
            before = lines[line][: len(lines[line]) - len(given)]
            if name and name[0] != (own and own[0]) and _BEFORE.search(before[-40:]):
                digest = hashlib.sha256(path.encode() + b"\0" + modules[path]).hexdigest()
                found[name[0]] = f"{name[0]}_{digest[:5]}"
    return found


def _lines(data: bytes) -> list[str]:
    """Return the lines as esbuild counts them, with their ends."""
    return _LINE.findall(data.decode("utf-8", "replace"))


def _origins(job: Job, ran: Ran, name: str) -> Iterator[tuple[int, int, str, int, int]]:
    """Yield line and column in an output, and source, line and column there, for all that its map knows."""
    inputs = frozenset(ran.metafile.inputs)
    moved = sourcemap.move(ran.files[f"{name}.map"], name, 0, (ran.out, job.cwd), inputs)
    for number, line in enumerate(sourcemap.load_lines(moved)):
        yield from ((number, *origin) for origin in line)


def _in_css(css: str, names: Mapping[str, str]) -> str:
    values = {match["name"] for match in _CSS.finditer(css) if match["name"] and match["before"].startswith("@")}

    def put(match: re.Match[str]) -> str:
        if match["name"]:
            return match["before"] + names.get(match["name"], match["name"])
        if match["property"]:
            return match["property"] + _IN_VALUE.sub(
                lambda word: names.get(word[0], word[0]) if word[0] in values else word[0], match["value"]
            )
        return match[0]

    return _CSS.sub(put, css)


def _in_script(
    job: Job, ran: Ran, name: str, modules: Collection[str], names: Mapping[str, str]
) -> tuple[bytes, bytes]:
    """Return a script and its map with the names in the strings that stand for css modules."""
    lines = _lines(ran.files[name])
    stretches: list[Stretch] = []
    inputs = frozenset(ran.metafile.inputs)
    data = ran.files[f"{name}.map"]
    for number, spans in sourcemap.find_spans(data, name, (ran.out, job.cwd), inputs, modules).items():
        line = lines[number].encode("utf-16-le")
        pieces, done = [], 0
        for start, end in spans:
            text = line[2 * start : None if end is None else 2 * end].decode("utf-16-le", "replace")
            pieces += [line[done : 2 * start].decode("utf-16-le", "replace"), _named(text, names)]
            done = 2 * (start + units(text))
            for match in _STRING.finditer(text):
                at = start + units(text[: match.start()])
                stretches.append(Stretch(number, at, len(_named(match[0], names)) - len(match[0])))
        lines[number] = "".join([*pieces, line[done:].decode("utf-16-le", "replace")])
    return "".join(lines).encode(), sourcemap.stretch(data, stretches)


def _named(code: str, names: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        words = match["words"].split(" ")
        return match[0] if match["is_key"] else f'"{" ".join(names.get(word, word) for word in words)}"'

    return _STRING.sub(put, code)
