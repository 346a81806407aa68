"""What `widgetpack ls` prints: the files of the archive, and with ``why`` also those that stay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.package import Package, bundle
from widgetpack.native.build import read_build
from widgetpack.report.style import Style
from widgetpack.report.text import headline, human_size, plural
from widgetpack.rules import check
from widgetpack.widget import ENTRY, MANIFEST, load_widget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.model import Entry, Tree


_NO_WIDGET = ("M01", "A01")
"""Rules about what is no widget at all, or no zip."""


class Listing(NamedTuple):
    """What `widgetpack ls` prints."""

    text: str
    """One line per file, then the count and the total; empty where nothing was found at all."""
    faults: tuple[str, ...]
    """Why it is no widget, in the words of `validate`."""


def list_package(path: Path, config: Config, *, why: bool) -> Listing:
    """List the files with size and path, with ``why`` the reason as well."""
    tree = read_build(path, config).tree
    faults = () if MANIFEST in tree.files and not tree.anomalies else tuple(_faults(tree, config))
    return Listing(_listed(tree, config, why=why) if tree.entries or not faults else "", faults)


def _faults(tree: Tree, config: Config) -> Iterator[str]:
    for finding in check(load_widget(tree, config), families="MA"):
        if finding.code in _NO_WIDGET:
            yield headline(finding, Style())


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
        yield path, len(data), reason


def _linked(tree: Tree, packed: set[str]) -> Iterator[Entry]:
    """Yield what went into another file: modules into the script, split texts into their locale's file."""
    for entry in tree.entries:
        if entry.packed and entry.path not in packed:
            into = f"i18n/{entry.path.split('/')[1]}.json" if entry.path.startswith("i18n/") else ENTRY
            yield entry._replace(packed=False, reason=f"linked into {into}" if into == ENTRY else f"merged into {into}")
