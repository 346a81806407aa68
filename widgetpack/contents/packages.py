"""From the files in a script to the packages of npm that they belong to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.packages import package_of, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Content

_LONGEST: Final = 64
"""Characters of a version that are shown: no release of npm's needs as many."""


class Item(NamedTuple):
    """A package, or a file of the project, in one script."""

    name: str
    """``react-dom``, ``@kommo-crm/crm-react-ui-kit``; of a file its path."""
    size: int
    """Bytes in the script."""
    files: tuple[tuple[str, int], ...]
    """Path and bytes, the largest first."""
    folder: str = ""
    """Where the package lies, from `Content.base`; empty for a file of the project."""
    version: str = ""
    """As its ``package.json`` says; empty where nobody knows."""

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()


def read_items(content: Content) -> tuple[Item, ...]:
    """Return the packages and files in a script, the largest first; asks each package for its version."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for path, size in content.parts:
        name, folder = package_of(path)
        found.setdefault((name, folder) if folder else (path, ""), []).append((path, size))
    items = (
        Item(
            name,
            sum(size for _, size in files),
            tuple(sorted(files, key=_weight)),
            folder,
            _version(content.base, folder),
        )
        for (name, folder), files in found.items()
    )
    return tuple(sorted(items, key=lambda item: (-item.size, item.name, item.folder)))


def copies(items: Sequence[Item]) -> Iterator[str]:
    """Yield one line for every package that is in a script more than once, with the place of each copy."""
    by_name: dict[str, list[Item]] = {}
    for item in items:
        if item.folder:
            by_name.setdefault(item.name, []).append(item)
    for name, found in sorted(by_name.items()):
        if len(found) > 1:
            places = ", ".join(
                f"{item.version or 'no version'} in {item.folder}" for item in sorted(found, key=lambda i: i.folder)
            )
            yield f"{len(found)} copies of {name}: {places}"


def _weight(file: tuple[str, int]) -> tuple[int, str]:
    return -file[1], file[0]


def _version(base: str, folder: str) -> str:
    if not (base and folder):
        return ""
    version = read_version(os.path.join(base, folder))  # noqa: PTH118
    return version if version.isprintable() and len(version) <= _LONGEST else ""
