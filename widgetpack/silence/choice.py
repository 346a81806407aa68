"""Which rules a word of the user names, and which of all rules are to be heard."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from widgetpack.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from widgetpack.config.settings import Config
    from widgetpack.model import Pointer

ALL = "ALL"
"""The word that names every rule."""


@cache
def beginning(word: str) -> str | None:
    """Return the beginning of codes that a word stands for: ``S1``, ``S12`` for a rule's name, nothing for ``ALL``.

    None where it names no rule. Capital and small letters are the same.
    """
    upper = word.upper()
    if not upper:
        return None
    if upper == ALL:
        return ""
    if any(code.startswith(upper) for code in RULES):
        return upper
    slug = word.lower().replace("-", "_")
    return next((code for code, rule in RULES.items() if rule.slug == slug), None)


@cache
def named(word: str) -> frozenset[str]:
    """Return the codes of the rules that a word names; none for a word that names no rule."""
    start = beginning(word)
    return frozenset() if start is None else frozenset(code for code in RULES if code.startswith(start))


def complaint(word: str) -> str:
    """Say that a word names no rule, and which one it may have meant."""
    import difflib

    if not word:
        return f"an empty word names no rule; {ALL} names all"
    known = [*RULES, *(rule.slug for rule in RULES.values())]
    slug = word.lower().replace("-", "_")
    # Nearer than usual: one digit of a code says nothing of another.
    near = difflib.get_close_matches(slug, known, 1, cutoff=0.7)
    return f"{word} names no rule" + (f", did you mean {near[0]}?" if near else "")


def is_heard(code: str, config: Config) -> bool:
    """Tell whether a rule is selected and not ignored.

    Where both name it, the command line goes before the environment, and that before the file; within one of these the
    longer word wins, of equally long ones ``ignore``.
    """
    selected, ignored = _longest(code, config.select), _longest(code, config.ignore)
    nearer = _nearness(config, "select") - _nearness(config, "ignore")
    return nearer > 0 if nearer and min(selected, ignored) >= 0 else selected > ignored


def is_selected(code: str, config: Config) -> bool:
    """Tell whether ``select`` names a rule, whatever ``ignore`` says."""
    return _longest(code, config.select) >= 0


def severity_word(code: str, config: Config) -> str | None:
    """Return the word of ``severity`` that decides over a rule: the longest, of equally long ones the first.

    Words of the command line or the environment go before all words of the file.
    """
    words = [word for word, _ in config.severity if code in named(word)]
    spoken = dict(config.origins)
    words = [word for word in words if f"severity.{word}" in spoken] or words
    return max(words, key=lambda word: len(beginning(word) or ""), default=None)


def check_choice(config: Config) -> None:
    """Raise `ConfigError` at the first word of the config file that names no rule."""
    if config.file is None:
        return
    spoken = dict(config.origins)
    for pointer, word in _words(config):
        if beginning(word) is None and pointer[0] not in spoken:
            raise config.fault(pointer, f"`{_path(pointer)}`: {complaint(word)}")


def _words(config: Config) -> Iterator[tuple[Pointer, str]]:
    """Yield each word of a config that names rules, with its place in the file, if it comes from there."""
    for key, words in (("select", config.select), ("ignore", config.ignore)):
        yield from (((key, index), word) for index, word in enumerate(words))
    for pattern, words in config.per_file_ignores:
        yield from ((("per-file-ignores", pattern, index), word) for index, word in enumerate(words))
    for word, _ in config.severity:
        yield ("severity", word), word


def _nearness(config: Config, key: str) -> int:
    """Return 2 for a field that the command line set, 1 for the environment, 0 for the file."""
    origin = dict(config.origins).get(key, "")
    return 2 if origin.startswith("--") else 1 if origin else 0


def _path(pointer: Iterable[str | int]) -> str:
    return ".".join(map(str, pointer))


def _longest(code: str, words: tuple[str, ...]) -> int:
    starts = [start for word in words if (start := beginning(word)) is not None and code.startswith(start)]
    return max(map(len, starts), default=-1)
