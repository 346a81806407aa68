"""The two straight lines: config -> tree -> widget -> findings, and on to bundle, artifact, and findings on the artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import UsageError
from widgetpack.model import SEVERITIES, Artifact, Finding, Severity
from widgetpack.rules import check
from widgetpack.sources import read_tree
from widgetpack.widget import Widget, load_widget, unparsed

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config import Config


class Result(NamedTuple):
    """What came of one widget."""

    source: str
    """As the user named it, or the root that was found in it."""
    findings: tuple[Finding, ...]
    artifact: Artifact | None = None
    """The archive that was written; None after `validate` and after findings that stop a build."""
    target: str = ""
    """Where the archive lies."""

    def fails(self, level: Severity) -> bool:
        """Whether a finding is at or above ``level``."""
        worst = SEVERITIES.index(level)
        return any(SEVERITIES.index(finding.severity) <= worst for finding in self.findings)


def validate(path: Path, config: Config) -> Result:
    """Judge a folder or a finished zip; nothing is written."""
    tree = read_tree(path, config)
    return Result(tree.source, check(load_widget(tree, config)))


def build(path: Path, config: Config, seconds: int, target: Path | None = None) -> Result:
    """Judge the folder ``path``, bundle it, judge the archive, and write it.

    ``seconds`` is the time of the entries (see `widgetpack.archive.epoch`), ``target`` the zip's path, by default the
    config's ``output``. Nothing is written where a finding is at or above the config's fail level, or is an error.
    Raises `widgetpack.errors.WidgetpackError` for what is outside the widget.
    """
    if path.is_file():
        message = f"{path}: a file; a build starts from the widget's folder"
        raise UsageError(message, f"to check a finished zip: widgetpack validate {path}")
    tree = read_tree(path, config)
    widget = load_widget(tree, config)
    result = Result(tree.source, check(widget))
    if result.fails("error") or result.fails(config.fail_level):
        return result
    # Imported here: validate needs neither the linker nor zipfile.
    from widgetpack.archive import make_artifact, write_artifact
    from widgetpack.bundle.package import bundle

    where = target or config.base / config.output
    artifact = make_artifact(bundle(widget).files, version_of(widget), seconds, config.compression)
    known = {(finding.code, finding.path) for finding in result.findings}
    after = [item for item in check_artifact(artifact, where, config) if (item.code, item.path) not in known]
    result = result._replace(findings=(*result.findings, *after))
    if result.fails("error") or result.fails(config.fail_level):
        return result
    write_artifact(artifact, where)
    return result._replace(artifact=artifact._replace(data=b""), target=where.as_posix())


def check_artifact(artifact: Artifact, where: Path, config: Config) -> tuple[Finding, ...]:
    """Judge the archive itself, read back from its bytes: what ships is what counts."""
    from widgetpack.unzip import read_zip

    tree = read_zip(where.as_posix(), artifact.data)
    return check(unparsed(tree, config), families="A")


def version_of(widget: Widget) -> str:
    """Return the manifest's ``widget.version``, or nothing."""
    version = widget.get("widget", "version")
    return version if isinstance(version, str) else ""
