"""JSON texts: every oddity, with its exact words, line and column, the same on every Python."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from widgetpack.documents.load import MAX_BYTES, MAX_DEPTH, MAX_FAULTS, load_document
from widgetpack.documents.places import pointer_offset, spot

BOM = b"\xef\xbb\xbf"


def faults(data: bytes) -> list[str]:
    """Return the faults as ``line:column kind message``."""
    found = []
    for fault in load_document("m.json", data).faults:
        line, column, _ = spot(data, fault.offset or 0)
        found.append(f"{line}:{column} {fault.kind} {fault.message}")
    return found


ENDS = "syntax the text ends too early: a bracket or quote is not closed"
QUOTES = "syntax strings and keys take double quotes"
OPEN = "syntax the string does not end on its line (a line break inside one is written `\\n`)"
COMMENT = "comment JSON has no comments"
COMMA = "trailing-comma trailing comma"

CASES: dict[str, tuple[bytes, list[str]]] = {
    "nothing": (b"", ["1:1 empty empty"]),
    "blanks": (b" \t\r\n\n", ["1:1 empty empty"]),
    "only a mark": (BOM, ["1:1 empty empty"]),
    "nuls": (b"\0" * 100, ["1:1 empty nothing but NUL bytes"]),
    "a mark": (BOM + b"{}", ["1:1 bom starts with a byte order mark (BOM)"]),
    "two marks": (
        BOM + BOM + b"{}",
        ["1:1 bom starts with a byte order mark (BOM)", "1:1 syntax a second byte order mark"],
    ),
    "utf-16 with a mark": ('{"a": 1}'.encode("utf-16"), ["1:1 encoding UTF-16, not UTF-8"]),
    "utf-16 big with a mark": (b"\xfe\xff" + '{"a": 1}'.encode("utf-16-be"), ["1:1 encoding UTF-16, not UTF-8"]),
    "utf-16 little": ('{"a": 1}'.encode("utf-16-le"), ["1:1 encoding UTF-16, not UTF-8"]),
    "utf-16 big": ('{"a": 1}'.encode("utf-16-be"), ["1:1 encoding UTF-16, not UTF-8"]),
    "utf-32 with a mark": ('{"a": 1}'.encode("utf-32"), ["1:1 encoding UTF-32, not UTF-8"]),
    "utf-32 little": ('{"a": 1}'.encode("utf-32-le"), ["1:1 encoding UTF-32, not UTF-8"]),
    "utf-32 big": ('{"a": 1}'.encode("utf-32-be"), ["1:1 encoding UTF-32, not UTF-8"]),
    "latin-1": ('{\n"ñ": 1}'.encode("latin-1"), ["2:2 encoding not UTF-8: byte 0xF1 starts no character"]),
    "cp1251": ('{"a": "да"}'.encode("cp1251"), ["1:8 encoding not UTF-8: byte 0xE4 starts no character"]),
    "latin-1 behind a mark and letters": (
        BOM + 'я\r\n\t"é'.encode() + b"\xe9",
        ["2:4 encoding not UTF-8: byte 0xE9 starts no character"],
    ),
    "an encoded surrogate": (b'"\xed\xa0\x80"', ["1:2 encoding not UTF-8: byte 0xED starts no character"]),
    "a comment before": (b"// x\n{}", [f"1:1 {COMMENT}"]),
    "a comment after": (b"{} /* x */\n", [f"1:4 {COMMENT}"]),
    "a comment at the very end": (b"{} // x", [f"1:4 {COMMENT}"]),
    "a comment that does not end": (b"{} /* x", [f"1:4 {COMMENT}"]),
    "a comment that does not end, inside": (b"{ /* }", [f"1:3 {COMMENT}", f"1:2 {ENDS}"]),
    "comments everywhere": (
        b'{/*1*/"a"/*2*/:/*3*/[/*4*/1/*5*/,/*6*/2/*7*/]/*8*/}',
        [f"1:{column} {COMMENT}" for column in (2, 10, 16, 22, 28, 34, 40, 46)],
    ),
    "comments in strings": (b'{"http://a": "/* no */ // no"}', []),
    "a quote in a comment": (b'{"a": 1 // "\n}', [f"1:9 {COMMENT}"]),
    "a comment of several lines": (b'/* 1\n2\n*/ {"a": 1,}', [f"1:1 {COMMENT}", f"3:11 {COMMA}"]),
    "a comment with letters outside ascii": (
        '{"я": 1, /* яя */ "b": 2,}'.encode(),
        [f"1:10 {COMMENT}", f"1:25 {COMMA}"],
    ),
    "trailing commas": (b'{"a": [1, 2 , ],\n}', [f"1:13 {COMMA}", f"1:16 {COMMA}"]),
    "a comment between comma and bracket": (
        b"[1, /* x */ // y\n]",
        [f"1:3 {COMMA}", f"1:5 {COMMENT}", f"1:13 {COMMENT}"],
    ),
    "commas in strings": (b'[",]", ",}"]', []),
    "two trailing commas": (b"[1,,]", ["1:4 syntax a value is expected"]),
    "a comma alone in a list": (b"[,]", ["1:2 syntax a value is expected"]),
    "a comma alone in an object": (b"{ , }", ["1:3 syntax a key in double quotes is expected"]),
    "a comma for a value": (b'{"a":,}', ["1:6 syntax a value is expected"]),
    "a trailing comma and a break": (
        b'{"a": [1,],\n "b" 2,}',
        [f"1:9 {COMMA}", "2:6 syntax a `:` is expected after the key"],
    ),
    "extras behind a string that does not end": (b'{"a: 1, // x\n "b": [1,],\n}', [f"1:13 {OPEN}"]),
    "a key without its first quote": (b'{a": "http://x"}', ["1:2 syntax a key in double quotes is expected"]),
    "a duplicate": (b'{"a": 1,\n "\\u0061": 2}', ['2:2 duplicate key "a" is set twice; only the last one counts']),
    "duplicates in depth": (
        '{"é": [{"x": 1, "x": 2}], "b": {"y": 1, "y": 1, "y": 1}, "é": 0}'.encode(),
        [
            '1:17 duplicate key "x" is set twice; only the last one counts',
            '1:41 duplicate key "y" is set twice; only the last one counts',
            '1:49 duplicate key "y" is set twice; only the last one counts',
            '1:58 duplicate key "é" is set twice; only the last one counts',
        ],
    ),
    "a duplicate behind a comment and a comma": (
        BOM + '// я\r\n{"a": [1,],\r\n\t"a": 2}'.encode(),
        [
            "1:1 bom starts with a byte order mark (BOM)",
            f"1:1 {COMMENT}",
            f"2:9 {COMMA}",
            '3:2 duplicate key "a" is set twice; only the last one counts',
        ],
    ),
    "a long duplicate": (
        b'{"%s": 1, "%s": 2}' % (b"k" * 99, b"k" * 99),
        [f'1:108 duplicate key "{"k" * 60}..." is set twice; only the last one counts'],
    ),
    "a duplicate with a line break": (
        b'{"\\n": 1, "\\n": 2}',
        ['1:11 duplicate key "\\n" is set twice; only the last one counts'],
    ),
    "a duplicate with half a character": (
        b'{"\\ud800": 1, "\\ud800": 2}',
        ['1:15 duplicate key "\\ud800" is set twice; only the last one counts'],
    ),
    "nan": (b'{"NaN": ["NaN", NaN]}', ["1:17 syntax NaN is not JSON"]),
    "infinity": (b'{"Infinity": Infinity}', ["1:14 syntax Infinity is not JSON"]),
    "minus infinity": (b"[-1, -Infinity]", ["1:6 syntax -Infinity is not JSON"]),
    "nan behind a comment": (b"[ // NaN\n NaN]", [f"1:3 {COMMENT}", "2:2 syntax NaN is not JSON"]),
    "4300 digits": (b"1" * 4300, []),
    "5000 digits": (b"[1,\n " + b"1" * 5000 + b"]", ["2:2 syntax a number of more than 4,300 digits"]),
    "a number beyond all": (b'["1e999", 1e999]', ["1:11 syntax a number larger than programs can hold"]),
    "a number beyond all, below": (b"-1.5E+999", ["1:1 syntax a number larger than programs can hold"]),
    "a number beyond all and garbage": (b"1e999-2", ["1:1 syntax a number larger than programs can hold"]),
    "half a character": (b'"\\ud800"', []),
    "a line break in a string": (b'{"a": "b\nc"}', [f"1:9 {OPEN}"]),
    "a crlf in a string": (b'{"a": "b\r\nc"}', [f"1:9 {OPEN}"]),
    "a tab in a string": (b'{"a": "b\tc"}', ["1:9 syntax a tab inside a string is written `\\t`"]),
    "a bell in a string": (
        b'{"a": "\x07"}',
        ["1:8 syntax the control character U+0007 inside a string is written `\\u0007`"],
    ),
    "a wrong escape": (
        b'{"a": "C:\\dir"}',
        ["1:10 syntax not an escape that JSON knows (a back-slash itself is written `\\\\`)"],
    ),
    "half an escape": (
        b'"\\u12"',
        ["1:3 syntax not an escape that JSON knows (a back-slash itself is written `\\\\`)"],
    ),
    "one bracket": (b"{", [f"1:2 {ENDS}"]),
    "an object that ends after its key": (b'{"a"\n', [f"1:5 {ENDS}"]),
    "an object that ends after its colon": (b'{"a":\n\n', [f"1:6 {ENDS}"]),
    "an object that ends after a comma": (b'{"a": 1,\n', [f"1:9 {ENDS}"]),
    "a list that ends after a comma": (b"[1,", [f"1:4 {ENDS}"]),
    "a string that does not end": (b'{"a": "b', ["1:7 syntax the string that starts here does not end"]),
    "text behind": (b"{}\n}", ["2:1 syntax text after the end of the JSON"]),
    "two values": (b"{} {}", ["1:4 syntax text after the end of the JSON"]),
    "single quotes": (b"{'a': 1}", [f"1:2 {QUOTES}"]),
    "a value in single quotes": (b"{\"a\": 'x'}", [f"1:7 {QUOTES}"]),
    "a missing comma": (b'{"a": 1\n\t"b": 2}', ["2:2 syntax a `,` or the closing bracket is expected"]),
    "a bare key": (b"{a: 1}", ["1:2 syntax a key in double quotes is expected"]),
    "a bare word": (b"nul", ["1:1 syntax a value is expected"]),
    "javascript": (b"define({})", ["1:1 syntax a value is expected"]),
    "a hash comment": (b"# x\n{}", ["1:1 syntax a value is expected"]),
    "a non-breaking blank": ('{"a":\u00a01}'.encode(), ["1:6 syntax a value is expected"]),
    "behind a mark, crlf, tabs and letters": (
        BOM + '{\r\n\t"я😀": 1,\r\n\t\t"ü": x}'.encode(),
        ["1:1 bom starts with a byte order mark (BOM)", "3:8 syntax a value is expected"],
    ),
    "100 levels": (b"[" * 100 + b"]" * 100, []),
    "101 levels": (b"[" * 101 + b"]" * 101, ["1:101 too-deep nested more than 100 levels deep"]),
    "100,000 brackets": (b"[" * 100_000, ["1:101 too-deep nested more than 100 levels deep"]),
    "100,000 objects": (b'{"a":' * 100_000, ["1:501 too-deep nested more than 100 levels deep"]),
    "5,000 brackets behind a fault": (b"{x\n" + b"[" * 5000, ["2:100 too-deep nested more than 100 levels deep"]),
    "brackets in strings and comments": (b'["' + b"[" * 200 + b'" // ' + b"{" * 200 + b"\n]", [f"1:205 {COMMENT}"]),
    "200 lists beside each other": (b"[" + b"[]," * 200 + b"0]", []),
    "too large": (b" " * (MAX_BYTES + 1), ["1:1 too-large 5,000,001 bytes; more than 5,000,000 is not read"]),
    "50 MB": (b"[" * 50_000_000, ["1:1 too-large 50,000,000 bytes; more than 5,000,000 is not read"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_text_has_exactly_these_faults(name: str) -> None:
    data, expected = CASES[name]
    assert faults(data) == expected


@pytest.mark.parametrize("name", CASES)
def test_a_value_is_there_unless_a_fault_took_it(name: str) -> None:
    document = load_document("m.json", CASES[name][0])
    assert document.readable or document.value is None


def test_what_could_be_read_is_the_value() -> None:
    data = BOM + b'// x\r\n{"a": [1, 2,], "b": {"c": "// \\" ,]",}, "a": 3,}'
    assert load_document("m.json", data).value == {"a": 3, "b": {"c": '// " ,]'}}


def test_a_million_comments_are_read_and_the_first_thousand_named() -> None:
    document = load_document("m.json", b"//\n" * 1_600_000 + b"{}")
    assert (document.value, len(document.faults)) == ({}, MAX_FAULTS)


def test_a_string_of_five_megabytes_with_comments_around_is_read() -> None:
    data = b'/**/"' + b"\\n" * 2_400_000 + b'"'
    assert load_document("m.json", data).value == "\n" * 2_400_000


@given(st.binary())
@example(b'{"a"' + b"\0" * 9)
@example(b"-")
@example(b'"\\')
def test_no_bytes_make_it_raise(data: bytes) -> None:
    document = load_document("m.json", data)
    assert document.readable or document.value is None
    assert all(0 <= (fault.offset or 0) <= len(data) for fault in document.faults)


@given(st.text(alphabet="{}[]\",:/*\\\n'1eN- aя"))
def test_no_broken_json_makes_it_raise(text: str) -> None:
    document = load_document("m.json", text.encode())
    assert document.readable or document.value is None
    for fault in document.faults:
        assert spot(document.data, fault.offset or 0).line <= text.count("\n") + 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_every_value_comes_back(value: Any, ascii_only: bool, indent: int | str | None) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    document = load_document("m.json", data)
    if any(fault.kind == "encoding" for fault in document.faults):
        assert b"\xed" in data  # half a character, which UTF-8 cannot hold
    else:
        assert (document.value, document.faults) == (value, ())


class Writer:
    """Writes JSON with comments and trailing commas, noting where it put them and where each value stands."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.text = ""
        self.extras: list[tuple[int, str]] = []
        self.values: dict[tuple[str | int, ...], int] = {}

    def at(self) -> int:
        return len(self.text.encode())

    def gap(self) -> None:
        for extra in self.draw(
            st.lists(st.sampled_from([" ", "\n", "\t", '/* ,] " я */', '// }, "\n', "/**/"]), max_size=2)
        ):
            if extra.startswith("/"):
                self.extras.append((self.at(), "comment"))
            self.text += extra

    def items(self, brackets: str, entries: list[tuple[str | int, Any]], path: tuple[str | int, ...]) -> None:
        self.text += brackets[0]
        for index, (key, item) in enumerate(entries):
            self.gap()
            if isinstance(key, str):
                self.text += json.dumps(key)
                self.gap()
                self.text += ":"
                self.gap()
            self.write(item, (*path, key))
            self.gap()
            if index + 1 < len(entries) or self.draw(st.booleans()):
                if index + 1 == len(entries):
                    self.extras.append((self.at(), "trailing-comma"))
                self.text += ","
        self.gap()
        self.text += brackets[1]

    def write(self, value: Any, path: tuple[str | int, ...] = ()) -> None:
        self.values[path] = self.at()
        if isinstance(value, dict):
            self.items("{}", list(value.items()), path)
        elif isinstance(value, list):
            self.items("[]", list(enumerate(value)), path)
        else:
            self.text += json.dumps(value)


@given(st.data(), JSON, st.booleans())
def test_comments_and_trailing_commas_change_no_value_and_are_each_noted(
    data: st.DataObject, value: Any, marked: bool
) -> None:
    writer = Writer(data.draw)
    writer.gap()
    writer.write(value)
    writer.gap()
    mark = BOM if marked else b""
    text = mark + writer.text.encode()
    document = load_document("m.json", text)
    found = [(fault.offset or 0, fault.kind) for fault in document.faults if fault.kind != "bom"]
    assert document.value == value
    assert found == [(offset + len(mark), kind) for offset, kind in writer.extras]
    for pointer, offset in writer.values.items():
        assert (pointer, pointer_offset("m.json", text, pointer)) == (pointer, offset + len(mark))


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (MAX_BYTES, MAX_DEPTH) == (5_000_000, 100)
