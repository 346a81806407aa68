"""Settings as a user gives them: command line, environment and file, in real processes; and `widgetpack config`."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from builders import archive, folder, png, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.cli import cli
from widgetpack.config.provenance import list_settings, toml_value
from widgetpack.config.settings import Config, read_config
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_TOOL, EXIT_USAGE

SCRIPT = b"define([], function () {\n  debugger;\n  eval('1');\n  return function () { return true; };\n});\n"
BAD = widget(files={"lib/greet.js": SCRIPT, "images/logo_min.png": png(42, 42)})
SUMS = {"I02": "1 error", "S": "2 warnings"}


class Done:
    """What a finished command left behind."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    @property
    def sum(self) -> str:
        return self.out.rstrip("\n").rpartition("\n")[2]


def run(*words: object, cwd: Path, **environment: str) -> Done:
    env = {key: value for key, value in os.environ.items() if not key.startswith("WIDGETPACK_")}
    command = [sys.executable, "-m", "widgetpack", *map(str, words)]
    return Done(subprocess.run(command, cwd=cwd, env={**env, **environment}, capture_output=True, check=False))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return folder(tmp_path, BAD)


def settle(base: Path, text: str) -> None:
    (base / "widgetpack.toml").write_text(text)


@pytest.mark.parametrize(
    ("words", "environment", "text", "expected"),
    [
        ((), {}, "", "1 error, 2 warnings"),
        ((), {}, 'ignore = ["I02"]', "2 warnings"),
        ((), {"WIDGETPACK_IGNORE": "S23 I02"}, 'ignore = ["S20"]', "1 warning"),
        ((), {"WIDGETPACK_IGNORE": "S23,\tI02 , S20"}, "", "no findings"),
        ((), {"WIDGETPACK_IGNORE": ""}, 'ignore = ["S20"]', "1 error, 1 warning"),
        (("--ignore", "S"), {"WIDGETPACK_IGNORE": "I02"}, 'ignore = ["S20"]', "1 error"),
        (("--ignore", "S20", "--ignore", "debugger-left, I02"), {}, "", "no findings"),
        (("--ignore", ""), {}, 'ignore = ["S"]', "1 error, 2 warnings"),
        (("--select", "S2"), {}, 'ignore = ["S20", "I02"]', "2 warnings"),
        (("--select", "S", "--ignore", "s20"), {}, 'ignore = ["S23"]', "1 warning"),
        ((), {"WIDGETPACK_SELECT": "I,L"}, 'select = ["S"]', "1 error"),
        (("--severity", "S23=error,I=info"), {}, '[severity]\nS = "error"\nI02 = "error"', "2 errors, 1 info"),
        (("--ignore", "S"), {}, 'select = ["S20", "I"]', "1 error"),
        ((), {"WIDGETPACK_IGNORE": "S"}, 'select = ["S20", "I"]', "1 error"),
        (("--ignore", "S"), {"WIDGETPACK_SELECT": "S20,I"}, "", "1 error"),
        (("--select", "S"), {"WIDGETPACK_IGNORE": "S20,I"}, "", "2 warnings"),
        ((), {"WIDGETPACK_SELECT": "S20,I", "WIDGETPACK_IGNORE": "S"}, "", "1 error, 1 warning"),
        (("--ignore", "S20"), {}, 'select = ["S"]', "1 warning"),
        (("--severity", "S=info"), {}, '[severity]\nS20 = "error"', "1 error, 2 info"),
        ((), {"WIDGETPACK_SEVERITY": "S=info"}, '[severity]\nS20 = "error"\nI02 = "warning"', "1 warning, 2 info"),
        (("--severity", "S=info,S20=warning"), {}, '[severity]\nS20 = "error"', "1 error, 1 warning, 1 info"),
        (("--severity", "S=info"), {"WIDGETPACK_SEVERITY": "S=error"}, "", "1 error, 2 info"),
        ((), {"WIDGETPACK_SEVERITY": "S=error I02=info"}, '[severity]\nS = "info"', "2 errors, 1 info"),
        ((), {"WIDGETPACK_QUIET": "1", "WIDGETPACK_SELECT": "M"}, "", ""),
    ],
)
def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    base: Path, words: tuple[str, ...], environment: dict[str, str], text: str, expected: str
) -> None:
    settle(base, text)
    done = run("validate", *words, cwd=base, **environment)
    assert (done.sum, done.err) == (expected, "")
    assert done.code == (EXIT_FINDINGS if "error" in expected else EXIT_CLEAN)


