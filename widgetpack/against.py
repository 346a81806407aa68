"""The widget beside an earlier state of it: the last build, another zip, or a revision of its git repository."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.archive import contents_digest
from widgetpack.bundle.package import bundle
from widgetpack.documents.load import load_document
from widgetpack.errors import UsageError, WidgetpackError
from widgetpack.files.sources import find_root, read_tree
from widgetpack.files.unzip import read_zip
from widgetpack.model import Artifact, Release
from widgetpack.native.entry import find_entries
from widgetpack.widget import MANIFEST, Widget, load_widget, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        tree = read_zip(last.as_posix(), last.read_bytes())
    except OSError:
        return None
    if MANIFEST not in tree.files or tree.anomalies:
        return None
    version, contents = _packed_state(tree.files)
    return Release(last.as_posix(), version, artifact.version, contents != artifact.contents, asked=False)


def _named(config: Config) -> State | None:
    path = Path(config.against)
    if not path.is_file():
        return _revision(config)
    tree = read_tree(path, config)
    if MANIFEST not in tree.files:
        message = f"--against {config.against}: no widget archive"
        raise UsageError(message, "name the zip that was uploaded, or a git revision")
    return _packed_state(tree.files)


def _revision(config: Config) -> State | None:
    """Return the state of the widget's folder at a git revision."""
    commit = _git(config, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{config.against}^{{commit}}")
    if not commit:
        message = f"--against {config.against}: neither a zip nor a git revision"
        raise UsageError(message, "in CI, fetch the whole history with its tags; `git tag` lists the tags")
    prefix = os.fsdecode(_git(config, "rev-parse", "--show-prefix").rstrip(b"\n"))
    up = os.fsdecode(_git(config, "rev-parse", "--show-cdup").rstrip(b"\n"))  # from a subfolder, archive looks below it
    with tempfile.TemporaryDirectory(prefix="widgetpack-") as folder:
        tree = f"{os.fsdecode(commit.strip())}:{prefix}"
        _unpack(_git(config, "-C", up or ".", "archive", "--format=tar", tree), Path(folder))
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


def _git(config: Config, *arguments: str) -> bytes:
    """Return what git prints in the widget's folder; nothing where it fails."""
    try:
        done = subprocess.run(["git", "-C", str(config.base), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        message = f"--against {config.against}: git is needed for a revision, and cannot be run"
        raise WidgetpackError(message, "install git, or name the zip of the last upload") from None
    return done.stdout if done.returncode == 0 else b""


def _unpack(data: bytes, folder: Path) -> None:
    """Write the plain files of a tar that git made; the folder did not exist at that revision where it made none."""
    if not data:
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read())


def _state(widget: Widget) -> State:
    """Return the state of what `build` would make of a folder, or of a zip as it is."""
    if widget.tree.is_archive:
        return _packed_state(widget.tree.files)
    return _packed_state(bundle(widget).files)


def _packed_state(files: Mapping[str, bytes]) -> State:
    version = value_at(load_document(MANIFEST, files.get(MANIFEST, b"")).value, ("widget", "version"))
    return version if isinstance(version, str) else "", contents_digest(files)
