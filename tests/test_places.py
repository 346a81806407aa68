"""Lines and columns as an editor counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.documents.places import Spot, duplicate_keys, locate, members, pointer_offset, spot
from widgetpack.model import Place

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
