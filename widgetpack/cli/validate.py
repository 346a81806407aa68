"""``widgetpack validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from widgetpack.cli.options import PATHS, configured, judging
from widgetpack.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="validate")
@PATHS
@judging
def command(paths: tuple[Path, ...], **options: Any) -> int:
    """Check widgets: folders or finished zips."""
    from widgetpack.pipeline import validate

    return run([(validate, path, config) for path, config in configured(paths, options)], options)
