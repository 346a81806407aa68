"""What bundling brings up and rules judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.model import Content, Place, Tree


class SourceFault(NamedTuple):
    """An error or a warning of the bundler."""

    kind: Literal["error", "warning"]
    message: str
    place: Place
    related: tuple[tuple[Place, str], ...] = ()


class UnsetName(NamedTuple):
    """A name of the environment that a source asks for and nobody set."""

    name: str
    """In full: ``process.env.API``."""
    place: Place


class BuiltInSecret(NamedTuple):
    """A name that was replaced by a value that looks like a secret and stands in a script."""

    name: str
    """In full: ``process.env.API_TOKEN``."""
    place: Place


class AbsentModule(NamedTuple):
    """A module that a source imports, that is left to the page, and that the page does not have."""

    name: str
    owner: str
    """The module of the page that it belongs to; empty where there is none."""
    place: Place


class LostDefine(NamedTuple):
    """A call of the page's ``define`` that cannot do its work in a bundled script."""

    kind: Literal["inside", "unlisted"]
    """``inside``: not in the entry; ``unlisted``: the loader reads its dependencies from names that the bundler changes."""
    place: Place
    path: str = ""
    """The source, also where that is one of a package."""


class NoConstructor(NamedTuple):
    """The entry of ``script.js`` exports what the platform cannot call with ``new``."""

    exported: str
    """In words: ``an arrow function as default``."""
    place: Place


class UnusedSource(NamedTuple):
    """A source that nobody bundles, for a script that is none lies in its place."""

    script: str
    """The path in the package: ``script.js``."""
    place: Place


Fact = SourceFault | UnsetName | BuiltInSecret | AbsentModule | LostDefine | NoConstructor | UnusedSource


class Build(NamedTuple):
    """What came of the sources."""

    tree: Tree
    """What ships; without the scripts where they could not be made."""
    failed: bool
    facts: tuple[Fact, ...] = ()
    """Their places are in ``sources``."""
    base: str = ""
    """The folder that paths of sources start from, as the user would write it."""
    sources: Mapping[str, bytes] = {}
    """The files that are no packages, by path, as far as they were read."""
    maps: Mapping[str, bytes] = {}
    """Script -> its source map."""
    inputs: tuple[str, ...] = ()
    """Absolute paths of the files that are no packages and that the next build may read otherwise."""
    contents: tuple[Content, ...] = ()
    """What each script was made of, packages included."""

    def facts_of(self, kind: type) -> Iterator[Fact]:
        """Yield the facts of one type."""
        return (fact for fact in self.facts if type(fact) is kind)
