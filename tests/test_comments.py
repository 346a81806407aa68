"""Comments of every kind of file, and the files without them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.comments import comments, without_comments

SCRIPT = b"""// one 'two
  // three
get('/*', "//", `/* ${a /* in */} */`); /* four
 * 'five' */ go(a); // six
x = '\\'/*'; y = /[/*]\\/*"/; /* seven */
"""
BARE = b"""
get('/*', "//", `/* ${a         } */`);
go(a);
x = '\\'/*'; y = /[/*]\\/*"/;
"""


def squeezed(data: bytes) -> bytes:
    return re.sub(rb"[ \n]*\n[ \n]*", b"\n", data)


@pytest.mark.parametrize("name", ["a.js", "lib/a.JSX", "a.mjs", "a.ts", "a.tsx"])
def test_comments_of_scripts_become_blanks_and_texts_that_look_like_them_stay(name: str) -> None:
    bare = without_comments(name, SCRIPT)
    assert squeezed(bare) == BARE
    assert [at for at, byte in enumerate(bare) if byte == ord("\n")] == [
        at for at, byte in enumerate(SCRIPT) if byte == ord("\n")
    ]


def test_comments_of_styles_and_markup_become_blanks() -> None:
    assert without_comments("a.css", b"* { a: url(//b) }\n/* .c\n*/ .d {}") == b"* { a: url(//b) }\n     \n   .d {}"
    assert without_comments("a.css", b"a::after { content: '/*' }") == b"a::after { content: '/*' }"
    assert without_comments("a.twig", b"<p>/* it's {# no\nt #}</p>{# x") == b"<p>/* it's      \n    </p>    "
    assert without_comments("a.twig", b"{{ '{# #}' }}<!-- {{ a }} -->b") == b"{{ '{# #}' }}                b"
    assert without_comments("a.svg", b"<svg><!-- a --></svg>") == b"<svg>          </svg>"


def test_other_files_have_none() -> None:
    assert without_comments("a.json", b"{} // no") == b"{} // no"


@given(
    st.sampled_from(["js", "tsx", "css", "twig"]), st.lists(st.sampled_from(list("/*{}#%'\"`\\\n<!->ab ")), max_size=40)
)
def test_offsets_and_lines_stay_whatever_the_text(ending: str, letters: list[str]) -> None:
    data = "".join(letters).encode()
    spans = comments(f"a.{ending}", data)
    bare = without_comments(f"a.{ending}", data)
    assert spans == sorted(spans)
    within = {at for start, end in spans for at in range(start, end)}
    assert len(bare) == len(data)
    for at, (before, after) in enumerate(zip(data, bare, strict=True)):
        assert after == (ord(" ") if at in within and before != ord("\n") else before)
