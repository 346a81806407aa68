"""The words of settings and comments that make findings silent or softer."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from widgetpack.files.patterns import load_patterns
from widgetpack.silence import SIGN
from widgetpack.silence.choice import ALL, beginning, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.config.settings import Config
    from widgetpack.model import Finding, Pointer, Tree
    from widgetpack.silence.inline import Comment
    from widgetpack.widget import Widget


class Silencer(NamedTuple):
    """One word, and what it is about."""

    codes: frozenset[str]
    """The rules that it names; none where it names no rule."""
    word: str
    """As written; empty for a comment without words."""
    key: Literal["ignore", "per-file-ignores", "severity", "comment"]
    pointer: Pointer = ()
    """Where it stands in the config's table."""
    pattern: str = ""
    """Of ``per-file-ignores``."""
    comment: Comment | None = None
    folder: str = ""
    """Of a comment: what its path starts from, as `Finding.source`."""
    in_source: bool = False
    """Whether it is a comment in a source, not in a file of the package."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether it is about this finding."""
        if finding.code not in self.codes:
            return False
        if self.comment is not None:
            return self.comment.covers(finding.line) and (
                whole(self.folder, self.comment.path) == whole(finding.source, finding.path)
            )
        if not self.pattern or names(self.pattern, finding.path):
            return True
        return finding.script != "" and names(self.pattern, finding.script)


def load_settings(config: Config) -> Iterator[Silencer]:
    """Yield the words of a config, in its order."""
    for index, word in enumerate(config.ignore):
        yield Silencer(named(word), word, "ignore", ("ignore", index))
    for pattern, words in config.per_file_ignores:
        for index, word in enumerate(words):
            yield Silencer(named(word), word, "per-file-ignores", ("per-file-ignores", pattern, index), pattern)
    for word, _ in config.severity:
        yield Silencer(named(word), word, "severity", ("severity", word))


def load_words(widget: Widget, sources: Tree) -> Iterator[Silencer]:
    """Yield the words of the comments in a widget and in its sources; to be silent about a comment itself, it must name ``U01``."""
    tree = widget.tree
    own = {path: data for path, data in tree.files.items() if path not in tree.bundled}  # what is in those, sources say
    seen = {whole(tree.source, path) for path in own}
    beside = {path: data for path, data in sources.files.items() if whole(sources.source, path) not in seen}
    yield from _words_of(tree.source, own, in_source=False)
    yield from _words_of(sources.source, beside, in_source=True)


def _words_of(folder: str, files: Mapping[str, bytes], *, in_source: bool) -> Iterator[Silencer]:
    for path, data in files.items():
        if SIGN not in data:
            continue
        # Imported here: most widgets have settings only.
        from widgetpack.silence.inline import load_comments

        for comment in load_comments(path, data):
            for word in comment.words or ("",):
                codes = named(word or ALL)
                if beginning(word or ALL) == "":
                    codes = frozenset(code for code in codes if not code.startswith("U"))
                yield Silencer(codes, word, "comment", comment=comment, folder=folder, in_source=in_source)


@lru_cache(maxsize=4096)
def whole(folder: str, path: str) -> str:
    """Return a path with its folder, in one spelling: a file may be told of as a source and as a file of the package."""
    return posixpath.normpath(f"{folder}/{path}")


@lru_cache(maxsize=4096)
def names(pattern: str, path: str) -> bool:
    """Tell whether a git pattern names a file, or a folder above it."""
    parts = path.split("/")
    folders = ["/".join(parts[:end]) for end in range(1, len(parts))]
    return any(
        item.matches(path, is_folder=False) or any(item.matches(folder, is_folder=True) for folder in folders)
        for item in load_patterns([pattern])
    )
