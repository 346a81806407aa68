"""From an earlier state of a widget to the `Release` that rules judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.against.state import State, packed_state, state
from widgetpack.errors import UsageError
from widgetpack.files.selection import read_regular
from widgetpack.files.sources import read_tree
from widgetpack.files.unzip import read_zip
from widgetpack.model import MAX_TREE_BYTES, Artifact, Release
from widgetpack.widget import MANIFEST, Widget

if TYPE_CHECKING:
    from widgetpack.config.settings import Config


def release_against(widget: Widget, config: Config) -> Release | None:
    """Compare with what ``config.against`` names: a zip, else a git revision; None where the widget was not there yet.

    Raises `UsageError` where it names neither, and `WidgetpackError` where git is missing.
    """
    before = _named(config)
    if before is None:
        return None
    version, contents = state(widget)
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
    version, contents = packed_state(tree.files)
    return Release(last.as_posix(), version, artifact.version, contents != artifact.contents, asked=False)


def _named(config: Config) -> State | None:
    path = Path(config.against)
    if not path.is_file():
        # Imported here: most comparisons are with a zip.
        from widgetpack.against.revision import revision

        return revision(config)
    try:
        files = read_tree(path, config).files
    except UsageError:
        files = {}
    if MANIFEST not in files:
        message = f"--against {config.against}: no widget archive"
        raise UsageError(message, "name the zip that was uploaded, or a git revision")
    return packed_state(files)
