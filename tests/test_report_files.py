"""Reports as a user asks for them: real processes, files, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest
from builders import as_json, folder, png, widget

from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_TOOL, EXIT_USAGE

if TYPE_CHECKING:
    from pathlib import Path

BAD = widget(files={"images/logo_min.png": png(42, 42)})
TEXT = "images/logo_min.png:1:1: I02 error 42x42, not 84x84\n\n1 error\n"
CONCISE = "images/logo_min.png:1:1: I02 error 42x42, not 84x84\n1 error\n"
GITHUB = "::error title=I02 wrong_size,file=images/logo_min.png,line=1,col=1::42x42, not 84x84\n"
SERVICES = ("GITHUB_", "CI_", "BITBUCKET_", "WIDGETPACK_", "NO_COLOR")


def command(words: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", "widgetpack", *map(str, words)]


def clean_environment() -> dict[str, str]:
    """Return this process's variables without what a service that runs the tests says of its own checkout."""
    return {key: value for key, value in os.environ.items() if not key.startswith(SERVICES)}


def run(*words: object, cwd: Path, **environment: str) -> tuple[int, str, str]:
    env = {**clean_environment(), **environment}
    done = subprocess.run(command(words), cwd=cwd, env=env, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def asked(*values: str) -> list[str]:
    return [word for value in values for word in ("--output-format", value)]


def test_several_reports_of_one_run(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    values = (
        "out/w.sarif",
        "deep/er/w.xml",
        "github",
        "gitlab:out/quality.json",
        "w.md",
        "concise:w.txt",
        "json:w.json",
    )
    assert run("validate", *asked(*values), cwd=tmp_path) == (EXIT_FINDINGS, GITHUB, "")
    assert json.loads((tmp_path / "out/w.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "out/quality.json").read_text())[0]["check_name"] == "I02 wrong_size"
    assert json.loads((tmp_path / "w.json").read_text())["summary"] == {"error": 1, "warning": 0, "info": 0}
    assert (tmp_path / "deep/er/w.xml").read_text().splitlines()[1] == (
        '<testsuites name="widgetpack" tests="1" failures="1" errors="0">'
    )
    assert (tmp_path / "w.md").read_text("utf-8").splitlines()[0] == "## ❌ .: 1 error"
    assert (tmp_path / "w.txt").read_text() == CONCISE


def test_people_see_the_text_where_every_report_has_a_file(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    assert run("validate", *asked("w.json"), cwd=tmp_path) == (EXIT_FINDINGS, TEXT, "")
    assert run("validate", "-q", *asked("w.json"), cwd=tmp_path)[1] == TEXT.removesuffix("\n1 error\n")


def test_a_second_run_replaces_its_own_reports(tmp_path: Path) -> None:
    folder(tmp_path / "w", BAD)
    values = ("w.sarif", "w.xml", "gitlab:q.json", "w.md", "w.txt", "github:w.log", "w.json", "concise:bare")
    run("validate", "w", *asked(*values), cwd=tmp_path)
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    before = [path.read_bytes() for path in files]
    (tmp_path / "w/images/logo_min.png").write_bytes(png(84, 84))
    assert run("validate", "w", *asked(*values), cwd=tmp_path) == (EXIT_CLEAN, "no findings\n", "")
    assert [path.name for path in files if path.read_bytes() == before[files.index(path)]] == []
    assert len(files) == len(values)
    assert run("validate", "w", *asked(*values), cwd=tmp_path) == (EXIT_CLEAN, "no findings\n", "")


SOURCES = {
    "Makefile": b"all:\n\tzip -r w.zip .\n",
    ".gitignore": b"dist/\n",
    "Dockerfile": b"FROM scratch\n",
    "data.json": b'["a", "b"]\n',
    "issues.json": b'[{"type": "issue", "title": "a"}]\n',
    "notes.txt": b"no findings so far\n2 errors\n",
    "plan.log": b"2 errors, 1 of them mine\n",
    "README.md": b"## \xe2\x9c\x85 Done: all\n",
    "other.sarif": b'{"$schema": "x/sarif.json", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "eslint"}}}]}',
    "other.xml": b'<?xml version="1.0"?>\n<testsuites name="jest" tests="1">\n</testsuites>\n',
}


@pytest.mark.parametrize(
    "value",
    [
        "manifest.json",
        "sarif:script.js",
        "junit:images/logo.png",
        "i18n/en.json",
        "text:script.js",
        "text:Makefile",
        "text:.gitignore",
        "github:Dockerfile",
        "concise:Dockerfile",
        "gitlab:data.json",
        "gitlab:issues.json",
        "json:data.json",
        "text:notes.txt",
        "concise:plan.log",
        "markdown:README.md",
        "sarif:other.sarif",
        "junit:other.xml",
    ],
)
def test_a_slip_of_the_hand_costs_no_source_file(tmp_path: Path, value: str) -> None:
    files = {**widget(), **SOURCES}
    name = value.rpartition(":")[2]
    kind = value.partition(":")[0] if ":" in value else "json"
    folder(tmp_path / "w", files)
    code, _, err = run("validate", *asked(value), cwd=tmp_path / "w")
    assert (code, err) == (
        EXIT_TOOL,
        (
            f"widgetpack: {name}: exists and is no {kind} report of widgetpack; it is left as it is\n"
            f"  try: name another file: {kind}:FILE\n"
        ),
    )
    assert (tmp_path / "w" / name).read_bytes() == files[name]


def test_a_report_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    folder(tmp_path, {**BAD, "file": b"x"})
    (tmp_path / "out").mkdir()
    code, out, err = run("validate", *asked("sarif:out", "json:file/w.json", "w.md", "concise"), cwd=tmp_path)
    assert (code, out) == (EXIT_TOOL, CONCISE)
    assert err == (
        "widgetpack: out: a folder is in the way of the report\n"
        "  try: name another file: sarif:FILE\n"
        "widgetpack: file/w.json: cannot be written: file exists\n"
        "  try: name another file: json:FILE\n"
    )
    assert (tmp_path / "w.md").is_file()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ("json", "sarif"),
            "--output-format: json and sarif both go to standard output\n  try: give one of them a file of its own: sarif:FILE\n",
        ),
        (
            ("sarfi",),
            (
                '--output-format: "sarfi" is not an output format, did you mean "sarif"?\n'
                "  try: the formats are text, concise, json, github, sarif, junit, gitlab, markdown\n"
            ),
        ),
        (
            ("w.csv",),
            (
                "--output-format: w.csv: the ending .csv tells no format\n"
                "  try: FORMAT:w.csv; the endings are .txt .json .sarif .xml .md\n"
            ),
        ),
    ],
)
def test_wrong_values_are_said_before_anything_is_read(tmp_path: Path, values: tuple[str, ...], message: str) -> None:
    assert run("validate", "missing", *asked(*values), cwd=tmp_path) == (EXIT_USAGE, "", f"widgetpack: {message}")


def test_the_variable_holds_reports_separated_by_blanks(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    done = run("validate", cwd=tmp_path, WIDGETPACK_OUTPUT_FORMAT="concise sarif:w.sarif")
    assert done == (EXIT_FINDINGS, CONCISE, "")
    assert (tmp_path / "w.sarif").is_file()
    assert run("validate", *asked("github"), cwd=tmp_path, WIDGETPACK_OUTPUT_FORMAT="concise")[1] == GITHUB
    assert run("validate", cwd=tmp_path, WIDGETPACK_OUTPUT_FORMAT="sarfi")[::2] == (
        EXIT_USAGE,
        (
            'widgetpack: WIDGETPACK_OUTPUT_FORMAT: "sarfi" is not an output format, did you mean "sarif"?\n'
            "  try: the formats are text, concise, json, github, sarif, junit, gitlab, markdown\n"
        ),
    )


@pytest.mark.parametrize("config", ['"out/w.sarif"', '["concise", "out/w.sarif"]'])
def test_the_config_names_reports_from_its_own_folder(tmp_path: Path, config: str) -> None:
    folder(tmp_path / "w", {**BAD, "widgetpack.toml": f"output-format = {config}\n".encode()})
    (tmp_path / "here").mkdir()
    code, out, err = run("validate", "../w", cwd=tmp_path / "here")
    assert (code, out.splitlines()[0], err) == (
        EXIT_FINDINGS,
        "../w/images/logo_min.png:1:1: I02 error 42x42, not 84x84",
        "",
    )
    assert (tmp_path / "w/out/w.sarif").is_file()
    assert run("validate", "../w", *asked("concise:-"), cwd=tmp_path / "here")[1] == f"../w/{CONCISE}"


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ('"sarfi"', '1:1: `output-format`: "sarfi" is not an output format, did you mean "sarif"?'),
        ('["json", "sarif"]', "1:26: `output-format.1`: json and sarif both go to standard output"),
        ('["json", 3]', "1:26: `output-format.1`: 3, a number, not a string"),
        ("{}", "1:1: `output-format`: {}, a table, not a string or an array"),
        (
            '"concise:/etc/w.txt"',
            "1:1: `output-format`: /etc/w.txt leads out of the config's folder; --output-format may name it",
        ),
        (
            '["json", "out/../../w.sarif"]',
            "1:26: `output-format.1`: out/../../w.sarif leads out of the config's folder; --output-format may name it",
        ),
    ],
)
def test_a_wrong_report_in_the_config_has_its_place(tmp_path: Path, config: str, fault: str) -> None:
    folder(tmp_path, {**widget(), "widgetpack.toml": f"output-format = {config}\n".encode()})
    code, out, err = run("validate", cwd=tmp_path)
    assert (code, out, err.splitlines()[0]) == (EXIT_USAGE, "", f"widgetpack: widgetpack.toml:{fault}")


def test_reports_and_baselines_in_the_widget_are_never_packed_wherever_they_lie(tmp_path: Path) -> None:
    data = {"data/a.json": as_json({"tool": "other"}), "data/b.json": b"[]", "data/c.xml": b"<testsuites/>"}
    home = folder(tmp_path, {**BAD, **data})
    asked_for = asked("json:r.json", "sarif:lib/s.json", "junit:j.xml", "gitlab:g.json", "concise")
    assert run("validate", *asked_for, cwd=home)[0] == EXIT_FINDINGS
    assert run("validate", "--write-baseline", "known.json", cwd=home)[0] == EXIT_CLEAN
    assert run("build", "-q", "--ignore", "ALL", cwd=home)[0] == EXIT_CLEAN
    left_out = [
        line.split(None, 4)[3:] for line in run("ls", "--why", cwd=home)[1].splitlines() if line.startswith("-")
    ]
    own = ["g.json", "j.xml", "known.json", "lib/s.json", "r.json"]
    assert [name for name, why in left_out if why == "a report of widgetpack"] == own
    with zipfile.ZipFile(home / "dist/widget.zip") as made:
        assert set(data) < set(made.namelist())
        assert set(own).isdisjoint(made.namelist())


def test_the_command_line_and_the_environment_name_reports_anywhere(tmp_path: Path) -> None:
    folder(tmp_path / "w", {**BAD, "widgetpack.toml": b'output-format = "w.txt"\n'})
    (tmp_path / "other").mkdir()
    run("validate", *asked("concise:../other/a.txt", "../other/b.txt"), cwd=tmp_path / "w")
    run("validate", cwd=tmp_path / "w", WIDGETPACK_OUTPUT_FORMAT=f"concise:{tmp_path}/other/c.txt")
    found = {path.name: path.read_text() for path in (tmp_path / "other").iterdir()}
    assert found == {"a.txt": CONCISE, "b.txt": TEXT, "c.txt": CONCISE}
    assert not (tmp_path / "w/w.txt").exists()


def test_an_earlier_report_gives_way_to_one_of_lines_and_an_empty_file_to_any(tmp_path: Path) -> None:
    folder(tmp_path / "w", BAD)
    folder(tmp_path, dict.fromkeys(("a.json", "b", "c.xml"), b""))
    values = ("json:a.json", "concise:b", "junit:c.xml")
    assert run("build", "w", *asked(*values), cwd=tmp_path)[::2] == (EXIT_FINDINGS, "")
    assert run("validate", "w", *asked("text:b"), cwd=tmp_path)[::2] == (EXIT_FINDINGS, "")
    assert run("validate", "w", *asked("github:b"), cwd=tmp_path)[::2] == (
        EXIT_TOOL,
        "widgetpack: b: exists and is no github report of widgetpack; it is left as it is\n  try: name another file: github:FILE\n",
    )
    (tmp_path / "w/images/logo_min.png").write_bytes(png(84, 84))
    for _ in range(2):
        assert run("build", "w", *asked("concise:d", "text:e", "markdown:f"), cwd=tmp_path)[::2] == (EXIT_CLEAN, "")
        assert run("build", "w", *asked("concise:d", "markdown:f"), "-q", cwd=tmp_path)[::2] == (EXIT_CLEAN, "")


def test_a_link_does_not_lead_a_report_of_the_config_out_of_its_folder(tmp_path: Path) -> None:
    folder(tmp_path, {"other/kept.txt": b"", "w/widgetpack.toml": b'output-format = ["out/w.txt", "concise:l"]\n'})
    folder(tmp_path / "w", BAD)
    (tmp_path / "w/out").symlink_to(tmp_path / "other")
    for name, value in (("out", "out/w.txt"), ("l", "l")):
        code, _, err = run("validate", cwd=tmp_path / "w")
        assert (code, err.splitlines()[0].partition(": ")[2].partition("`: ")[2]) == (
            EXIT_USAGE,
            f"{value} leads out of the config's folder; --output-format may name it",
        )
        (tmp_path / "w" / name).unlink()
        (tmp_path / "w/l").symlink_to(tmp_path / "other/kept.txt")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "other").iterdir()] == [("kept.txt", b"")]


