"""What goes in and why: names, git's patterns, and what is brought back."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from builders import folder
from hypothesis import example, given
from hypothesis import strategies as st

from widgetpack.config.settings import Config
from widgetpack.files.patterns import last_match, load_patterns
from widgetpack.files.selection import load_selection
from widgetpack.files.sources import read_tree

if TYPE_CHECKING:
    from pathlib import Path


def packed(base: Path, files: list[str], ignore: str | bytes = "", **options: tuple[str, ...]) -> list[str]:
    """Return which of ``files`` go in."""
    text = ignore.encode() if isinstance(ignore, str) else ignore
    folder(base, {**dict.fromkeys(files, b""), "manifest.json": b"{}", **({".widgetpackignore": text} if text else {})})
    tree = read_tree(base, Config(base, **options))  # type: ignore[arg-type]
    assert tree.anomalies == ()
    return [path for path in tree.files if path != "manifest.json"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a.js", ""), ("A.PNG", ""), ("i18n/en.json", ""), ("templates/x.twig", ""), ("lib/jquery.min.js", ""), ("tests.js", ""),
        (".env", "hidden"), (".env.js", "hidden"), (".DS_Store", "hidden"), ("._a.js", "hidden"), (".git/a.js", "hidden"), (".idea/a.xml", "hidden"),
        ("__MACOSX/a.js", "left over by the macOS archiver"), ("Thumbs.db", "left over by Windows"), ("desktop.ini", "left over by Windows"),
        ("node_modules/a/b.js", "packages of the build, not of the widget"), ("lib/node_modules/b.js", "packages of the build, not of the widget"),
        ("tests/a.js", "tests"), ("a.test.js", "tests"), ("a.spec.js", "tests"), ("coverage/a.html", "a test report"),
        ("package.json", "npm's file"), ("package-lock.json", "a lock file"), ("yarn.lock", "a lock file"), ("pnpm-lock.yaml", "a lock file"),
        ("LICENSE", "a text for people, not for the widget"), ("readme.txt", "a text for people, not for the widget"),
        ("a.LICENSE.txt", "a text for people, not for the widget"), ("webpack.config.js", "the build's script"), ("Gulpfile.js", "the build's script"),
        ("a.ts", ".ts: not a kind of file that a widget can use"), ("a.scss", ".scss: not a kind of file that a widget can use"),
        ("a.js.map", ".map: not a kind of file that a widget can use"), ("a.zip", ".zip: not a kind of file that a widget can use"),
        ("a.php", ".php: not a kind of file that a widget can use"), ("Makefile", "no ending: not a kind of file that a widget can use"),
        ("widgetpack.toml", "the config of widgetpack"), ("pyproject.toml", "the config of the project"), ("integration.json", "the integration form"),
        (".widgetpackignore", "the ignore file of widgetpack"), ("dist/widget.zip", "the output of the build"),
    ],
)  # fmt: skip
def test_the_name_decides_where_no_pattern_does(tmp_path: Path, path: str, reason: str) -> None:
    verdict = load_selection(tmp_path, Config(tmp_path)).file(path)
    assert (verdict.packed, verdict.reason) == (
        not reason,
        reason or f".{path.rpartition('.')[2].lower()} is a kind of file that a widget can use",
    )


def test_a_nested_widget_stays_out_whole(tmp_path: Path) -> None:
    assert packed(tmp_path, ["a.js", "other/manifest.json", "other/script.js"]) == ["a.js"]


def test_one_file_of_a_nested_widget_comes_back_without_the_rest(tmp_path: Path) -> None:
    files = ["other/manifest.json", "other/script.js", "other/lib/x.js", "other/lib/y.js"]
    assert packed(tmp_path, files, include=("other/lib/x.js",)) == ["other/lib/x.js"]


def test_one_file_of_node_modules_comes_back_without_the_rest(tmp_path: Path) -> None:
    files = ["node_modules/a/dist/a.js", "node_modules/a/b.js", "node_modules/b/dist/a.js", "node_modules/.bin/x.js"]
    assert packed(tmp_path, files, include=("node_modules/a/dist/*.js",)) == ["node_modules/a/dist/a.js"]
    selection = load_selection(tmp_path, Config(tmp_path, include=("node_modules/a/dist/*.js",)))
    entered = [
        "node_modules",
        "node_modules/a",
        "node_modules/a/dist",
        "node_modules/b",
        "node_modules/.bin",
        "node_modules/a/src",
    ]
    assert [selection.folder(path, tmp_path / path).packed for path in entered] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_pattern_for_everywhere_opens_no_folder(tmp_path: Path) -> None:
    assert packed(tmp_path, ["a.map", "node_modules/a.map", ".x/a.map"], include=("*.map", "**/b.map")) == ["a.map"]


def test_an_included_folder_comes_with_everything_but_hidden_files(tmp_path: Path) -> None:
    files = ["docs/a.md", "docs/b/c.psd", "docs/.DS_Store", "docs/.git/x.js", "docs/no.md", "d.md"]
    assert packed(tmp_path, files, include=("docs/",), exclude=("docs/no.md",)) == ["docs/a.md", "docs/b/c.psd"]


def test_later_words_win(tmp_path: Path) -> None:
    files = ["a.js", "b.js", "c.js", "d.map", "v/e.js", "v/f.js"]
    got = packed(tmp_path, files, "a.js\nb.js\n!d.map\n", exclude=("!b.js", "c.js", "v/"), include=("c.js", "v/e.js"))
    assert got == ["b.js", "c.js", "d.map", "v/e.js"]


def test_a_negated_include_leaves_the_word_to_the_others(tmp_path: Path) -> None:
    assert packed(tmp_path, ["a.map", "b.map", "c.js"], include=("*.map", "!b.map", "!c.js")) == ["a.map", "c.js"]


def test_a_list_of_what_is_allowed_lets_nothing_else_in(tmp_path: Path) -> None:
    files = ["lib/a.js", "lib/README.md", "lib/.DS_Store", "lib/x.ts", "src/b.js", "c.js"]
    assert packed(tmp_path, files, "/*\n!/lib/\n!/manifest.json\n") == ["lib/a.js"]


def test_the_reason_names_the_pattern(tmp_path: Path) -> None:
    (tmp_path / ".widgetpackignore").write_bytes(b"# x\n\n*.js  \n!keep.js\n/drop/\n")
    selection = load_selection(tmp_path, Config(tmp_path, include=("*.psd",), exclude=("b*",)))
    assert {path: tuple(selection.file(path))[:2] for path in ("a.js", "keep.js", "x.psd", "b.css", "drop/x.css")} == {
        "a.js": (False, "excluded by .widgetpackignore:3 (*.js)"),
        "keep.js": (True, "included by .widgetpackignore:4 (!keep.js)"),
        "x.psd": (True, "included by include (*.psd)"),
        "b.css": (False, "excluded by exclude (b*)"),
        "drop/x.css": (False, "excluded by .widgetpackignore:5 (/drop/)"),
    }


def test_a_mark_crlf_and_strange_breaks_are_read_as_git_reads_them(tmp_path: Path) -> None:
    assert packed(
        tmp_path, ["a.js", "b.js", "c\u2028d.js", "d.js"], b"\xef\xbb\xbfa.js\r\nb.js\r\nc\xe2\x80\xa8d.js"
    ) == ["d.js"]


def test_bytes_that_are_not_utf8_spoil_no_other_line(tmp_path: Path) -> None:
    assert packed(tmp_path, ["a.js", "b.js"], b"\xff\xfe*\na.js\n") == ["b.js"]


GIT: list[tuple[list[str], list[str], list[str]]] = [
    # patterns, files, those that git does not ignore
    (["dir/*", "!dir/keep"], ["dir/keep", "dir/x", "y"], ["dir/keep", "y"]),
    (["dir/", "!dir/keep"], ["dir/keep", "y"], ["y"]),
    (["*.js", "!lib"], ["lib/a.js", "lib/b"], ["lib/b"]),
    (["*.js", "!/lib/a.js"], ["lib/a.js", "x/lib/a.js"], ["lib/a.js"]),
    (["/a"], ["a", "b/a"], ["b/a"]),
    (["b/a"], ["b/a", "c/b/a"], ["c/b/a"]),
    (["a/"], ["a", "b/a/c"], ["a"]),
    (["**/a"], ["a", "b/a", "b/c/a"], []),
    (["a/**"], ["a/b", "a/c/d", "a1"], ["a1"]),
    (["a/**/b"], ["a/b", "a/x/b", "a/x/y/b", "a/xb"], ["a/xb"]),
    (["a**b"], ["ab", "axb", "a/b"], ["a/b"]),
    (["*a*a?b", "!**/*a*b/*a"], ["aab", "aaxb", "xaxaxb", "a/aab", "xab/ba", "aaab/a"], ["a/aab", "aab", "xab/ba"]),
    (["/*a*b*a"], ["abab", "xaxbxa", "aba", "abaa"], ["abab"]),
    (["**/**/x", "a/**/**/b"], ["x", "q/r/x", "a/b", "a/q/r/b", "a/q/r/c"], ["a/q/r/c"]),
    (["**/a/*b/**/a/b"], ["a/b/a/b", "q/a/a/b/a/b", "a/b/a/q/b", "a/xb/q/r/a/b", "b/a"], ["a/b/a/q/b", "b/a"]),
    (["*", "!*/", "!*.c"], ["x.c", "x.h", "d/y.c", "d/y.h"], ["d/y.c", "x.c"]),
    (["a   ", "b\\ ", "c\\  "], ["a", "b ", "c ", "b"], ["b"]),
    (["#a", "\\#b", "\\!c"], ["#a", "#b", "!c"], ["#a"]),
    (["a\\*"], ["a*", "ab"], ["ab"]),
    (["[a-c]", "[!x]y", "[]]z", "[[:digit:]]"], ["b", "d", "xy", "ay", "]z", "7"], ["d", "xy"]),
    (["a?b"], ["axb", "a/b", "ab"], ["a/b", "ab"]),
    (["[a", "a\\", "[[:no:]]", "[z-a]", "/", "!", "!/", "//", "***x"], ["a", "[a", "n", "z", "bx"], ["[a", "a", "n"]),
    (["", "  ", "#"], ["a", "#"], ["#", "a"]),
]


def left(lines: list[str], files: list[str]) -> list[str]:
    """Return the files that the patterns leave, walked as git walks."""
    patterns = load_patterns(lines)

    def ignored(path: str) -> bool:
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            match = last_match(patterns, "/".join(parts[:count]), is_folder=count < len(parts))
            if match is not None and not match.negated:
                return True
        return False

    return sorted(path for path in files if not ignored(path))


@pytest.mark.parametrize(("lines", "files", "expected"), GIT)
def test_patterns_mean_what_they_mean_in_git(lines: list[str], files: list[str], expected: list[str]) -> None:
    assert left(lines, files) == expected


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.parametrize(("lines", "files", "expected"), GIT)
def test_git_says_the_same(tmp_path: Path, lines: list[str], files: list[str], expected: list[str]) -> None:
    folder(tmp_path / "w", dict.fromkeys(files, b""))
    (tmp_path / "patterns").write_text("\n".join(lines) + "\n")
    git: list[str | Path] = ["git", "-C", tmp_path / "w", "-c", "core.excludesFile="]
    subprocess.run([*git, "init", "-q"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "-o", "-z", f"--exclude-from={tmp_path / 'patterns'}"], capture_output=True, check=True
    ).stdout.decode()
    assert sorted(filter(None, listed.split("\0"))) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("*a" * 8 + "b", "a" * 4_000, False),
        ("*a" * 8 + "b", "a" * 4_000 + "b", True),
        ("**/" * 12 + "x", "a/" * 2_000 + "y", False),
        ("**/a/" * 12 + "x", "a/" * 2_000 + "y", False),
        ("**/a/" * 12 + "x", "a/" * 2_000 + "x", True),
        ("**/*a*a*a/" * 12 + "*a*b", "aaaa/" * 800 + "aaaa", False),
    ],
)
def test_many_stars_in_a_pattern_try_each_place_once(pattern: str, path: str, named: bool) -> None:
    assert load_patterns([pattern])[0].matches(path, is_folder=False) == named


@given(st.lists(st.text(alphabet="ab*?[]!\\/#- ^:.")), st.text(alphabet="ab/", min_size=1))
@example(["[[:alpha:]]", "[--b]", "[a&&b]", "[a||b]", "[[a]"], "a")
def test_no_pattern_makes_it_raise_or_warn_and_the_last_that_matches_counts(lines: list[str], path: str) -> None:
    patterns = load_patterns(lines)
    matching = [item for item in patterns if item.matches(path, is_folder=False)]
    assert last_match(patterns, path, is_folder=False) == (matching[-1] if matching else None)
