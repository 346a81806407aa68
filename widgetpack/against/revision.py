"""A widget at a revision of its git repository: what `build` would have made of it.

Sources are bundled beside the packages that are installed now. That gives what the revision gave only where everything else is the
revision's too: its config and its ``.env`` file are taken, the versions of the packages are compared with its lock file, and where
something cannot be known the comparison is refused, for no widget may pass as unchanged because nobody could see the change.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from widgetpack.against.installed import LOCKS, are_those_of
from widgetpack.against.repository import blobs, commit_of, file_at, has, prefix_of
from widgetpack.against.state import State, state, version_in
from widgetpack.config.file import FILE_NAME, PROJECT_FILE, find_file
from widgetpack.config.settings import Config, read_config
from widgetpack.errors import ConfigError, UsageError
from widgetpack.files.sources import find_root, read_tree
from widgetpack.native.build import read_build
from widgetpack.native.entry import find_entries
from widgetpack.native.facts import Build, SourceFault
from widgetpack.native.packages import is_package
from widgetpack.widget import load_widget

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Past(NamedTuple):
    """A revision, laid out in a folder of its own."""

    now: Config
    commit: str
    prefix: str
    """The widget's folder as seen from the top of the repository."""
    top: Path
    """Where the repository's top would be; only the widget's folder and config files are in it."""

    @property
    def folder(self) -> Path:
        """The widget's folder."""
        return self.top / self.prefix

    @property
    def levels(self) -> Iterator[tuple[str, Path]]:
        """The folders from the widget's up to the top: as seen from there, and where they lie today."""
        here = Path(os.path.realpath(self.now.base))
        parts = Path(self.prefix).parts
        for number in range(len(parts), -1, -1):
            yield "/".join(parts[:number]), here.parents[len(parts) - number - 1] if number < len(parts) else here


def revision(config: Config) -> State | None:
    """Return the state of the widget's folder at the revision ``config.against``; None where the widget was not there yet.

    Raises `UsageError` where that is no revision or where what it gave cannot be known, and `WidgetpackError` where git is missing.
    """
    commit, prefix = commit_of(config), prefix_of(config)
    if not has(config, f"{commit}:{prefix}"):
        return None
    with tempfile.TemporaryDirectory(prefix="widgetpack-") as temporary:
        past = _Past(config, commit, prefix, Path(os.path.realpath(temporary)))
        _lay(past)
        old = _config_of(past)
        if find_root(old) is None:
            if config.script.command:
                _refuse(config, "`[script] command` makes the widget's folder, and the revision has none")
            return None
        tree = read_tree(past.folder, old)
        return _bundled(past, old) if find_entries(tree, old) else state(load_widget(tree, old))


def _refuse(config: Config, reason: str) -> NoReturn:
    message = f"--against {config.against}: {reason}"
    raise UsageError(message, "name the zip of the last upload")


def _lay(past: _Past) -> None:
    past.folder.mkdir(parents=True, exist_ok=True)
    for path, data, is_link in blobs(past.now, f"{past.commit}:{past.prefix}"):
        target = past.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_link:
            target.symlink_to(os.fsdecode(data))
        else:
            target.write_bytes(data)


def _config_of(past: _Past) -> Config:
    """Return the settings that the revision had, with what the command line says now.

    A file that the command line names counts as it is today.
    """
    now, found = past.now, find_file(past.now.base)
    if now.file is not None and (found is None or os.path.realpath(found) != os.path.realpath(now.file)):
        return now._replace(base=past.folder)
    (past.top / ".git").mkdir(exist_ok=True)  # the search for a config ends there
    for level, _ in past.levels:
        for name in (FILE_NAME, PROJECT_FILE):
            data = file_at(now, past.commit, f"{level}/{name}".lstrip("/"))
            if data is not None and not os.path.lexists(past.top / level / name):
                (past.top / level / name).write_bytes(data)
    try:
        old = read_config(past.folder)
    except ConfigError as error:
        _refuse(now, f"its config cannot be used: {str(error).removeprefix(f'{past.top.as_posix()}/')}")
    names = {"esbuild", "against", *(name for name, _ in now.origins if name in Config._fields)}
    script = old.script._replace(minify=True) if "minify" in dict(now.origins) else old.script
    return old._replace(script=script, **{name: getattr(now, name) for name in sorted(names)})


def _bundled(past: _Past, old: Config) -> State:
    """Return the state of a widget made of sources; the digest is empty where its packages were others."""
    if old.script.env_file and not (old.base / old.script.env_file).is_file():
        _refuse(past.now, f"its values are in {old.script.env_file}, which the revision does not have")
    links = dict(_link_packages(past))
    made = read_build(past.folder, old)
    _refuse_unknown(past, made)
    parts = (f"{item.base}/{path}" for item in made.contents for path, _ in item.parts)
    inside = (os.path.normpath(path).replace(os.sep, "/") for path in parts)
    # Packages that git holds are the revision's own.
    paths = {path for path in inside if is_package(path) and not Path(path).is_relative_to(past.top)}
    version = version_in(made.tree.files)
    if paths and not _has_those_packages(past, paths):
        return version, ""
    base = os.path.realpath(past.now.base)
    files = dict(made.tree.files)
    for name in {item.file for item in made.contents} & files.keys():
        # Comments and keys of esbuild's name packages as seen from the folder that it ran in.
        for link, real in links.items():
            before, after = (os.path.relpath(real, folder).replace(os.sep, "/") for folder in (link, base))
            files[name] = files[name].replace(f"{before}/".encode(), f"{after}/".encode())
    return state(load_widget(made.tree._replace(files=files), old))


def _link_packages(past: _Past) -> Iterator[tuple[str, str]]:
    """Put today's packages where the revision looks for them; yield the folder that esbuild runs in, and where they lie."""
    for level, today in past.levels:
        link = past.top / level / "node_modules"
        if (today / "node_modules").is_dir() and not os.path.lexists(link):
            link.symlink_to(today / "node_modules", target_is_directory=True)
            yield str(past.folder), os.path.realpath(today / "node_modules")


def _refuse_unknown(past: _Past, made: Build) -> None:
    """Raise where the sources reach for what the revision's folder does not hold."""
    faults = [fact for fact in made.facts if isinstance(fact, SourceFault)]
    for fault in faults:
        if fault.kind == "error" or fault.message.startswith("cannot find base config file"):
            _refuse(past.now, f"its sources cannot be bundled here: {fault.place.path or 'script.js'}: {fault.message}")
    for path in made.inputs:
        if not Path(path).is_relative_to(past.top):
            _refuse(past.now, f"{path} lies outside of the widget's folder")


def _has_those_packages(past: _Past, paths: set[str]) -> bool:
    """Tell whether what is installed is what the revision's lock file names; the one nearest to the widget counts."""
    for level, today in past.levels:
        for name in LOCKS:
            data = file_at(past.now, past.commit, f"{level}/{name}".lstrip("/"))
            if data is not None:
                return are_those_of(data, today / name, paths)
    _refuse(past.now, "no lock file says which packages it was made of")
