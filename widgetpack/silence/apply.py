"""What is left to be told of a widget's findings.

A finding is told where its rule is heard (`widgetpack.silence.choice`) and neither a pattern of ``per-file-ignores``, nor a
comment, nor the baseline covers it. Asked only where a setting or a comment may silence something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from widgetpack.model import Finding, Tree
from widgetpack.rules import RULES, judge
from widgetpack.rules.base import order
from widgetpack.rules.settings import StaleEntries
from widgetpack.silence.choice import is_heard, severity_word
from widgetpack.silence.silencers import load_settings, load_words
from widgetpack.silence.unused import judge_unused, rules_that_ran

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.silence.silencers import Silencer
    from widgetpack.widget import Widget


Told = tuple[tuple[Finding, ...], int]
"""The findings that are told, and how many are silent because the baseline has them."""


_NO_SOURCES: Final = Tree("", {}, {}, ())


def silence(
    widget: Widget,
    found: Sequence[Finding],
    packed: Sequence[Finding] | None = None,
    sources: Tree = _NO_SOURCES,
) -> Told:
    """Return what is told of the findings in a widget's files and, after a build, of those in its archive.

    Comments count for the files only, and for the ``sources`` that scripts were bundled from, in the folder that findings about
    them name. Raises `UsageError` for a baseline that cannot be used.
    """
    config = widget.config
    settings, words = list(load_settings(config)), list(load_words(widget, sources))
    seen = (*found, *(packed or ()))
    idle = [item for item in (*settings, *words) if not any(item.covers(finding) for finding in seen)]
    ran = rules_that_ran(widget, packed=packed is not None, bundled=bool(sources.files))
    own = judge_unused(widget, idle, ran, sources)
    told = sorted((item for item in (*found, *own) if _is_told(item, (*settings, *words), config)), key=order)
    told += [item for item in packed or () if _is_told(item, settings, config)]
    weighed = [_weighed(item, config) for item in told]
    return (tuple(weighed), 0) if config.baseline is None else _beyond(config.baseline, widget, weighed, ran)


def _is_told(finding: Finding, items: Iterable[Silencer], config: Config) -> bool:
    """Tell whether nothing but the baseline may silence a finding."""
    silent = (item for item in items if item.key in ("per-file-ignores", "comment"))
    return is_heard(finding.code, config) and not any(item.covers(finding) for item in silent)


def _weighed(finding: Finding, config: Config) -> Finding:
    word = severity_word(finding.code, config)
    return finding if word is None else finding._replace(severity=dict(config.severity)[word])


def _beyond(baseline: Path, widget: Widget, told: Sequence[Finding], ran: frozenset[str]) -> Told:
    """Take out what the baseline knows, and say how much of it is mended."""
    # Imported here: settings alone need no digests.
    from widgetpack.silence.baseline import read_baseline, widget_key
    from widgetpack.silence.fingerprints import fingerprints

    known = read_baseline(baseline).get(widget_key(baseline, widget.tree.source), frozenset())
    before = {item.fingerprint for item in known}
    names = fingerprints(told)
    left = [item for item, name in zip(told, names, strict=True) if name not in before]
    now = set(names)
    stale = [item for item in known if item.fingerprint not in now and _is_certain(item.code, widget.config, ran)]
    things = [StaleEntries(baseline.as_posix(), len(stale))] if stale else []
    own = [_weighed(item, widget.config) for item in judge(widget, StaleEntries, things)]
    heard = [item for item in own if is_heard(item.code, widget.config)]
    return (*left, *heard), len(told) - len(left)


def _is_certain(code: str, config: Config, ran: frozenset[str]) -> bool:
    """Tell whether a finding of the baseline would have been found again; those about silences depend on others."""
    gone = code not in RULES or code.startswith("U")
    return bool(ran) and (gone or (code in ran and is_heard(code, config)))
