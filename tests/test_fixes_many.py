"""Many edits of one text at once: which go together, where they go, and how often the text is read for them."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import TEXTS, as_json, tree, widget
from hypothesis import example, given
from hypothesis import strategies as st

from widgetpack.config.settings import Config
from widgetpack.documents import places
from widgetpack.fixes import missing_texts
from widgetpack.fixes.base import Edit
from widgetpack.fixes.hunks import hunks
from widgetpack.fixes.json_text import group_at, member_added, sides
from widgetpack.fixes.rounds import Plan, make_plan
from widgetpack.fixes.taken import Taken, take

if TYPE_CHECKING:
    from collections.abc import Callable

EDITS = st.builds(
    lambda start, length, makes: Edit("a", start, start + length, b"", "", (makes,) if makes else ()),
    st.integers(0, 12),
    st.integers(0, 4),
    st.sampled_from("  xyz").map(str.strip),
)


def insertion(at: int, makes: str = "") -> Edit:
    return Edit("a", at, at, b"x", "", (makes,) if makes else ())


def excludes(one: Edit, other: Edit) -> bool:
    return (one.start < other.end and other.start < one.end) or bool(one.makes and one.makes == other.makes)


@given(st.lists(EDITS))
@example([insertion(3), insertion(3), Edit("a", 3, 5, b"", ""), Edit("a", 1, 3, b"", ""), Edit("a", 2, 4, b"", "")])
@example([Edit("a", 1, 4, b"", ""), insertion(1), insertion(4), insertion(2), insertion(9, "x"), insertion(9, "x")])
def test_what_is_taken_excludes_nothing_that_was_taken_before(edits: list[Edit]) -> None:
    taken, expected = Taken([], [], set()), list[Edit]()
    for edit in edits:
        fits = not any(excludes(other, edit) for other in expected)
        expected += [edit] if fits else []
        assert take(taken, edit) == fits


def neighbour(names: list[str], key: str, order: list[str]) -> tuple[int, bool]:
    """Return the member beside which one key goes, and whether before it, by looking at each."""
    place = order.index(key)
    for other in reversed(order[:place]):
        if other in names:
            return names.index(other), False
    after = next((other for other in order[place + 1 :] if other in names), None)
    return (len(names) - 1, False) if after is None else (names.index(after), True)


@given(st.lists(st.sampled_from("abcdef"), min_size=1), st.permutations("abcdefgh"))
def test_each_key_goes_where_its_neighbours_are(names: list[str], order: list[str]) -> None:
    data = ("{" + ", ".join(f'"{name}": 1' for name in names) + "}").encode()
    group = group_at(data, ())
    assert group is not None
    found = sides(group, order)
    last = (len(names) - 1, False)
    assert {key: tuple(found.get(key, last)) for key in order if key not in names} == {
        key: neighbour(names, key, order) for key in order if key not in names
    }


def test_a_member_without_a_neighbour_goes_to_the_end() -> None:
    group = group_at(b'{"a": {"b": 1, "b": 2}}', ("a",))
    assert group is not None
    assert tuple(member_added(group, "c", [1])) == (21, 21, b', "c": [1]')
    assert [group_at(b'{"a": [1]}', pointer) for pointer in (("a",), ("b",), ("a", 0))] == [None, None, None]


def patched(before: list[bytes], diff: list[bytes]) -> list[bytes]:
    """Apply the hunks of a diff, each exactly where it says, and check every line that it says is there."""
    after, at, new_at = list[bytes](), 0, 0
    for line in diff:
        if line.startswith(b"@@"):
            head = re.fullmatch(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", line)
            assert head
            start, length, new_start, new_length = (int(1 if part is None else part) for part in head.groups())
            start, new_start = start - (length > 0), new_start - (new_length > 0)
            after += before[at:start]
            assert (len(after), (at, new_at) <= (start, new_start)) == (new_start, True)
            at, new_at = start, new_start
            continue
        if line[:1] in b" -":
            assert before[at] == line[1:]
        at += line[:1] in b" -"
        after += [line[1:]] if line[:1] in b" +" else []
    return [*after, *before[at:]]


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n", b"}\n", b"@@\n", b"e"]), max_size=25)


@given(LINES, LINES)
@example([b"a\n"], [])
@example([], [b"a\n"])
@example([b"}\n"] * 9, [b"}\n"] * 4 + [b"a\n"] + [b"}\n"] * 5)
def test_the_hunks_make_one_text_of_the_other(before: list[bytes], after: list[bytes]) -> None:
    diff = list(hunks(before, after))
    assert patched(before, diff) == after
    assert (diff == []) == (before == after)


@given(st.lists(st.integers(0, 99), unique=True), st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)))
def test_unique_lines_differ_as_the_standard_library_says(numbers: list[int], gone: set[int], new: set[int]) -> None:
    before = [b"%d\n" % number for number in numbers if number not in new]
    after = [b"%d\n" % number for number in numbers if number not in gone]
    assert list(hunks(before, after)) == list(difflib.diff_bytes(difflib.unified_diff, before, after))[2:]


# Work


@pytest.mark.parametrize("count", [100, 200])
def test_added_lines_are_not_searched_for(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    searched = list[Any]()
    monkeypatch.setattr(difflib.SequenceMatcher, "find_longest_match", lambda *given: searched.append(given))
    after = [b"%d\n" % number for number in range(count)]
    assert (len([line for line in hunks(after[::2], after) if line.startswith(b"+")]), searched) == (count // 2, [])


def gaps(count: int) -> Plan:
    """Plan the mending of Spanish texts that lack every second of ``count``, and all but one of a group as large."""
    many = {f"k{index}": f"text {index}" for index in range(count)}
    some = {key: text for index, (key, text) in enumerate(many.items()) if index % 2}
    files: dict[str, bytes | None] = {
        "i18n/en.json": as_json({**TEXTS, "many": many, "more": {**many, "last": "x"}}),
        "i18n/es.json": as_json({**TEXTS, "many": some, "more": {"last": "y"}}),
    }
    return make_plan(tree(widget(files=files)), Config(Path()), lambda _, found: found)


@pytest.mark.parametrize("count", [40, 80])
def test_each_group_is_found_once_and_each_key_read_once(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    groups, keys = list[Any](), list[Any]()

    def counted(calls: list[Any], real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            calls.append(given)
            return real(*given)

        return call

    monkeypatch.setattr(missing_texts, "group_at", counted(groups, group_at))
    monkeypatch.setattr(places, "_string", counted(keys, places._string))  # noqa: SLF001
    made = gaps(count)
    spanish = json.loads(made.after["i18n/es.json"])
    names = [f"k{index}" for index in range(count)]
    assert [list(spanish["many"]), list(spanish["more"])] == [names, [*names, "last"]]
    assert [pointer for _, pointer in groups] == [("many",), ("more",)]
    assert len(keys) == 4 + count // 2 + 1
    assert len(made.fixed) == count // 2 + count
