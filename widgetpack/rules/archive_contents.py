"""A: what the archive holds that a widget has no use for, names that are trouble, and sizes.

What `widgetpack build` leaves out by itself is judged in archives only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.files.patterns import last_match, load_patterns
from widgetpack.files.usable import file_verdict, folder_left_out
from widgetpack.model import Place, Problem
from widgetpack.platform import LARGE_SCRIPT, LARGE_WIDGET
from widgetpack.rules.base import moderated, rule
from widgetpack.widget import MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTED = "developers.kommo.com/docs/getting-listed (no unused files)"
_KINDS = {
    kind: tuple(f".{ending}" for ending in endings.split())
    for kind, endings in {
        "source": "ts tsx jsx coffee scss sass less styl vue svelte pug psd ai sketch fig xd",
        "php": "php phtml",
        "program": "exe dll so dylib bat cmd com sh ps1 msi jar scr vbs app",
        "private": "pem key p12 pfx ppk kdbx",
        "map": "map",
    }.items()
}
_INLINE_MAP = b"# sourceMappingURL=data:"
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".idea", ".vscode", ".svn", "node_modules")
_PRIVATE = frozenset({".npmrc", ".htpasswd", ".netrc", ".pgpass", ".git-credentials", "id_rsa", "id_ed25519"})


def _kind(path: str) -> str:
    """Sort a file by its name: one of `_KINDS`, ``other`` for what a widget cannot use, or empty."""
    *folders, name = path.split("/")
    lower = name.lower()
    if _junk_part(path) or ".." in folders:
        return ""  # told of by other rules
    if lower in _PRIVATE or lower == ".env" or lower.startswith(".env."):
        return "private"
    found = next((kind for kind, endings in _KINDS.items() if lower.endswith(endings)), "")
    return found or ("" if file_verdict(name)[0] and not any(map(folder_left_out, folders)) else "other")


def _of_kind(widget: Widget, kind: str) -> Iterator[str]:
    """Yield the files of one kind in an archive, but for those that the config includes by name."""
    if not widget.tree.is_archive:
        return
    wanted = load_patterns(widget.config.include)
    for path in widget.tree.files:
        if _kind(path) == kind and last_match(wanted, path, is_folder=False) is None:
            yield path


@rule("A12", Widget, "warning", source="survey: 12 of 105 widgets; forbidden in public ones (getting-listed)")
def junk(widget: Widget) -> Iterator[Problem]:
    """The archive holds what an operating system or an editor left behind.

    Fix: pack with `widgetpack build`.

    Wrong: `__MACOSX/._script.js` in the zip
    Right: a zip of the widget's own files
    """
    if not widget.tree.is_archive:
        return
    found: dict[str, list[str]] = {}
    for path in widget.tree.files:
        if top := _junk_part(path):
            found.setdefault(top, []).append(path)
    for top, paths in found.items():
        more = f": {len(paths)} files below {top}/" if len(paths) > 1 else ""
        yield Problem(f"left over by an operating system, editor or tool{more}", Place(paths[0]))


def _junk_part(path: str) -> str:
    """Return the path up to the first part that is junk, or nothing."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part in _JUNK or part.startswith("._"):
            return "/".join(parts[: index + 1])
    return ""


@rule("A15", Widget, "warning", source="the vendor's build ships none; survey: 8 of 105 widgets, 4.9 MB in one")
def source_map(widget: Widget) -> Iterator[Problem]:
    """The archive holds a source map, as a file or at the end of a script or style.

    It shows the sources to everybody, and is often larger than all the rest.

    Fix: pack with `widgetpack build`, and switch source maps off in the bundler (`[script] sourcemap` here).

    Wrong: `app.js.map` in the zip
    Right: `app.js` alone in the zip
    """
    for path in _of_kind(widget, "map"):
        yield Problem(f"a source map of {len(widget.tree.files[path]) / 1000:,.0f} kB", Place(path))
    for path, data in widget.tree.files.items():
        ships = (
            widget.tree.is_archive or path in widget.tree.bundled
        )  # comments of other scripts go when they are linked
        at = data.rfind(_INLINE_MAP) if ships and path.endswith((".js", ".css")) else -1
        if at >= 0 and b"\n" not in data[at:].rstrip():
            yield Problem(f"an inline source map of {(len(data) - at) / 1000:,.0f} kB", Place(path, offset=at))


@rule("A16", Widget, moderated, source=_LISTED + "; survey: 10 of 105 widgets")
def source_file(widget: Widget) -> Iterator[Problem]:
    """The archive holds a source that no browser reads: TypeScript, SCSS, a component, a drawing.

    Fix: pack the compiled files only.

    Wrong: `style.scss` beside `style.css` in the zip
    Right: `style.css` alone in the zip
    """
    for path in _of_kind(widget, "source"):
        yield Problem(f".{path.rpartition('.')[2].lower()}: a source, which no browser reads", Place(path))


@rule(
    "A17",
    Widget,
    "warning",
    source="developers.kommo.com/docs/structure-widget (PHP was for old public widgets); survey: 11 of 105",
)
def php_file(widget: Widget) -> Iterator[Problem]:
    """The archive holds PHP.

    The platform has run no PHP of widgets for years; the file would only show its code.

    Fix: move the code to a server of your own, and remove the file.

    Wrong: `widget.php` in the zip
    Right: `"webhook_url": "https://acme.dev/hook"`, answered by your server
    """
    for path in _of_kind(widget, "php"):
        yield Problem("PHP, which the platform does not run", Place(path))


