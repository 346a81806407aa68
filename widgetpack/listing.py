"""What `widgetpack ls` prints: the files of the archive, with ``why`` also those that stay out; or what is in the scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.package import Package, bundle
from widgetpack.errors import UsageError
from widgetpack.native.build import read_build
from widgetpack.report.style import Style
from widgetpack.report.text import headline, human_size, plural
from widgetpack.rules import check
from widgetpack.widget import ENTRY, MANIFEST, load_widget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.model import Entry, Finding, Tree
    from widgetpack.native.facts import Build


_NO_WIDGET = ("M01", "A01")
"""Rules about what is no widget at all, or no zip."""
_NO_SCRIPT = "B01"
"""The rule about sources of which no script comes."""


class Listing(NamedTuple):
    """What `widgetpack ls` prints."""

    text: str
    """One line per file, then the count and the total; empty where nothing was found at all."""
    faults: tuple[str, ...]
    """Why it is no widget, or why its sources become no script, in the words of `validate`."""


def list_package(path: Path, config: Config, *, why: bool) -> Listing:
    """List the files with size and path, with ``why`` the reason as well."""
    made = read_build(path, config)
    tree, faults = made.tree, tuple(_faults(made, config))
    return Listing(_listed(tree, config, why=why) if tree.entries or not faults else "", faults)


def list_contents(path: Path, config: Config) -> Listing:
    """List what is in the scripts that were bundled or linked, by bytes.

    Raises `UsageError` for a zip: what went into its scripts is known only where they are made.
    """
    if path.is_file():
        message = f"{path}: a file; what is in a script is known only where it is made"
        raise UsageError(message, "name the widget's folder")
    made = read_build(path, config)
    faults = tuple(_faults(made, config))
    if faults:
        return Listing("", faults)
    # Imported here: most listings are of files.
    from widgetpack.bundle.contents import contents_of
    from widgetpack.contents.table import render_table

    contents = made.contents or contents_of(bundle(load_widget(made.tree, config)))
    return Listing(render_table(contents) if contents else "no script is bundled or linked\n", ())


def _faults(made: Build, config: Config) -> Iterator[str]:
    found: list[Finding] = []
    if MANIFEST not in made.tree.files or made.tree.anomalies:
        found += check(load_widget(made.tree, config), families="MA")
    if made.failed:
        from widgetpack.origins import judge_sources

        found += judge_sources(load_widget(made.tree, config), made)
    yield from (headline(finding, Style()) for finding in found if finding.code in (*_NO_WIDGET, _NO_SCRIPT))


def _listed(tree: Tree, config: Config, *, why: bool) -> str:
    if tree.is_archive:
        rows = [(entry.path, entry.size, "in the archive") for entry in tree.entries]
    else:
        rows = list(_packed(tree, bundle(load_widget(tree, config))))
    linked = [] if tree.is_archive else list(_linked(tree, {row[0] for row in rows}))
    left_out = [(entry.path, entry.size, entry.reason) for entry in tree.entries if not entry.packed]
    left_out += [(entry.path, entry.size, entry.reason) for entry in linked]
    lines = list(_table(sorted(rows), " ", why=why))
    lines.append(f"{plural(len(rows), 'file')}, {human_size(sum(size for _, size, _ in rows))} before compression")
    if why and left_out:
        lines += ["", *_table(left_out, "-", why=True)]
    if left_out:
        lines.append(f"{len(left_out)} left out" + ("" if why else "; --why lists them"))
    return "\n".join(lines) + "\n"


def _table(rows: list[tuple[str, int, str]], mark: str, *, why: bool) -> Iterator[str]:
    """Yield a line per (path, bytes, reason), the reasons in a column of their own."""
    shown = [path if path.isprintable() else path.encode("unicode_escape").decode() for path, _, _ in rows]
    width = max(map(len, shown), default=0)
    for name, (path, size, reason) in zip(shown, rows, strict=True):
        weight = "folder" if path.endswith("/") else human_size(size)
        yield f"{mark}{weight:>9}  {name:<{width}}  {reason}" if why else f"{mark}{weight:>9}  {name}"


def _packed(tree: Tree, package: Package) -> Iterator[tuple[str, int, str]]:
    reasons = {entry.path: entry.reason for entry in tree.entries}
    linked = package.linked
    for path, data in package.files.items():
        reason = reasons.get(path, "made of the files in its folder")
        if linked is not None and path == ENTRY and len(linked.modules) > 1:
            reason = f"{plural(len(linked.modules), 'module')} linked into one"
        elif linked is not None and path == ENTRY and linked.reason:
            reason = f"not linked: {linked.reason}"
        elif linked is not None and path in linked.kept:
            reason = linked.kept[path]
        if path in package.refused:
            reason += f"; not minified: {package.refused[path]}"
        yield path, len(data), reason


def _linked(tree: Tree, packed: set[str]) -> Iterator[Entry]:
    """Yield what went into another file: modules into the script, split texts into their locale's file."""
    for entry in tree.entries:
        if entry.packed and entry.path not in packed:
            into = f"i18n/{entry.path.split('/')[1]}.json" if entry.path.startswith("i18n/") else ENTRY
            yield entry._replace(packed=False, reason=f"linked into {into}" if into == ENTRY else f"merged into {into}")
