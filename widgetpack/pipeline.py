"""The two straight lines: config -> tree -> widget -> findings, and on to bundle, artifact, and findings on the artifact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import UsageError
from widgetpack.model import SEVERITIES, Artifact, Content, Finding, Image, Release, Severity
from widgetpack.native.build import read_build
from widgetpack.silence import SIGN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from widgetpack.bundle.package import Package
    from widgetpack.config.settings import Config
    from widgetpack.model import Tree
    from widgetpack.native.facts import Build
    from widgetpack.silence.apply import Told
    from widgetpack.widget import Widget


Wrap = Callable[["Widget", "Mapping[str, bytes]"], dict[str, bytes]]
"""From the widget and the files of its archive to those of another one: how `build --dev` puts its loader in front."""

_LARGEST = 5
"""So many files a report names as the biggest."""

_WITHOUT_SCRIPTS = "MJLIF"
"""Families that have something to say where the sources gave no script."""


class Result(NamedTuple):
    """What came of one widget."""

    source: str
    """As the user named it, or the root that was found in it."""
    findings: tuple[Finding, ...]
    artifact: Artifact | None = None
    """The archive that was written; None after `validate` and after findings that stop a build."""
    target: str = ""
    """Where the archive lies."""
    archive: str = ""
    """The zip that was judged, or that would be or was written: findings with this `Finding.source` are about members of it."""
    fail_level: Severity = "error"
    """What the config says; a finding at or above it fails the run."""
    pictures: tuple[Image, ...] = ()
    """Every picture of the widget, for the table of logos."""
    largest: tuple[tuple[str, int], ...] = ()
    """The biggest files of the archive that was written: path and bytes, before compression."""

    known: int = 0
    """Findings that the baseline has, and that are silent for it."""
    inputs: tuple[str, ...] = ()
    """Absolute paths of the sources that were bundled, packages left out."""
    contents: tuple[Content, ...] = ()
    """What is in the scripts of the archive that was written, where a report about it is wanted."""

    def fails(self, level: Severity) -> bool:
        """Whether a finding is at or above ``level``."""
        worst = SEVERITIES.index(level)
        return any(SEVERITIES.index(finding.severity) <= worst for finding in self.findings)


def validate(path: Path, config: Config) -> Result:
    """Judge a folder or a finished zip; nothing is written."""
    made = read_build(path, config, _prepare)
    widget = _load(made, config)
    return _seen(widget, _told(widget, made, _found(widget, made)), made)


class Made(NamedTuple):
    """A widget that was judged, and bundled where no finding stops it; all of it in memory."""

    widget: Widget
    build: Build
    found: tuple[Finding, ...]
    """What the rules say, before silence."""
    result: Result
    package: Package | None
    """The files of the archive; None where a finding is an error, or at or above the config's fail level."""


def make(path: Path, config: Config) -> Made:
    """Judge the folder ``path`` and bundle it; nothing is written.

    Raises `widgetpack.errors.WidgetpackError` for what is outside the widget.
    """
    if path.is_file():
        message = f"{path}: a file; a build starts from the widget's folder"
        raise UsageError(message, f"to check a finished zip: widgetpack validate {path}")
    made = read_build(path, config, _prepare)
    widget = _load(made, config)
    found = _found(widget, made)
    result = _seen(widget, _told(widget, made, found), made)
    if result.fails("error") or result.fails(config.fail_level):
        return Made(widget, made, found, result, None)
    # Imported here: validate does not need the linker.
    from widgetpack.bundle.package import bundle

    return Made(widget, made, found, result, bundle(widget))


def with_more(made: Made, more: Sequence[Finding]) -> Result:
    """Return the result of a widget of which something else than its files told ``more``; silence looks at all together.

    A line that a rule hides is not shown by them either.
    """
    from widgetpack.rules.base import order

    unseen = {(item.source, item.path, item.line) for item in made.found if item.hidden}
    shown = (
        item._replace(text="", hidden=True) if (item.source, item.path, item.line) in unseen else item for item in more
    )
    found = tuple(sorted((*made.found, *shown), key=order))
    findings, known = _told(made.widget, made.build, found)
    return made.result._replace(findings=findings, known=known)


def build(  # noqa: PLR0913  # each is an option of the command
    path: Path,
    config: Config,
    seconds: int,
    target: Path | None = None,
    *,
    since_last: bool = True,
    wrap: Wrap | None = None,
) -> Result:
    """Judge the folder ``path``, bundle it, judge the archive, and write it.

    ``seconds`` is the time of the entries (see `widgetpack.archive.epoch`), ``target`` the zip's path, by default the
    config's ``output``; ``since_last`` also judges it beside the archive that it replaces; ``wrap`` has the last word on the files.
    Nothing is written where a finding is at or above the config's fail level, or is an error. Raises as `make` does.
    """
    widget, made, found, result, package = make(path, config)
    if package is None:
        return result
    # Imported here: validate does not need zipfile.
    from widgetpack.archive import make_artifact, write_artifact

    where = target or config.base / config.output
    files = package.files if wrap is None else wrap(widget, package.files)
    artifact = make_artifact(files, version_of(widget), seconds, config.compression)
    known = {(finding.code, finding.path) for finding in found}
    after = [item for item in check_artifact(artifact, where, config) if (item.code, item.path) not in known]
    if since_last:
        after += _since_last(widget, artifact, where)
    result = _seen(widget, _told(widget, made, found, after), made)._replace(archive=where.as_posix())
    if result.fails("error") or result.fails(config.fail_level):
        return result
    write_artifact(artifact, where)
    if config.script.sourcemap == "external":
        _write_maps(made, where)
    largest = sorted(((path, len(data)) for path, data in files.items()), key=lambda item: -item[1])[:_LARGEST]
    result = result._replace(artifact=artifact._replace(data=b""), target=where.as_posix(), largest=tuple(largest))
    return result._replace(contents=_contents(made, package)) if config.report else result


