"""The command line as a user meets it: real processes, exact output, exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from builders import SCRIPT, archive, as_json, folder, needs_esbuild, png, widget

from widgetpack import __version__
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_TOOL, EXIT_USAGE
from widgetpack.rules import RULES

SAMPLE = Path(__file__).parent.parent / "sample_widget"
BAD = widget(files={"images/logo_min.png": png(42, 42)})


class Done:
    """What a finished command left behind."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()


def run(*words: object, cwd: Path, **environment: str) -> Done:
    env = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "SOURCE_DATE_EPOCH"}}
    command = [sys.executable, "-m", "widgetpack", *map(str, words)]
    return Done(subprocess.run(command, cwd=cwd, env={**env, **environment}, capture_output=True, check=False))


def test_version(tmp_path: Path) -> None:
    done = run("--version", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (EXIT_CLEAN, f"widgetpack {__version__}\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("error", ["ValueError()", "widgetpack.errors.WriteError('full')", "OSError(28, 'full')"])
@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_error_of_what_cleans_up_hides_no_signal(tmp_path: Path, number: str, code: int, error: str) -> None:
    program = f"""
import signal, widgetpack.errors
from widgetpack.exits import leave

def command():
    try:
        signal.raise_signal(signal.{number})
    finally:
        raise {error}

leave(command)
"""
    command = [sys.executable, "-c", program]
    done = Done(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False))
    assert (done.code, done.out, done.err) == (code, "", "")


def test_a_bug_says_where_to_report_it(tmp_path: Path) -> None:
    program = "from widgetpack.exits import leave\nleave(lambda: int('x'))"
    command = [sys.executable, "-c", program]
    done = Done(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False))
    assert (done.code, done.out) == (EXIT_TOOL, "")
    first, *_, error, bug, cure = done.err.splitlines()
    assert first == "Traceback (most recent call last):"
    assert error == "ValueError: invalid literal for int() with base 10: 'x'"
    assert bug.startswith(f"widgetpack: this is a bug in widgetpack {__version__} (Python ")
    assert cure == "  try: report it with the lines above and, if you can, the widget that caused it"


def test_a_good_widget_is_clean(tmp_path: Path) -> None:
    done = run("validate", cwd=folder(tmp_path, widget()))
    assert (done.code, done.out, done.err) == (EXIT_CLEAN, "no findings\n", "")


def test_a_finding_shows_place_line_and_caret(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget({"settings": {"token": {"type": "select"}}}))
    done = run("validate", "w", cwd=tmp_path)
    assert done.out == (
        'w/manifest.json:26:15: M07 error "select" is not a setting type: text, pass, users, users_lp or custom\n'
        '          "type": "select",\n'
        "                  ^\n"
        "\n"
        "1 error\n"
    )
    assert (done.code, done.err) == (EXIT_FINDINGS, "")


def test_a_finding_in_a_zip_names_the_member(tmp_path: Path) -> None:
    (tmp_path / "w.zip").write_bytes(archive(BAD))
    done = run("validate", "w.zip", cwd=tmp_path)
    assert done.out == "w.zip/images/logo_min.png:1:1: I02 error 42x42, not 84x84\n\n1 error\n"
    assert done.code == EXIT_FINDINGS


def test_a_folder_in_the_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.zip").write_bytes(archive({f"my widget/{path}": data for path, data in widget().items()}))
    done = run("validate", "w.zip", cwd=tmp_path)
    assert done.out == "w.zip:1:1: M01 error no manifest.json at the root, only my widget/manifest.json\n\n1 error\n"


