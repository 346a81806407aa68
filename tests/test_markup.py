"""Facts of a text that may hold HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.documents.markup import Link, Markup, load_markup


def test_a_text_without_markup_is_its_words() -> None:
    assert load_markup("Plans tasks.") == Markup("Plans tasks.")


def test_words_links_scripts_and_open_elements_are_noted() -> None:
    text = "Plans &lt;tasks&gt; <A HREF=' https://widgets.dev ' target=_blank>here<b/> <Script>x < y</script><i>."
    assert load_markup(text) == Markup(
        "Plans <tasks> here x < y.",
        (Link("https://widgets.dev", {"href": " https://widgets.dev ", "target": "_blank"}),),
        1,
        ("a", "b", "i"),
    )


@pytest.mark.parametrize(
    ("text", "unclosed"),
    [
        ("<b>one</b>", ()),
        ("<b>one <i>two</b> three</i>", ()),
        ("<b>one <b>two</b>", ("b",)),
        ("one</b>", ()),
        ("<p>one<br><li>two<img src=a>", ()),
        ("<ul><li>one</ul>", ()),
        ("<a>no address", ("a",)),
        ("<b", ()),
        ("a <b c", ()),
    ],
)
def test_only_elements_that_need_their_end_are_unclosed(text: str, unclosed: tuple[str, ...]) -> None:
    assert load_markup(text).unclosed == unclosed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<!-- <b> -->b<!doctype html>c<?php x ?>d</ x>e<!-->f", Markup("abcdef")),
        ("a <3 < b <- c", Markup("a <3 < b <- c")),
        ("&amp;&#65;&#x42;&copy &nobody; &#" + "1" * 5_000, Markup("&AB\u00a9 &nobody; \ufffd" + "1" * 4_901)),
        (
            "<a HREF=x/?a=1&copy=2&amp;b=3 href=y b c = 'd>' e=\"f\"g>z",
            Markup(
                "z",
                (
                    Link(
                        "x/?a=1&copy=2&b=3",
                        {"href": "x/?a=1&copy=2&b=3", "b": "", "c": "d>", "e": "f", "g": ""},
                    ),
                ),
                0,
                ("a",),
            ),
        ),
        ("<a href=>x</a><a href='no end>y", Markup("x", (Link("", {"href": ""}),))),
        ("<title><b></title>c<style>i<u></STYLE ><SCRIPT/><i>", Markup("<b>ci<u><i>", (), 1)),
    ],
    ids=["comments", "signs", "references", "attributes", "open quote", "raw text"],
)
def test_a_text_is_read_as_a_browser_reads_it(text: str, expected: Markup) -> None:
    assert load_markup(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a " * 33_000, Markup("")),
        ("<b><i>" * 8_000 + "</i></b>" * 6_000 + "<u>", Markup("", (), 0, ("b", "i") * 2_000 + ("u",))),
        ("x" + "<a href='" * 11_000, Markup("x")),
        ("<!--" * 25_000 + "<b>", Markup("")),
        ("<a" + " b" * 40_000 + ">", Markup("", (), 0, ("a",))),
        ("&#" * 50_000, Markup("&#" * 50_000)),
    ],
    ids=["no end", "open elements", "open quotes", "comments", "attributes", "references"],
)
def test_a_long_row_of_one_thing_is_read_to_its_end(text: str, expected: Markup) -> None:
    assert load_markup(text) == expected


def test_a_text_that_several_rules_ask_for_is_read_once() -> None:
    load_markup.cache_clear()
    assert load_markup("<b>once") is load_markup("<b>once")
    assert load_markup.cache_info()[:2] == (1, 1)


@given(st.text(st.sampled_from(list("<>/!-[]&#;ab =\"'x\n")) | st.characters(), max_size=60))
def test_no_text_makes_it_raise_and_words_come_from_the_text(text: str) -> None:
    found = load_markup(text + "</script></style><b>end")
    assert found.text.endswith("end") or "<" in text
    assert len(load_markup(text).text) <= len(text)
    assert all(tag.isascii() and tag in text.lower() for tag in load_markup(text).unclosed)
