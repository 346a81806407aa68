"""Measure widgetpack beside what a user would run instead; print the tables, and with ``--write`` put them into README.md.

Whole processes, contestants in turn, one round to warm up, then the median of the rest. Nothing here passes or fails a
build: a missed target is printed as such.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import ENVIRONMENT, Contestant, Target, race, saves, table
from seen import seen
from sources import PACKAGES, examples, source_saves, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
WIDGETPACK = str(BIN / "widgetpack")
WEB_EXT = str(HERE / "node_modules/.bin/web-ext")
_MEGABYTE = 1_010_000
MARKS = ("<!-- results: written by run.py --write -->", "<!-- end of results -->")


def prepare(work: Path, source: Path | None) -> None:
    """Put the birthday-widget, and a copy with what web-ext asks for, into the folder of this run."""
    widget, extension = work / "birthday", work / "extension"
    if source is None:
        make("standin", widget)
    else:
        shutil.copytree(source, widget, ignore=shutil.ignore_patterns(".git", "dist"))
    shutil.copytree(widget, extension)
    manifest = json.loads((extension / "manifest.json").read_bytes())
    keys = {"name": "birthday", "version": "1.0.1", "manifest_version": 3}
    (extension / "manifest.json").write_text(json.dumps({**keys, **manifest}, indent=2), "utf-8")


def birthday(work: Path, what: str, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure build and validate on the birthday-widget, beside web-ext; ``what`` says which files those are."""
    widget, extension = work / "birthday", work / "extension"
    web_ext = [WEB_EXT, "--no-input", "--no-config-discovery", "--source-dir", str(extension)]
    build, validate, web_build, web_lint = "widgetpack build", "widgetpack validate", "web-ext build", "web-ext lint"
    measures = race(
        [
            Contestant(build, [WIDGETPACK, "build", str(widget), "-o", str(work / "out/widget.zip")]),
            Contestant(web_build, [*web_ext, "build", "--artifacts-dir", str(work / "artifacts"), "--overwrite-dest"]),
            Contestant(validate, [WIDGETPACK, "validate", str(widget)]),
            # A widget is no extension: findings are expected, and with them exit code 1.
            Contestant(web_lint, [*web_ext, "lint"], (0, 1)),
        ],
        rounds,
    )
    files = [path for path in widget.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    title = f"### birthday-widget: {what}, {len(files)} files, {size:.1f} MB"
    targets = [
        Target("`build` beside `web-ext build`", measures[build].median / measures[web_build].median, 0.5, " x"),
        Target("`validate` beside `web-ext lint`", measures[validate].median / measures[web_lint].median, 0.2, " x"),
        Target("`validate`, whole process", measures[validate].median, 250, " ms"),
        Target("peak memory of `build`", measures[build].peak, 70, " MB"),
    ]
    return [title, "", *table(list(measures.values())), ""], targets


def scripts(work: Path, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure what a megabyte of minified scripts, those in the packages installed here, adds to ``validate``."""
    plain, heavy = work / "birthday", work / "heavy"
    shutil.copytree(plain, heavy)
    found = {path.read_bytes() for path in (HERE / "node_modules").rglob("*.min.js")}
    data = b""
    for text in sorted(found, key=lambda text: (len(text), text), reverse=True):  # few large ones, then what still fits
        fits = len(data) + len(text) < _MEGABYTE
        if fits and not re.search(rb"\bexport ?[{d]", text):  # a widget's scripts are no ES modules
            data += text + b"\n;"
    (heavy / "plugins/vendor.min.js").write_bytes(data)
    without, added = "widgetpack validate", f"the same with {len(data) / 1e6:.2f} MB of minified scripts"
    measures = race(
        [
            Contestant(without, [WIDGETPACK, "validate", str(plain)]),
            Contestant(added, [WIDGETPACK, "validate", str(heavy)]),
        ],
        rounds,
    )
    more = measures[added].median - measures[without].median
    lines = ["### A large script", "", *table(list(measures.values())), ""]
    return lines, [Target("what a minified megabyte adds to `validate`", more, 300, " ms")]


def corpus(folder: Path | None, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure ``validate`` on many real widgets in one call, where there is a folder of them."""
    if folder is None:
        return [], []
    names = [str(path) for path in sorted(folder.iterdir()) if path.is_dir()]
    name = f"widgetpack validate, {len(names)} real widgets"
    measures = race([Contestant(name, [WIDGETPACK, "validate", *names], (1,))], rounds)
    lines = ["### Real widgets in one call", "", *table(list(measures.values())), ""]
    return lines, [Target(f"`validate` on {len(names)} real widgets", measures[name].median, 2500, " ms")]


def start_up(rounds: int) -> tuple[list[str], list[Target]]:
    """Measure ``--version`` beside importing click, which is the least that a click program does."""
    bare, version = 'python -c "import click"', "widgetpack --version"
    measures = race(
        [Contestant(bare, [sys.executable, "-c", "import click"]), Contestant(version, [WIDGETPACK, "--version"])],
        rounds,
    )
    ratio = measures[version].median / measures[bare].median
    return ["### Start", "", *table(list(measures.values())), ""], [
        Target("`--version` beside a bare `import click`", ratio, 2, " x")
    ]


def watch(work: Path, given: Path | None, rounds: int) -> tuple[list[str], list[Target]]:
    """Measure the time from the rename that ends a save to the new zip: a classic script, and sources that are bundled."""
    widget = work / "birthday"
    command = [WIDGETPACK, "build", "--watch", str(widget), "-o", str(work / "watch/widget.zip")]
    measure = saves("birthday-widget: from the save of script.js to the new zip", command, widget / "script.js", rounds)
    others, targets = source_saves(work, given, rounds)
    lines = ["### Watch mode", "", *table([measure, *others]), ""]
    return lines, [Target("a save of a script in watch mode", measure.median, 120, " ms"), *targets]


def files(work: Path, rounds: int) -> list[str]:
    """Measure ``build`` on widgets of 10 to 10,000 files."""
    contestants = []
    for count in (10, 100, 1_000, 10_000):
        widget = work / f"files{count}"
        make("files", widget, str(count))
        name = f"widgetpack build, {count:,} files"
        contestants.append(Contestant(name, [WIDGETPACK, "build", str(widget), "-o", str(work / f"out/{count}.zip")]))
    return ["### Files in one widget", "", *table(list(race(contestants, rounds).values())), ""]


def widgets(work: Path, rounds: int) -> list[str]:
    """Measure ``build`` on 1 to 200 widgets, in one process and in two."""
    make("files", work / "many/w0", "30")
    names = [str(work / f"many/w{number}") for number in range(200)]
    for name in names[1:]:
        shutil.copytree(names[0], name)
    contestants = []
    for count in (1, 10, 50, 200):
        for jobs in ("1", "2"):
            name = f"widgetpack build, {count} widget{'s' if count > 1 else ''}, -j {jobs}"
            contestants.append(Contestant(name, [WIDGETPACK, "build", *names[:count], "-j", jobs]))
    return ["### Widgets in one run, of 30 files each", "", *table(list(race(contestants, rounds).values())), ""]


def make(kind: str, folder: Path, *arguments: str) -> None:
    """Make an input in a process of its own: see inputs.py."""
    subprocess.run([sys.executable, str(HERE / "inputs.py"), kind, str(folder), *arguments], check=True)


def machine(rounds: int) -> list[str]:
    """Return what the numbers depend on."""
    facts = {
        "measured rounds": str(rounds),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}, {platform.machine()}",
        "Python": platform.python_version(),
        "node": _answer("node", "--version"),
        "web-ext": _answer(WEB_EXT, "--version"),
        "esbuild": _answer(str(PACKAGES / ".bin/esbuild"), "--version"),
        "webpack, of the stand-in": json.loads((PACKAGES / "webpack/package.json").read_bytes())["version"],
        "widgetpack": _answer(WIDGETPACK, "--version").rpartition(" ")[2],
    }
    return ["### Machine", "", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items()), ""]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _answer(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()


def install_others() -> None:
    """Install what package-lock.json names, once for each lock file."""
    installed = PACKAGES / ".package-lock.json"  # npm's own note of what lies there
    if not installed.exists() or installed.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        if shutil.which("npm") is None:
            sys.exit("npm not found: what the benchmarks measure beside widgetpack needs Node 20 and npm")
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)


