"""From a `Tree` with sources beside it to the `Tree` that ships, and what became known on the way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.config.file import config_fault
from widgetpack.errors import ConfigError
from widgetpack.files.selection import read_regular
from widgetpack.native import sourcemap
from widgetpack.native.assets import Filled, fill
from widgetpack.native.claims import claimed
from widgetpack.native.css import STYLE, without_names
from widgetpack.native.env import load_environment, secret_names
from widgetpack.native.facts import Build
from widgetpack.native.judged import Seen, facts
from widgetpack.native.metafile import is_package
from widgetpack.native.options import is_provided, provided
from widgetpack.native.read import read_sources
from widgetpack.native.run import Job, Ran, asks_for_amd, calls_define, run
from widgetpack.native.ship import shipped
from widgetpack.native.wrap import leave, wrap
from widgetpack.toolchain.find import find_esbuild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from widgetpack.config.settings import Config
    from widgetpack.model import Tree
    from widgetpack.native.entry import Entry


class _Made(NamedTuple):
    """The scripts and the css of one run."""

    scripts: dict[str, bytes]
    css: dict[str, str]
    """By script, where the scripts do not carry it."""
    maps: dict[str, bytes]
    assets: dict[str, bytes]


def bundle_sources(tree: Tree, config: Config, entries: Sequence[Entry]) -> Build:
    """Bundle ``entries`` and return what ships; where that fails, the tree has none of their scripts.

    Faults of the sources are facts. Raises `WidgetpackError` where esbuild is missing or does not work, `ConfigError` for a
    ``.env`` file that cannot be read.
    """
    cwd = os.path.realpath(config.base)
    own = (f"!{name}" for name in claimed(cwd) if name not in config.script.external)
    options = config.script._replace(external=(*config.script.external, *own))
    job = Job(find_esbuild(config), options, load_environment(config, _read_env(config)), cwd)
    runs = list(_runs(job, entries))
    sources = read_sources(cwd, _named_files(runs))
    made = [_made(job, ran, leaves=leaves) for ran, leaves in runs if ran.metafile]
    failed = len(made) < len(runs)
    scripts = {name: data for one in made for name, data in one.scripts.items()}
    secret = secret_names(job.environment, b"\n".join(scripts.values()).decode("utf-8", "replace"))
    seen = Seen([ran for ran, _ in runs], sources, secret, provided(options))
    inputs = tuple(_inputs(config, entries, cwd, sources))
    assets = {name: data for one in made for name, data in one.assets.items()}
    outputs = {} if failed else scripts | assets | _style(tree, made, inputs)
    maps = {name: data for one in made for name, data in one.maps.items()}
    tree = shipped(tree, entries, outputs, inputs)
    return Build(tree, failed, tuple(facts(seen)), config.base.as_posix(), sources, maps, inputs)


def _read_env(config: Config) -> bytes:
    if not config.script.env_file:
        return b""
    path = config.base / config.script.env_file
    try:
        data = read_regular(str(path))
    except OSError as error:
        data, reason = None, (error.strerror or str(error)).lower()
    else:
        reason = "longer than 1 MB, or changing"
    if data is not None:
        return data
    words = f"`script.env-file`: {path.as_posix()}: cannot be read: {reason}"
    raise (
        ConfigError(words)
        if config.file is None
        else config_fault(config.file, config.text, ("script", "env-file"), words)
    )


def _runs(job: Job, entries: Sequence[Entry]) -> Iterator[tuple[Ran, bool]]:
    """Yield what each run brought, and whether its script calls ``define`` itself and is left as it is."""
    own = [entry for entry in entries if calls_define(job, entry)]
    plain = [entry for entry in entries if entry not in own]
    if plain:
        yield run(job, plain, "cjs", hides_amd=True), False
    for entry in own:
        yield run(job, [entry], "iife", hides_amd=not asks_for_amd(entry)), True


def _named_files(runs: Sequence[tuple[Ran, bool]]) -> Iterator[str]:
    """Yield the files that the runs read, without packages, and those that they speak of."""
    for ran, _ in runs:
        yield from (path for path in (ran.metafile.inputs if ran.metafile else ()) if not is_package(path))
        for message in ran.messages:
            yield from (spot.path for spot in (message.spot, *(note.spot for note in message.notes)) if spot)


def _inputs(config: Config, entries: Sequence[Entry], cwd: str, sources: Iterable[str]) -> Iterator[str]:
    """Yield the absolute paths of what the next build may read otherwise, each once."""
    paths = [os.path.realpath(entry.source) for entry in entries]
    paths += [path for path in sources if not is_package(path)]
    if config.script.env_file:
        paths.append(os.path.abspath(config.base / config.script.env_file))  # noqa: PTH100
    yield from dict.fromkeys(os.path.normpath(os.path.join(cwd, path)) for path in paths)  # noqa: PTH118


def _made(job: Job, ran: Ran, *, leaves: bool) -> _Made:
    """Wrap every script of a run, and move its source map with it."""
    options, modules = job.options, provided(job.options)
    made = _Made({}, {}, {}, {})
    for name in [path for path in ran.files if path.endswith(".js")]:
        code = fill(ran.files[name].decode("utf-8", "replace"), ran.files, options.inline_limit)
        css = _css(job, ran, f"{name.removesuffix('.js')}.css")
        made.assets.update(code.files | css.files)
        if options.css == "file":
            made.css[name] = css.text
        carried = "" if options.css == "file" else css.text
        externals = ran.metafile.externals.get(name, ()) if ran.metafile else ()
        given = [module for module in externals if is_provided(module, modules)]
        wrapped = leave(code.text, carried) if leaves else wrap(code.text, given, carried)
        data = ran.files[f"{name}.map"]
        stretched = sourcemap.stretch(data, code.stretches) if code.stretches else data
        moved = sourcemap.move(stretched, name, wrapped.above, ran.out, job.cwd)
        comment = sourcemap.inline(moved) if options.sourcemap == "inline" else ""
        made.scripts[name], made.maps[name] = (wrapped.text + comment).encode(), moved
    return made


def _css(job: Job, ran: Ran, name: str) -> Filled:
    """Return the css of a script; where that goes into the page, there is no folder from which the path of a file could start."""
    text = ran.files.get(name, b"").decode("utf-8", "replace")
    named = without_names(text, ran.metafile.inputs if ran.metafile else ())
    return fill(named, ran.files, job.options.inline_limit if job.options.css == "file" else None)


def _style(tree: Tree, made: Sequence[_Made], inputs: Sequence[str]) -> dict[str, bytes]:
    """Return the file of the css that the scripts do not carry, behind a ``style.css`` of the widget that is none of the sources."""
    texts = [css for one in made for css in one.css.values() if css]
    if not texts:
        return {}
    is_source = os.path.join(os.path.realpath(tree.source), STYLE) in inputs  # noqa: PTH118
    own = (
        []
        if is_source or STYLE not in tree.files
        else [tree.files[STYLE].decode("utf-8", "replace").rstrip("\n") + "\n"]
    )
    return {STYLE: "".join(dict.fromkeys([*own, *texts])).encode()}
