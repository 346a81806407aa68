"""What sources ask of other tools: component files, languages that become css, and what Vite and webpack add to JavaScript.

esbuild refuses some of it in words about loaders. The rest it takes for something else, and the script fails in the page.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.comments import without_comments
from widgetpack.model import Place
from widgetpack.native.facts import SourceFault
from widgetpack.native.options import LOADERS, SCRIPTS
from widgetpack.native.packages import is_package
from widgetpack.native.read import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from widgetpack.native.messages import Message

_MAKERS: Final = {
    "vue": "Vue's compiler",
    "svelte": "Svelte's compiler",
    "astro": "Astro's compiler",
    "mdx": "the compiler of MDX",
    "pug": "the compiler of Pug",
    "jade": "the compiler of Pug",
    "coffee": "the compiler of CoffeeScript",
    "scss": "Sass",
    "sass": "Sass",
    "less": "Less",
    "styl": "Stylus",
    "stylus": "Stylus",
    "graphql": "a loader for GraphQL",
    "gql": "a loader for GraphQL",
}
"""Ending -> what makes JavaScript or css of such a file."""
_OWN_BUILD: Final = "let `[script] command` run the project's own build first (docs/migrating.md)"

_NO_LOADER: Final = re.compile(r'No loader is configured for "\.([^"]+)" files: (.*)')
_NO_EXPORT: Final = re.compile(r'No matching export in "([^"]+)\.svg(?:\?[^"]*)?" for import "ReactComponent"')
_LOADER_PATH: Final = re.compile(r'Could not resolve "([^"]*[\w/-]-loader(?:\?[^"!]*)?![^"]*)"')
_VIRTUAL: Final = re.compile(r'Could not resolve "((?:virtual:|~icons/|uno\.css)[^"]*)"')
_QUERIES: Final = {
    "worker": "a worker",
    "sharedworker": "a worker",
    "react": "",
    "component": "",
    "raw": "a text",
    "url": "an address",
    "inline": "a text",
}
"""Vite's word behind the ``?`` of an import -> what it makes of the file; ``?worker&inline`` is a worker, so the order counts."""
_QUERY: Final = re.compile(r"\.(\w+)\?([\w=&-]+)")

_CONTEXT: Final = re.compile(rb"(?<![\w$.])require\s*\.\s*context\s*\(")
_META: Final = re.compile(rb"import\.meta\s*\.\s*(?:(glob|globEager)\s*[(<]|env\s*(?:\.\s*([\w$]+)|\[))")
_META_GUARD: Final = re.compile(rb"typeof\s+import\.meta|import\.meta(?:\.env)?\s*(?:&&|\?)")
_SVG: Final = re.compile(rb"import\s+([A-Z][\w$]*)\s+from\s*([\"'][^\"'\n]+\.svg[\"'])")
_TAILWIND: Final = re.compile(rb"@tailwind\s+[\w-]+|@import\s+(?:url\()?[\"']tailwindcss")


class Want(NamedTuple):
    """One place where a source asks for what another tool makes."""

    kind: str
    """Wants of one kind are told once."""
    name: str
    """What is asked for, as the source or the file system names it."""
    words: str
    """Why nothing comes of it, and the cure; follows the names."""
    place: Place


def by_message(message: Message, sources: Mapping[str, bytes]) -> Want | None:
    """Return what a message of esbuild says of such a want, or None where it is about something else."""
    place = place_of(message.spot, sources)
    if match := _NO_LOADER.fullmatch(message.text):
        maker = _MAKERS.get(match[1].lower(), "a tool of its own")
        return Want(match[1], match[2], f"a .{match[1]} file needs {maker}: {_OWN_BUILD}", place)
    if match := _NO_EXPORT.fullmatch(message.text):
        return _component(f"{match[1]}.svg", place)
    if match := _LOADER_PATH.fullmatch(message.text):
        return Want("loader", match[1], f"only webpack runs loaders: {_OWN_BUILD}", place)
    if match := _VIRTUAL.fullmatch(message.text):
        return Want("virtual", match[1], f"a plugin of the project's own build makes this module: {_OWN_BUILD}", place)
    if message.name == "empty-import-meta" and message.spot is not None:
        return _by_meta(sources.get(message.spot.path, b""), place)
    return None