@rule("A18", Widget, "warning", source="none of 47 real archives holds one")
def program(widget: Widget) -> Iterator[Problem]:
    """The archive holds a program or a shell script.

    A browser cannot run it; virus scanners stop such downloads.

    Fix: remove it.

    Wrong: `build.sh` in the zip
    Right: a zip without `build.sh`
    """
    for path in _of_kind(widget, "program"):
        yield Problem("a program, of no use in a browser", Place(path))


@rule("A19", Widget, "info", source="survey: 5 of 105 widgets have such names, one of them the vendor's")
def blank_in_name(widget: Widget) -> Iterator[Problem]:
    """The name of a file or folder holds a blank.

    Addresses write it as `%20`; a script that forgets to do so gets 404. Told once for each folder.

    Fix: rename it, for example with `-`.

    Wrong: `images/my logo.svg`
    Right: `images/my-logo.svg`
    """
    if widget.manifest is None:
        return  # mostly a folder around it all, of which M01 tells
    found: dict[str, list[str]] = {}
    for path in widget.tree.files:
        parts = path.split("/")
        for index, part in enumerate(parts):
            if any(character.isspace() for character in part):
                found.setdefault("/".join(parts[: index + 1]), []).append(path)
                break
    for top, paths in found.items():
        what = "a blank in the name" if top == paths[0] else f"a blank in the name of the folder `{top}`"
        yield Problem(what, Place(paths[0]))


@rule("A20", Widget, "info", source="the vendor's build warns above 512,000 bytes (kommo-crm/create-kommo-integration)")
def large_script(widget: Widget) -> Iterator[Problem]:
    """A script is larger than 500 KB.

    It is loaded and parsed each time the CRM opens.

    Fix: leave out what is not used, and take jquery, moment and the like from the platform.

    Wrong: an `app.js` of 1.4 MB with its own moment
    Right: an `app.js` of 200 KB that depends on `moment`
    """
    for path, data in widget.tree.files.items():
        if path.endswith(".js") and len(data) > LARGE_SCRIPT:
            yield Problem(f"{len(data):,} bytes, more than {LARGE_SCRIPT:,}", Place(path))


@rule("A21", Widget, "info", source="survey: half of all widgets are below 80 KB; no documented limit")
def large_widget(widget: Widget) -> Iterator[Problem]:
    """The widget has more than 2 MB, unpacked.

    No limit is documented, but no known archive is larger than 2.05 MB packed.

    Fix: see the largest files in the message; shrink pictures, leave out libraries that are not used.

    Wrong: a widget with a video of 5 MB
    Right: a widget that loads the video from your server
    """
    sizes = {path: len(data) for path, data in widget.tree.files.items()}
    total = sum(sizes.values())
    if total > LARGE_WIDGET:
        largest = sorted(sizes, key=lambda path: (-sizes[path], path))[:3]
        named = ", ".join(f"{path} ({sizes[path]:,})" for path in largest)
        yield Problem(f"{total:,} bytes unpacked, more than {LARGE_WIDGET:,}; the largest: {named}", Place(""))


@rule("A22", Widget, "info", source="developers.kommo.com/docs/widget-locations (everywhere: each page)")
def heavy_everywhere(widget: Widget) -> Iterator[Problem]:
    """A widget that is started on every page has more than 500 KB of scripts.

    Every user pays for it on every page, also where the widget shows nothing.

    Fix: name the places that need it instead of `everywhere`, or load the large part when it is used.

    Wrong: `"locations": ["everywhere"]` with 900 KB of scripts
    Right: `"locations": ["lcard-1"]` with 900 KB of scripts
    """
    total = sum(len(data) for path, data in widget.tree.files.items() if path.endswith(".js"))
    if "everywhere" in widget.locations and total > LARGE_SCRIPT:
        place = Place(MANIFEST, ("locations", widget.get("locations").index("everywhere")))
        yield Problem(f"`everywhere` loads {total:,} bytes of scripts on every page", place)


@rule("A23", Widget, "warning", source="developers.kommo.com/docs/limitations (no tokens in the widget)")
def private_file(widget: Widget) -> Iterator[Problem]:
    """The archive holds a file that is made for secrets.

    Everybody who opens the CRM can download every file of the widget.

    Fix: remove it, and change the keys in it if the archive has left this machine.

    Wrong: `.env` in the zip
    Right: a zip without `.env`
    """
    for path in _of_kind(widget, "private"):
        yield Problem("a file that is made for secrets, which everybody could read", Place(path))


@rule("A24", Widget, moderated, source=_LISTED)
def unused_file(widget: Widget) -> Iterator[Problem]:
    """The archive holds a file that a widget cannot use: settings of tools, texts for people, tests.

    Fix: pack with `widgetpack build`, which leaves it out; name it under `include` if the widget does need it.

    Wrong: `package.json` in the zip
    Right: a zip without `package.json`
    """
    for path in _of_kind(widget, "other"):
        *folders, name = path.split("/")
        reason = next(filter(None, map(folder_left_out, folders)), "") or file_verdict(name)[1]
        yield Problem(reason, Place(path))
