"""Lines and columns as an editor counts them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import tree_sitter_json
from hypothesis import example, given
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from widgetpack.documents import lines, places
from widgetpack.documents.places import Spot, duplicate_keys, locate, members, pointer_offset, span, spot
from widgetpack.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.model import Pointer

BOM = b"\xef\xbb\xbf"
TEXT = BOM + '{\r\n\t"я": [1, {"b": "x"}],\r\n\t"😀": 2, "last": 3\r\n}\r\n'.encode()


def at(pointer: tuple[str | int, ...], *, on_key: bool = False, text: bytes = TEXT) -> tuple[int, int]:
    return locate(text, Place("m.json", pointer, on_key=on_key))[:2]


def test_a_value_is_found_behind_marks_tabs_crlf_and_letters() -> None:
    assert [at(pointer) for pointer in ((), ("я",), ("я", 0), ("я", 1), ("я", 1, "b"), ("😀",), ("last",))] == [
        (1, 1), (2, 7), (2, 8), (2, 11), (2, 17), (3, 7), (3, 18),
    ]  # fmt: skip


def test_a_key_is_found_where_it_is_asked_for() -> None:
    assert [at(("я",), on_key=True), at(("я", 1, "b"), on_key=True), at(("last",), on_key=True)] == [
        (2, 2),
        (2, 12),
        (3, 10),
    ]


def test_what_is_missing_points_at_its_nearest_parent() -> None:
    assert [at(("gone",)), at(("я", 7)), at(("я", "b")), at(("last", "x", "y"), on_key=True)] == [
        (1, 1),
        (2, 7),
        (2, 7),
        (3, 18),
    ]


def test_the_last_of_equal_keys_counts() -> None:
    assert at(("a", "b"), text=b'{"a": {"b": 1}, "\\u0061": {"b": 2}}') == (1, 33)


@pytest.mark.parametrize("text", [b"", BOM, b"{", b"// x", b'{"a" 1}', b"\xff\xfe"])
def test_a_text_without_a_value_has_a_first_line(text: bytes) -> None:
    assert at(("a", 0), text=text)[0] == 1


def test_numbers_with_a_plus_hide_nothing_behind_them() -> None:
    assert at((3,), text=b'["1e+2", /* " 1e+2 */ 1e+2, 1.5E+7, 4]') == (1, 37)


def test_a_place_without_offset_or_pointer_is_the_file() -> None:
    assert locate(b"abc", Place("a.png")) == Spot(1, 1, "")


def test_the_line_comes_without_its_end_and_a_long_one_not_at_all() -> None:
    assert spot(TEXT, TEXT.index(b'\t"\xf0')) == Spot(3, 1, '\t"😀": 2, "last": 3')
    assert spot(b"a" * 401, 7) == Spot(1, 8, "")
    assert spot(b"a" * 400, 7) == Spot(1, 8, "a" * 400)


def test_offsets_outside_the_text_are_its_ends() -> None:
    assert (spot(b"ab\ncd", -5), spot(b"ab\ncd", 99)) == (Spot(1, 1, "ab"), Spot(2, 3, "cd"))


@given(st.text(alphabet="ab\nя😀\t"), st.integers(0, 40))
def test_columns_count_characters(text: str, index: int) -> None:
    head = text[:index]
    line = text.split("\n")[head.count("\n")]
    expected = Spot(head.count("\n") + 1, len(head.rpartition("\n")[2]) + 1, line)
    assert spot(text.encode(), len(head.encode())) == expected


@given(st.binary(), st.integers(-5, 50))
def test_no_bytes_make_it_raise(data: bytes, offset: int) -> None:
    line, column, _ = spot(data, offset)
    assert (line >= 1, column >= 1) == (True, True)
    assert 0 <= pointer_offset("m.json", data, ("a", 0)) <= len(data)


def test_duplicate_keys_come_in_the_order_of_the_text() -> None:
    assert duplicate_keys(BOM + b'{"a": {"x": 1, "x": 2}, "a": 3, "x": 4}') == [("x", 18), ("a", 27)]


def test_members_come_with_their_ends() -> None:
    assert list(members(BOM + b'{"a": 1, "b": {"c": [2]}}')) == [("a", 4, 10), ("b", 12, 27)]
    assert list(members(b'{"a": 1, "b": {"c": [2]}}', ("b",))) == [("c", 15, 23)]
    assert list(members(b"[1]", ("b",))) == []


def test_a_quoted_name_of_a_config_file_is_read_as_toml_reads_it() -> None:
    text = b'a = 1\n"\\U0001F600" = 2\n"b\\"c".d = 3\n'
    pointers = [("😀",), ('b"c',), ('b"c', "d"), ("gone",)]
    assert [pointer_offset("c.toml", text, pointer) for pointer in pointers] == [6, 23, 30, 0]
    assert pointer_offset("c.toml", b'"\\x" = 1', ('"\\x"',)) == 0


# The index of a text against a plain walk over its nodes

KEYS = st.sampled_from(["a", "b", "\\u0061", "0", "я", "\\x", ""])
POINTERS = st.lists(st.sampled_from(["a", "b", "0", "я", "\\x", 0, 1, 2, 7]), max_size=4).map(tuple)
GAPS = st.sampled_from(["", " ", "\n\t", '/* " */', "// }\r\n"])


@st.composite
def texts(draw: st.DrawFn, depth: int = 0) -> str:
    """Return JSON with comments, in which an object may set a key more than once."""
    kind = draw(st.sampled_from("vao" if depth < 3 else "v"))
    if kind == "v":
        text = draw(st.sampled_from(["1", "-1e+2", '"x"', '"{"', "null", '"я"']))
    elif kind == "a":
        text = "[" + ",".join(draw(st.lists(texts(depth + 1), max_size=3))) + "]"
    else:
        pairs = draw(st.lists(st.tuples(KEYS, GAPS, texts(depth + 1)), max_size=4))
        text = "{" + ",".join(f'"{key}"{gap}:{value}' for key, gap, value in pairs) + "}"
    return draw(GAPS) + text + draw(GAPS)


def walked(data: bytes, pointer: Pointer) -> list[tuple[Node | None, Node]]:
    """Return key and value of each step of a pointer, as far as it leads, by looking at every child on the way."""
    body = data.removeprefix(BOM).replace(b"e+", b"e0")
    root = Parser(Language(tree_sitter_json.language())).parse(body).root_node
    values = [child for child in root.named_children if child.type not in {"comment", "ERROR"}]
    steps: list[tuple[Node | None, Node]] = [*((None, value) for value in values[:1])]
    for key in pointer if steps else ():
        below = found_below(steps[-1][1], key)
        if not below:
            break
        steps.append(below[-1])
    return steps


def found_below(node: Node, key: str | int) -> list[tuple[Node | None, Node]]:
    if isinstance(key, int):
        items = [child for child in node.named_children if child.type != "comment"] if node.type == "array" else []
        return [*((None, item) for item in items[key : key + 1])]
    pairs = [(pair.child_by_field_name("key"), pair.child_by_field_name("value")) for pair in node.named_children]
    is_object = node.type == "object"
    return [(name, value) for name, value in pairs if is_object and name and value and key_of(name) == key]


def key_of(node: Node) -> str:
    raw = (node.text or b"").decode(errors="replace")
    try:
        return str(json.loads(raw))
    except ValueError:
        return raw


@given(
    texts() | st.text(alphabet='{}[]:,"ab01 /*\n\\', max_size=30),
    st.lists(st.tuples(POINTERS, st.booleans()), min_size=1, max_size=5),
    st.booleans(),
)
@example('{"a": {"b": 1}, "\\u0061": {"b": 2, "b": 3}}', [(("a", "b"), True), (("a", "b"), False)], True)
@example('{"a": [1, {"b"}, 2]}', [(("a", 1, "b"), True), (("a", 2), False)], False)
def test_the_index_finds_what_a_plain_walk_finds(
    text: str,
    asked: list[tuple[Pointer, bool]],
    has_mark: bool,
) -> None:
    mark = BOM if has_mark else b""
    data = mark + text.encode()
    for pointer, on_key in asked:
        steps = walked(data, pointer)
        key, value = steps[-1] if steps else (None, None)
        is_there = len(steps) == len(pointer) + 1
        node = key if key is not None and on_key and is_there else value
        assert pointer_offset("m.json", data, pointer, on_key=on_key) == len(mark) + (node.start_byte if node else 0)
        wanted = (key if on_key else value) if is_there else None
        expected = (wanted.start_byte + len(mark), wanted.end_byte + len(mark)) if wanted else None
        assert span(data, pointer, on_key=on_key) == expected


@given(
    st.lists(st.sampled_from([b"a", b"\n", b"\r\n", "я".encode(), "😀".encode(), b"\x80", b"\xf0\x9f", b"\xed\xa0"])),
    st.integers(1, 900),
    st.integers(0, 9000),
    st.booleans(),
)
@example([b"\x80"], 9000, 8999, False)
@example(["😀".encode()], 3000, 9002, True)
def test_long_lines_count_characters_as_short_ones_do(
    parts: list[bytes],
    times: int,
    offset: int,
    has_mark: bool,
) -> None:
    data = (BOM if has_mark else b"") + b"".join(part * times for part in parts)
    place = min(offset, len(data))
    before = data[:place].rpartition(b"\n")[2]
    if b"\n" not in data[:place]:
        before = before.removeprefix(BOM)
    line, column, _ = spot(data, offset)
    assert (line, column) == (data[:place].count(b"\n") + 1, len(before.decode(errors="replace")) + 1)


# Work


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[Any]:
    """Return the list to which every call of a function adds what it is given."""
    calls: list[Any] = []
    real: Callable[[Any], Any] = getattr(module, name)

    def call(given: Any) -> Any:
        calls.append(given)
        return real(given)

    monkeypatch.setattr(module, name, call)
    return calls


@pytest.mark.parametrize("count", [100, 200])
def test_each_key_is_read_once_however_many_findings_there_are(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    data = json.dumps({"work": {f"k{index}": "" for index in range(count)}}).encode()
    calls = counted(monkeypatch, places, "_string")
    for index in range(count):
        locate(data, Place("a.json", ("work", f"k{index}"), on_key=index % 2 == 0))
        span(data, ("work", f"k{index}"))
    assert len(calls) == count + 1


def test_a_group_that_nobody_asks_for_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps({"lazy": dict.fromkeys("abcdef"), "x": 1}).encode()
    calls = counted(monkeypatch, places, "_string")
    assert (at(("x",), text=data), calls) == ((1, 83), ['"lazy"', '"x"'])


@pytest.mark.parametrize("count", [100, 200])
def test_a_long_line_is_decoded_once_and_then_by_parts(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    data = b"work " * 30_000 + b"x" * count
    calls = counted(monkeypatch, lines, "_count")
    assert [spot(data, 1024 * (index % 100 + 10) + 7).column for index in range(count)] == [
        1024 * (index % 100 + 10) + 8 for index in range(count)
    ]
    assert sum(map(len, calls)) == len(data) + 7 * count
