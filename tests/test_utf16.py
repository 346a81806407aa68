"""Columns of browsers and source maps."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.utf16 import Places, before, behind, offset_of, place_of, units

LINE = "a\u00f1\U0001f600b"


@pytest.mark.parametrize(
    ("column", "left", "right"),
    [
        (0, "", LINE),
        (2, "a\u00f1", "\U0001f600b"),
        (3, "a\u00f1", "b"),
        (4, "a\u00f1\U0001f600", "b"),
        (5, LINE, ""),
        (9, LINE, ""),
    ],
)
def test_a_line_is_cut_at_a_column(column: int, left: str, right: str) -> None:
    assert (before(LINE, column), behind(LINE, column)) == (left, right)


@pytest.mark.parametrize("column", range(5))
def test_a_plain_line_is_cut_as_it_stands(column: int) -> None:
    assert (before("abc", column), behind("abc", column)) == ("abc"[:column], "abc"[column:])


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("\u00f1", 1), (LINE, 5), ("\ud83d", 1)])
def test_the_columns_of_a_text(text: str, columns: int) -> None:
    assert units(text) == columns


FILE = b"\xef\xbb\xbf" + f"{LINE}\r\n\n{LINE}".encode()


STARTS = [*accumulate((len(letter.encode()) for letter in FILE.decode()), initial=0)][1:]
"""Of characters, behind the mark."""


@given(st.lists(st.sampled_from(STARTS), max_size=9))
def test_an_offset_has_one_place_however_it_is_asked_for(offsets: list[int]) -> None:
    places = Places(FILE)
    for offset in offsets:
        line, column = place_of(FILE, offset)
        assert places.of(offset) == (line - 1, column - 1)


@pytest.mark.parametrize(("offset", "place"), [(3, (1, 1)), (4, (1, 2)), (6, (1, 3)), (10, (1, 5)), (13, (2, 1)), (14, (3, 1)), (15, (3, 2)), (22, (3, 6))])  # fmt: skip
def test_places_and_offsets_lead_to_each_other(offset: int, place: tuple[int, int]) -> None:
    assert place_of(FILE, offset) == place
    assert offset_of(FILE, *place) == offset


def test_what_is_behind_the_end_is_the_end() -> None:
    assert offset_of(FILE, 9, 1) == len(FILE)
    assert offset_of(FILE, 3, 99) == len(FILE)