def _by_meta(data: bytes, place: Place) -> Want | None:
    match = _META.match(data, place.offset or 0)
    if match is None or _META_GUARD.search(data):
        return None  # empty, as it is where no bundler sets it: `if (import.meta.hot)` does no harm
    if match[1]:
        return Want("glob", "import.meta.glob", f"only Vite knows it: {_OWN_BUILD}", place)
    name = f"import.meta.env.{match[2].decode()}" if match[2] else "import.meta.env"
    cure = 'set it below `[script.define]` (`"import.meta.env.NAME" = "value"`)'
    return Want("env", name, f"only Vite sets it: {cure}, or {_OWN_BUILD}", place)


def by_sources(sources: Mapping[str, bytes], inputs: Sequence[str], scripts: Iterable[bytes]) -> Iterator[Want]:
    """Yield the wants that esbuild said nothing of, in sources that are no packages.

    ``inputs`` are the files that it read, ``scripts`` what it wrote; both are empty where it failed.
    """
    asked = dict.fromkeys(path.rpartition("/")[2] for path in inputs if "?" in path)
    has_context = any(_CONTEXT.search(script) for script in scripts)
    for path, data in sources.items():
        if is_package(path):
            continue
        if path.endswith(".css"):
            for match, place in _found(_TAILWIND, path, data):
                yield Want("tailwind", match[0].decode(), f"Tailwind's own tool makes css of it: {_OWN_BUILD}", place)
        if path.endswith(SCRIPTS):
            yield from _by_imports(path, data, asked)
            yield from _by_components(path, data)
            for _, place in _found(_CONTEXT, path, data) if has_context else ():
                yield Want("context", "require.context", f"only webpack knows it: {_OWN_BUILD}", place)


def _by_imports(path: str, data: bytes, asked: Iterable[str]) -> Iterator[Want]:
    """Yield the imports with a word of Vite's behind the ``?`` that esbuild answered otherwise."""
    for name in asked:
        match = _QUERY.search(name)
        given = re.split("[&=]", match[2]) if match else []
        query = next((word for word in _QUERIES if word in given), "")
        if match is None or not query or _is_answered(query, match[1].lower()):
            continue
        literal = re.compile(rb"[\"'`][^\"'`\n]*" + re.escape(name.encode()) + rb"[\"'`]")
        for found, place in _found(literal, path, data):
            shown = found[0][1:-1].decode("utf-8", "replace")
            if query in ("react", "component"):
                yield _component(shown, place)
            else:
                words = f"only Vite knows `?{query}`, which makes {_QUERIES[query]} of the file: {_OWN_BUILD}"
                yield Want(query, shown, words, place)


def _is_answered(query: str, ending: str) -> bool:
    """Tell whether what esbuild makes of a file is what the query asks for anyway."""
    if query in ("url", "inline"):
        return ending in LOADERS["dataurl"]
    return query == "raw" and ending in LOADERS["text"]


def _by_components(path: str, data: bytes) -> Iterator[Want]:
    """Yield the pictures that are imported as a text and then used as if they were a component."""
    for match, place in _found(_SVG, path, data):
        name = re.escape(match[1])
        used = re.compile(rb"<%b(?=[\s/>])|createElement\(\s*%b(?![\w$])" % (name, name))
        if next(_found(used, path, data), None) is not None:
            yield _component(match[2][1:-1].decode("utf-8", "replace"), place)


def _component(name: str, place: Place) -> Want:
    return Want("svgr", name, f"an imported picture is an address, no component; svgr makes one: {_OWN_BUILD}", place)


def _found(pattern: re.Pattern[bytes], path: str, data: bytes) -> Iterator[tuple[re.Match[bytes], Place]]:
    """Yield the matches outside of comments."""
    if pattern.search(data) is None:
        return
    code = without_comments(path, data)
    yield from ((match, Place(path, offset=match.start())) for match in pattern.finditer(code))


def as_faults(wants: Iterable[Want]) -> Iterator[SourceFault]:
    """Yield one error per kind, at the first place: one reason needs no second error, and one command is the cure of all."""
    found = sorted(set(wants), key=lambda want: (want.place.path, want.place.offset or 0, want.name))
    counts = Counter(want.kind for want in found)
    for want in {want.kind: want for want in reversed(found)}.values():
        more = f" and {counts[want.kind] - 1} more" if counts[want.kind] > 1 else ""
        yield SourceFault("error", f"{want.name}{more}: {want.words}", want.place)
