"""Which files of a folder go into the archive, and why: one judge for build, validate, ls and watch.

Later words win: what a widget can use, then ``.widgetpackignore``, then ``exclude``, then ``include``. Within each of
the three, git's rules hold: the last pattern that names a path counts, and a folder that is out takes its files with
it. The integration form, the config and the output never go in.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.config.file import FILE_NAME
from widgetpack.files.patterns import Pattern, last_match, load_patterns
from widgetpack.files.usable import file_verdict, folder_left_out
from widgetpack.platform import IMAGE_ENDINGS, SLOTS

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config

IGNORE_FILE = ".widgetpackignore"
FORM_FILE = "integration.json"
FORM_ICON_FILE = "integration-icon.png"
"""What `widgetpack logos` calls the icon where the form names none: that one is no part of the widget either."""
REPORT = "a report of widgetpack"
FIXTURES = "preview"
"""The folder beside the manifest whose JSON files are the answers of the sandbox."""
PICTURES = "dist/preview"
"""The folder, below the config's, for the pictures that `preview --check` takes."""
NOT_REGULAR = "not a regular file (a pipe, socket or device)"


class Verdict(NamedTuple):
    """Whether a path goes in (a folder: whether it is entered), and the reason in words."""

    packed: bool
    reason: str
    aside: bool = False
    """Read, but never packed: the integration form, its icon and the ignore file."""


class Layer(NamedTuple):
    """The patterns of one source: the ignore file, ``exclude`` or ``include``."""

    name: str
    patterns: tuple[Pattern, ...]
    brings: bool
    """A match means in; else a match means out, and a negated pattern brings back."""

    def ask(self, path: str, *, is_folder: bool) -> Verdict | None:
        """Return what these patterns say of a path, or None where they are silent."""
        pattern = last_match(self.patterns, path, is_folder=is_folder)
        if pattern is None or (self.brings and pattern.negated):
            return None
        where = f"{self.name}:{pattern.line}" if self.name == IGNORE_FILE else self.name
        packed = self.brings or pattern.negated
        return Verdict(packed, f"{'included' if packed else 'excluded'} by {where} ({pattern.text})")

    def leads_into(self, folder: str) -> bool:
        """Tell whether a pattern brings back something below a folder that is out."""
        return any(item.negated != self.brings and item.leads_into(folder) for item in self.patterns)


class _Folder(NamedTuple):
    """What holds for everything directly in a folder."""

    verdict: Verdict
    rest: Verdict | None = None
    """The word for what no pattern names; None: its name decides."""
    since: int = 0
    """The first layer that still has a say: what one layer has shut, only a later one opens."""


class Selection(NamedTuple):
    """The judge of one widget's folder."""

    never: dict[str, Verdict]
    """Paths that stay out whatever the patterns say."""
    layers: tuple[Layer, ...]
    folders: dict[str, _Folder]
    """Every folder judged so far, by its path."""

    def file(self, path: str) -> Verdict:
        """Judge a file by its path below the root."""
        if path in self.never:
            return self.never[path]
        above, _, name = path.rpartition("/")
        around = self._folder(above)
        if not around.verdict.packed:
            return Verdict(packed=False, reason=around.verdict.reason)
        asked = self._ask(path, around.since, is_folder=False)
        if asked is not None:
            return asked[1]
        if around.rest is None or (around.rest.packed and name.startswith(".")):
            if above == FIXTURES and name.endswith(".json"):
                return Verdict(packed=False, reason="answers for `widgetpack preview`", aside=True)
            return Verdict(*file_verdict(name))
        return around.rest

    def folder(self, path: str, location: Path) -> Verdict:
        """Judge a folder, after the folders around it: one that stays out is not entered, as in git."""
        if path in self.never and not self.never[path].aside:
            return self.never[path]
        if path not in self.folders:
            self.folders[path] = self._judge(path, os.path.isfile(location / "manifest.json"))  # noqa: PTH113
        return self.folders[path].verdict

    def _folder(self, path: str) -> _Folder:
        if not path:
            return _Folder(Verdict(packed=True, reason=""))
        return self.folders.get(path) or self._judge(path, holds_widget=False)

    def _judge(self, path: str, holds_widget: bool) -> _Folder:  # noqa: FBT001
        above, _, name = path.rpartition("/")
        around = self._folder(above)
        if not around.verdict.packed:
            return around
        asked = self._ask(path, around.since, is_folder=True)
        if asked is not None:
            layer, verdict = asked
            if verdict.packed:
                return _Folder(verdict, verdict if self.layers[layer].brings else None, around.since)
            return self._shut(path, verdict.reason, layer + 1)
        if around.rest is not None:
            reason = "hidden" if name.startswith(".") else ""
            return (
                self._shut(path, reason or around.rest.reason, around.since)
                if reason or not around.rest.packed
                else around
            )
        reason = folder_left_out(name) or ("another widget, with a manifest of its own" if holds_widget else "")
        return (
            self._shut(path, reason, around.since)
            if reason
            else _Folder(Verdict(packed=True, reason=""), None, around.since)
        )

    def _shut(self, path: str, reason: str, since: int) -> _Folder:
        """Keep a folder out; it is entered all the same for what a pattern brings back, or for the form's icon."""
        opened = any(layer.leads_into(path) for layer in self.layers[since:])
        opened = opened or any(named.startswith(path + "/") and self.never[named].aside for named in self.never)
        return _Folder(Verdict(opened, reason), Verdict(packed=False, reason=reason), since)

    def _ask(self, path: str, since: int, *, is_folder: bool) -> tuple[int, Verdict] | None:
        """Ask the user's patterns, the last word first."""
        for index in range(len(self.layers) - 1, since - 1, -1):
            verdict = self.layers[index].ask(path, is_folder=is_folder)
            if verdict is not None:
                return index, verdict
        return None


