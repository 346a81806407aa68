"""What ``--write-baseline`` does instead of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.errors import EXIT_CLEAN, WidgetpackError
from widgetpack.exits import complain

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config


def write_findings(file: Path, tasks: list[tuple[Any, ...]], options: dict[str, Any]) -> int:
    """Do the ``tasks`` of `widgetpack.cli.run.run`, whatever an older baseline says, and write what is found; return the exit code.

    Where one of them cannot be judged nothing is written: a baseline without it would be wrong.
    """
    from widgetpack.cli.run import speaker
    from widgetpack.parallel import run_all
    from widgetpack.report.text import plural
    from widgetpack.silence.baseline import write_baseline

    config: Config = tasks[0][2]
    whole = [(work, path, config._replace(baseline=None), *rest) for work, path, config, *rest in tasks]
    outcomes = run_all(whole, options.get("jobs"))
    faults = [complain(outcome) for outcome in outcomes if isinstance(outcome, WidgetpackError)]
    if faults:
        return max(faults)
    write_baseline(file, [(result.source, result.findings) for result in outcomes])
    if not options.get("quiet"):
        count = sum(len(result.findings) for result in outcomes)
        widgets = f" in {len(outcomes)} widgets" if len(outcomes) > 1 else ""
        speaker(config)(f"{file}: {plural(count, 'finding')}{widgets}, silent from now on with --baseline {file}")
    return EXIT_CLEAN
