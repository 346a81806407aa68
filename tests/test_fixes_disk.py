"""Mechanical fixes as a user meets them: real folders, real processes, exact output."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from builders import MANIFEST, TEXTS, Files, archive, as_json, folder, merged, widget

from widgetpack.config.settings import Config
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_TOOL, EXIT_USAGE
from widgetpack.files.sources import read_tree
from widgetpack.fixes.rounds import Plan, make_plan
from widgetpack.fixes.write import Written, write_plan

if TYPE_CHECKING:
    from pathlib import Path

BOM = b"\xef\xbb\xbf"
GOOD = as_json(MANIFEST)
BAD = GOOD.replace(b'"installation": true', b'"installation": "Y"')
APPLE = b"\x00\x05\x16\x07\x00\x02\x00\x00"

Done = subprocess.CompletedProcess[str]


def run(*words: object, cwd: Path, **environment: str) -> Done:
    command = [sys.executable, "-m", "widgetpack", *map(str, words)]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, encoding="utf-8")


def contents(base: Path) -> Files:
    return {path.relative_to(base).as_posix(): path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file()}


def planned(base: Path) -> Plan:
    config = Config(base)
    return make_plan(read_tree(base, config), config, lambda _, findings: findings)


def outcome(written: Written) -> tuple[list[str], list[tuple[str, str]]]:
    return [item.what for item in written.fixed], [(str(error), error.hint) for error in written.failures]


# The command


def test_faults_are_mended_told_and_gone(tmp_path: Path) -> None:
    texts = as_json(merged(TEXTS, {"settings": {"token": None}}))
    folder(tmp_path / "w", widget(BAD, files={"i18n/es.json": texts, "data.csv": b"a\r\n"}))
    done = run("validate", "--fix", "w", "--ignore", "M26,L12", cwd=tmp_path)
    assert done.stdout == (
        "w/data.csv: CRLF line ends are now LF\n"
        "w/i18n/es.json: added `settings.token`\n"
        'w/manifest.json: `widget.installation`: "Y" is now true\n'
        "fixed 3 faults in 3 files\n"
        "\n"
        "no findings\n"
    )
    assert (done.returncode, done.stderr) == (EXIT_CLEAN, "")
    assert (tmp_path / "w" / "manifest.json").read_bytes() == GOOD
    assert (tmp_path / "w" / "data.csv").read_bytes() == b"a\n"
    before = contents(tmp_path)
    done = run("validate", "--fix", "w", "--ignore", "M26,L12", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (EXIT_CLEAN, "nothing to fix\n\nno findings\n")
    assert contents(tmp_path) == before


def test_what_cannot_be_mended_is_reported(tmp_path: Path) -> None:
    folder(tmp_path, widget(BAD.replace(b'"lcard-1"', b'"lcard-9"')))
    done = run("validate", "--fix", "--fail-level", "warning", cwd=tmp_path)
    assert done.stdout.splitlines()[:3] == [
        'manifest.json: `widget.installation`: "Y" is now true',
        "fixed 1 fault in 1 file",
        "",
    ]
    assert done.stdout.splitlines()[-1] == "1 warning"
    assert done.returncode == EXIT_FINDINGS


def test_quiet_says_nothing_of_what_was_mended(tmp_path: Path) -> None:
    done = run("validate", "--fix", "-q", cwd=folder(tmp_path, widget(BAD)))
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_CLEAN, "", "")
    assert (tmp_path / "manifest.json").read_bytes() == GOOD


def test_beside_a_report_for_programs_the_lines_go_to_the_other_stream(tmp_path: Path) -> None:
    done = run("validate", "--fix", "--output-format", "json", cwd=folder(tmp_path, widget(BAD)))
    assert json.loads(done.stdout)["widgets"][0]["findings"] == []
    assert done.stderr == 'manifest.json: `widget.installation`: "Y" is now true\nfixed 1 fault in 1 file\n\n'


def test_several_widgets_are_mended_in_one_call(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        folder(tmp_path / name, widget(BAD if name < "c" else None))
    done = run("validate", "--fix", "a", "b", "c", cwd=tmp_path)
    assert done.stdout == (
        'a/manifest.json: `widget.installation`: "Y" is now true\n'
        'b/manifest.json: `widget.installation`: "Y" is now true\n'
        "fixed 2 faults in 2 files\n"
        "\n"
        "no findings in 3 widgets\n"
    )


def test_a_diff_shows_and_changes_nothing(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget(BAD))
    before = contents(tmp_path)
    for words in (("--diff",), ("--fix", "--diff")):
        done = run("validate", "w", *words, cwd=tmp_path)
        assert done.stdout == (
            "--- a/w/manifest.json\n"
            "+++ b/w/manifest.json\n"
            "@@ -10,7 +10,7 @@\n"
            '       "en",\n'
            '       "es"\n'
            "     ],\n"
            '-    "installation": "Y",\n'
            '+    "installation": true,\n'
            '     "support": {\n'
            '       "link": "https://widgets.dev/help",\n'
            '       "email": "help@widgets.dev"\n'
        )
        assert (done.returncode, done.stderr) == (EXIT_FINDINGS, "")
    assert contents(tmp_path) == before


def test_a_diff_of_nothing_is_empty(tmp_path: Path) -> None:
    done = run("validate", cwd=folder(tmp_path, widget()), WIDGETPACK_DIFF="1")
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_CLEAN, "", "")


def messy(base: Path) -> Path:
    """Make a widget with every kind of edit, and names and ends of files that a diff finds hard."""
    files = widget(BOM + BAD.replace(b'"es"', b'"es_ES"').replace(b"\n", b"\r\n"))
    files["i18n/es_ES.json"] = as_json(merged(TEXTS, {"widget": {"name": None}})).rstrip()
    del files["i18n/es.json"]
    files |= {
        "css/with blank.css": b"a\r\nb",
        'css/"quoted".css': b"a\r\n",
        "css/back\\slash.css": b"a\r\n",
        "css/ж.css": BOM + b"a\n",
        "css/new\nline.css": b"a\r\n",
    }
    return folder(base, files)


def test_a_diff_can_be_applied_and_gives_the_same(tmp_path: Path) -> None:
    ours, theirs = messy(tmp_path / "ours" / "w"), messy(tmp_path / "theirs" / "w")
    command = [sys.executable, "-m", "widgetpack", "validate", "--diff", "w"]
    diff = subprocess.run(command, cwd=tmp_path / "theirs", capture_output=True, check=False).stdout
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path / "theirs", check=True)
    subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=tmp_path / "theirs", input=diff, check=True)
    run("validate", "--fix", "w", cwd=tmp_path / "ours")
    assert contents(theirs) == contents(ours)
    assert sorted(contents(ours)) != sorted(contents(messy(tmp_path / "before")))


@pytest.mark.parametrize(
    ("repository", "here", "name", "hint"),
    [
        (".", ".", "here/../w", ""),
        ("here", ".", "{base}/w", ""),
        (".", ".", "link", ""),
        (".", "w", ".", ""),
        ("w", "w", "{base}/w", ""),
        (".", "here", "../w", "../w"),
        ("here", "here", "{base}/w", "{base}/w"),
        ("w", "w/css", "..", ".."),
    ],
)
def test_a_diff_can_be_applied_wherever_the_widget_lies(
    tmp_path: Path, repository: str, here: str, name: str, hint: str
) -> None:
    ours, theirs = messy(tmp_path / "ours" / "w"), messy(tmp_path / "theirs" / "w")
    base = theirs.parent
    (base / "here").mkdir()
    (base / "link").symlink_to("w")
    subprocess.run(["git", "init", "-q", repository], cwd=base, check=True)
    name, hint = name.format(base=base), hint.format(base=base)
    command = [sys.executable, "-m", "widgetpack", "validate", "--diff", name]
    done = subprocess.run(command, cwd=base / here, capture_output=True, check=False)
    told = f"widgetpack: {hint} is not below the current folder; the paths of its diff start in it\n  try: git -C {hint} apply\n"
    assert (done.returncode, done.stderr.decode()) == (EXIT_FINDINGS, told if hint else "")
    apply = ["git", "-C", hint or ".", "apply", "--whitespace=nowarn"]
    subprocess.run(apply, cwd=base / here, input=done.stdout, check=True)
    run("validate", "--fix", "w", cwd=ours.parent)
    assert {path: data for path, data in contents(theirs).items() if not path.startswith(".git/")} == contents(ours)


def test_a_diff_of_a_name_that_the_locale_cannot_read_has_its_bytes(tmp_path: Path) -> None:
    folder(tmp_path / "Мой виджет", widget(BAD))
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("validate", "--diff", "Мой виджет", cwd=tmp_path, **plain)
    name = "\\320\\234\\320\\276\\320\\271 \\320\\262\\320\\270\\320\\264\\320\\266\\320\\265\\321\\202"
    assert done.stdout.splitlines()[:2] == [f'--- "a/{name}/manifest.json"\t', f'+++ "b/{name}/manifest.json"\t']
    assert (done.returncode, done.stderr) == (EXIT_FINDINGS, "")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply"], cwd=tmp_path, input=done.stdout, encoding="utf-8", check=True)
    assert (tmp_path / "Мой виджет" / "manifest.json").read_bytes() == GOOD


@pytest.mark.parametrize("variable", ["", "WIDGETPACK_OUTPUT_FORMAT"])
def test_a_diff_and_reports_exclude_each_other(tmp_path: Path, variable: str) -> None:
    folder(tmp_path, widget(BAD))
    words = () if variable else ("--output-format", "w.json")
    done = run("validate", "--diff", *words, cwd=tmp_path, **({variable: "w.json"} if variable else {}))
    asked = variable or "--output-format"
    assert (done.returncode, done.stdout, done.stderr) == (
        EXIT_USAGE,
        "",
        f"widgetpack: --diff prints what --fix would change, and {asked} asks for reports\n  try: leave one of them out\n",
    )
    assert not (tmp_path / "w.json").exists()


def test_a_name_of_bytes_that_are_no_text_is_shown_on_a_terminal(tmp_path: Path) -> None:
    folder(tmp_path, widget(files={"__MACOSX/._\udce9": APPLE}))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "widgetpack", "validate", "--diff", "--remove-junk"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"__MACOSX/\r\n" not in shown:
            shown += os.read(ours, 1000)
    os.close(ours)
    assert (process.returncode, shown) == (
        EXIT_FINDINGS,
        b"Only a removal: __MACOSX/._\\xe9\r\nOnly a removal: __MACOSX/\r\n",
    )


def test_a_diff_does_not_steer_a_terminal(tmp_path: Path) -> None:
    folder(tmp_path, widget(files={"a.css": b"\x1b[31mred\r\n"}))
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "widgetpack", "validate", "--diff"], cwd=tmp_path, stdout=theirs):
        os.close(theirs)
        shown = b""
        while b"+\\x1b[31mred" not in shown:
            shown += os.read(ours, 1000)
    os.close(ours)
    assert (b"\x1b[31m" in shown, b"-\\x1b[31mred\\x0d" in shown) == (False, True)


def test_a_finished_zip_is_not_mended(tmp_path: Path) -> None:
    (tmp_path / "w.zip").write_bytes(archive(widget(BAD)))
    folder(tmp_path / "w", widget(BAD))
    for word in ("--fix", "--diff"):
        done = run("validate", word, "w", "w.zip", cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (
            EXIT_USAGE,
            "",
            (
                "widgetpack: w.zip: a file; fixes are made in the widget's folder\n"
                "  try: widgetpack validate --fix FOLDER, then widgetpack build FOLDER\n"
            ),
        )
    assert (tmp_path / "w" / "manifest.json").read_bytes() == BAD


def test_words_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    folder(tmp_path / "w" / "src", widget(BAD))
    done = run("validate", "--fix", "w", "w/src", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        EXIT_USAGE,
        "widgetpack: w and w/src: the same widget\n  try: name each widget once\n",
    )
    done = run("validate", "--remove-junk", "w", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        EXIT_USAGE,
        "widgetpack: --remove-junk is a way to mend\n  try: add --fix, or --diff to see what it would do\n",
    )
    assert (tmp_path / "w" / "src" / "manifest.json").read_bytes() == BAD


def test_a_folder_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget(BAD))
    for word, out in (("--fix", ""), ("--diff", "")):
        done = run("validate", word, "gone", cwd=tmp_path)
        words = "widgetpack: gone: no such file or directory\n  try: name the widget's folder or its finished zip\n"
        assert (done.returncode, done.stdout, done.stderr) == (EXIT_USAGE, out, words)


# Silence


@pytest.mark.parametrize(
    "config",
    [
        b'ignore = ["M02", "A14"]\n',
        b'select = ["L"]\n',
        b'[per-file-ignores]\n"manifest.json" = ["M02"]\n"*.css" = ["A14"]\n',
    ],
)
def test_what_is_silenced_is_not_mended(tmp_path: Path, config: bytes) -> None:
    folder(tmp_path, widget(BAD, files={"a.css": b"a\r\n", "widgetpack.toml": config}))
    before = contents(tmp_path)
    assert (run("validate", "--diff", cwd=tmp_path).returncode, contents(tmp_path)) == (EXIT_CLEAN, before)


def test_what_the_baseline_knows_is_not_mended(tmp_path: Path) -> None:
    folder(tmp_path, widget(BAD))
    run("validate", "--write-baseline", "old.json", cwd=tmp_path)
    assert run("validate", "--diff", "--baseline", "old.json", cwd=tmp_path).returncode == EXIT_CLEAN
    assert run("validate", "--diff", cwd=tmp_path).returncode == EXIT_FINDINGS


# Junk


def test_junk_goes_only_when_asked(tmp_path: Path) -> None:
    junk = {
        ".DS_Store": b"x",
        "lib/Thumbs.db": b"x",
        "images/._logo.png": APPLE,
        "__MACOSX/w/._script.js": APPLE,
        "lib/__MACOSX/.DS_Store": b"",
        "art/__MACOSX/in/._a": APPLE,
    }
    mine = {"images/._mine.txt": b"mine", ".git/.DS_Store": b"x", "thumbs.txt": b"x"}
    mine |= {"lib/__MACOSX/a": b"", "lib/__MACOSX/._a": b"mine"}
    good = widget(files={**mine})
    folder(tmp_path, {**good, **junk})
    assert run("validate", "--fix", cwd=tmp_path).stdout.splitlines()[0] == "nothing to fix"
    gone = [
        ".DS_Store",
        "__MACOSX/w/._script.js",
        "__MACOSX/w/",
        "__MACOSX/",
        "art/__MACOSX/in/._a",
        "art/__MACOSX/in/",
        "art/__MACOSX/",
        "images/._logo.png",
        "lib/Thumbs.db",
        "lib/__MACOSX/.DS_Store",
    ]
    stays = ["lib/__MACOSX/._a", "lib/__MACOSX/a"]
    done = run("validate", "--diff", "--remove-junk", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        EXIT_FINDINGS,
        "".join(f"Only a removal: {path}\n" for path in gone)
        + "".join(f"Stays: {path}, no leftover of an operating system\n" for path in stays),
    )
    assert contents(tmp_path) == dict(sorted({**good, **junk}.items()))
    done = run("validate", "--fix", "--remove-junk", cwd=tmp_path)
    assert done.stdout.splitlines()[:13] == [
        *(f"{path}: removed, left over by an operating system" for path in gone),
        *(f"{path}: stays, for it is no leftover of an operating system" for path in stays),
        "fixed 10 faults in 10 files",
    ]
    assert contents(tmp_path) == dict(sorted(good.items()))
    assert [path for path in ("__MACOSX", "art/__MACOSX") if (tmp_path / path).exists()] == []
    done = run("validate", "--diff", "--remove-junk", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (EXIT_CLEAN, "")


def test_a_link_among_the_junk_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget(files={"__MACOSX/._a": APPLE}))
    folder(tmp_path / "other", {".DS_Store": b"x"})
    (tmp_path / "w" / "__MACOSX" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "w" / "__MACOSX" / ".DS_Store").symlink_to(tmp_path / "other" / ".DS_Store")
    done = run("validate", "--fix", "--remove-junk", "w", cwd=tmp_path)
    assert done.stdout.splitlines()[:4] == [
        "w/__MACOSX/._a: removed, left over by an operating system",
        "w/__MACOSX/.DS_Store: stays, for it is no leftover of an operating system",
        "w/__MACOSX/out: stays, for it is no leftover of an operating system",
        "fixed 1 fault in 1 file",
    ]
    assert (sorted(contents(tmp_path / "other")), done.stderr) == ([".DS_Store"], "")


def test_junk_behind_a_link_out_of_the_widget_stays(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    folder(tmp_path / "other", {".DS_Store": b"x", "Thumbs.db": b"x"})
    (tmp_path / "w" / "lib" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "w" / "Thumbs.db").symlink_to(tmp_path / "other" / "Thumbs.db")
    run("validate", "--fix", "--remove-junk", "w", cwd=tmp_path)
    assert sorted(contents(tmp_path / "other")) == [".DS_Store", "Thumbs.db"]


# The disk


def test_modes_and_links_stay(tmp_path: Path) -> None:
    folder(tmp_path, widget(BAD, files={"texts/a.css": b"a\r\n"}))
    (tmp_path / "manifest.json").chmod(0o640)
    (tmp_path / "b.css").symlink_to("texts/a.css")
    (tmp_path / "texts" / "a.css").chmod(0o755)
    done = write_plan(planned(tmp_path))
    assert outcome(done)[1] == []
    assert (tmp_path / "manifest.json").read_bytes() == GOOD
    assert (tmp_path / "manifest.json").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "texts" / "a.css").stat().st_mode & 0o777 == 0o755
    assert (str((tmp_path / "b.css").readlink()), (tmp_path / "b.css").read_bytes()) == ("texts/a.css", b"a\n")
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


def test_a_file_that_changes_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    plan = planned(folder(tmp_path, widget(BAD, files={"a.css": b"a\r\n", "b.css": b"b\r\n"})))
    (tmp_path / "manifest.json").write_bytes(b"{}")
    (tmp_path / "a.css").unlink()
    assert outcome(write_plan(plan)) == (
        ["CRLF line ends are now LF"],
        [
            (
                f"{tmp_path}/a.css: cannot be read again: no such file or directory",
                "the file is as it was; mend it by hand, or run --fix again once it can be written",
            ),
            (
                f"{tmp_path}/manifest.json: changed while it was being mended, and is left as it is now",
                "run --fix again",
            ),
        ],
    )
    assert (tmp_path / "manifest.json").read_bytes() == b"{}"
    assert (tmp_path / "b.css").read_bytes() == b"b\n"


def test_a_read_only_file_is_named_and_the_others_are_mended(tmp_path: Path) -> None:
    folder(tmp_path, widget(BAD, files={"a.css": b"a\r\n"}))
    (tmp_path / "manifest.json").chmod(0o444)
    done = run("validate", "--fix", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        EXIT_TOOL,
        (
            "widgetpack: manifest.json: cannot be written: it is read-only\n"
            "  try: the file is as it was; mend it by hand, or run --fix again once it can be written\n"
        ),
    )
    assert done.stdout.splitlines()[:3] == ["a.css: CRLF line ends are now LF", "fixed 1 fault in 1 file", ""]
    assert (tmp_path / "manifest.json").read_bytes() == BAD


def test_nothing_outside_the_widget_is_written(tmp_path: Path) -> None:
    base, other = folder(tmp_path / "w", widget(BAD)), folder(tmp_path / "other", {"manifest.json": BAD})
    plan = planned(base)
    (base / "manifest.json").unlink()
    (base / "manifest.json").symlink_to(other / "manifest.json")
    assert outcome(write_plan(plan)) == (
        [],
        [(f"{base}/manifest.json: leads out of the widget, and is left as it is", "mend the file where it lies")],
    )
    assert (other / "manifest.json").read_bytes() == BAD


def spelt(base: Path) -> Path:
    """Make a widget whose Spanish is called ``es_ES`` and lacks a text."""
    files = widget(GOOD.replace(b'"es"', b'"es_ES"'))
    del files["i18n/es.json"]
    return folder(base, {**files, "i18n/es_ES.json": as_json(merged(TEXTS, {"settings": None}))})


def test_a_renamed_file_is_mended_under_its_new_name(tmp_path: Path) -> None:
    write_plan(planned(spelt(tmp_path)))
    assert sorted(path.name for path in (tmp_path / "i18n").iterdir()) == ["en.json", "es.json"]
    assert json.loads((tmp_path / "i18n" / "es.json").read_bytes())["settings"] == {"token": "TODO: Token"}
    assert (tmp_path / "manifest.json").read_bytes() == GOOD


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    plan = planned(spelt(tmp_path))
    (tmp_path / "i18n" / "es.json").write_bytes(b"mine")
    fixed, failures = outcome(write_plan(plan))
    assert fixed == ['"es_ES" is now "es"', '"es_ES" is now "es"']
    words = f"{tmp_path}/i18n/es_ES.json: cannot be renamed: es.json is there already"
    assert failures == [(words, "look at both, and keep one")]
    assert (tmp_path / "i18n" / "es.json").read_bytes() == b"mine"


def test_a_folder_of_texts_is_renamed_with_all_that_it_holds(tmp_path: Path) -> None:
    base = spelt(tmp_path)
    (base / "i18n" / "es_ES").mkdir()
    shutil.move(base / "i18n" / "es_ES.json", base / "i18n" / "es_ES" / "a.json")
    (base / "i18n" / "es_ES" / "notes.psd").write_bytes(b"x")
    write_plan(planned(base))
    assert sorted(path.name for path in (base / "i18n" / "es").iterdir()) == ["a.json", "notes.psd"]
    assert not (base / "i18n" / "es_ES").exists()
