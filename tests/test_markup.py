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


@given(st.text(st.sampled_from(list("<>/!-[]&#;ab =\"'x\n")) | st.characters(), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    assert load_markup(text).scripts >= 0
