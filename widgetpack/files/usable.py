"""What a widget can use, by the names of files and folders alone: the default for whatever no pattern names."""

from __future__ import annotations

from widgetpack.config.file import FILE_NAME

USABLE = frozenset(
    # What a page can load; the first ten are what real archives hold (63 public widgets, 2026).
    [
        "js",
        "json",
        "css",
        "twig",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "html",
        "htm",
        "txt",
        "tpl",
        "mustache",
        "hbs",
        "ejs",
        "xml",
        "csv",
        "webp",
        "ico",
        "avif",
        "woff",
        "woff2",
        "ttf",
        "otf",
        "eot",
        "mp3",
        "ogg",
        "wav",
        "m4a",
        "mp4",
        "webm",
        "wasm",
        "pdf",
    ]
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
    "widgetpack-baseline.json": "the baseline of widgetpack",
}
_TEXTS = ("license", "licence", "readme", "changelog", "contributing")
_TOOLS = ("webpack", "rollup", "vite", "babel", "jest", "karma", "eslint", "prettier", "postcss", "vitest", "tsup")


def file_verdict(name: str) -> tuple[bool, str]:
    """Return whether a file of that name goes in, and why."""
    lower = name.lower()
    reason = _left_out(name, lower)
    if reason:
        return False, reason
    ending = lower.rpartition(".")[2] if "." in lower else ""
    if ending in USABLE:
        return True, f".{ending} is a kind of file that a widget can use"
    return False, f"{'.' + ending if ending else 'no ending'}: not a kind of file that a widget can use"


def folder_left_out(name: str) -> str:
    """Return why a folder of that name stays out with all it holds, or nothing."""
    return _FOLDERS.get(name) or ("hidden" if name.startswith(".") else "")


def _left_out(name: str, lower: str) -> str:
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