def load_selection(root: Path, config: Config) -> Selection:
    """Read the ignore file, the form's icon and the config's patterns."""
    never = {
        FILE_NAME: Verdict(packed=False, reason="the config of widgetpack"),
        "pyproject.toml": Verdict(packed=False, reason="the config of the project"),
        IGNORE_FILE: Verdict(packed=False, reason="the ignore file of widgetpack", aside=True),
        FORM_FILE: Verdict(packed=False, reason="the integration form", aside=True),
    }
    icon = _form_icon(root, config)
    if icon and icon not in never:
        never[icon] = Verdict(packed=False, reason="the icon of the integration form", aside=True)
    never[_below(root, config.base / config.output)] = Verdict(packed=False, reason="the output of the build")
    never[_below(root, config.base / PICTURES)] = Verdict(
        packed=False, reason="pictures of `widgetpack preview --check`"
    )
    if config.baseline is not None:
        never[_below(root, config.baseline)] = Verdict(packed=False, reason="the baseline of widgetpack")
    if config.output_format or config.report:
        from widgetpack.config.outputs import report_files

        for file in report_files(config.output_format, config.report):
            never[_below(root, file)] = Verdict(packed=False, reason=REPORT)
    layers = (
        Layer(IGNORE_FILE, load_patterns(_ignore_lines(root)), brings=False),
        Layer("exclude", load_patterns(config.exclude), brings=False),
        Layer("include", load_patterns(config.include), brings=True),
    )
    return Selection(never, tuple(layers), {})


def _below(root: Path, path: Path) -> str:
    """Return ``path`` as seen from ``root``; on another drive it is nowhere below it."""
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:
        return ""


def read_regular(path: str, limit: int = 1_000_000) -> bytes | None:
    """Return at most ``limit`` bytes of a regular file, or None where it changed meanwhile or is longer.

    Raises `OSError` for what cannot be read; a pipe or device is such, and is never waited for.
    """
    # Without O_NONBLOCK, opening a pipe for reading waits until somebody writes to it. Not open(): it costs a tenth of
    # a walk over 10,000 files.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, NOT_REGULAR)
        data = os.read(handle, min(before.st_size, limit) + 1)
        after = os.fstat(handle)
    finally:
        os.close(handle)
    return data if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns else None


def _ignore_lines(root: Path) -> list[str]:
    """Return the lines of the ignore file, cut as git cuts them: at LF, not at every break that Unicode knows."""
    try:
        text = (read_regular(str(root / IGNORE_FILE)) or b"").decode("utf-8-sig", "replace")
    except OSError:
        return []  # that it cannot be read is noted by the walk, which reads it again
    return [line.removesuffix("\r") for line in text.split("\n")]


def read_form(root: Path, config: Config) -> dict[str, Any] | None:
    """Return the form's properties: of its file beside the manifest, else of the config; None where there is neither."""
    from widgetpack.documents.load import load_document

    try:
        data = read_regular(str(root / FORM_FILE))
    except OSError:
        return config.integration
    value = load_document(FORM_FILE, data or b"").value
    return value if isinstance(value, dict) else {}


def _form_icon(root: Path, config: Config) -> str:
    """Return the path of the form's icon below the root, or nothing where it is no picture or a logo as well."""
    form = read_form(root, config)
    icon = (form or {}).get("icon") or FORM_ICON_FILE
    if not isinstance(icon, str) or "\0" in icon:
        return ""
    path = os.path.normpath(icon.lstrip("/")).replace(os.sep, "/")
    folder, _, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    is_logo = folder == "images" and any(slot.name == stem for slot in SLOTS)  # logo_main has the icon's size
    return path if ending.lower() in IMAGE_ENDINGS and not is_logo else ""
