"""Widgets that are made of sources: the vendor's template beside its own webpack build, and the two examples of this repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from measure import ENVIRONMENT, Contestant, Measure, Target, megabytes, race, saves, table

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
WIDGETPACK = str(Path(sys.executable).parent / "widgetpack")
PACKAGES = HERE / "node_modules"
TOOLS = ENVIRONMENT | {"PATH": f"{PACKAGES / '.bin'}{os.pathsep}{ENVIRONMENT.get('PATH', '')}"}
"""With the esbuild, the webpack and the yarn of package-lock.json first: all contestants of a run use the same."""
_LINT_ROUNDS = 3
"""Of the template's script `build`, which takes so long that more would tell nothing new."""
_FILLED_IN = {"link": "https://acme.dev/help", "email": "help@acme.dev"}
_ENV_FILE = '[script]\nenv-file = "deploy/prod/.prod.env"\nminify = true\n'


class Project(NamedTuple):
    """A project that both webpack and widgetpack can build."""

    what: str
    folder: Path
    webpack: Contestant
    """Leaves ``dist/script.js`` and ``dist/widget.zip``."""
    linted: Contestant | None
    """The same behind eslint and tsc, where the project has that."""
    saved: Path
    """A source to save in watch mode."""


def make_project(work: Path, template: Path | None) -> Project:
    """Put the project into the folder of this run: a copy of the template (``client``, with node_modules), else the stand-in."""
    folder = work / "project/client"
    if template is None:
        subprocess.run([sys.executable, str(HERE / "project.py"), str(folder)], check=True)
        (folder / "node_modules").symlink_to(PACKAGES)
        webpack = Contestant("webpack", [str(PACKAGES / ".bin/webpack")], folder=folder)
        return Project("a stand-in of like size", folder, webpack, None, folder / "src/panels/Panel1.tsx")
    shutil.copytree(template, folder, symlinks=True)
    shutil.rmtree(folder / "dist", ignore_errors=True)
    for path in template.parent.iterdir():
        if path.is_file():  # prettier's settings, which its eslint asks for
            shutil.copy(path, folder.parent)
    manifest = json.loads((folder / "public/manifest.json").read_bytes())
    # What the vendor's scaffolder asks for.
    manifest["widget"] |= {
        "locale": sorted(path.stem for path in (folder / "public/i18n").iterdir()),
        "support": _FILLED_IN,
    }
    manifest["locations"] = ["settings", "lcard-1", "everywhere"]
    (folder / "public/manifest.json").write_text(json.dumps(manifest, indent=2), "utf-8")
    (folder / "widgetpack.toml").write_text(_ENV_FILE, "utf-8")
    plain, linted = (
        Contestant(f"yarn run {name}", [str(PACKAGES / ".bin/yarn"), "run", name], folder=folder)
        for name in ("build:no-lint", "build")
    )
    return Project(
        "the vendor's files",
        folder,
        plain,
        linted,
        folder / "src/callbacks/initCallback/initCallback.tsx",
    )


def template(work: Path, given: Path | None, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure a build of the template, or of the stand-in, beside its own webpack build."""
    project = make_project(work, given)
    target, name = work / "out/project.zip", "widgetpack build"
    build = Contestant(name, [WIDGETPACK, "build", str(project.folder), "-o", str(target)])
    measures = race([build, project.webpack], rounds, TOOLS)
    rows = list(measures.values())
    if project.linted is not None:
        rows += race([project.linted], min(rounds, _LINT_ROUNDS), TOOLS).values()
    ours, theirs = measures[name].median, measures[project.webpack.name].median
    python, esbuild = _memory(work, build.command[1:])
    size, webpack_size = _script_size(work, target), (project.folder / "dist/script.js").stat().st_size
    lines = [
        f"### React and TypeScript: {project.what}",
        "",
        *table(rows),
        "",
        "| | widgetpack | webpack |",
        "|---|--:|--:|",
        f"| sooner than webpack | {theirs / ours:.1f} times | |",
        f"| bytes of script.js | {size:,} | {webpack_size:,} |",
        f"| peak of the Python process, of esbuild | {python:.0f} MB, {esbuild:.0f} MB | |",
        "",
    ]
    return lines, [
        Target("the template beside its webpack build", ours / theirs, 0.05, " x"),
        Target("its script beside webpack's, bytes", size / webpack_size, 1, " x"),
        Target("peak memory of the Python side", python, 90, " MB"),
    ]


def examples(work: Path, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure builds of the examples; the one in React with the packages of its lock file."""
    contestants = []
    for kind in ("typescript", "react"):
        folder = _copied_example(work, kind)
        command = [WIDGETPACK, "build", str(folder), "-o", str(work / f"out/{kind}.zip")]
        contestants.append(Contestant(f"widgetpack build, {kind}-widget", command))
    rows = race(contestants, rounds, TOOLS)
    measure = rows[contestants[0].name]
    lines = ["### Examples", "", *table(list(rows.values())), ""]
    return lines, [Target("`build` of the TypeScript example", measure.median, 350, " ms")]


def source_saves(work: Path, given: Path | None, rounds: int) -> tuple[list[Measure], list[Target]]:
    """Measure saves in watch mode, in the TypeScript example and in the template."""
    folder, project = _copied_example(work, "typescript"), make_project(work / "watched", given)
    measures = []
    for name, home, source in (
        ("the TypeScript example", folder, folder / "src/clock.ts"),
        ("the template" if given else "the stand-in for the template", project.folder, project.saved),
    ):
        command = [WIDGETPACK, "build", "--watch", str(home)]
        measures.append(saves(f"{name}: from the save of {source.name} to the new zip", command, source, rounds, TOOLS))
    return measures, [
        Target("a save of a source in watch mode, TypeScript example", measures[0].median, 250, " ms"),
        Target("a save of a source in watch mode, template", measures[1].median, 250, " ms"),
    ]


def _copied_example(work: Path, kind: str) -> Path:
    folder = work / f"{kind}-widget"
    if not folder.exists():
        ignored = shutil.ignore_patterns("dist", "node_modules")
        shutil.copytree(EXAMPLES / f"{kind}-widget", folder, ignore=ignored)
        if (folder / "package-lock.json").exists():
            subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder


def _script_size(work: Path, target: Path) -> int:
    unpacked = work / "unpacked"
    shutil.unpack_archive(target, unpacked)
    return (unpacked / "script.js").stat().st_size


def _memory(work: Path, arguments: list[str]) -> tuple[float, float]:
    """Run widgetpack once more; return the peak memory of its own process and of what it started, in MB."""
    found = work / "peaks.json"
    subprocess.run(
        [sys.executable, str(HERE / "own.py"), str(found), *arguments], env=TOOLS, check=True, stdout=subprocess.DEVNULL
    )
    python, started = map(megabytes, json.loads(found.read_bytes()))
    return python, started
