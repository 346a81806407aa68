"""The config: where it is found, what its paths start from, and each way in which it can be wrong."""

from __future__ import annotations

import os
import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest

from widgetpack.config.script import ScriptOptions
from widgetpack.config.serve import ServeOptions
from widgetpack.config.settings import Config, read_config
from widgetpack.documents.places import pointer_offset, spot
from widgetpack.documents.schema import read_schema
from widgetpack.errors import EXIT_USAGE, ConfigError

KEYS = "`widgetpack schema config` prints every key"
TOML = "TOML is described at toml.io"


def lay(base: Path, text: str | bytes, name: str = "widgetpack.toml") -> Path:
    base.mkdir(parents=True, exist_ok=True)
    (base / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return base


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path) == Config(tmp_path)


def test_every_key_is_taken(tmp_path: Path) -> None:
    text = (
        '"$schema" = "x"\nroot = "src"\noutput = "o.zip"\ntarget = "kommo"\naudience = "public"\nfail-level = "info"\n'
        'output-format = "json"\ninclude = ["a"]\nexclude = ["b", "c"]\nselect = ["S", "wrong-size"]\nignore = []\n'
        'baseline = "known.json"\narchive.compression = "store"\n'
        '[per-file-ignores]\n"lib/" = ["S20", "C"]\n"*.css" = []\n[severity]\nS = "info"\n[integration]\nname = "n"\n'
        '[script]\nbundle = false\nesbuild = "bin/esbuild"\nentry = "src/a.ts"\nexternal = ["x", "!y"]\nenv-file = ".env"\n'
        'css = "file"\ncss-modules = [".m.css"]\ninline-limit = 8\nminify = true\ntarget = "es2022"\nsourcemap = "inline"\n'
        'command = "npm run build"\nentries = { "b.js" = "src/b.ts" }\nrename = { y = "lib/y" }\ndefine = { D = 1, "a.b" = "c" }\n'
        '[serve]\nhost = "0.0.0.0"\nport = 9000\nhttps = true\ncertificate = "c.pem"\nkey = "k.pem"\norigins = ["https://a.example"]\n'
        'id = "mine"\n'
    )
    config = read_config(lay(tmp_path, text))
    assert config == Config(
        tmp_path,
        tmp_path / "widgetpack.toml",
        text.encode(),
        root="src",
        output="o.zip",
        target="kommo",
        audience="public",
        fail_level="info",
        output_format=("json",),
        include=("a",),
        exclude=("b", "c"),
        bundle=False,
        esbuild=tmp_path / "bin/esbuild",
        script=ScriptOptions(
            entry="src/a.ts",
            entries=(("b.js", "src/b.ts"),),
            external=("x", "!y"),
            rename=(("y", "lib/y"),),
            define=(("D", 1), ("a.b", "c")),
            env_file=".env",
            css="file",
            css_modules=(".m.css",),
            inline_limit=8,
            minify=True,
            target=("es2022",),
            sourcemap="inline",
            command="npm run build",
        ),
        serve=ServeOptions(
            "0.0.0.0",  # what the text above says
            9000,
            https=True,
            certificate=tmp_path / "c.pem",
            key=tmp_path / "k.pem",
            origins=("https://a.example",),
            id="mine",
        ),
        compression="store",
        integration={"name": "n"},
        select=("S", "wrong-size"),
        per_file_ignores=(("lib/", ("S20", "C")), ("*.css", ())),
        severity=(("S", "info"),),
        baseline=tmp_path / "known.json",
    )
    assert (config.names_rules, Config(tmp_path).names_rules) == (True, False)
    read = pickle.loads(pickle.dumps(config))
    assert read == config
    known, said = read_schema("config")["properties"], tomllib.loads(text)
    assert set(said) == set(known)
    for table in ("script", "serve"):
        assert set(said[table]) == set(known[table]["properties"])


def test_a_baseline_lies_beside_the_config_that_names_it(tmp_path: Path) -> None:
    lay(tmp_path, 'baseline = "known.json"\n')
    (tmp_path / "w").mkdir()
    assert read_config(tmp_path / "w").baseline == tmp_path / "known.json"


