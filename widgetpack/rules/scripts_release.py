"""S: what must not be in a release: addresses of developers, insecure addresses, secrets, files that are not there."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from widgetpack.model import Place, Problem, Severity
from widgetpack.platform import is_text
from widgetpack.rules.base import refused_if_public, rule
from widgetpack.scripts.addresses import (
    Address,
    host_of,
    insecure_addresses,
    loaded_by_template,
    local_addresses,
    local_in_template,
)
from widgetpack.scripts.assets import assets, is_there, unnamed_styles
from widgetpack.scripts.kind import LOADER_MARK, kind_of
from widgetpack.scripts.secrets import secrets
from widgetpack.widget import ENTRY, MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.scripts.javascript import Script

_LIMITS = "developers.kommo.com/docs/limitations"
_PAGES = (".twig", ".html", ".htm")
_SECRET_ENDINGS = (
    ".env",
    ".pem",
    ".key",
    ".md",
    ".yml",
    ".yaml",
    ".toml",
    ".ini",
    ".conf",
    ".php",
    ".ts",
    ".map",
    ".sh",
)


def _pages(widget: Widget) -> Iterator[tuple[str, bytes]]:
    """Yield the twig and html files."""
    yield from ((path, data) for path, data in widget.tree.files.items() if path.lower().endswith(_PAGES))


@rule("S30", Widget, "warning", source=_LIMITS + ": https only; browsers block mixed content")
def insecure_address(widget: Widget) -> Iterator[Problem]:
    """An address starts with `http://`.

    The CRM is an https page: browsers refuse to load from http and `ws://` there. Links that only lead to a page, texts that
    are looked for, and names of formats such as `http://www.w3.org/2000/svg` are not reported. Known libraries, and large
    bundles and minified files are not judged; in the others it is one finding per file, for what is loaded on the spot.

    Fix: use `https://`.

    Wrong: `$.get('http://widgets.dev/list', show);`
    Right: `$.get('https://widgets.dev/list', show);`
    """
    for script in widget.scripts.values():
        kind = kind_of(script.path, script.data)
        addresses = insecure_addresses(script) if kind != "library" else ()
        if kind == "own":
            yield from (_insecure(script.path, address) for address in addresses)
        else:
            loaded = [address for address in addresses if address.role in ("loaded", "dependency")]
            yield from (_insecure(script.path, address, _more(loaded)) for address in loaded[:1])
    for path, data in _pages(widget):
        yield from (_insecure(path, address) for address in loaded_by_template(data))


def _insecure(path: str, address: Address, more: str = "") -> Problem:
    scheme = address.url.partition(":")[0]
    message = f"{_short(address.url)}{more} is {scheme}; the CRM is an https page"
    return Problem(message, Place(path, offset=address.offset))


def _more(addresses: list[Address]) -> str:
    """Say how many addresses there are beside the first one of a file."""
    return f" (and {len(addresses) - 1} more)" if len(addresses) > 1 else ""


def _short(url: str) -> str:
    return url if len(url) <= 60 else f"{url[:57]}..."  # noqa: PLR2004  # fits a line of a report


@rule("S31", Widget, "warning", source="survey: 3 of 91 scripts and 5 packed widgets; the tunnels are gone")
def local_address(widget: Widget) -> Iterator[Problem]:
    """A script or a page names a developer's machine: localhost, a private network, or a tunnel.

    Nobody else reaches it. As a dependency of a `define` that always runs it leaves the whole widget unloaded: that is an error.
    A `define` within other code may stand behind a developer's switch. In bundles and minified files it is one finding per
    file, for addresses with a port: libraries hold `http://localhost` as a stand-in.

    Fix: build the release with the server's real address.

    Wrong: `define(['https://localhost:8080/app.js'], ...)`
    Right: `define(['./app.js'], ...)`
    """
    for script in widget.scripts.values():
        kind = kind_of(script.path, script.data)
        if kind == "own":
            yield from (_local(script, address) for address in local_addresses(script))
        elif kind != "library":
            found = [a for a in local_addresses(script) if a.role == "dependency" or re.search(_PORT, a.url)]
            found.sort(key=lambda address: (not _is_always_asked(script, address), address.role != "dependency"))
            yield from (_local(script, address, _more(found)) for address in found[:1])
    for path, data in _pages(widget):
        yield from (
            Problem(_nobody_reaches(address), Place(path, offset=address.offset)) for address in local_in_template(data)
        )


_PORT = r"//[^/]*:\d{2,5}"
_NOTHING = re.compile(rb"(?:\xef\xbb\xbf)?(?:[\s;]|//[^\n]*+|/\*.*?\*/|[\"']use strict[\"'])*+\Z", re.DOTALL)
"""What may stand before the first statement of a script."""
_BANNER_BYTES = 4_096


def _local(script: Script, address: Address, more: str = "") -> Problem:
    weight: Severity | None = "error" if _is_always_asked(script, address) else None
    return Problem(_nobody_reaches(address, more), Place(script.path, offset=address.offset), weight)


def _nobody_reaches(address: Address, more: str = "") -> str:
    return f"{host_of(address.url)}{more} is a developer's machine; nobody else reaches it"


def _is_always_asked(script: Script, address: Address) -> bool:
    """Tell whether an address is a dependency of a `define` that runs on every page; of a glanced script only the first tells."""
    return any(
        define.top_level or (script.glanced and _is_first(define.start, script.data))
        for define in script.defines
        if any(item.offset <= address.offset < item.end for item in define.dependencies)
    )


def _is_first(start: int, data: bytes) -> bool:
    return start < _BANNER_BYTES and _NOTHING.match(data[:start]) is not None


@rule("S32", Widget, refused_if_public, source=_LIMITS + ": tokens belong into protected storage, not into the widget")
def secret(widget: Widget) -> Iterator[Problem]:
    """A file of the package holds a key or a token.

    Every user of the account, and whoever gets the zip, can read it. Keys of Google are for browsers and only an info:
    restrict them to your site. The message shows the first characters only. Every text file is judged, libraries too; the
    sample token of jwt.io is none.

    Fix: revoke it, and keep the new one on your server.

    Wrong: `headers: { Authorization: 'Bearer eyJ0eXAi...' }` with the whole token
    Right: `self.$authorizedAjax({ url: 'https://widgets.dev/leads' })`, and the token on the server
    """
    for path, data in widget.tree.files.items():
        if is_text(path) or path.lower().endswith(_SECRET_ENDINGS) or "/." in f"/{path}":
            for found in secrets(data):
                if path == MANIFEST and found.name == "client secret":
                    continue  # rule M21 speaks of `secret_key`
                message = f"{found.name} `{found.shown}`, which everybody can read"
                weight: Severity | None = "info" if found.is_public else None
                yield Problem(message, Place(path, offset=found.offset), weight, hidden=True)


@rule(
    "S33",
    Widget,
    "warning",
    source="developers.kommo.com/docs/script-js (`self.render`); survey: 23 scripts ask for twigs",
)
def absent_asset(widget: Widget) -> Iterator[Problem]:
    """A script names a twig or css file that is not in the package.

    The platform answers 404, and what it was to show stays empty. A file of that name in any folder counts, for the
    first part of a path is mostly computed; names that are put together, names in sentences or behind an unknown base, the
    platform's own twigs (`/tmpl/...`), and libraries, bundles and minified files are not judged.

    Fix: add the file, or correct its name; case matters.

    Wrong: `self.render({ href: '/templates/panel.twig', base_path: path, load: show })` without the file
    Right: `self.render({ href: '/templates/panel.twig', base_path: path, load: show })` and `templates/panel.twig`
    """
    for script in widget.scripts.values():
        if kind_of(script.path, script.data) != "own":
            continue
        for asset in {a.name: a for a in reversed(assets(script)) if a.is_whole}.values():
            if not is_there(asset, widget.tree.files):
                yield Problem(
                    f"no file `{asset.name}` in the package{_near(widget, asset.name)}", _at(script, asset.offset)
                )


def _at(script: Script, offset: int) -> Place:
    return Place(script.path, offset=offset)


def _near(widget: Widget, name: str) -> str:
    """Return why the file is left out, or the file that differs in case."""
    reason = widget.left_out(name.lstrip("./"))
    if reason:
        return f" (left out: {reason})"
    base = posixpath.basename(name).lower()
    near = next((path for path in widget.tree.files if posixpath.basename(path).lower() == base), "")
    return f", but `{near}`" if near else ""


@rule("S34", Widget, "warning", source="the platform does not load style.css; survey: 10 widgets never link theirs")
def style_not_loaded(widget: Widget) -> Iterator[Problem]:
    """A css file is in the package, and nothing loads it.

    The platform loads no css by itself, not even `style.css`. A name counts in the texts of scripts, not in their comments.
    Not judged where a script puts names of css files together, or where a script was not read.

    Fix: append a `<link>` to it in `render`, or remove the file.

    Wrong: `style.css` in the package, and no script that names it
    Right: `$('head').append('<link rel="stylesheet" href="' + settings.path + '/style.css?v=' + settings.version + '">');`
    """
    if any(script.fault is not None for script in widget.scripts.values()) or not widget.scripts:
        return
    for path in unnamed_styles(widget.tree.files, widget.scripts):
        yield Problem("nothing loads this file: no script, template or page names it", Place(path))


@rule("S37", Widget, source="widgetpack's own: the loader asks a developer's machine for the widget")
def dev_loader(widget: Widget) -> Iterator[Problem]:
    """The widget is a dev zip: its `script.js` is the loader that `widgetpack build --dev` writes.

    It is made for the account of the developer who runs `widgetpack serve`, and no build of a release takes it in.

    Fix: build the release with `widgetpack build`, without `--dev`, from the widget's own sources.

    Wrong: `dist/widget-dev.zip` in the account of a customer
    Right: `dist/widget.zip` in the account of a customer
    """
    if widget.tree.files.get(ENTRY, b"").startswith(LOADER_MARK):
        yield Problem("a dev zip, not a release: this script is the loader of `widgetpack build --dev`", Place(ENTRY))
