"""The rules of archives beyond the one case of each: near misses that must stay silent, and further forms."""

from __future__ import annotations

import pytest
from builders import GREET, Files, archive, archive_tree, brief, findings, widget


def zipped(files: Files) -> list[str]:
    return brief(findings(archive_tree(archive({**widget(), **files}))))


NAMES = (
    "app.js.map",
    "style.scss",
    "widget.php",
    "build.sh",
    ".env",
    "package.json",
    "README.md",
    "lib/types.d.ts",
    "cert.pem",
    "tests/a.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_build_leaves_out_is_no_finding_in_a_folder(name: str) -> None:
    assert brief(findings(widget(files={name: b"x"}))) == []


def test_each_file_that_a_widget_cannot_use_has_one_finding_in_an_archive() -> None:
    assert zipped(dict.fromkeys(NAMES, b"x")) == [
        "A23 warning .env:1:1 a file that is made for secrets, which everybody could read",
        "A24 info README.md:1:1 a text for people, not for the widget",
        "A15 warning app.js.map:1:1 a source map of 0 kB",
        "A18 warning build.sh:1:1 a program, of no use in a browser",
        "A23 warning cert.pem:1:1 a file that is made for secrets, which everybody could read",
        "A16 info lib/types.d.ts:1:1 .ts: a source, which no browser reads",
        "A24 info package.json:1:1 npm's file",
        "A16 info style.scss:1:1 .scss: a source, which no browser reads",
        "A24 info tests/a.txt:1:1 tests",
        "A17 warning widget.php:1:1 PHP, which the platform does not run",
    ]


def test_a_listing_weighs_unused_files_more() -> None:
    files = archive_tree(archive({**widget(), "package.json": b"x", "style.scss": b"x"}))
    assert brief(findings(files, audience="public")) == [
        "A24 warning package.json:1:1 npm's file",
        "A16 warning style.scss:1:1 .scss: a source, which no browser reads",
    ]


def test_what_the_config_includes_by_name_is_wanted() -> None:
    files = archive_tree(archive({**widget(), "data/table.bin": b"x", "data/other.bin": b"x"}))
    assert brief(findings(files, include=("data/table.bin",))) == [
        "A24 info data/other.bin:1:1 .bin: not a kind of file that a widget can use"
    ]


def test_what_a_widget_can_use_is_no_leftover() -> None:
    usable = ("fonts/a.woff2", "data/table.csv", "pages/help.html", "images/ready.webm", "templates/page.twig")
    assert zipped(dict.fromkeys(usable, b"")) == []


def test_junk_is_told_once_for_each_folder() -> None:
    assert zipped({"__MACOSX/._a": b"", "__MACOSX/lib/._b": b"", "images/.DS_Store": b"", ".idea/a.xml": b""}) == [
        "A12 warning .idea/a.xml:1:1 left over by an operating system, editor or tool",
        "A12 warning __MACOSX/._a:1:1 left over by an operating system, editor or tool: 2 files below __MACOSX/",
        "A12 warning images/.DS_Store:1:1 left over by an operating system, editor or tool",
    ]


def test_line_ends_and_marks_are_told_once_for_the_whole_archive() -> None:
    files = {"a.txt": b"\xef\xbb\xbfa", "b.txt": b"b\r\n", "c.txt": b"c\nc\r\n", "d.html": b"\xef\xbb\xbf<p>\r\n"}
    assert zipped(files) == [
        "A14 warning a.txt:1:1 a byte order mark, and in 1 more of 9 texts",
        "A14 info b.txt:1:2 CRLF line ends, and in 2 more of 9 texts",
    ]


def test_line_ends_of_a_folder_are_the_builds_business() -> None:
    assert brief(findings(widget(files={"a.txt": b"\xef\xbb\xbfa\r\n"}))) == []


def test_a_blank_in_a_folder_is_told_once_for_all_files_in_it() -> None:
    files = widget(files={"my images/a b.txt": b"", "my images/c.txt": b"", "images/e\u00a0f.txt": b""})
    assert brief(findings(files)) == [
        "A10 warning images/e\u00a0f.txt:1:1 letters outside ASCII in the name",
        "A19 info images/e\u00a0f.txt:1:1 a blank in the name",
        "A19 info my images/a b.txt:1:1 a blank in the name of the folder `my images`",
    ]


def test_the_three_largest_files_are_named_and_equal_ones_by_name() -> None:
    sizes = {"d.txt": 900_000, "c.txt": 400_000, "b.txt": 400_000, "a.txt": 400_000}
    files = widget(files={name: b" " * size for name, size in sizes.items()})
    assert brief(findings(files)) == [
        "A21 info :1:1 2,102,977 bytes unpacked, more than 2,000,000; the largest: d.txt (900,000), a.txt (400,000), b.txt (400,000)"
    ]


def test_sizes_up_to_the_limit_are_silent() -> None:
    script = GREET.ljust(512_000)
    assert brief(findings(widget(files={"lib/greet.js": script}))) == []
    everywhere = widget({"locations": ["settings", "everywhere"]}, files={"lib/data.txt": b" " * 900_000})
    assert brief(findings(everywhere)) == []


def test_a_source_map_within_a_script_is_one_of_the_archive() -> None:
    mapped = b"define([], 1);\n//# sourceMappingURL=data:application/json;base64,e30=\n"
    files: dict[str, bytes] = {"lib/a.js": mapped, "lib/b.css": b".w-a { top: 0 } /*# sourceMappingURL=data:,{} */"}
    assert [line for line in zipped(files) if "map" in line] == [
        "A15 warning lib/a.js:2:3 an inline source map of 0 kB",
        "A15 warning lib/b.css:1:19 an inline source map of 0 kB",
    ]
    # The name alone, a map in a file of its own, and a script whose comments go when it is linked.
    files = {
        "lib/a.js": b"var a = '# sourceMappingURL=data:';\nuse(a);\n",
        "lib/c.js": b"1;\n//# sourceMappingURL=c.map",
    }
    assert [line for line in zipped(files) if "map" in line] == []
    assert [line for line in brief(findings(widget(files={"lib/a.js": mapped}))) if "A15" in line] == []
