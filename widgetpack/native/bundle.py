"""From a `Tree` with sources beside it to the `Tree` that ships, and what became known on the way."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import reason_of
from widgetpack.files.selection import read_regular
from widgetpack.native import sourcemap
from widgetpack.native.assets import Filled, fill
from widgetpack.native.claims import claimed, has_react
from widgetpack.native.css import STYLE, without_names
from widgetpack.native.defines import lost_defines, run_defining
from widgetpack.native.env import load_environment, secret_names
from widgetpack.native.exported import no_constructor
from widgetpack.native.facts import Build
from widgetpack.native.judged import Seen, facts
from widgetpack.native.options import is_provided, provided
from widgetpack.native.packages import is_package
from widgetpack.native.parts import Parts, contents_of, count
from widgetpack.native.read import read_sources
from widgetpack.native.run import Job, Ran, run
from widgetpack.native.scoped import scoped
from widgetpack.native.ship import shipped
from widgetpack.native.wrap import leave, wrap
from widgetpack.toolchain.executable import EsbuildError
from widgetpack.toolchain.find import find_esbuild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from widgetpack.config.script import ScriptOptions
    from widgetpack.config.settings import Config
    from widgetpack.model import Tree
    from widgetpack.native.entry import Entry


class _Made(NamedTuple):
    """What the runs made, for `_add` to add to."""

    scripts: dict[str, bytes]
    css: dict[str, str]
    """By script, where the scripts do not carry it."""
    maps: dict[str, bytes]
    assets: dict[str, bytes]
    parts: Parts
    """What scripts and ``style.css`` were made of."""


def bundle_sources(
    tree: Tree, config: Config, entries: Sequence[Entry], meanwhile: Callable[[Tree], object] | None = None
) -> Build:
    """Bundle ``entries`` and return what ships; where that fails, the tree has none of their scripts.

    ``meanwhile`` is called with ``tree`` while esbuild works, maybe more than once.
    Faults of the sources are facts. Raises `WidgetpackError` where esbuild is missing or does not work, `ConfigError` for a
    ``.env`` file that cannot be read.
    """
    cwd = os.path.realpath(config.base)
    own = (f"!{name}" for name in claimed(_real(entries)) if name not in config.script.external)
    options = config.script._replace(external=(*config.script.external, *own))
    during = None if meanwhile is None else partial(meanwhile, tree)
    environment = load_environment(config, _read_env(config))
    job = Job(find_esbuild(config), options, environment, cwd, during, has_react=_bundles_react(options, entries))
    runs = [(scoped(job, ran), leaves) for ran, leaves in _runs(job, entries)]
    sources = read_sources(cwd, _named_files(runs))
    made = _Made({}, {}, {}, {}, {})
    for ran, leaves in runs:
        _add(made, job, ran, leaves=leaves)
    failed = not all(ran.files for ran, _ in runs)
    secret = secret_names(job.environment, b"\n".join(made.scripts.values()).decode("utf-8", "replace"))
    seen = Seen([ran for ran, _ in runs], sources, secret, provided(options))
    inputs = tuple(_inputs(config, entries, cwd, sources))
    outputs = {} if failed else made.scripts | made.assets | _style(tree, list(made.css.values()), inputs)
    tree = shipped(tree, entries, outputs, inputs)
    contents = tuple(contents_of(made.parts, tree.files, cwd))
    known = (*facts(seen), *lost_defines(job, seen.runs, sources), *no_constructor(seen.runs, sources))
    return Build(tree, failed, known, config.base.as_posix(), sources, made.maps, inputs, contents)


def _read_env(config: Config) -> bytes:
    if not config.script.env_file:
        return b""
    path = config.base / config.script.env_file
    reason = "longer than 1 MB, or changing"
    try:
        data = read_regular(str(path))
    except OSError as error:
        data, reason = None, reason_of(error)
    if data is None:
        raise config.fault(("script", "env-file"), f"`script.env-file`: {path.as_posix()}: cannot be read: {reason}")
    return data


def _runs(job: Job, entries: Sequence[Entry]) -> Iterator[tuple[Ran, bool]]:
    """Yield what each run brought, and whether its script calls ``define`` itself and is left as it is."""
    left = {entry: run_defining(job, entry) for entry in entries}
    plain = [entry for entry, ran in left.items() if ran is None]
    if plain:
        yield run(job, plain, "cjs", hides_amd=True), False
    yield from ((ran, True) for ran in left.values() if ran is not None)


def _named_files(runs: Sequence[tuple[Ran, bool]]) -> Iterator[str]:
    """Yield the files that the runs read, without packages, and those that they speak of."""
    for ran, _ in runs:
        yield from (path for path in ran.metafile.inputs if not is_package(path))
        for message in ran.messages:
            yield from (spot.path for spot in (message.spot, *(note.spot for note in message.notes)) if spot)


def _bundles_react(options: ScriptOptions, entries: Sequence[Entry]) -> bool:
    # One that the page has brings no `react/jsx-runtime` along.
    return not is_provided("react", (*provided(options), *dict(options.rename))) and has_react(_real(entries))


def _real(entries: Sequence[Entry]) -> list[str]:
    return [os.path.realpath(entry.source) for entry in entries]


def _inputs(config: Config, entries: Sequence[Entry], cwd: str, sources: Iterable[str]) -> Iterator[str]:
    """Yield the absolute paths of what the next build may read otherwise, each once."""
    paths = _real(entries)
    paths += [path for path in sources if not is_package(path)]
    if config.script.env_file:
        paths.append(os.path.abspath(config.base / config.script.env_file))  # noqa: PTH100
    yield from dict.fromkeys(os.path.normpath(os.path.join(cwd, path)) for path in paths)  # noqa: PTH118


def _add(made: _Made, job: Job, ran: Ran, *, leaves: bool) -> None:
    """Wrap every script of a run, and move its source map with it."""
    options, modules = job.options, provided(job.options)
    for name in [path for path in ran.files if path.endswith(".js")]:
        code = fill(ran.files[name].decode("utf-8", "replace"), ran.files, options.inline_limit)
        css = _css(job, ran, f"{name.removesuffix('.js')}.css")
        made.assets.update(code.files | css.files)
        count(made.parts, ran.metafile, (name, code), (STYLE if options.css == "file" else name, css))
        if options.css == "file":
            made.css[name] = css.text
        carried = "" if options.css == "file" else css.text
        given = [module for module in ran.metafile.externals.get(name, ()) if is_provided(module, modules)]
        wrapped = leave(code.text, carried) if leaves else wrap(code.text, given, carried)
        moved = _map(job, ran, name, code, wrapped.above)
        comment = sourcemap.inline(moved) if options.sourcemap == "inline" else ""
        made.scripts[name], made.maps[name] = (wrapped.text + comment).encode(), moved


def _map(job: Job, ran: Ran, name: str, code: Filled, above: int) -> bytes:
    """Return the source map of the script ``name`` as it stands below ``above`` lines."""
    data, inputs = ran.files[f"{name}.map"], frozenset(ran.metafile.inputs)
    try:
        stretched = sourcemap.stretch(data, code.stretches) if code.stretches else data
        return sourcemap.move(stretched, name, above, (ran.out, job.cwd), inputs)
    except ValueError:
        raise EsbuildError(job.esbuild, "writes no source map that can be read") from None


def _css(job: Job, ran: Ran, name: str) -> Filled:
    """Return the css of a script; where that goes into the page, there is no folder from which the path of a file could start."""
    text = ran.files.get(name, b"").decode("utf-8", "replace")
    named = without_names(text, ran.metafile.inputs)
    return fill(named, ran.files, job.options.inline_limit if job.options.css == "file" else None)


def _style(tree: Tree, css: Sequence[str], inputs: Sequence[str]) -> dict[str, bytes]:
    """Return the file of the css that the scripts do not carry, behind a ``style.css`` of the widget that is none of the sources."""
    texts = list(filter(None, css))
    if not texts:
        return {}
    is_source = os.path.join(os.path.realpath(tree.source), STYLE) in inputs  # noqa: PTH118
    own = (
        []
        if is_source or STYLE not in tree.files
        else [tree.files[STYLE].decode("utf-8", "replace").rstrip("\n") + "\n"]
    )
    return {STYLE: "".join(dict.fromkeys([*own, *texts])).encode()}