def write_results(lines: list[str]) -> None:
    """Replace the results in README.md."""
    readme = HERE / "README.md"
    before, _, rest = readme.read_text("utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    readme.write_text("\n".join([before + MARKS[0], "", *lines, MARKS[1] + after]), "utf-8")


def load_options() -> argparse.Namespace:
    """Read the command line and the environment."""
    source, client = os.environ.get("WIDGETPACK_BIRTHDAY"), os.environ.get("WIDGETPACK_TEMPLATE")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--birthday", type=Path, default=Path(source) if source else None, metavar="FOLDER",
                        help="the vendor's birthday-widget (default: $WIDGETPACK_BIRTHDAY, else a stand-in)")  # fmt: skip
    parser.add_argument("--template", type=Path, default=Path(client) if client else None, metavar="FOLDER",
                        help="client/ of the vendor's template, with node_modules (default: $WIDGETPACK_TEMPLATE, else a stand-in)")  # fmt: skip
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="a folder of real widgets, each in a folder")
    parser.add_argument("--rounds", type=int, default=9, help="measured rounds (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the results into benchmarks/README.md")
    parser.add_argument(
        "--only",
        choices=["birthday", "scripts", "corpus", "start", "template", "examples", "watch", "seen", "files", "widgets"],
        help="one part, for a closer look",
    )
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write takes all parts")
    return options


def measured(options: argparse.Namespace, work: Path) -> Iterator[tuple[list[str], list[Target]]]:
    """Yield the lines and targets of every part that was asked for."""
    what = "a stand-in of the same names and sizes" if options.birthday is None else "the vendor's files"
    prepare(work, options.birthday)
    parts: dict[str, Callable[[], tuple[list[str], list[Target]]]] = {
        "birthday": lambda: birthday(work, what, options.rounds),
        "scripts": lambda: scripts(work, options.rounds),
        "corpus": lambda: corpus(options.corpus, options.rounds),
        "start": lambda: start_up(options.rounds),
        "template": lambda: template(work, options.template, options.rounds),
        "examples": lambda: examples(work, options.rounds),
        "watch": lambda: watch(work, options.template, options.rounds),
        "seen": lambda: seen(work, options.rounds),
        "files": lambda: (files(work, options.rounds), []),
        "widgets": lambda: (widgets(work, options.rounds), []),
    }
    yield from (part() for name, part in parts.items() if options.only in (None, name))


def main() -> None:
    """Run what was asked for and print it."""
    options = load_options()
    install_others()
    lines, targets = machine(options.rounds), []
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for text, promises in measured(options, Path(folder)):
            print("\n".join(text), flush=True)
            lines += text
            targets += promises
    rows = (item.row() for item in targets)
    summary = ["### Targets", "", "| target | measured | at most | |", "|---|--:|--:|---|", *rows, ""]
    print("\n".join(summary))
    if options.write:
        write_results([*summary, *lines])


if __name__ == "__main__":
    main()
