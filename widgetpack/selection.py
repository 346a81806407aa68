"""Which files of a folder go into the archive, and why: one judge for build, validate, ls and watch.

Later words win: what a widget can use, then ``.widgetpackignore``, then ``exclude``, then ``include``. The integration
form, the config and the output never go in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.config import FILE_NAME, Config

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".widgetpackignore"
FORM_FILE = "integration.json"

USABLE = frozenset(
    # What a page can load; the first ten are what real archives hold (63 public widgets, 2026).
    """js json css twig png jpg jpeg gif svg html htm txt tpl mustache hbs ejs xml csv webp ico avif woff woff2 ttf otf
    eot mp3 ogg wav m4a mp4 webm wasm pdf""".split()
)

_FOLDERS = {
    "node_modules": "packages of the build, not of the widget",
    "bower_components": "packages of the build, not of the widget",
    "__MACOSX": "left over by the macOS archiver",
    "__pycache__": "Python's cache",
    "__tests__": "tests",
    "tests": "tests",
    "test": "tests",
    "spec": "tests",
    "coverage": "a test report",
    "CVS": "version control",
}
_NAMES = {
    "thumbs.db": "left over by Windows",
    "desktop.ini": "left over by Windows",
    "package.json": "npm's file",
    "package-lock.json": "a lock file",
    "npm-shrinkwrap.json": "a lock file",
    "composer.json": "Composer's file",
    "tsconfig.json": "the compiler's settings",
    "jsconfig.json": "the compiler's settings",
    "bower.json": "Bower's file",
    "gulpfile.js": "the build's script",
    "gruntfile.js": "the build's script",
    FILE_NAME: "the config of widgetpack",
}
_TEXTS = ("license", "licence", "readme", "changelog", "contributing")
_TOOLS = ("webpack", "rollup", "vite", "babel", "jest", "karma", "eslint", "prettier", "postcss", "vitest", "tsup")


class Verdict(NamedTuple):
    """Whether a path goes in, and the reason in words."""

    packed: bool
    reason: str
    aside: bool = False
    """Read, but never packed: the integration form and its icon."""


class Selection(NamedTuple):
    """The judge of one widget's folder."""

    never: dict[str, Verdict]
    """Paths that stay out whatever the patterns say."""
    specs: tuple[tuple[str, GitIgnoreSpec, bool], ...] = ()
    """(name, patterns, whether a match means out); later ones win."""
    opens: tuple[str, ...] = ()
    """Patterns that may bring back a file of a folder that stays out by default."""

    def file(self, path: str) -> Verdict:
        """Judge a file by its path below the root."""
        if path in self.never:
            return self.never[path]
        return self._by_patterns(path) or _default(path)

    def folder(self, path: str, location: Path) -> Verdict:
        """Judge a folder: one that stays out is not entered, as in git."""
        if path in self.never:
            return self.never[path]
        name = path.rpartition("/")[2]
        asked = self._by_patterns(path + "/")
        if asked is not None:
            return asked
        reason = _out_by_folder(name)
        if not reason and (location / "manifest.json").is_file():
            reason = "another widget, with a manifest of its own"
        if reason and not any(pattern.strip("/!").startswith(path.split("/")[0]) for pattern in self.opens):
            return Verdict(packed=False, reason=reason)
        return Verdict(packed=True, reason="")

    def _by_patterns(self, path: str) -> Verdict | None:
        """Ask the user's patterns, the last word first."""
        for name, spec, out in reversed(self.specs):
            result = spec.check_file(path)
            if result.include is None or result.index is None:
                continue
            pattern = list(spec.patterns)[result.index].pattern
            where = f"{name} ({pattern})"
            packed = not result.include if out else bool(result.include)
            if not packed and not out:
                continue
            return Verdict(packed=packed, reason=f"{'included' if packed else 'excluded'} by {where}")
        return None


def load_selection(root: Path, config: Config) -> Selection:
    """Read the ignore file and the config's patterns; without any, no pattern library is imported."""
    never = {
        FILE_NAME: Verdict(packed=False, reason="the config of widgetpack"),
        "pyproject.toml": Verdict(packed=False, reason="the config of the project"),
        IGNORE_FILE: Verdict(packed=False, reason="the ignore file of widgetpack"),
        FORM_FILE: Verdict(packed=False, reason="the integration form", aside=True),
    }
    icon = _form_icon(root, config)
    if icon:
        never[icon] = Verdict(packed=False, reason="the icon of the integration form", aside=True)
    output = os.path.relpath(config.base / config.output, root).replace(os.sep, "/")
    never[output] = Verdict(packed=False, reason="the output of the build")
    return Selection(never, *_patterns(root, config))


def _patterns(root: Path, config: Config) -> tuple[tuple[tuple[str, GitIgnoreSpec, bool], ...], tuple[str, ...]]:
    try:
        ignored = (root / IGNORE_FILE).read_text("utf-8-sig", "replace").splitlines()
    except OSError:
        ignored = []
    named = ((IGNORE_FILE, ignored, True), ("exclude", config.exclude, True), ("include", config.include, False))
    if not any(lines for _, lines, _ in named):
        return (), ()
    from pathspec import GitIgnoreSpec

    specs = tuple((name, GitIgnoreSpec.from_lines(lines), out) for name, lines, out in named if lines)
    return specs, (*config.include, *(line for line in ignored if line.startswith("!")))


def _form_icon(root: Path, config: Config) -> str:
    """Return the path of the form's icon below the root, or nothing."""
    icon = (config.integration or {}).get("icon")
    if config.integration is None:
        from widgetpack.documents import load_document

        try:
            value = load_document(FORM_FILE, (root / FORM_FILE).read_bytes()).value
        except OSError:
            return ""
        icon = value.get("icon") if isinstance(value, dict) else None
    if not isinstance(icon, str) or not icon or "\0" in icon:
        return ""
    return os.path.normpath(icon.lstrip("/")).replace(os.sep, "/")


def _default(path: str) -> Verdict:
    """Judge a file that no pattern names, by its name alone."""
    *folders, name = path.split("/")
    lower = name.lower()
    reason = next(filter(None, map(_out_by_folder, folders)), "") or _out_by_name(name, lower)
    if reason:
        return Verdict(packed=False, reason=reason)
    ending = lower.rpartition(".")[2] if "." in lower else ""
    if ending in USABLE:
        return Verdict(packed=True, reason=f".{ending} is a kind of file that a widget can use")
    return Verdict(packed=False, reason=f"{'.' + ending if ending else 'no ending'}: not a kind of file that a widget can use")


def _out_by_folder(name: str) -> str:
    return _FOLDERS.get(name) or ("hidden" if name.startswith(".") else "")


def _out_by_name(name: str, lower: str) -> str:
    if name.startswith("."):
        return "hidden"
    if lower in _NAMES:
        return _NAMES[lower]
    stem = lower.partition(".")[0]
    if stem in _TEXTS or lower.endswith(".license.txt"):
        return "a text for people, not for the widget"
    if lower.endswith((".config.js", ".conf.js")) and stem in _TOOLS:
        return "the build's script"
    if lower.endswith((".test.js", ".spec.js")):
        return "tests"
    return "a lock file" if lower.endswith((".lock", "-lock.json", "-lock.yaml")) else ""
