"""C: the styles: what they select beyond the widget, whether browsers can read them, and what they load."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from widgetpack.model import Place, Problem
from widgetpack.rules.base import moderated, rule
from widgetpack.scripts.dependencies import folder_of, inside
from widgetpack.styles.load import Style
from widgetpack.styles.scope import leaks
from widgetpack.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from widgetpack.styles.reader import Link
    from widgetpack.styles.selectors import Selector

_LISTED: Final = 5
"""Findings of one rule in one file; a file with hundreds has one cause."""
_STYLE: Final = "developers.kommo.com/docs/style-css (unique class names, child elements in a cascade below them)"
_LISTING: Final = "developers.kommo.com/docs/getting-listed"
_DARK: Final = "developers.kommo.com/docs/dark-theme"


@rule("C01", Style, "warning", source=f"{_LISTING}; a field report of a frozen CRM; 11 of the survey's 68 css files")
def global_selector(style: Style) -> Iterator[Problem]:
    """A selector matches elements of the whole CRM: a bare tag, `*`, `body`, `html` or `:root`.

    The page of the CRM has no frames: what the file sets there changes menus, cards and other widgets too. `:root` with nothing
    but variables of the widget's own is right.

    Fix: start the selector at a class or id of the widget's own.

    Wrong: `h1 { margin: 0; }`
    Right: `.followup-widget h1 { margin: 0; }`
    """
    found = [leak for leak in leaks(style) if not leak.names and not leak.sets_only_variables]
    message = "`{}` matches elements of the whole CRM; start it at a class of the widget's own"
    yield from _few(style, ((message.format(_shown(leak.selector)), leak.selector.offset) for leak in found))


@rule("C02", Style, "warning", source=f"{_STYLE}; {_LISTING}; names: seen in two independent widgets at least")
def platform_selector(style: Style) -> Iterator[Problem]:
    """A selector matches elements of the platform by their class or id, without one of the widget's own.

    It changes every such element of the CRM, and breaks when the platform renames it.

    Fix: put a class or id of the widget's own before it, such as `.card-widgets__widget-CODE`.

    Wrong: `.card-widgets__widget__body { padding: 0; }`
    Right: `.followup-widget .card-widgets__widget__body { padding: 0; }`
    """
    found = []
    for leak in leaks(style):
        if leak.names:
            shown = f"`{_shown(leak.selector)}`"
            what = shown if leak.names[0] == leak.selector.text else f"{shown}, by `{leak.names[0]}`,"
            message = f"{what} matches elements of the platform; start it at a class of the widget's own"
            found.append((message, leak.selector.offset))
    yield from _few(style, found)


@rule(
    "C03",
    Style,
    "warning",
    source="w3.org/TR/css-syntax-3; w3.org/TR/selectors-4 (a list with one bad selector is void)",
)
def broken_css(style: Style) -> Iterator[Problem]:
    """A css file has a syntax error.

    Browsers say nothing and drop the declaration, the rule, or all that follows.

    Fix: mend the text at the place, or just before it.

    Wrong: `.followup-widget { color: red margin: 0; }`
    Right: `.followup-widget { color: red; margin: 0; }`
    """
    faults = [fault for fault in style.faults if fault.kind in ("syntax", "nul")]
    yield from _few(style, ((fault.message, fault.offset or 0) for fault in faults))


@rule("C04", Widget, "warning", source="HTML: a browser asks for the file and gets 404")
def missing_css_file(widget: Widget) -> Iterator[Problem]:
    """A css file names a picture, font or style that is not in the package.

    Addresses count from the folder of the css file. Of the fonts of one `@font-face` one is enough.

    Fix: add the file, or correct the path; case matters.

    Wrong: `background: url(Arrow.svg)` beside the file `arrow.svg`
    Right: `background: url(arrow.svg)`
    """
    for style in widget.styles.values():
        known = {link.fallback_of for link in style.links if _target(style, link) in widget.tree.files} - {-1}
        missing: dict[str | int, tuple[str, int]] = {}
        for link in style.links:
            target = _target(style, link)
            if target is not None and target not in widget.tree.files and link.fallback_of not in known:
                one = target if link.fallback_of < 0 else link.fallback_of
                missing.setdefault(one, (target, link.offset))
        yield from _few(style, _hinted(missing.values(), widget))


@rule(
    "C05", Style, "warning", source="developers.kommo.com/docs/limitations (https only: browsers block mixed content)"
)
def insecure_css_address(style: Style) -> Iterator[Problem]:
    """A css file loads something over http.

    The CRM is an https page, where browsers refuse it.

    Fix: write https, or put the file into the package.

    Wrong: `background: url(http://widgets.dev/arrow.svg)`
    Right: `background: url(https://widgets.dev/arrow.svg)`
    """
    links = [link for link in style.links if link.url.lower().startswith("http://")]
    yield from _few(
        style, ((f"`{_cut(link.url)}` is not https, and the browser refuses it", link.offset) for link in links)
    )


@rule("C06", Style, moderated, source=f"{_LISTING} (no external css with global selectors)")
def foreign_import(style: Style) -> Iterator[Problem]:
    """A css file imports a style of another server.

    Nobody can see what it selects, it can change after the upload, and the widget waits for it.

    Fix: put the file into the package and import it from there.

    Wrong: `@import url("https://widgets.dev/theme.css");`
    Right: `@import url("theme.css");`
    """
    links = [link for link in style.links if link.is_import and link.url.lower().startswith(("https://", "//"))]
    yield from _few(style, ((f"imports `{_cut(link.url)}` from another server", link.offset) for link in links))


@rule("C07", Style, moderated, source=f"{_LISTING} (own variables have the widget's prefix); {_DARK}")
def shared_variable(style: Style) -> Iterator[Problem]:
    """A variable is set for the whole CRM under a name that is not the widget's own.

    Another widget, or the platform, may have a variable of that name. `--palette-...` are the platform's, which are not to be set.

    Fix: begin its name with the widget's code, or set it at a class of the widget's own.

    Wrong: `:root { --text: #363b44; }`
    Right: `:root { --followup-text: #363b44; }`
    """
    found = []
    for leak in leaks(style):
        for name, offset in () if leak.names else leak.rule.properties.items():
            if name.startswith("--palette-"):
                found.append((f"`{name}` is a variable of the platform's, which widgets only read", offset))
            elif name.startswith("--") and "-" not in name[2:].strip("-"):
                found.append((f"`{name}` has no prefix of the widget's, as in `--code-{name[2:]}`", offset))
    yield from _few(style, dict.fromkeys(found), listed=1)


@rule("C08", Style, "warning", source="widgetpack")
def style_not_read(style: Style) -> Iterator[Problem]:
    """A css file is too large (over 500 KB) or too deeply nested to be checked.

    It is packed as it is.

    Fix: leave out what the widget does not use, and put pictures into files of their own.

    Wrong: a `style.css` of 6 MB, most of it pictures as `data:` addresses
    Right: a `style.css` of 40 kB and the pictures below `assets/`
    """
    for fault in style.faults:
        if fault.kind in ("too-large", "too-deep", "unreadable"):
            yield Problem(fault.message, Place(style.path, offset=fault.offset))


_NO_PATH: Final = (":", "{{", "{%", "<%", "${", "\\", "\ufffd")
"""Signs of another address, of a template, and of bytes or escapes that are no text."""


def _target(style: Style, link: Link) -> str | None:
    """Return the package path that a relative address names; None for others, and for what a template fills in."""
    path = unquote(link.url.partition("#")[0].partition("?")[0]).strip()
    if not path or path.startswith("/") or any(mark in path for mark in _NO_PATH):
        return None
    return inside(folder_of(style.path), path)


def _hinted(missing: Iterable[tuple[str, int]], widget: Widget) -> Iterator[tuple[str, int]]:
    """Yield the message and offset for each file and offset; with a hint, for which all files are looked at, where it is shown."""
    for index, (path, offset) in enumerate(missing):
        yield f"no file {path}{_hint(widget, path) if index < _LISTED else ''}", offset


def _hint(widget: Widget, path: str) -> str:
    if reason := widget.left_out(path):
        return f" (left out: {reason})"
    same = [other for other in widget.tree.files if other.lower() == path.lower()]
    name = posixpath.basename(path).lower()
    near = same or [other for other in widget.tree.files if posixpath.basename(other).lower() == name]
    return f", did you mean {near[0]}?" if near else ""


def _shown(selector: Selector) -> str:
    return _cut(selector.text)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


_WIDTH: Final = 60


def _few(style: Style, found: Iterable[tuple[str, int]], listed: int = _LISTED) -> Iterator[Problem]:
    """Yield the first problems of a file, each (message, byte offset), and how many more there are; of a minified file one."""
    problems = list(found)
    kept = 1 if style.is_minified else listed
    for index, (message, offset) in enumerate(problems[:kept], 1):
        more = len(problems) - kept if index == kept else 0
        yield Problem(
            message + (f" (and {more} more in this file)" if more > 0 else ""), Place(style.path, offset=offset)
        )