def test_reports_never_go_into_the_archive(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    values = asked("report.json", "gitlab:images/q.json", "notes.txt")
    first = json.loads(run("build", *values, *asked("json"), cwd=tmp_path)[1])
    assert (tmp_path / "images/q.json").read_text() == "[]\n"
    second = json.loads(run("build", *values, *asked("json"), cwd=tmp_path)[1])
    assert second["widgets"][0]["artifact"]["contents"] == first["widgets"][0]["artifact"]["contents"]


def test_the_job_summary_of_github_is_added_to(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    summary = tmp_path / "summary"
    summary.write_text("# What another tool says\n")
    run("validate", *asked(f"markdown:{summary}"), cwd=tmp_path, GITHUB_STEP_SUMMARY=str(summary))
    lines = summary.read_text("utf-8").splitlines()
    assert lines[:2] == ["# What another tool says", "## ❌ .: 1 error"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    folder(tmp_path / "w", BAD)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    run("validate", *asked(f"concise:{pipe}"), cwd=tmp_path / "w")
    reader.join()
    assert read == [CONCISE]
    assert pipe.is_fifo()


def test_files_have_no_colours_and_standard_output_has(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    _, out, _ = run("validate", "--color", "always", *asked("w.txt"), cwd=tmp_path)
    assert (tmp_path / "w.txt").read_text() == TEXT
    assert out == TEXT.replace("I02 error", "\x1b[31mI02 error\x1b[0m").replace(
        "images/logo_min.png:1:1:", "\x1b[1mimages/logo_min.png:1:1:\x1b[0m"
    ).replace("1 error\n", "\x1b[31m1 error\x1b[0m\n")


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_several_widgets_are_in_one_report(tmp_path: Path, jobs: str) -> None:
    for name, files in {"a": BAD, "b": widget(), "c": BAD}.items():
        folder(tmp_path / name, files)
    code, out, err = run("validate", "a", "b", "missing", "c", "-j", jobs, *asked("w.xml", "concise"), cwd=tmp_path)
    assert (code, out) == (
        EXIT_USAGE,
        f"a/{CONCISE}".removesuffix("1 error\n") + f"c/{CONCISE}".replace("1 error", "2 errors in 3 widgets"),
    )
    assert err.splitlines()[0] == "widgetpack: missing: no such file or directory"
    suites = [line for line in (tmp_path / "w.xml").read_text().splitlines() if "<testsuite " in line]
    assert suites == [
        f'  <testsuite name="{name}" tests="1" failures="{failed}" errors="0" time="0">'
        for name, failed in (("a", 1), ("b", 0), ("c", 1))
    ]


def test_paths_are_those_of_the_checkout_that_the_service_names(tmp_path: Path) -> None:
    folder(tmp_path / "sub/w", BAD)
    _, out, _ = run("validate", "w", *asked("github"), cwd=tmp_path / "sub", GITHUB_WORKSPACE=str(tmp_path))
    assert out == GITHUB.replace("images/", "sub/w/images/")


def test_a_text_run_imports_no_other_format(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    code = "import sys; from widgetpack.cli import cli; cli.main(['validate'], standalone_mode=False); print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=clean_environment(), capture_output=True, check=True
    )
    loaded = done.stdout.decode().splitlines()[-1].split()
    assert [name for name in loaded if name.startswith("widgetpack.report.")] == [
        "widgetpack.report.style",
        "widgetpack.report.text",
    ]
    assert [
        name
        for name in loaded
        if name in {"hashlib", "xml", "widgetpack.silence.fingerprints", "widgetpack.files.writing"}
    ] == []


def test_the_pictures_of_the_tables_are_those_of_the_widget(tmp_path: Path) -> None:
    files = widget({"locations": ["settings", "lcard-1"]}, files={"images/logo.png": None, "extra.json": as_json({})})
    folder(tmp_path, files)
    _, out, _ = run("validate", *asked("markdown"), cwd=tmp_path)
    rows = [line for line in out.splitlines() if "| logo" in line]
    assert [row.replace("\\", "").split(" | ")[:4] for row in rows if "wanted" not in row] == [
        ["| ✅", "logo_main", "400x272", "400x272"],
        ["| ✅", "logo_small", "108x108", "108x108"],
        ["| ❌", "logo", "130x100", "none"],
        ["| ✅", "logo_medium", "240x84", "240x84"],
        ["| ✅", "logo_min", "84x84", "84x84"],
    ]


def test_watch_mode_writes_its_files_at_every_build_and_they_lead_to_none(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    words = command(("build", "--watch", *asked("report.json", "junit:w.xml")))
    env = clean_environment()
    with subprocess.Popen(words, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        # A line that never comes must end the test, not hold it.
        deadline = threading.Timer(60, process.kill)
        deadline.start()
        assert process.stdout is not None
        assert process.stdout.readline().decode().split()[1:3] == ["first", "build:"]
        assert json.loads((tmp_path / "report.json").read_text())["summary"] == {"error": 0, "warning": 0, "info": 0}
        (tmp_path / "images/logo_min.png").write_bytes(png(42, 42))
        finding, line = (process.stdout.readline().decode() for _ in range(2))
        assert finding == "images/logo_min.png:1:1: I02 error 42x42, not 84x84\n"
        assert line.split()[1:4] == ["images/logo_min.png:", "1", "error;"]
        assert json.loads((tmp_path / "report.json").read_text())["summary"] == {"error": 1, "warning": 0, "info": 0}
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        deadline.cancel()
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