def test_every_option_has_a_variable_of_its_name() -> None:
    with click.Context(cli) as context:
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command is not None
            for option in command.params:
                if isinstance(option, click.Option):
                    long = next(word for word in option.opts if word.startswith("--"))
                    assert (name, option.envvar) == (name, f"WIDGETPACK_{long[2:].replace('-', '_').upper()}")


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("WIDGETPACK_TARGET", "komo", "'komo' is not one of 'auto', 'kommo', 'amocrm'."),
        ("WIDGETPACK_JOBS", "0", "0 is not in the range x>=1."),
        ("WIDGETPACK_IGNORE", "S20 S88x", "S88x names no rule"),
        ("WIDGETPACK_SEVERITY", "S20", "S20: not RULE=SEVERITY, as in S12=info"),
    ],
)
def test_a_wrong_variable_is_named(base: Path, variable: str, value: str, words: str) -> None:
    done = run("validate", cwd=base, **{variable: value})
    usage, hint, _, message = done.err.splitlines()
    assert message == f"Error: Invalid value for the environment variable {variable}: {words}"
    assert (done.code, done.out, usage[:6], hint[:4]) == (EXIT_USAGE, "", "Usage:", "Try ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--ignore", "nonsense-word"), "Invalid value for '--ignore': nonsense-word names no rule"),
        (("--ignore", "debuger_left"), "Invalid value for '--ignore': debuger_left names no rule, did you mean debugger_left?"),
        (("--select", ","), "Invalid value for '--select': names no rule; leave it out for all rules"),
        (("--severity", "qq=info"), "Invalid value for '--severity': qq names no rule"),
        (("--severity", "S20=loud"), "Invalid value for '--severity': S20=loud: loud is not a severity: error, warning or info"),
        (
            ("--severity", "S20=off"),
            (
                "Invalid value for '--severity': S20=off: off is not a severity: error, warning or info;"
                " a rule that shall be silent belongs into --ignore"
            ),
        ),
        (("--severity", "=info"), "Invalid value for '--severity': =info: not RULE=SEVERITY, as in S12=info"),
        (("--severity", "S20="), "Invalid value for '--severity': S20=: nothing is not a severity: error, warning or info"),
    ],
)  # fmt: skip
def test_a_wrong_word_on_the_command_line_is_a_usage_error(base: Path, words: tuple[str, ...], message: str) -> None:
    done = run("validate", *words, cwd=base)
    assert (done.code, done.out, done.err.splitlines()[-1]) == (EXIT_USAGE, "", f"Error: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('select = ["S", "debuger_left"]', "1:16: `select.1`: debuger_left names no rule, did you mean debugger_left?"),
        ('\nignore = ["nonsense"]', "2:11: `ignore.0`: nonsense names no rule"),
        ('[per-file-ignores]\n"a.b" = ["nonsense"]', "2:10: `per-file-ignores.a.b.0`: nonsense names no rule"),
        ('[severity]\nnonsense = "info"', "2:1: `severity.nonsense`: nonsense names no rule"),
    ],
)
def test_a_wrong_word_in_the_config_is_told_with_its_place(base: Path, text: str, message: str) -> None:
    settle(base, text)
    done = run("validate", cwd=base)
    hint = "`widgetpack schema config` prints every key"
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert done.err == f"widgetpack: widgetpack.toml:{message}\n  try: {hint}\n"


def test_a_variable_with_lines_holds_a_value_in_each(base: Path) -> None:
    done = run(
        "validate", cwd=base, WIDGETPACK_OUTPUT_FORMAT="json:a b.json\n", WIDGETPACK_IGNORE="S20\n\n S23 , I02\n"
    )
    assert (done.code, done.sum, done.err, (base / "a b.json").is_file()) == (EXIT_CLEAN, "no findings", "", True)
    run("validate", cwd=base, WIDGETPACK_OUTPUT_FORMAT="json:c d.json")
    assert ((base / "c").is_file(), (base / "d.json").is_file()) == (True, True)


def test_a_wrong_word_that_the_command_line_replaces_does_no_harm(base: Path) -> None:
    settle(base, 'ignore = ["nonsense"]')
    assert run("validate", "--ignore", "S", cwd=base).sum == "1 error"


def test_an_old_widget_adopts_the_tool(base: Path) -> None:
    done = run("validate", "--write-baseline", "widgetpack-baseline.json", cwd=base)
    assert (done.code, done.out, done.err) == (
        EXIT_CLEAN,
        "widgetpack-baseline.json: 3 findings, silent from now on with --baseline widgetpack-baseline.json\n",
        "",
    )
    settle(base, 'baseline = "widgetpack-baseline.json"')
    done = run("validate", cwd=base)
    assert (done.code, done.out) == (EXIT_CLEAN, "no findings (3 in the baseline)\n")
    (base / "images" / "logo_min.png").write_bytes(png(50, 50))
    done = run("validate", cwd=base)
    assert (done.code, done.out) == (
        EXIT_FINDINGS,
        (
            "images/logo_min.png:1:1: I02 error 50x50, not 84x84\n\n"
            ".:1:1: U03 info 1 entry matches no finding any more: write widgetpack-baseline.json anew\n\n"
            "1 error, 1 info (2 in the baseline)\n"
        ),
    )
    assert run("validate", "--write-baseline", "widgetpack-baseline.json", "-q", cwd=base).out == ""
    assert run("validate", "--fail-level", "info", cwd=base).sum == "no findings (3 in the baseline)"
    assert run("build", cwd=base).sum == "no findings (3 in the baseline)"


