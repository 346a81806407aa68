"""What the command line calls: the plan of one widget's folder, shown or carried out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WriteError
from widgetpack.files.sources import read_tree
from widgetpack.fixes.junk import Junk, find_junk, remove_junk
from widgetpack.fixes.rounds import Fixed, make_plan
from widgetpack.silence.apply import silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.config.settings import Config
    from widgetpack.model import Finding
    from widgetpack.widget import Widget


class Mended(NamedTuple):
    """What was done to one widget."""

    source: str
    fixed: tuple[Fixed, ...]
    failures: tuple[WriteError, ...]
    stays: tuple[str, ...] = ()
    """What lies among the junk and is somebody's own."""


def show(path: Path, config: Config, junk: bool) -> bytes:  # noqa: FBT001  # goes through worker processes by position
    """Return the diff of what `mend` would do to the folder ``path``. Raises `UsageError` as `read_tree` does."""
    from widgetpack.fixes.diff import render_diff

    tree = read_tree(path, config)
    gone, stays = find_junk(tree) if junk else Junk((), ())
    return render_diff(make_plan(tree, config, _kept), gone, stays)


def mend(path: Path, config: Config, junk: bool) -> Mended:  # noqa: FBT001
    """Mend the widget's folder ``path`` in place; with ``junk``, also remove what an operating system left there.

    Raises `UsageError` as `read_tree` does; what cannot be written is said in the result.
    """
    from widgetpack.fixes.write import write_plan

    tree = read_tree(path, config)
    fixed, failures = write_plan(make_plan(tree, config, _kept))
    gone, stays = find_junk(tree) if junk else Junk((), ())
    for name in gone:
        try:
            remove_junk(Path(tree.source), name)
        except WriteError as error:
            failures += (error,)
        else:
            fixed += (Fixed(name, "", "removed, left over by an operating system"),)
    return Mended(tree.source, fixed, failures, stays)


def _kept(widget: Widget, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Take out what the user has silenced."""
    return silence(widget, findings)[0]
