"""From what the runs of esbuild said to facts with places, in words that fit a widget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.model import Place
from widgetpack.native.beyond import as_faults, by_message, by_sources
from widgetpack.native.env import find_uses
from widgetpack.native.facts import AbsentModule, BuiltInSecret, Fact, SourceFault, UnsetName
from widgetpack.native.options import is_provided
from widgetpack.native.packages import is_package
from widgetpack.native.read import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.native.beyond import Want
    from widgetpack.native.messages import Message
    from widgetpack.native.metafile import Import, Metafile
    from widgetpack.native.run import Ran

_UNRESOLVED: Final = re.compile(r'Could not resolve "([^"]+)"')
_PACKAGE: Final = re.compile(r"(?:@[\w.~-]+/)?[A-Za-z0-9_][\w.~-]*", re.ASCII)
_IN_NODE: Final = frozenset(
    """assert buffer child_process cluster crypto dgram dns events fs http http2 https module net os path perf_hooks process
    punycode querystring readline stream string_decoder timers tls tty url util v8 vm worker_threads zlib""".split()  # noqa: SIM905
)


class Seen(NamedTuple):
    """What the runs brought up."""

    runs: Sequence[Ran]
    sources: Mapping[str, bytes]
    secrets: tuple[str, ...]
    """Names in ``process.env``."""
    provided: tuple[str, ...]
    """Modules of the page."""


def facts(seen: Seen) -> Iterator[Fact]:
    """Yield what the rules judge, each fact once."""
    messages = [message for ran in seen.runs for message in ran.messages if _is_told(message)]
    wants = {message: by_message(message, seen.sources) for message in messages}
    found: list[Fact] = [_fault(message, seen.sources) for message in messages if wants[message] is None]
    found += as_faults((*filter(None, wants.values()), *_unsaid(seen)))
    unset = dict.fromkeys(name for ran in seen.runs for name in ran.unset)
    found += [UnsetName(use.name, Place(use.path, offset=use.offset)) for use in find_uses(tuple(unset), seen.sources)]
    used = {use.name: Place(use.path, offset=use.offset) for use in find_uses(seen.secrets, seen.sources)}
    found += [BuiltInSecret(name, used.get(name, Place(""))) for name in seen.secrets]
    found += [fact for ran in seen.runs for fact in _absent(ran.metafile, seen)]
    yield from dict.fromkeys(found)


def _unsaid(seen: Seen) -> Iterator[Want]:
    """Yield what the sources ask of other tools, and esbuild took for something else."""
    inputs = [path for ran in seen.runs for path in ran.metafile.inputs]
    scripts = [data for ran in seen.runs for name, data in ran.files.items() if name.endswith(".js")]
    return by_sources(seen.sources, inputs, scripts)


def _is_told(message: Message) -> bool:
    """Tell whether a message is about the widget's own sources; what a package does is not for its user to mend."""
    return message.kind == "error" or message.spot is None or not is_package(message.spot.path)


def _fault(message: Message, sources: Mapping[str, bytes]) -> SourceFault:
    related = tuple((place_of(note.spot, sources), note.text.rstrip(":")) for note in message.notes if note.spot)
    return SourceFault(message.kind, _words(message), place_of(message.spot, sources), related)


def _words(message: Message) -> str:
    """Return a message with what to do about it; esbuild's own advice speaks of its options, which nobody here sees."""
    if match := _UNRESOLVED.fullmatch(message.text):
        return f'"{match[1]}" leads nowhere: {_cure(match[1])}'
    if message.name == "empty-import-meta":
        return "import.meta is empty in a script of the page"
    texts = [note.text for note in message.notes if not note.spot and "://" not in note.text]
    advice = "" if message.kind == "error" or not texts else f" ({texts[0].partition('. ')[0].rstrip('.')})"
    return f"{message.text[:1].lower() if message.text[1:2].islower() else message.text[:1]}{message.text[1:]}{advice}"


def _cure(name: str) -> str:
    if name.startswith((".", "/")):
        return "no such file"
    if name.startswith("node:") or name in _IN_NODE:
        return "a module of Node, which no browser has"
    package = _PACKAGE.match(name)
    if name.startswith(("@/", "~", "#")):
        return "an alias of another tool; `paths` in tsconfig.json say it here, too"
    if package is None:
        return "no file and no package of that name"
    return f"`npm install {package[0]}`, or `paths` in tsconfig.json, or `[script] external` for a module of the page"


def _absent(metafile: Metafile, seen: Seen) -> Iterator[AbsentModule]:
    """Yield imports that stay outside and that no page has; a ``require`` that is caught is the package's own business."""
    asked = {name for names in metafile.externals.values() for name in names}  # imports of types alone are in no output
    for item in metafile.imports:
        owner = next((name for name in seen.provided if item.name.startswith(name + "/")), "")
        if item.name in asked and not is_provided(item.name, seen.provided) and (owner or item.kind != "require-call"):
            yield AbsentModule(item.name, owner, _place_of_import(item, seen.sources))


def _place_of_import(item: Import, sources: Mapping[str, bytes]) -> Place:
    data = sources.get(item.path)
    if data is None:
        return Place("") if is_package(item.path) else Place(item.path)
    found = re.search(rb"[\"'`]" + re.escape(item.name.encode()) + rb"[\"'`]", data)
    return Place(item.path, offset=found.start()) if found else Place(item.path)