def test_two_widgets_and_a_zip_share_a_config_and_a_baseline(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    settle(tmp_path, 'baseline = "known.json"\nignore = ["S20", "L01"]\n[per-file-ignores]\n"images/" = ["I02"]\n')
    for name in ("one", "two"):
        folder(tmp_path / "widgets" / name, BAD)
    (tmp_path / "widgets" / "three.zip").write_bytes(archive(BAD))
    paths = ["widgets/one", "widgets/two", "widgets/three.zip"]
    done = run("validate", *paths, "--write-baseline", "known.json", cwd=tmp_path)
    assert done.out == "known.json: 3 findings in 3 widgets, silent from now on with --baseline known.json\n"
    assert run("validate", *paths, cwd=tmp_path).out == "no findings in 3 widgets (3 in the baseline)\n"
    folder(tmp_path / "widgets" / "two", {"lib/greet.js": SCRIPT.replace(b"  eval('1')", b"  debugger")})
    done = run("validate", *paths, "-q", cwd=tmp_path)
    assert [line.split(":")[0] for line in done.out.splitlines()[:1]] == ["widgets/two/lib/greet.js"]
    assert run("validate", cwd=tmp_path / "widgets" / "one").out == "no findings (1 in the baseline)\n"


def test_a_baseline_that_cannot_be_used_is_told_once(base: Path) -> None:
    folder(base / "other", BAD)
    for command in ("validate", "build"):
        done = run(command, ".", "other", "--baseline", "gone.json", cwd=base)
        assert (done.code, done.out) == (EXIT_USAGE, "")
        assert done.err == (
            "widgetpack: gone.json: cannot be read: no such file or directory\n"
            "  try: `widgetpack validate --write-baseline gone.json` writes one\n"
        )


def test_a_baseline_is_not_written_over_something_else(base: Path) -> None:
    done = run("validate", "--write-baseline", "manifest.json", cwd=base)
    assert (done.code, done.out) == (EXIT_TOOL, "")
    assert done.err == (
        "widgetpack: manifest.json: exists and is no baseline of widgetpack; it is left as it is\n"
        "  try: name another file with --write-baseline\n"
    )
    assert (base / "manifest.json").read_bytes() == BAD["manifest.json"]


def test_a_baseline_without_one_of_the_widgets_is_not_written(base: Path) -> None:
    done = run("validate", ".", "gone", "--write-baseline", "b.json", cwd=base)
    assert (done.code, done.out, (base / "b.json").exists()) == (EXIT_USAGE, "", False)


SETTINGS = """ignore = ["S20"]
exclude = ["*.md", "a \\"b\\""]
output-format = ["text", "json:out/report.json"]
[archive]
compression = "store"
[per-file-ignores]
"lib/*" = ["S23"]
[severity]
I02 = "warning"
S = "info"
[integration]
name = "é\\u007f"
"""


OF_SOURCES = [
    *(f"# {key}: none" for key in ("esbuild", "entry", "entries", "external", "rename", "define", "env-file")),
    'css = "inject"',
    "# css-modules: none",
    "# inline-limit: none",
    "minify = false",
    'target = ["es2020", "chrome87", "edge88", "firefox78", "safari15"]',
    'sourcemap = "none"',
    "# command: none",
]
"""Of ``[script]``, where nothing is set."""


def test_config_prints_what_holds_and_where_it_comes_from(base: Path) -> None:
    settle(base, SETTINGS)
    words = ("--audience", "public", "--severity", "S=error", "-j", "2", "-o", "x.zip")
    done = run("config", *words, cwd=base, WIDGETPACK_RAW="1", WIDGETPACK_FAIL_LEVEL="info", WIDGETPACK_AGAINST="v1")
    assert (done.code, done.err) == (EXIT_CLEAN, "")
    rows = [
        ("# root: none", "default"),
        ('output = "x.zip"', "--output"),
        ('target = "auto"', "default"),
        ('audience = "public"', "--audience"),
        ('fail-level = "info"', "WIDGETPACK_FAIL_LEVEL"),
        ('output-format = ["text", "json:out/report.json"]', "widgetpack.toml:3"),
        ("include = []", "default"),
        ('exclude = ["*.md", "a \\"b\\""]', "widgetpack.toml:2"),
        ('select = ["ALL"]', "default"),
        ('ignore = ["S20"]', "widgetpack.toml:1"),
        ("# baseline: none", "default"),
        ("", ""),
        ("[script]", ""),
        ("bundle = false", "WIDGETPACK_RAW"),
        *((line, "default") for line in OF_SOURCES),
        ("", ""),
        ("[archive]", ""),
        ('compression = "store"', "widgetpack.toml:5"),
        ("", ""),
        ("[per-file-ignores]", ""),
        ('"lib/*" = ["S23"]', "widgetpack.toml:7"),
        ("", ""),
        ("[severity]", ""),
        ('S = "error"', "--severity"),
        ('I02 = "warning"', "widgetpack.toml:9"),
        ("", ""),
        ("[integration]", ""),
        ('name = "é\\u007f"', "widgetpack.toml:12"),
        ("", ""),
        ("# jobs = 2", "--jobs"),
        ('# against = "v1"', "WIDGETPACK_AGAINST"),
    ]
    assert done.out.splitlines() == [
        "# .: config file widgetpack.toml",
        *(f"{text:<48}  # {origin}" if origin else text for text, origin in rows),
    ]


def test_without_anything_config_prints_the_defaults(tmp_path: Path) -> None:
    folder(tmp_path / "w", BAD)
    done = run("config", "w", cwd=tmp_path)
    assert [line.rpartition("  # ")[2] for line in done.out.splitlines() if "  # " in line] == ["default"] * (
        13 + len(OF_SOURCES)
    )
    assert done.out.splitlines()[0] == "# w: no config file"


def test_select_on_the_command_line_sets_the_configs_ignore_aside(base: Path) -> None:
    settle(base, 'ignore = ["S20"]')
    lines = run("config", "--select", "S", cwd=base).out.splitlines()
    assert [" ".join(line.split()) for line in lines if line.startswith(("select", "ignore"))] == [
        'select = ["S"] # --select',
        "ignore = [] # --select",
    ]


def test_what_config_prints_is_a_config_with_the_same_settings(base: Path) -> None:
    settle(base, SETTINGS)
    (base / "printed.toml").write_text(run("config", cwd=base).out)
    before, after = read_config(base), read_config(base, base / "printed.toml")
    kept = Config._fields[3:]
    assert [getattr(before, name) for name in kept if name != "output_format"] == [
        getattr(after, name) for name in kept if name != "output_format"
    ]


def test_names_stay_readable_where_the_locale_has_no_letters_for_them(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder(tmp_path / "Мой виджет", {**widget(), "widgetpack.toml": 'output = "\U0001f600.zip"'.encode()})
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    lines = run("config", "Мой виджет", "--baseline", "ж.json", cwd=tmp_path, **plain).out.splitlines()
    assert lines[0] == "# Мой виджет: config file Мой виджет/widgetpack.toml"
    assert [" ".join(line.split()) for line in lines if line.startswith(("output =", "baseline"))] == [
        'output = "\U0001f600.zip" # Мой виджет/widgetpack.toml:1',
        'baseline = "ж.json" # --baseline',
    ]
    done = run("validate", "Мой виджет", "--write-baseline", "ж.json", cwd=tmp_path, **plain)
    assert done.out == "ж.json: 0 findings, silent from now on with --baseline ж.json\n"
    done = run("validate", "нет", cwd=tmp_path, **plain)
    assert done.err.splitlines()[0] == "widgetpack: нет: no such file or directory"


def test_config_of_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    done = run("config", "gone", cwd=tmp_path)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert done.err.splitlines()[-1] == "Error: Invalid value for '[PATH]': Path 'gone' does not exist."


def tables() -> st.SearchStrategy[Any]:
    leaves = (
        st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.dates()
        | st.times()
        | st.datetimes(timezones=st.just(dt.UTC))
    )
    keys = st.text(st.characters(exclude_categories=["Cs"]))
    return st.recursive(leaves, lambda below: st.lists(below) | st.dictionaries(keys, below))


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), tables()))
def test_every_value_of_toml_is_printed_as_itself(table: dict[str, Any]) -> None:
    text = list_settings(Config(Path(), integration=table), {"more": (table, "--more")})
    assert tomllib.loads(text).get("integration", {}) == table
    assert tomllib.loads(f"x = {toml_value(table)}") == {"x": table}


def test_a_run_that_silences_nothing_does_not_import_what_silences(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from widgetpack.cli import cli\n"
        "cli.main(['validate'], standalone_mode=False)\n"
        "rooms = ('widgetpack.silence.', 'widgetpack.config.provenance')\n"
        "print([name for name in sys.modules if name.startswith(rooms)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder(tmp_path, widget()), capture_output=True, check=True)
    assert done.stdout.decode() == "no findings\n[]\n"