def test_build_writes_the_zip_and_says_so(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    done = run("build", "w", cwd=tmp_path)
    data = (tmp_path / "w" / "dist" / "widget.zip").read_bytes()
    lines = done.out.splitlines()
    assert lines[0] == f"w/dist/widget.zip  version 1.0.0, 10 files, {len(data) / 1000:.1f} kB"
    assert lines[1] == f"  sha256    {hashlib.sha256(data).hexdigest()}"
    assert lines[3:] == [
        "  upload    Settings > Integrations > your private integration > Upload widget",
        "",
        "no findings",
    ]
    assert (done.code, done.err) == (EXIT_CLEAN, "")
    with zipfile.ZipFile(tmp_path / "w" / "dist" / "widget.zip") as result:
        assert result.testzip() is None
        assert result.namelist() == [
            "i18n/en.json",
            "i18n/es.json",
            "images/logo.png",
            "images/logo_main.png",
            "images/logo_medium.png",
            "images/logo_min.png",
            "images/logo_small.png",
            "images/tour.png",
            "manifest.json",
            "script.js",
        ]


def test_what_was_built_validates(tmp_path: Path) -> None:
    run("build", cwd=folder(tmp_path, widget()))
    done = run("validate", "dist/widget.zip", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_CLEAN, "no findings\n")


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    for name, zone in (("a", "UTC"), ("b", "Asia/Tokyo")):
        folder(tmp_path / name, widget())
        os.utime(tmp_path / name / "script.js", (10**9, 10**9))
        assert run("build", name, "-o", f"{name}.zip", cwd=tmp_path, TZ=zone).code == EXIT_CLEAN
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_source_date_epoch_is_the_time_of_every_entry(tmp_path: Path) -> None:
    run("build", cwd=folder(tmp_path, widget()), SOURCE_DATE_EPOCH="1700000000")
    with zipfile.ZipFile(tmp_path / "dist" / "widget.zip") as result:
        assert {info.date_time for info in result.infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_an_error_keeps_the_old_zip(tmp_path: Path) -> None:
    folder(tmp_path, {**BAD, "dist/widget.zip": b"old"})
    done = run("build", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_FINDINGS, "images/logo_min.png:1:1: I02 error 42x42, not 84x84\n\n1 error\n")
    assert (tmp_path / "dist" / "widget.zip").read_bytes() == b"old"


def test_warnings_do_not_stop_a_build_unless_asked(tmp_path: Path) -> None:
    folder(tmp_path, widget({"widget": {"secret_key": "abc"}}))
    assert run("build", "-q", cwd=tmp_path).code == EXIT_CLEAN
    assert run("build", "--fail-level", "warning", "-o", "other.zip", cwd=tmp_path).code == EXIT_FINDINGS
    assert sorted(path.name for path in tmp_path.rglob("*.zip")) == ["widget.zip"]


def test_raw_leaves_the_scripts_alone(tmp_path: Path) -> None:
    files = widget()
    run("build", "--raw", cwd=folder(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "dist" / "widget.zip") as result:
        assert result.read("script.js") == files["script.js"]
        assert result.read("lib/greet.js") == files["lib/greet.js"]


def test_the_schema_key_and_the_form_stay_out(tmp_path: Path) -> None:
    files = widget(
        {"$schema": "x.json"},
        files={"integration.json": as_json({"name": "Good", "icon": "icon.png"}), "icon.png": png(400, 272)},
    )
    assert run("build", cwd=folder(tmp_path, files)).code == EXIT_CLEAN
    with zipfile.ZipFile(tmp_path / "dist" / "widget.zip") as result:
        assert json.loads(result.read("manifest.json")) == json.loads(widget()["manifest.json"])
        assert not {"integration.json", "icon.png"} & set(result.namelist())


def test_split_locales_are_merged(tmp_path: Path) -> None:
    texts = json.loads(widget()["i18n/en.json"])
    files = widget(
        files={
            "i18n/en.json": None,
            "i18n/en/a.json": as_json({"widget": texts["widget"]}),
            "i18n/en/b.json": as_json({"settings": texts["settings"]}),
        }
    )
    assert run("build", cwd=folder(tmp_path, files)).code == EXIT_CLEAN
    with zipfile.ZipFile(tmp_path / "dist" / "widget.zip") as result:
        assert json.loads(result.read("i18n/en.json")) == texts
        assert [name for name in result.namelist() if name.startswith("i18n/")] == ["i18n/en.json", "i18n/es.json"]


def test_several_widgets_in_the_order_of_the_command_line(tmp_path: Path) -> None:
    folder(tmp_path / "b", BAD)
    folder(tmp_path / "a", widget())
    done = run("validate", "b", "missing", "a", cwd=tmp_path)
    assert done.out == "b/images/logo_min.png:1:1: I02 error 42x42, not 84x84\n\n1 error in 2 widgets\n"
    assert (
        done.err
        == "widgetpack: missing: no such file or directory\n  try: name the widget's folder or its finished zip\n"
    )
    assert done.code == EXIT_USAGE


@pytest.mark.parametrize("place", ["widget", "public", "src"])
def test_the_root_is_found_below(tmp_path: Path, place: str) -> None:
    folder(tmp_path / place, BAD)
    assert run("validate", cwd=tmp_path).out.startswith(f"{place}/images/logo_min.png:1:1: I02")


def test_no_manifest(tmp_path: Path) -> None:
    done = run("validate", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_FINDINGS, ".:1:1: M01 error no manifest.json\n\n1 error\n")


def test_build_of_a_zip_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "w.zip").write_bytes(archive(widget()))
    done = run("build", "w.zip", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert done.err == (
        "widgetpack: w.zip: a file; a build starts from the widget's folder\n"
        "  try: to check a finished zip: widgetpack validate w.zip\n"
    )


def test_a_folder_as_target_is_a_tool_error(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    (tmp_path / "out").mkdir()
    done = run("build", "-o", "out", cwd=tmp_path)
    assert (done.code, done.err) == (
        EXIT_TOOL,
        "widgetpack: out: a folder is in the way of the zip\n  try: name a file with -o, or `output` in the config\n",
    )


def test_one_output_for_two_widgets_is_a_usage_error(tmp_path: Path) -> None:
    done = run("build", "a", "b", "-o", "x.zip", cwd=tmp_path)
    assert (done.code, done.err) == (
        EXIT_USAGE,
        "widgetpack: -o takes one widget, not 2\n  try: run it once per widget, or set `output` in each config\n",
    )
    done = run("build", "a", "b", cwd=tmp_path, WIDGETPACK_OUTPUT="x.zip")
    assert done.err.splitlines()[0] == "widgetpack: WIDGETPACK_OUTPUT takes one widget, not 2"


@pytest.mark.parametrize(
    "words", [["-o", "x/../w.zip"], ["--output-format", "sarif:./w.zip", "-o", "w.zip", "--watch"]]
)
def test_a_report_at_the_path_of_the_zip_is_a_usage_error(tmp_path: Path, words: list[str]) -> None:
    done = run("build", *words, cwd=folder(tmp_path, widget()), WIDGETPACK_OUTPUT_FORMAT="sarif:w.zip")
    target = next(word for word in words if word.endswith("w.zip") and ":" not in word)
    assert (done.code, done.out, done.err) == (
        EXIT_USAGE,
        "",
        (
            f"widgetpack: {target}: both the zip and the sarif report would be written there\n"
            "  try: give the report a file of its own: sarif:FILE\n"
        ),
    )
    assert not (tmp_path / "w.zip").exists()


@pytest.mark.parametrize("words", [["validate"], ["validate", "--fix"], ["build"], ["build", "--watch"]])
def test_a_file_that_no_report_may_replace_is_told_before_anything_is_done(tmp_path: Path, words: list[str]) -> None:
    files = widget(files={"images/logo_min.png": png(42, 42), "a.css": b"a {}\r\n"})
    done = run(*words, "--output-format", "manifest.json", cwd=folder(tmp_path, files))
    assert (done.code, done.out, done.err) == (
        EXIT_TOOL,
        "",
        (
            "widgetpack: manifest.json: exists and is no json report of widgetpack; it is left as it is\n"
            "  try: name another file: json:FILE\n"
        ),
    )
    assert {path: (tmp_path / path).read_bytes() for path in files} == files


def test_a_wrong_config_is_a_usage_error(tmp_path: Path) -> None:
    folder(tmp_path, {**widget(), "widgetpack.toml": b'excude = ["a"]\n'})
    done = run("validate", cwd=tmp_path)
    assert done.err == (
        'widgetpack: widgetpack.toml:1:1: unknown key "excude", did you mean "exclude"?\n'
        "  try: `widgetpack schema config` prints every key\n"
    )
    assert done.code == EXIT_USAGE


def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    command = f"mkdir w && cd w && rmdir ../w && {sys.executable} -m widgetpack build"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (
        EXIT_USAGE,
        "widgetpack: the current folder does not exist any more\n  try: change to one that does\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_report_that_cannot_be_written_is_a_tool_error(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "widgetpack", "validate"]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    message = "widgetpack: the report cannot be written: no space left on device\n"
    assert (done.returncode, done.stderr.decode()) == (EXIT_TOOL, message)


def test_a_file_that_is_no_zip_is_a_usage_error(tmp_path: Path) -> None:
    done = run("validate", "manifest.json", cwd=folder(tmp_path, widget()))
    assert (done.code, done.err) == (
        EXIT_USAGE,
        (
            "widgetpack: manifest.json: neither a folder nor a zip\n"
            "  try: to check the widget around it: widgetpack validate .\n"
        ),
    )


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="streams closed by a shell of POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--version", 0),
        ("validate good", 0),
        ("validate good bad -j 2", 1),
        ("validate gone", 2),
        ("ls good", 0),
        ("nope", 2),
    ],
)
def test_a_closed_stream_changes_nothing_but_what_is_heard(tmp_path: Path, words: str, code: int, closed: str) -> None:
    folder(tmp_path / "good", widget())
    folder(tmp_path / "bad", BAD)
    plain = run(*words.split(), cwd=tmp_path)
    script = f"{sys.executable} -m widgetpack {words} {closed}"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, check=False)
    heard = ["" if ">&-" in closed.split() else plain.out, "" if "2>&-" in closed else plain.err]
    assert (plain.code, done.returncode, [done.stdout.decode(), done.stderr.decode()]) == (code, code, heard)


def test_poll_without_watch_is_a_usage_error(tmp_path: Path) -> None:
    done = run("build", "--poll", cwd=tmp_path)
    assert (done.code, done.err) == (EXIT_USAGE, "widgetpack: --poll is a way to watch\n  try: add --watch\n")


@pytest.mark.parametrize(
    ("config", "finding"),
    [
        ('root = "nope"', "M01 error no manifest.json in nope, which the config names as root"),
        ('exclude = ["manifest.json"]', "M01 error no manifest.json (left out: excluded by exclude (manifest.json))"),
        ('exclude = ["/lib/"]', "S05 error no file for `./lib/greet.js` (left out: excluded by exclude (/lib/))"),
        ('exclude = ["logo.png"]', "I01 error no images/logo.png (130x100) (left out: excluded by exclude (logo.png))"),
    ],
)
def test_what_the_config_keeps_out_is_said(tmp_path: Path, config: str, finding: str) -> None:
    folder(tmp_path, {**widget(), "widgetpack.toml": config.encode()})
    lines = run("validate", cwd=tmp_path).out.splitlines()
    assert finding in [line.partition(": ")[2] for line in lines]


@needs_esbuild
def test_jsx_in_a_script_that_stays_a_file_is_lowered_too(tmp_path: Path) -> None:
    script = b"define(['./app.js?v=1'], function (app) { return app; });"
    files = widget(
        files={
            "script.js": script,
            "app.js": SCRIPT.replace(b"function ($, greet) {", b"function ($, greet) {\n  const icon = <b/>;"),
        }
    )
    assert run("build", "-o", "w.zip", cwd=folder(tmp_path, files)).code == EXIT_CLEAN
    assert run("validate", "w.zip", cwd=tmp_path).out == "no findings\n"


def test_colours_only_where_asked(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    assert "\x1b[" not in run("validate", cwd=tmp_path).out
    assert "\x1b[31mI02 error\x1b[0m" in run("validate", "--color", "always", cwd=tmp_path, NO_COLOR="1").out
    assert "\x1b[" not in run("validate", "--color", "never", cwd=tmp_path).out


def test_a_text_of_the_widget_cannot_steer_the_terminal(tmp_path: Path) -> None:
    folder(tmp_path, widget({"widget": {"name": "\x1b[2J\u202eoops"}}))
    done = run("validate", cwd=tmp_path)
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_output_survives_a_terminal_without_unicode(tmp_path: Path) -> None:
    folder(tmp_path, widget({"widget": {"name": "Виджет"}}))
    done = run("validate", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.code == EXIT_CLEAN
    assert done.err == ""


def test_ls_lists_what_the_zip_holds(tmp_path: Path) -> None:
    folder(tmp_path, {**widget(), "notes.md": b"# notes\n", ".env": b"KEY=1"})
    lines = run("ls", cwd=tmp_path).out.splitlines()
    run("build", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "dist" / "widget.zip") as result:
        assert [line.split()[-1] for line in lines[:-2]] == result.namelist()
        total = sum(info.file_size for info in result.infolist())
    assert lines[-2:] == [f"10 files, {total / 1000:.1f} kB before compression", "3 left out; --why lists them"]


def test_ls_why_gives_the_reason_for_each_file(tmp_path: Path) -> None:
    folder(
        tmp_path,
        {
            **widget(),
            "notes.md": b"# notes\n",
            ".env": b"KEY=1",
            "widgetpack.toml": b'exclude = ["*.psd"]\n',
            "a.psd": b"",
        },
    )
    text = run("ls", "--why", cwd=tmp_path).out
    for name, reason in {
        "notes.md": ".md: not a kind of file that a widget can use",
        ".env": "hidden",
        "widgetpack.toml": "the config of widgetpack",
        "a.psd": "excluded by exclude (*.psd)",
        "lib/greet.js": "linked into script.js",
        "script.js": "2 modules linked into one",
    }.items():
        assert next(line for line in text.splitlines() if f"  {name} " in line).endswith(f"  {reason}")


def test_ls_of_what_is_no_widget_says_so_as_validate_does(tmp_path: Path) -> None:
    folder(tmp_path / "many" / "one", widget())
    (tmp_path / "bad.zip").write_bytes(b"x")
    (tmp_path / "wrapped.zip").write_bytes(archive({"w/manifest.json": b"{}"}))
    for name, out in (
        ("many", ""),
        ("bad.zip", ""),
        ("wrapped.zip", "       2 B  w/manifest.json\n1 file, 2 B before compression\n"),
    ):
        said = run("validate", name, "--output-format", "concise", "-q", cwd=tmp_path).out
        done = run("ls", name, cwd=tmp_path)
        assert (name, done.code, done.out.replace("  " * 4, "  " * 3), done.err) == (name, EXIT_FINDINGS, out, said)


@pytest.mark.parametrize(("word", "start"), [("S", "S"), ("u", "U"), ("M0", "M0"), ("all", "")])
def test_rule_lists_a_family(tmp_path: Path, word: str, start: str) -> None:
    done = run("rule", word, cwd=tmp_path)
    assert [line.split()[0] for line in done.out.splitlines()] == sorted(
        code for code in RULES if code.startswith(start)
    )
    assert (done.code, done.err) == (EXIT_CLEAN, "")


def test_rule_lists_and_explains(tmp_path: Path) -> None:
    assert [line.split()[0] for line in run("rule", cwd=tmp_path).out.splitlines()] == sorted(RULES)
    done = run("rule", "i02", cwd=tmp_path)
    assert done.out == (
        "I02 wrong_size (error)\n\n"
        "A logo does not have the exact pixel size of its slot.\n\n"
        'The upload answers "Logo file for logo must have resolution 130x100px", one logo at a time.'
        " A warning for a `logo_dp` that no location needs.\n\n"
        "Fix: export the picture at the size of its slot, or run `widgetpack logos`.\n\n"
        "Wrong: an `images/logo.png` of 140x80 pixels\nRight: an `images/logo.png` of 130x100 pixels\n\n"
        'Source: developers.kommo.com/docs/images; upload refused with "must have resolution 130x100px" (2026-08)\n'
    )
    done = run("rule", "wrong-sise", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert (
        done.err
        == "widgetpack: wrong-sise: no such rule; did you mean wrong_size?\n  try: `widgetpack rule` lists them\n"
    )


@pytest.mark.parametrize("name", ["manifest", "integration", "config", "report"])
def test_schema_prints_the_file(tmp_path: Path, name: str) -> None:
    done = run("schema", name, cwd=tmp_path)
    assert done.out == (SAMPLE.parent / "schemas" / f"{name}.schema.json").read_text("utf-8")


def test_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    done = run("biuld", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_USAGE, "")


@pytest.mark.parametrize("target", ["kommo", "amocrm"])
@pytest.mark.parametrize("audience", ["private", "public"])
def test_the_sample_widget_has_no_findings(tmp_path: Path, target: str, audience: str) -> None:
    done = run(
        "build", SAMPLE, "-o", "w.zip", "--target", target, "--audience", audience, "--fail-level", "info", cwd=tmp_path
    )
    assert (done.code, done.out.splitlines()[-1], done.err) == (EXIT_CLEAN, "no findings", "")
    own = ("--config", SAMPLE / "widgetpack.toml", "--target", target, "--audience", audience, "--fail-level", "info")
    done = run("validate", "w.zip", *own, cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_CLEAN, "no findings\n")


def test_a_clean_run_imports_only_what_it_needs(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    code = "import sys; from widgetpack.cli import cli; cli.main(['validate'], standalone_mode=False); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert loaded & {"jsonschema", "watchdog", "concurrent.futures", "tree_sitter_json", "zipfile"} == set()
