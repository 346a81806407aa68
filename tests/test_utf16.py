"""Columns of browsers and source maps."""

from __future__ import annotations

import pytest

from widgetpack.utf16 import before, behind, units

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
