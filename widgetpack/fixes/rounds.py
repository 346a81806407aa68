"""Round by round: what is found, what mends it, and the widget that comes of it, until nothing more changes.

Nothing here touches the disk: a plan can be shown (`diff`) as well as carried out (`write`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.documents.places import locate
from widgetpack.fixes import locale_codes, manifest, missing_texts, texts
from widgetpack.fixes.base import FIXES, Edit, Rename, Repair
from widgetpack.fixes.taken import Taken, take
from widgetpack.model import Entry, Finding, Place, Problem, Tree
from widgetpack.platform import is_text
from widgetpack.rules.base import RULES, SUBJECTS
from widgetpack.widget import Widget, load_widget

if TYPE_CHECKING:
    from widgetpack.config.settings import Config

__all__ = ["Fixed", "Kept", "Plan", "locale_codes", "make_plan", "manifest", "missing_texts", "texts"]

MAX_ROUNDS = 50
"""Real widgets need two or three: edits that overlap, and what only shows after an edit, wait for the next round."""

Kept = Callable[[Widget, Sequence[Finding]], Iterable[Finding]]
"""Takes out the findings that the user does not want to hear of: what nobody reports, nobody mends."""


class Fixed(NamedTuple):
    """One fault that a plan mends."""

    path: str
    """The file as it is named after all renames."""
    code: str
    what: str


class Plan(NamedTuple):
    """What is to become of a widget's files."""

    source: str
    """The widget's root, as `Tree.source`."""
    before: Mapping[str, bytes]
    """The files as they were read, by the name that they have after all renames."""
    after: Mapping[str, bytes]
    """The same files mended."""
    renames: tuple[Rename, ...]
    """To be done first, in this order."""
    fixed: tuple[Fixed, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The files that get other bytes, sorted."""
        return tuple(path for path in sorted(self.after) if self.after[path] != self.before[path])


class _Step(NamedTuple):
    """A repair, and the rule that asked for it."""

    code: str
    repair: Repair


def make_plan(tree: Tree, config: Config, kept: Kept) -> Plan:
    """Work out every edit of a folder's files, without the scripts, which are never touched."""
    tree = tree._replace(files={path: data for path, data in tree.files.items() if _is_mended(path)})
    plan = Plan(tree.source, {**tree.aside, **tree.files}, {}, (), ())
    for _ in range(MAX_ROUNDS):
        widget = load_widget(tree, config)
        steps = list(_chosen(_steps(widget, kept), widget))
        if not steps:
            break
        tree, plan = _applied(tree, steps), _noted(plan, steps)
    return plan._replace(after={**tree.aside, **tree.files})


def _is_mended(path: str) -> bool:
    return is_text(path) and not path.lower().endswith(".js")


def _steps(widget: Widget, kept: Kept) -> Iterator[_Step]:
    """Yield what mends each reported fault, rule by rule."""
    found = dict(_found(widget))
    wanted = {_identity(finding) for finding in kept(widget, tuple(found))}
    reported: dict[str, list[Problem]] = {}
    for finding, problem in found.items():
        if _identity(finding) in wanted:
            reported.setdefault(finding.code, []).append(problem)
    for code, problems in reported.items():
        yield from (_Step(code, repair) for repair in FIXES[code](widget, problems))


def _identity(finding: Finding) -> tuple[str | int, ...]:
    """Return what stays of a finding whatever severity it is given."""
    return finding.code, finding.path, finding.line, finding.column, finding.message


def _found(widget: Widget) -> Iterator[tuple[Finding, Problem]]:
    """Yield what the rules with a fix find, each finding with the problem that knows its place in the text."""
    for code in FIXES:
        for problem in _problems(widget, code):
            data = widget.tree.files.get(problem.place.path) or widget.tree.aside.get(problem.place.path) or b""
            slug, source = RULES[code].slug, widget.tree.source
            line, column, text = locate(data, problem.place)
            yield Finding(code, slug, "info", problem.message, source, problem.place.path, line, column, text), problem


def _problems(widget: Widget, code: str) -> Iterator[Problem]:
    if code == "A14":  # the rule speaks of archives; here it is about what would come into one
        for path in texts.windows_texts(widget):
            yield Problem("CRLF line ends or a byte order mark", Place(path))
        return
    rule = RULES[code]
    for subject in SUBJECTS[rule.subject](widget):
        yield from rule.check(subject)


def _chosen(steps: Iterable[_Step], widget: Widget) -> Iterator[_Step]:
    """Keep what can be done at once: no two edits of the same bytes, no member made twice, no rename beside an edit."""
    taken: dict[str, Taken] = {}
    moved: set[str] = set()
    for step in steps:
        repair = step.repair
        if isinstance(repair, Rename):
            if _is_free(widget.tree, repair.target) and not {repair.path, repair.target} & moved:
                moved |= {repair.path, repair.target}
                yield step
        elif take(taken.setdefault(repair.path, Taken([], [], set())), repair):
            yield step


def _is_free(tree: Tree, target: str) -> bool:
    names = (*tree.files, *(entry.path.rstrip("/") for entry in tree.entries))
    return not any(name == target or name.startswith(target + "/") for name in names)


def _applied(tree: Tree, steps: Sequence[_Step]) -> Tree:
    """Return the tree with every edit done, then every rename."""
    renames = [step.repair for step in steps if isinstance(step.repair, Rename)]
    edits: dict[str, list[Edit]] = {}
    for step in steps:
        if isinstance(step.repair, Edit):
            edits.setdefault(step.repair.path, []).append(step.repair)

    def mended(files: Mapping[str, bytes]) -> dict[str, bytes]:
        done = {_moved(path, renames): _spliced(data, edits.get(path, [])) for path, data in files.items()}
        return dict(sorted(done.items()))

    entries: tuple[Entry, ...] = tuple(entry._replace(path=_moved(entry.path, renames)) for entry in tree.entries)
    return tree._replace(files=mended(tree.files), aside=mended(tree.aside), entries=entries)


def _spliced(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Do edits that exclude each other nowhere; those at one place keep their order."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [data[at : edit.start], edit.text]
        at = edit.end
    return b"".join((*parts, data[at:]))


def _moved(path: str, renames: Iterable[Rename]) -> str:
    for rename in renames:
        if path == rename.path or path.startswith(rename.path + "/"):
            return rename.target + path[len(rename.path) :]
    return path


def _noted(plan: Plan, steps: Sequence[_Step]) -> Plan:
    """Return the plan with what a round has done, everything under its new name."""
    renames = [step.repair for step in steps if isinstance(step.repair, Rename)]
    fixed = [*plan.fixed]
    for code, repair in steps:
        what = repair.what if isinstance(repair, Edit) else f"renamed from {repair.path}"
        fixed.append(Fixed(repair.path, code, what))
    return plan._replace(
        before={_moved(path, renames): data for path, data in plan.before.items()},
        renames=(*plan.renames, *renames),
        fixed=tuple(item._replace(path=_moved(item.path, renames)) for item in fixed),
    )
