"""Which silences are of no use: `widgetpack.rules.settings` puts them into words for the user.

Only what is certain counts. A rule that did not see all it judges (no archive was made, another platform was asked for, a
script cannot be read) may still need its silence.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from widgetpack.config.file import within
from widgetpack.model import SEVERITIES, Place
from widgetpack.rules import RULES, judge
from widgetpack.rules.base import SUBJECTS, Context
from widgetpack.rules.settings import UnusedComment, UnusedEntry
from widgetpack.silence.choice import beginning, complaint, is_heard, is_selected
from widgetpack.silence.silencers import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from widgetpack.config.settings import Config
    from widgetpack.model import Finding, Tree
    from widgetpack.silence.inline import Comment
    from widgetpack.silence.silencers import Silencer
    from widgetpack.widget import Widget


def rules_that_ran(widget: Widget, *, packed: bool, bundled: bool = False) -> frozenset[str]:
    """Return the codes of the rules that saw all they judge.

    ``packed`` says that an archive was made and judged, ``bundled`` that scripts were made of sources.
    """
    config = widget.config
    if not _is_whole(widget) or {"target", "audience", "bundle", "minify"} & dict(config.origins).keys():
        return frozenset()
    archive = packed or widget.tree.is_archive
    return frozenset(
        code
        for code, rule in RULES.items()
        if (rule.subject in SUBJECTS and (archive or not code.startswith("A"))) or (bundled and code.startswith("B"))
    )


def judge_unused(widget: Widget, idle: Sequence[Silencer], ran: frozenset[str], sources: Tree) -> tuple[Finding, ...]:
    """Return the findings about the silences that cover nothing; ``ran`` are the rules of which that is certain.

    Of a finished zip nothing is said: its settings and comments are those of the sources.
    """
    if widget.tree.is_archive:
        return ()
    packed = list(_comments([item for item in idle if not item.in_source], widget.config, ran))
    beside = list(_comments([item for item in idle if item.in_source], widget.config, ran))
    entries = [entry for item in idle if item.comment is None for entry in _entries(widget, item, ran, sources)]
    found = judge(widget, UnusedEntry, entries)
    file = widget.config.file
    if file is not None:  # it may lie above the widget's root
        found = tuple(item._replace(source=file.parent.as_posix()) if item.path else item for item in found)
    told = judge(widget._replace(tree=sources), UnusedComment, beside) if beside else ()
    return (*judge(widget, UnusedComment, packed), *told, *found)


def _comments(idle: Iterable[Silencer], config: Config, ran: frozenset[str]) -> Iterator[UnusedComment]:
    """Yield a fault for each comment that counts for nothing, names no rule, or has a word that covers nothing."""
    for comment, group in groupby((item for item in idle if item.comment is not None), key=lambda item: item.comment):
        if comment is None:
            continue
        items = list(group)
        unknown = next((item.word for item in items if item.word and beginning(item.word) is None), None)
        useless = [item.word for item in items if any(code in ran and is_heard(code, config) for code in item.codes)]
        if comment.fault or unknown:
            yield UnusedComment(comment.path, comment.offset, comment.fault or complaint(unknown or ""))
        elif useless:
            yield UnusedComment(comment.path, comment.offset, _missing(useless, comment))


def _missing(words: list[str], comment: Comment) -> str:
    where = "in this file" if comment.whole_file else f"on line {comment.last}"
    if not all(words):
        return f"no rule finds anything {where}"
    return f"{' and '.join(words)} {'finds' if len(words) == 1 else 'find'} nothing {where}"


def _entries(widget: Widget, item: Silencer, ran: frozenset[str], sources: Tree) -> Iterator[UnusedEntry]:
    """Yield the fault of a setting that covers nothing, where that is certain."""
    config = widget.config
    name = f"{item.key}.{item.word}" if item.key == "severity" else item.key
    origin = dict(config.origins).get(name, "")
    if origin:
        # A variable of the environment is for many runs.
        certain, place, label = origin.startswith("--") and config.alone, Place(""), f"`{origin}`"
    else:
        certain, label = config.file_is_own, f"`{item.key}`"
        place = Place(config.file.name, within(config.file, item.pointer)) if config.file else Place("")
    if not certain:
        return
    if (
        item.pattern
        and _is_whole(widget)
        and not any(names(item.pattern, path) for path in (*_paths(widget), *sources.files))
    ):
        place = place._replace(pointer=(place.pointer or ())[:-1])
        yield UnusedEntry(place, f"{label}: `{item.pattern}` names no file of the widget")
    elif item.codes <= ran and _would_count(widget, item):
        where = f" in `{item.pattern}`" if item.pattern else ""
        yield UnusedEntry(place, f"{label}: {item.word} finds nothing{where}")


def _would_count(widget: Widget, item: Silencer) -> bool:
    """Tell whether the entry would have changed something had its rules found anything."""
    config = widget.config
    if item.key == "ignore":
        return all(is_selected(code, config) for code in item.codes)
    if not all(is_heard(code, config) for code in item.codes):
        return False
    if item.key != "severity":
        return True
    # To make a rule graver is a policy, which holds also where nothing is found.
    level = SEVERITIES.index(dict(config.severity)[item.word])
    context = Context(widget.target, config.audience, widget.tree.is_archive)
    weights = (RULES[code].weight for code in item.codes)
    return all(SEVERITIES.index(own if isinstance(own, str) else own(context)) < level for own in weights)


def _paths(widget: Widget) -> Iterator[str]:
    """Yield every path that a finding can name, also those of merged locales."""
    yield from (*widget.tree.files, *widget.tree.aside)
    yield from (entry.path for entry in widget.tree.entries)
    yield from (f"i18n/{locale.code}.json" for locale in widget.locales)
    if widget.config.file is not None:
        yield widget.config.file.name


def _is_whole(widget: Widget) -> bool:
    """Tell whether everything could be read: what cannot be, many rules pass by."""
    return (
        widget.manifest is not None
        and all(document.readable for document in widget.documents)
        and all(script.fault is None for script in widget.scripts.values())
        and not any(style.faults for style in widget.styles.values())
    )
