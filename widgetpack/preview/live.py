"""What `preview` makes of a change: the widget as it ships, in memory, and what the page must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.bundle.linked_maps import with_maps
from widgetpack.bundle.package import bundle
from widgetpack.files.selection import FIXTURES
from widgetpack.pipeline import make
from widgetpack.preview.app import Sandbox, Shown, as_told
from widgetpack.preview.fixtures import files_of, load_fixtures, read_beside
from widgetpack.preview.origin import Sources
from widgetpack.preview.state import load_state
from widgetpack.report.text import human_size, plural
from widgetpack.watch.loop import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from widgetpack.bundle.package import Package
    from widgetpack.config.settings import Config
    from widgetpack.errors import WidgetpackError
    from widgetpack.pipeline import Made


class Preview:
    """Work of a watch: builds in memory in the main thread; the server's thread shows the last good one."""

    def __init__(self, sandbox: Sandbox, origin: str, say: Callable[[str], None]) -> None:
        """Take the page's server, its address, and what prints a line."""
        self._sandbox = sandbox
        self._origin = origin
        self._say = say

    def make(self, path: Path, config: Config) -> Outcome:
        """Build and show; a widget with errors is shown as far as it can run, for that is where they can be seen."""
        made = make(path, config._replace(fail_level="error"))
        findings = as_told(made.result.findings)
        package = runnable(made)
        if package is None:
            self._sandbox.keep("the build has errors", findings)
            return Outcome(made.result, "")
        shown = load_shown(made, package, config, self._sandbox.number + 1)
        for fault in shown.state["faults"]:
            self._say("{path}:{line}:{column}: {message}".format(**fault))
        # The browser's own tools show the sources, too; what is told of the build's size is without the maps.
        served = with_maps(package, made.widget.tree.files, made.build.maps)
        self._sandbox.show(shown._replace(files=served), findings)
        size = human_size(sum(map(len, package.files.values())))
        return Outcome(made.result, f"{self._origin} shows {plural(len(shown.files), 'file')}, {size}")

    def failed(self, error: WidgetpackError) -> None:
        """Tell the page what kept a build from being made."""
        self._sandbox.keep(str(error), [])

    def kept(self, config: Config) -> str:  # noqa: ARG002  # of `Work`
        """Say what the page shows now."""
        return f"{self._origin} stays at the last good build" if self._sandbox.number else "nothing to show yet"

    def output(self, config: Config) -> Path:
        """Return the zip's place: what another build writes there is no change."""
        return config.base / config.output

    def beside(self, config: Config) -> tuple[Path, ...]:
        """Return the folder of fixtures beside the config, which need not be the widget's own."""
        return (config.base / FIXTURES,)


def load_shown(made: Made, package: Package, config: Config, number: int) -> Shown:
    """Return what the page gets of a build: its state, its files, and the way back to the sources."""
    widget = made.widget
    fixtures = load_fixtures(files_of(widget.tree, read_beside(config.base)), widget.target)
    files = package.files
    state = load_state(widget, files, fixtures)
    written = {path: data for path, data in widget.tree.files.items() if path.endswith(".js")}
    icon = {**widget.tree.aside, **files}.get(state["icon"], b"")
    return Shown(number, state, files, icon, Sources(package, written, made.build.maps))


def runnable(made: Made) -> Package | None:
    """Return what ships, or of a widget that must not ship what can run; None where nothing can."""
    if made.package is not None:
        return made.package
    readable = made.widget.manifest is not None and isinstance(made.widget.manifest.value, dict)
    if made.build.failed or not readable or not all(document.readable for document in made.widget.documents):
        return None
    if any(script.fault is not None for script in made.widget.scripts.values()):
        return None
    return bundle(made.widget)