def test_a_config_is_a_widgets_own_where_it_lies_beside_it_or_names_its_root(tmp_path: Path) -> None:
    lay(tmp_path, 'root = "src"\n')
    for name in ("src", "other"):
        (tmp_path / name).mkdir()
    own = {name: read_config(tmp_path / name).file_is_own for name in (".", "src", "other")}
    assert own == {".": True, "src": True, "other": False}


def test_a_table_in_the_projects_file_is_taken(tmp_path: Path) -> None:
    lay(tmp_path, '[ tool . "widgetpack" ]\noutput = "o.zip"\n', "pyproject.toml")
    config = read_config(tmp_path)
    assert (config.file, config.output) == (tmp_path / "pyproject.toml", "o.zip")


def test_our_own_file_wins_over_the_projects(tmp_path: Path) -> None:
    lay(tmp_path, '[tool.widgetpack]\noutput = "p.zip"\n', "pyproject.toml")
    assert read_config(lay(tmp_path, 'output = "w.zip"')).output == "w.zip"


@pytest.mark.parametrize(
    "text", ['[project]\ndependencies = ["widgetpack"]\n', "tool = 3 # widgetpack", "[tool.widgetpacker]\n"]
)
def test_a_project_that_only_names_widgetpack_is_passed_by(tmp_path: Path, text: str) -> None:
    lay(tmp_path, 'output = "up.zip"')
    lay(tmp_path / "w", text, "pyproject.toml")
    assert read_config(tmp_path / "w").output == "up.zip"


def test_a_config_further_up_serves_several_widgets_from_their_own_folders(tmp_path: Path) -> None:
    lay(tmp_path, 'root = "src"\noutput = "out/w.zip"\n')
    for name in ("one", "two"):
        base = tmp_path / "widgets" / name
        base.mkdir(parents=True)
        config = read_config(base)
        assert (config.base, config.root, config.output) == (base, "", "out/w.zip")
    assert (read_config(tmp_path).base, read_config(tmp_path).root) == (tmp_path, "src")


def test_a_config_further_up_whose_root_is_this_folder_keeps_its_own_paths(tmp_path: Path) -> None:
    lay(tmp_path, 'root = "src"\n')
    (tmp_path / "src").mkdir()
    config = read_config(tmp_path / "src")
    assert (config.base, config.root) == (tmp_path, "src")


def test_a_config_above_the_repository_is_not_found(tmp_path: Path) -> None:
    lay(tmp_path, 'output = "up.zip"')
    (tmp_path / "inner" / "w").mkdir(parents=True)
    (tmp_path / "inner" / ".git").write_text("gitdir: elsewhere")
    assert read_config(tmp_path / "inner" / "w").file is None
    lay(tmp_path / "inner", 'output = "beside.zip"')
    assert read_config(tmp_path / "inner" / "w").output == "beside.zip"


def test_a_path_with_dots_climbs_its_own_folders_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path / "here", 'output = "here.zip"')
    (tmp_path / "there" / "w").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert read_config(Path("../there/w")).file is None
    assert read_config(Path()).file == Path("widgetpack.toml")
    assert read_config(Path("../here")) == read_config(Path())._replace(
        base=Path("../here"), file=Path("../here/widgetpack.toml")
    )