def import_judges() -> None:
    """Import what judges: longer than anything else in a short run, so esbuild works beside it, and worker processes share it."""
    import widgetpack.rules
    import widgetpack.widget  # noqa: F401


def _prepare(tree: Tree) -> None:
    """Do what does not depend on the sources while esbuild is busy with them."""
    import_judges()
    from widgetpack.widget import look_at_images

    look_at_images(tree)


def _load(made: Build, config: Config) -> Widget:
    from widgetpack.widget import load_widget

    return load_widget(made.tree, config, import_judges)


def _found(widget: Widget, made: Build) -> tuple[Finding, ...]:
    """Judge the widget, its sources, and what ``--against`` names."""
    from widgetpack.rules import check

    if not made.base:
        return (*check(widget), *_against(widget))
    # Imported here: only sources need them.
    from widgetpack.origins import judge_sources, traced
    from widgetpack.rules.base import order

    judged = check(widget, families=_WITHOUT_SCRIPTS if made.failed else "")
    beside = () if made.failed else _against(widget)
    return tuple(sorted((*judge_sources(widget, made), *traced(judged, made), *beside), key=order))


def _told(widget: Widget, made: Build, found: Sequence[Finding], packed: Sequence[Finding] | None = None) -> Told:
    """Return what is told of the findings in the sources and, once there is an archive, of those in it.

    Where the sources gave no script, nobody knows whether a silence is of use.
    """
    config = widget.config
    texts = [data for path, data in widget.tree.files.items() if path not in widget.images]
    if not (config.names_rules or config.baseline or any(SIGN in data for data in (*texts, *made.sources.values()))):
        return (*found, *(packed or ())), 0
    # Imported here: most runs silence nothing.
    from widgetpack.origins import source_tree
    from widgetpack.silence.apply import silence

    told, known = silence(widget, found, packed, source_tree(made))
    return (tuple(item for item in told if not (made.failed and item.code.startswith("U"))), known)


def _seen(widget: Widget, told: Told, made: Build) -> Result:
    """Return what is known before anything is written."""
    tree = widget.tree
    findings, known = told
    pictures = tuple(widget.images.values())
    archive = tree.source if tree.is_archive else ""
    return Result(
        tree.source,
        findings,
        archive=archive,
        fail_level=widget.config.fail_level,
        pictures=pictures,
        known=known,
        inputs=made.inputs,
    )


def _against(widget: Widget) -> tuple[Finding, ...]:
    """Judge the widget beside what the user named with ``--against``."""
    if not widget.config.against:
        return ()
    from widgetpack.against.release import release_against
    from widgetpack.rules import judge

    release = release_against(widget, widget.config)
    return judge(widget, Release, [release] if release else [])


def _since_last(widget: Widget, artifact: Artifact, where: Path) -> tuple[Finding, ...]:
    """Judge the new artifact beside the one that it is about to replace."""
    if widget.config.against:
        return ()
    from widgetpack.against.release import release_since
    from widgetpack.rules import judge

    release = release_since(where, artifact)
    return judge(widget, Release, [release] if release else [])


def _contents(made: Build, package: Package) -> tuple[Content, ...]:
    # Imported here: only a report asks.
    from widgetpack.bundle.contents import contents_of

    return made.contents or contents_of(package)


def _write_maps(made: Build, where: Path) -> None:
    """Put the source maps beside the zip: ``dist/widget.script.js.map``."""
    from widgetpack.files.writing import write_whole

    for script, data in made.maps.items():
        target = where.with_name(f"{where.stem}.{script.replace('/', '.')}.map")
        write_whole(target, data, "set `[script] sourcemap` to none or inline")


def check_artifact(artifact: Artifact, where: Path, config: Config) -> tuple[Finding, ...]:
    """Judge the archive itself, read back from its bytes: what ships is what counts."""
    from widgetpack.files.unzip import read_zip
    from widgetpack.rules import check
    from widgetpack.widget import unparsed

    tree = read_zip(where.as_posix(), artifact.data)
    return check(unparsed(tree, config), families="A")


def version_of(widget: Widget) -> str:
    """Return the manifest's ``widget.version``, or nothing."""
    version = widget.get("widget", "version")
    return version if isinstance(version, str) else ""
