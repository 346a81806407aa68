"""The widget beside an earlier state of it: the last build, another zip, or a revision of its git repository."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.archive import contents_digest
from widgetpack.bundle.package import bundle
from widgetpack.documents.load import load_document
from widgetpack.errors import UsageError, WidgetpackError
from widgetpack.files.selection import read_regular
from widgetpack.files.sources import find_root, read_tree
from widgetpack.files.unzip import read_zip
from widgetpack.model import MAX_TREE_BYTES, Artifact, Release
from widgetpack.native.entry import find_entries
from widgetpack.widget import MANIFEST, Widget, load_widget, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.config.settings import Config
    from widgetpack.model import Tree

State = tuple[str, str]
"""Version and digest of the contents."""


def release_against(widget: Widget, config: Config) -> Release | None:
    """Compare with what ``config.against`` names: a zip, else a git revision; None where the widget was not there yet.

    Raises `UsageError` where it names neither, and `WidgetpackError` where git is missing.
    """
    before = _named(config)
    if before is None:
        return None
    version, contents = _state(widget)
    public = config.audience == "public"
    return Release(config.against, before[0], version, before[1] != contents, asked=True, public=public)


def release_since(last: Path, artifact: Artifact) -> Release | None:
    """Compare a new artifact with the last build at ``last``; None where there is none that can be read."""
    try:
        data = read_regular(str(last), MAX_TREE_BYTES)
    except OSError:
        return None
    tree = read_zip(last.as_posix(), data or b"")
    if MANIFEST not in tree.files or tree.anomalies:
        return None
    version, contents = _packed_state(tree.files)
    return Release(last.as_posix(), version, artifact.version, contents != artifact.contents, asked=False)


def _named(config: Config) -> State | None:
    path = Path(config.against)
    if not path.is_file():
        return _revision(config)
    try:
        files = read_tree(path, config).files
    except UsageError:
        files = {}
    if MANIFEST not in files:
        message = f"--against {config.against}: no widget archive"
        raise UsageError(message, "name the zip that was uploaded, or a git revision")
    return _packed_state(files)


def _revision(config: Config) -> State | None:
    """Return the state of the widget's folder at a git revision."""
    commit = _git(
        config, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{config.against}^{{commit}}", may=True
    )
    if not commit and config.against.lower().endswith(".zip"):
        message = f"--against {config.against}: no such file"
        raise UsageError(message, "name the zip that was uploaded, or a git revision")
    if not commit:
        message = f"--against {config.against}: neither a zip nor a git revision"
        raise UsageError(message, "in CI, fetch the whole history with its tags; `git tag` lists the tags")
    prefix = _git(config, "rev-parse", "--show-prefix").rstrip(b"\n")
    tree = os.fsdecode(commit.strip() + b":" + prefix)
    if not _git(config, "rev-parse", "--verify", "--quiet", tree, may=True):
        return None
    with tempfile.TemporaryDirectory(prefix="widgetpack-") as folder:
        for path, data, is_link in _blobs(config, tree):
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if is_link:
                target.symlink_to(os.fsdecode(data))
            else:
                target.write_bytes(data)
        old = config._replace(base=Path(folder))
        return (
            _state(load_widget(_classic(read_tree(Path(folder), old), old), old))
            if find_root(old) is not None
            else None
        )


def _classic(tree: Tree, config: Config) -> Tree:
    """Return the tree of a revision; raises where its script is made of sources, for which its packages would be needed."""
    if find_entries(tree, config):
        message = f"--against {config.against}: its script is bundled from sources, and a revision has no packages"
        raise UsageError(message, "name the zip of the last upload")
    return tree


def _blobs(config: Config, tree: str) -> Iterator[tuple[str, bytes, bool]]:
    """Yield path and bytes of each file below a tree of git, as it was committed, and whether it is a link.

    ``git archive`` would leave out or change what ``.gitattributes`` says, which has no say in what ships.
    """
    listed = _git(config, "ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")
    entries = [(*head.split(), path) for head, _, path in (entry.partition(b"\t") for entry in listed if entry)]
    for mode, *_, path in entries:
        if mode == _SUBMODULE:
            message = f"--against {config.against}: {os.fsdecode(path)} is a submodule, whose files this repository does not hold"
            raise WidgetpackError(message, "name the zip of the last upload instead")
    data = _git(config, "cat-file", "--batch", given=b"".join(name + b"\n" for _, _, name, _ in entries))
    at = 0
    for mode, _, name, path in entries:
        end = data.index(b"\n", at)
        words = data[at:end].split()
        if len(words) != _HEAD_WORDS:
            message = f"--against {config.against}: git has no object {os.fsdecode(name)}"
            raise WidgetpackError(message, "fetch the whole history; `git fsck` says what is missing")
        start, size = end + 1, int(words[2])
        at = start + size + 1
        yield os.fsdecode(path), data[start : start + size], mode == _LINK


_SUBMODULE, _LINK = b"160000", b"120000"
"""Modes of a tree's entries."""
_HEAD_WORDS = 3
"""Of an object in ``git cat-file --batch``: name, type, size; two where it is missing."""


def _git(config: Config, *arguments: str, given: bytes = b"", may: bool = False) -> bytes:
    """Return what git prints in the widget's folder; nothing where it fails and ``may``."""
    command = ["git", "-C", str(config.base), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603
    except OSError:
        message = f"--against {config.against}: git is needed for a revision, and cannot be run"
        raise WidgetpackError(message, "install git, or name the zip of the last upload") from None
    if done.returncode and not may:
        reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        message = f"--against {config.against}: git {arguments[0]} failed: {reason}"
        raise WidgetpackError(message, "`git fsck` says what is wrong with the repository")
    return b"" if done.returncode else done.stdout


def _state(widget: Widget) -> State:
    """Return the state of what `build` would make of a folder, or of a zip as it is."""
    if widget.tree.is_archive:
        return _packed_state(widget.tree.files)
    return _packed_state(bundle(widget).files)


def _packed_state(files: Mapping[str, bytes]) -> State:
    version = value_at(load_document(MANIFEST, files.get(MANIFEST, b"")).value, ("widget", "version"))
    return version if isinstance(version, str) else "", contents_digest(files)
