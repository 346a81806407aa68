"""One esbuild: the noun, and what is said where it does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WidgetpackError

if TYPE_CHECKING:
    from pathlib import Path

SETTING = "[script] esbuild"
MODULES = "node_modules"
PATH = "PATH"
CACHE = "widgetpack's cache"


class Esbuild(NamedTuple):
    """An esbuild that can be run."""

    path: Path
    """Absolute."""
    version: str
    """``0.28.2``; empty as long as nobody has looked."""
    origin: str
    """How it was found, in the user's words: one of the four above."""
    command: tuple[str, ...]
    """What to start, before esbuild's own arguments: the path alone, or Node and the path of a script."""


class EsbuildError(WidgetpackError):
    """An esbuild that is there does not work: one line that says which one, and what it does."""

    def __init__(self, esbuild: Esbuild, words: str, hint: str = "") -> None:
        """Take what it does in ``words`` that follow its path, and a cure where there is a better one than another esbuild."""
        super().__init__(f"{esbuild.path} ({esbuild.origin}): {words}", hint or _cure(esbuild))
        self.args = (esbuild, words, self.hint)  # so that the error survives the way back from a worker process
        self.esbuild = esbuild
        self.words = words

    def __str__(self) -> str:
        """Return the message alone."""
        return f"{self.esbuild.path} ({self.esbuild.origin}): {self.words}"


def _cure(esbuild: Esbuild) -> str:
    return {
        SETTING: "let `[script] esbuild` name another one, or take the key out and run `widgetpack toolchain install`",
        MODULES: "`npm install --save-dev esbuild@latest`, or name another one: `[script] esbuild` in the config",
        PATH: "update it, or name another one: `[script] esbuild` in the config",
    }.get(esbuild.origin, "`widgetpack toolchain install --force`")