def test_a_named_file_counts_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path / "w", 'output = "no.zip"')
    lay(tmp_path / "ci", 'root = "app"\noutput = "yes.zip"\n', "strict.toml")
    config = read_config(tmp_path / "w", tmp_path / "ci" / "strict.toml")
    assert (config.base, config.root, config.output) == (tmp_path / "w", "", "yes.zip")
    monkeypatch.chdir(tmp_path / "ci")
    assert read_config(Path(), Path("../ci/strict.toml")).root == "app"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('outptu = "x"', '1:1: unknown key "outptu", did you mean "output"?', KEYS),
        (b'\xef\xbb\xbf\r\n  outptu = "x"', '2:3: unknown key "outptu", did you mean "output"?', KEYS),
        ("x = 1\ny = 2", '1:1: unknown key "x"', KEYS),
        ("# bundle = 1\n\n[script]\nbundle = 'yes'\n", '4:1: `script.bundle`: "yes", a string, not a boolean', KEYS),
        ("script.bundel = true", '1:8: unknown key "bundel", did you mean "bundle"?', KEYS),
        ("script = {bundle = 1}", "1:11: `script.bundle`: 1, a number, not a boolean", KEYS),
        ("[[script]]\nbundle = true", '1:3: `script`: [{"bundle": true}], an array, not a table', KEYS),
        (
            'target = "komo"',
            '1:1: `target`: "komo" is not a target: auto, kommo or amocrm; did you mean "kommo"?',
            KEYS,
        ),
        ('include = ["a, ]", # b\n  3]', "2:3: `include.1`: 3, a number, not a string", KEYS),
        ('include = "a"', '1:1: `include`: "a", a string, not an array', KEYS),
        ("output = 2021-01-01", '1:1: `output`: "2021-01-01", a date, not a string', KEYS),
        ('exclude = ["a", "../b"]', "1:17: `exclude.1`: leads out of the widget; patterns start at its root", KEYS),
        ('include = ["!b"]', "1:12: `include.0`: `!` brings nothing in; name the file itself, or use `exclude`", KEYS),
        ('root = ""', '1:1: `root`: "", 0 characters, not at least 1', KEYS),
        ('target = "kommo"\noutput = "a\\u0000b"', "2:1: `output`: a NUL character in a path", KEYS),
        ("baseline = 3", "1:1: `baseline`: 3, a number, not a string", KEYS),
        ('baseline = "a\\u0000"', "1:1: `baseline`: a NUL character in a path", KEYS),
        ("select = []", "1:1: `select`: 0 items, not at least 1", KEYS),
        ('ignore = ["S", 3]', "1:16: `ignore.1`: 3, a number, not a string", KEYS),
        ('ignore = [""]', '1:11: `ignore.0`: "", 0 characters, not at least 1', KEYS),
        ('[per-file-ignores]\n"a" = "S"', '2:1: `per-file-ignores.a`: "S", a string, not an array', KEYS),
        ('[per-file-ignores]\n"a" = [3]', "2:8: `per-file-ignores.a.0`: 3, a number, not a string", KEYS),
        ('[per-file-ignores]\n"../a" = []', '2:1: "../a" leads out of the widget; patterns start at its root', KEYS),
        ('[per-file-ignores]\n"!a" = []', '2:1: "!a": `!` names no file; name the files themselves', KEYS),
        ('severity = ["S"]', '1:1: `severity`: ["S"], an array, not a table', KEYS),
        ("select = {}", "1:1: `select`: {}, a table, not an array", KEYS),
        ('output = ", an object"\nroot = 1', "2:1: `root`: 1, a number, not a string", KEYS),
        ('include = ", an object"', '1:1: `include`: ", an object", a string, not an array', KEYS),
        ('[per-file-ignores]\n"" = ["S"]', "2:1: `per-file-ignores`: an empty key names nothing", KEYS),
        ('[severity]\nS20 = "info"\n"" = "info"', "3:1: `severity`: an empty key names nothing", KEYS),
        (
            '[severity]\nS = "off"',
            '2:1: `severity.S`: "off" is not a severity: error, warning or info',
            KEYS,
        ),
        ("integration = 3", "1:1: `integration`: 3, a number, not a table", KEYS),
        ("a b", "1:3: not TOML: expected '=' after a key in a key/value pair", TOML),
        ("a = 1\na = 2", "2:6: not TOML: cannot overwrite a value", TOML),
        ('a = "', "1:6: not TOML: unterminated string", TOML),
        ("é = 1", "1:1: not TOML: invalid statement", TOML),
        ("a = " + "9" * 5000, "1:1: not TOML: a number is too long", TOML),
        ("a = " + "[" * 5000, "1:1: not TOML: nested too deeply", TOML),
        ('# é\na = "é'.encode() + b'\xe9"', "2:7: not UTF-8: byte 0xE9 starts no character", "save the file as UTF-8"),
        ("[a]".encode("utf-16"), "1:1: not UTF-8: byte 0xFF starts no character", "save the file as UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str | bytes, message: str, hint: str) -> None:
    lay(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert (str(caught.value), caught.value.hint) == (f"{tmp_path}/widgetpack.toml:{message}", hint)
    assert caught.value.exit_code == EXIT_USAGE


def test_a_fault_in_the_projects_file_is_told_with_its_place(tmp_path: Path) -> None:
    lay(tmp_path, "[tool.other]\nbundle = 1\n[tool.widgetpack.script]\nbundle = 1\n", "pyproject.toml")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(caught.value) == f"{tmp_path}/pyproject.toml:4:1: `script.bundle`: 1, a number, not a boolean"
    lay(tmp_path, "[tool]\nwidgetpack = 1\n", "pyproject.toml")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(caught.value) == f"{tmp_path}/pyproject.toml:2:1: `tool.widgetpack`: 1, a number, not a table"


def test_faults_of_the_form_are_findings_and_no_fault_of_the_config(tmp_path: Path) -> None:
    config = read_config(lay(tmp_path, "[integration]\nicon = 3\nsince = 2021-01-01\n"))
    assert sorted(config.integration or {}) == ["icon", "since"]


def test_a_file_that_is_absent_or_a_folder_cannot_be_read(tmp_path: Path) -> None:
    words = {"gone.toml": "no such file or directory", ".git": "is a directory"}
    for name, reason in words.items():
        with pytest.raises(ConfigError) as caught:
            read_config(tmp_path, tmp_path / name)
        assert str(caught.value) == f"{tmp_path}/{name}: cannot be read: {reason}"


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "", "pyproject.toml")

    def refused(path: Path) -> Any:
        raise PermissionError(13, os.strerror(13), str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(caught.value) == f"{tmp_path}/pyproject.toml: cannot be read: permission denied"


def test_a_folder_with_the_configs_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "widgetpack.toml").mkdir()
    lay(tmp_path, '[tool.widgetpack]\noutput = "p.zip"\n', "pyproject.toml")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(caught.value) == f"{tmp_path}/widgetpack.toml: cannot be read: is a directory"


def test_a_pipe_with_the_configs_name_and_a_folder_with_the_projects_are_no_config(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "widgetpack.toml")
    (tmp_path / "pyproject.toml").mkdir()
    assert read_config(tmp_path) == Config(tmp_path)


def test_every_key_of_a_toml_text_is_found() -> None:
    text = (
        b'# a = 0\na = [1.5, \'b = 2\', """c\n= ]\\"""", # ]\n  {d = 1}]\r\n'
        b"[ e . \"f\" ]\ng.h = 1979-05-27T07:32:00.5Z\ni = '''\n[z]\n'''\nj = {k = {l = [[], 2]}}\n[[m]]\nn = 1\n"
    )
    places = {
        ("a",): (2, 1), ("a", 0): (2, 6), ("a", 1): (2, 11), ("a", 2): (2, 20), ("a", 3): (4, 3), ("a", 3, "d"): (4, 4),
        ("e",): (5, 3), ("e", "f"): (5, 7), ("e", "f", "g"): (6, 1), ("e", "f", "g", "h"): (6, 3), ("e", "f", "i"): (7, 1),
        ("e", "f", "j", "k", "l"): (10, 11), ("e", "f", "j", "k", "l", 1): (10, 20), ("m",): (11, 3), ("m", "n"): (12, 1),
        ("e", "f", "gone", "deep"): (5, 7), ("gone",): (1, 1), (): (1, 1),
    }  # fmt: skip
    assert {pointer: spot(text, pointer_offset("x.toml", text, pointer))[:2] for pointer in places} == places
