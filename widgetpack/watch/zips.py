"""What `build --watch` makes of a change: the zip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.pipeline import Wrap, build
from widgetpack.report.text import human_size
from widgetpack.watch.loop import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.errors import WidgetpackError


class Zipping(NamedTuple):
    """Work of a watch: `build`'s arguments."""

    seconds: int
    target: Path | None
    wrap: Wrap | None = None

    def make(self, path: Path, config: Config) -> Outcome:
        """Write the zip where nothing speaks against it."""
        # While one works, not every save is a release: the version need not rise from zip to zip.
        result = build(path, config, self.seconds, self.target, since_last=False, wrap=self.wrap)
        if result.artifact is None:
            return Outcome(result, "")
        return Outcome(result, f"{result.target} {human_size(result.artifact.size)}")

    def failed(self, error: WidgetpackError) -> None:
        """Leave it to the line that is printed."""

    def kept(self, config: Config) -> str:
        """Say whether there is a zip."""
        target = self.output(config)
        return f"{target.as_posix()} stays as it was" if target.is_file() else "no zip yet"

    def output(self, config: Config) -> Path:
        """Return where the zip lies."""
        return self.target or config.base / config.output

    def beside(self, config: Config) -> tuple[Path, ...]:  # noqa: ARG002  # a zip holds the widget alone
        """Return nothing: what ships is all that counts."""
        return ()
