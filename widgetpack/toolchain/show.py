"""Every place where esbuild is looked for, and what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.toolchain.executable import Esbuild, EsbuildError
from widgetpack.toolchain.find import missing
from widgetpack.toolchain.search import looks
from widgetpack.toolchain.version import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.config.settings import Config
    from widgetpack.errors import WidgetpackError


class Shown(NamedTuple):
    """What the places hold."""

    rows: tuple[tuple[str, str], ...]
    """Each place, and its verdict in words; in the order in which they are looked at."""
    used: int | None
    """The row that decides; None where nothing is anywhere."""
    esbuild: Esbuild | None
    """What is used; None where there is none, or the first one does not work."""
    fault: WidgetpackError | None
    """Why none can be used."""


def show(config: Config, environ: Mapping[str, str]) -> Shown:
    """Look at every place, also at those behind the one that decides."""
    rows: list[tuple[str, str]] = []
    outcomes: list[Esbuild | EsbuildError | None] = []
    seen = tuple(looks(config, environ))
    for look in seen:
        outcome = look.found and _outcome(look.found, environ)
        outcomes.append(outcome)
        rows.append((look.where, _verdict(outcome) or look.otherwise))
    used = next((index for index, outcome in enumerate(outcomes) if outcome is not None), None)
    decisive = missing(seen) if used is None else outcomes[used]
    if isinstance(decisive, Esbuild):
        return Shown(tuple(rows), used, decisive, None)
    return Shown(tuple(rows), used, None, decisive)


def _outcome(found: Esbuild, environ: Mapping[str, str]) -> Esbuild | EsbuildError:
    try:
        return checked(found, environ)
    except EsbuildError as fault:
        return fault


def _verdict(outcome: Esbuild | EsbuildError | None) -> str:
    if outcome is None:
        return ""
    if isinstance(outcome, EsbuildError):
        return f"{outcome.esbuild.path}: {outcome.words}"
    return f"{outcome.path}, esbuild {outcome.version}"
