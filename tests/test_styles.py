"""The styles: what is read from css, what leaves the widget, and all that must not be called a fault."""

from __future__ import annotations

import pytest
from builders import GREET, brief, findings, widget
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.rules import RULES
from widgetpack.styles.load import MAX_BYTES, Style, load_style
from widgetpack.styles.reader import Link
from widgetpack.styles.scope import PLATFORM_NAMES
from widgetpack.widget import Widget

GLOBAL = "matches elements of the whole CRM; start it at a class of the widget's own"
BAD_URL = "`url(` is never closed, or has a blank, quote or bracket in it and no quotes around"
PLATFORM = "matches elements of the platform; start it at a class of the widget's own"


def said(css: str | bytes, path: str = "lib/own.css", files: dict[str, bytes | None] | None = None) -> list[str]:
    """Return what the C rules say of a css file, without its path."""
    data = css if isinstance(css, bytes) else css.encode()
    found = brief(findings(widget(files={path: data, **(files or {})})))
    return [line.replace(f" {path}", "") for line in found if line.startswith("C")]


def faults(css: str) -> list[str]:
    return [f"{fault.offset} {fault.message}" for fault in load_style("a.css", css.encode()).faults]


def rules(css: str) -> list[tuple[list[str], int, list[str]]]:
    read = load_style("a.css", css.encode()).rules
    return [([selector.text for selector in rule.selectors], rule.parent, list(rule.properties)) for rule in read]


def handles(selector: str) -> list[tuple[str, ...]]:
    return [s.handles for s in load_style("a.css", f"{selector}{{a:b}}".encode()).rules[0].selectors]


@pytest.mark.parametrize(
    "selector",
    [
        "*",
        "body",
        "html",
        ":root",
        "h1",
        "a:hover",
        "::selection",
        "::-webkit-scrollbar",
        "input[type=number i]",
        ':root[data-color-scheme="dark"]',
        "ul > li + li",
        "h1:not(.own)",
        "h1:not(:is(.own, #own)) b",
        ":is(h1, h2)",
        "html>/* .own */body",
        "пример",
    ],
)
def test_a_selector_without_an_own_name_is_global(selector: str) -> None:
    shown = "html> body" if "/*" in selector else selector
    assert said(f"{selector} {{ margin: 0; }}") == [f"C01 warning:1:1 `{shown}` {GLOBAL}"]


@pytest.mark.parametrize(
    "selector",
    [
        ".own",
        "#own",
        "h1.own",
        ".own h1",
        "h1 .own",
        "body .own > *",
        "html>/**/body .own",
        ".modal-body .own",
        ".own .modal-body",
        ".modal-body.own",
        ".card-widgets__widget-own .card-widgets__widget__body",
        ':root[data-color-scheme="dark"] .own h1',
        "[data-own] h1",
        '[class^="own-"]',
        '[id^="own-"]',
        "own-widget",
        "own-widget h1",
        ":host h1",
        ":is(.own, .other) h1",
        "h1:not(.modal-body) .own",
        r".md\:own\/2 h1",
        "li:nth-child(2n + 1 of .own)",
        ".пример",
    ],
)
def test_a_selector_with_an_own_name_is_scoped(selector: str) -> None:
    assert said(f"{selector} {{ margin: 0; }}") == []


def test_each_selector_of_a_list_is_judged_at_its_own_place() -> None:
    assert said("/* é */ .own,\n  h1 /* x */,\n.own b, /* y */ h2 { margin: 0; }") == [
        f"C01 warning:2:3 `h1` {GLOBAL}",
        f"C01 warning:3:17 `h2` {GLOBAL}",
    ]


def test_a_mark_and_crlf_do_not_shift_places() -> None:
    assert said(b"\xef\xbb\xbfh1 { a: b }\r\nh2 { a: b }\r\n") == [
        f"C01 warning:1:1 `h1` {GLOBAL}",
        f"C01 warning:2:1 `h2` {GLOBAL}",
    ]


def test_tabs_form_feeds_and_bytes_that_are_no_text_do_not_shift_places() -> None:
    css = b"/* \xd0\xb6 \xff\xe9 */\th1 { a: b }\r\r\n\fh2 { a: b }\n\xe2\x82 \xf0\x9f\x98\x80 { a: b }"
    places = [rule.selectors[0].offset for rule in load_style("a.css", css).rules]
    assert places == [css.index(b"h1"), css.index(b"h2"), css.index(b"\xe2")]
    assert said(css)[1:] == [f"C01 warning:2:2 `h2` {GLOBAL}", f"C01 warning:3:1 `\ufffd \U0001f600` {GLOBAL}"]


def test_escapes_mean_what_they_stand_for_and_can_be_printed() -> None:
    css = r":root { --t\65xt: red; --\d800: red } .own { a: url(\63.svg); b: url(\d800.svg); c: url(п.svg) }"
    assert said(css) == [
        "C07 info:1:9 `--text` has no prefix of the widget's, as in `--code-text` (and 1 more in this file)",
        "C04 warning:1:49 no file lib/c.svg",
        "C04 warning:1:85 no file lib/п.svg",
    ]


def test_at_rules_that_hold_rules_are_looked_into() -> None:
    css = """@media (400px <= width <= 700px) { h1 { a: b } .own { a: b } }
@supports (display: grid) { @layer base { h2 { a: b } } }
@layer base, theme;
@container (width > 400px) { h3 { a: b } }"""
    assert said(css) == [
        f"C01 warning:1:36 `h1` {GLOBAL}",
        f"C01 warning:2:43 `h2` {GLOBAL}",
        f"C01 warning:4:30 `h3` {GLOBAL}",
    ]


def test_steps_fonts_and_pages_select_nothing() -> None:
    css = """@keyframes own { 0%, 50.5% { top: 0 } to { top: 1px } }
@-webkit-keyframes own { from { top: 0 } }
@font-face { font-family: own; src: local(own) }
@page :first { margin: 0; @top-left { content: "" } }
@property --own { syntax: "<length>"; inherits: false; initial-value: 0 }
@charset "utf-8";"""
    assert said(css) == []


def test_nested_rules_belong_to_the_rule_around_them() -> None:
    assert (
        said(".own { h1 { a: b } & > b { a: b } body & { a: b } @media print { i { a: b } } a: b; u { a: b } }") == []
    )


def test_a_global_rule_that_only_holds_rules_is_judged_by_them() -> None:
    assert said("body { .own { a: b } h1 { a: b } }") == [f"C01 warning:1:22 `h1` {GLOBAL}"]


def test_one_global_selector_around_is_enough() -> None:
    assert said(".own, body { h1 { a: b } }") == [f"C01 warning:1:14 `h1` {GLOBAL}"]


def test_declarations_below_a_nested_media_count_for_the_rule_around() -> None:
    assert said("h1 { @media print { color: red } }") == [f"C01 warning:1:1 `h1` {GLOBAL}"]


def test_a_scope_ties_what_is_in_it() -> None:
    assert said("@scope (.own) to (.end) { h1 { a: b } } @scope (body) { h2 { a: b } }") == [
        f"C01 warning:1:57 `h2` {GLOBAL}"
    ]


def test_a_rule_that_sets_nothing_changes_nothing() -> None:
    assert said("h1 {} h2 { ; } h3 { /* color: red */ } .modal-body {}") == []


@pytest.mark.parametrize("selector", [":root", "html", "*", ':root[data-color-scheme="dark"]'])
def test_own_variables_may_be_set_for_the_page(selector: str) -> None:
    assert said(f"{selector} {{ --own-text: red; --own-box: {{a: b}}; }}") == []


def test_a_variable_beside_another_property_does_not_excuse_it() -> None:
    assert said(":root { --own-text: red; color: red; }") == [f"C01 warning:1:1 `:root` {GLOBAL}"]


def test_a_platform_name_around_does_not_scope() -> None:
    assert said(".modal-body h1 { a: b } #widgets_block { b { a: b } }") == [
        f"C02 warning:1:1 `.modal-body h1`, by `.modal-body`, {PLATFORM}",
        f"C02 warning:1:42 `b`, by `#widgets_block`, {PLATFORM}",
    ]


def test_the_platforms_names_are_classes_and_ids() -> None:
    assert [name for name in PLATFORM_NAMES if handles(name) != [(name,)]] == []


def test_the_first_five_of_many_are_told_and_the_rest_counted() -> None:
    found = said("\n".join(f"h1 b{n} {{ a: b }}" for n in range(7)))
    assert found == [
        *(f"C01 warning:{n + 1}:1 `h1 b{n}` {GLOBAL}" for n in range(4)),
        f"C01 warning:5:1 `h1 b4` {GLOBAL} (and 2 more in this file)",
    ]


def test_a_minified_file_gets_one_finding_with_the_count() -> None:
    css = "h1{a:b}h2{a:b}h3{a:b}"
    expected = [f"C01 warning:1:1 `h1` {GLOBAL} (and 2 more in this file)"]
    assert said(css, "lib/own.min.css") == expected
    assert said(css * 50) == [f"C01 warning:1:1 `h1` {GLOBAL} (and 149 more in this file)"]


def test_a_long_selector_is_cut() -> None:
    assert said(f"{'h1 ' * 40}{{ a: b }}") == [f"C01 warning:1:1 `{'h1 ' * 19}h1…` {GLOBAL}"]


@pytest.mark.parametrize(
    "css",
    [
        ".a{*zoom:1}",
        ".a{_height:1px}",
        '.a{filter: progid:DXImageTransform.Microsoft.gradient(startColorstr="#1",GradientType=0);}',
        ".a{-ms-filter: alpha(opacity=1)\n progid:X(y=1)}",
        ".a{color:red !ie}",
        ".a{color:red;;}",
        ".a{}",
        ".a{;}",
        "@media screen and (min-width:0\\0){.a{b:c}}",
        "@media{}",
        "@import url(https://x.dev/foo.css) layer(x) screen;",
        ".a{background:url(data:image/svg+xml;utf8,<svg></svg>)}",
        ".a{background:url(\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'/>\")}",
        ".a{--x: foo {a} bar;--y: {a: b} c: d;e:f}",
        ".a{*background:url(data:image/png;base64,AAAA)}",
        ".a{b:c}\n@import 'a.css'",
        "@import 'a.css'; @tailwind base",
        ".a:nth-child(2n + 1){b:c}",
        "@keyframes a{50%{b:c}}",
        '.a{content:"\\""}',
        ".a{content:'\\'}'}",
        '.a{content:"a\\\nb"}',
        '.a{content:"// /* {"}',
        ".a{--x:;--y: foo bar: baz;--z:{a:b}}",
        ".a{src:url(../a.woff) format('woff'),url( b.woff )}",
        '.a{grid-template:"a b"\n"c d" / auto}',
        "<!-- .a{c:d} -->",
        "@namespace svg url(http://www.w3.org/2000/svg);",
        ".a{width:calc(100% - (2 * var(--x, 3px)))}",
        "@media x{.a{b:c};.b{c:d};}",
        ".a{b:c};",
        "@import 'a.css'",
        "@tailwind base;",
        ".a/**/{/**/b/**/:/**/c/**/}/**/",
        ".a{b:c}\n/* end */\n",
        "/**/",
        "",
        "\ufeff",
        ".a{&:hover{b:c}&.d{b:c}>p{b:c}+q{b:c}}",
        ".a{background:URL(x.png)}",
        ".a{color:red\n}",
    ],
)
def test_what_browsers_read_is_no_fault(css: str) -> None:
    assert faults(css) == []


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".a{b:c", ["2 `{` is never closed"]),
        (".a{b:calc(1px}.b{c:d}", ["5 `calc(` is never closed"]),
        (".a{b:[x}", ["5 `[` is never closed"]),
        (".a{b:(1px}.b) e}", ["9 unexpected `}`: it closes nothing"]),
        (".a:not(.b{c:d}", ["3 `not(` is never closed"]),
        (".a{b:url(x.png;c:d}", [f"5 {BAD_URL}"]),
        (".a{b:url(my file.png)}", [f"5 {BAD_URL}"]),
        (".a{b:url(data:image/svg+xml;utf8,<svg xmlns='x'/>)}", [f"5 {BAD_URL}"]),
        (".a{b:c);d:e}", ["6 unexpected `)`: it closes nothing"]),
        (".a{b:c}}.d{e:f}", ["7 unexpected `}`: it closes nothing"]),
        ("/* x", ["0 a comment is never closed"]),
        ("/*/", ["0 a comment is never closed"]),
        ('.a{b:"x}', ["2 `{` is never closed", "5 a string is never closed on its line"]),
        ('.a{b:"x\\"}', ["2 `{` is never closed", "5 a string is never closed on its line"]),
        (".a{b:'x\n;c:d}", ["5 a string is never closed on its line"]),
        (".a{b red;c:d}", ["3 `b red` is no declaration: `name: value`"]),
        (".a{b:c;!important}", ["7 `!important` is no declaration: `name: value`"]),
        (".a{b:c\n d: e}", ["8 `;` is missing before `d`"]),
        (".a{b:c /* d: */ 'e: f' e: g}", ["23 `;` is missing before `e`"]),
        (".a,,.b{c:d}", ["3 an empty selector: the browser drops the whole rule"]),
        (".a,{c:d}", ["3 an empty selector: the browser drops the whole rule"]),
        (".a, .2col{c:d}", ["4 a name in a selector starts with a digit: the browser drops the rule"]),
        (".a{b:c} .d (", ["11 `(` is never closed"]),
        ("{c:d}", ["0 a block without a selector"]),
        (".a{b:c};.d{e:f}", ["7 `;` between rules: the browser drops the rule after it"]),
        ("// x\n.a{b:c}", ["0 `//` starts no comment in css, and the browser drops what follows"]),
        (".a{b:c;// x\nd:e}", ["7 `//` starts no comment in css, and the browser drops what follows"]),
        (".a{b:c}\n//# x", ["8 `//` starts no comment in css, and the browser drops what follows"]),
        (".a{b:c} .d", ["8 `.d` has no block"]),
    ],
)
def test_what_browsers_drop_is_a_fault(css: str, expected: list[str]) -> None:
    assert faults(css) == expected


def test_rules_after_a_fault_are_still_judged() -> None:
    css = ".own { color red }\nh1 { a: b }\n};\nh2 { a: b }\nh3 { a: b }"
    assert said(css) == [
        "C03 warning:1:8 `color red` is no declaration: `name: value`",
        f"C01 warning:2:1 `h1` {GLOBAL}",
        "C03 warning:3:1 unexpected `}`: it closes nothing",
        f"C01 warning:5:1 `h3` {GLOBAL}",
    ]


def test_a_nul_byte_is_a_fault() -> None:
    assert said(b".own { a: b }\n\0") == ["C03 warning:2:1 holds a NUL byte"]


def test_utf_16_is_left_to_the_rule_about_encodings() -> None:
    assert load_style("a.css", "h1{a:b}".encode("utf-16")).rules == ()
    assert said("h1{a:b}".encode("utf-16")) == []


def test_a_file_of_the_largest_size_is_read() -> None:
    start = b"h1{a:b}\n"
    data = start + b" " * (MAX_BYTES - len(start))
    assert said(data) == [f"C01 warning:1:1 `h1` {GLOBAL} "[:-1]]
    assert said(data + b" ") == ["C08 warning:1:1 500,001 bytes: styles over 500,000 are not read"]


def test_a_file_is_read_to_a_thousand_brackets_deep() -> None:
    assert said("@media x{" * 999 + "h1{a:b}" + "}" * 999) == [f"C01 warning:1:8992 `h1` {GLOBAL}"]
    assert said("@media x{" * 1001) == ["C08 warning:1:1 nests too deeply to be read"]


def test_a_number_that_python_does_not_take_leaves_the_file_unread() -> None:
    assert said(f".own{{a:{'1' * 4300}}}") == []
    assert said(f".own{{a:{'1' * 4301}}}") == ["C08 warning:1:1 cannot be read, as with a number of over 4,300 digits"]


def test_rules_are_read_with_parents_and_properties() -> None:
    css = ".a, .b { color: red; .c { top: 0 } --x: {y: z}; left: url(a;b) } @media print { .d { right: 0 } }"
    assert rules(css) == [
        ([".a", ".b"], -1, ["color", "--x", "left"]),
        ([".c"], 0, ["top"]),
        ([".d"], -1, ["right"]),
    ]


def test_links_are_read_with_places_and_fonts() -> None:
    css = """@import "a.css"; @import url( 'b.css' ) print;
@font-face { src: url(c.eot); src: url("c.woff") format("woff"), local(x) }
.a { background: URL(d.png), url() }"""
    assert load_style("a.css", css.encode()).links == (
        Link("a.css", 8, is_import=True, fallback_of=-1),
        Link("b.css", 25, is_import=True, fallback_of=-1),
        Link("c.eot", 65, is_import=False, fallback_of=47),
        Link("c.woff", 82, is_import=False, fallback_of=47),
        Link("d.png", 140, is_import=False, fallback_of=-1),
        Link("", 152, is_import=False, fallback_of=-1),
    )


def test_addresses_that_need_no_file_are_right() -> None:
    css = """.own { a: url(data:image/gif;base64,R0lG); b: url(#shape); c: url(https://x.dev/a.png); d: url(//x.dev/a.png);
  e: url(/images/a.png); f: url(../../other/a.png); g: url(); h: url("{{ path }}/a.png"); i: url(about:blank) }"""
    assert said(css) == []


def test_addresses_count_from_the_folder_of_the_css_file() -> None:
    css = "@import 'more.css'; .own { a: url(../images/logo.png?v=1#x); b: url('a%20b.svg'); c: url(./c.svg) }"
    there: dict[str, bytes | None] = {"lib/more.css": b"", "lib/a b.svg": b"<svg/>", "lib/c.svg": b"<svg/>"}
    assert said(css, files=there) == []
    assert said(css) == [
        "C04 warning:1:9 no file lib/more.css",
        "C04 warning:1:65 no file lib/a b.svg",
        "C04 warning:1:86 no file lib/c.svg",
    ]


def test_a_file_in_another_folder_is_suggested() -> None:
    assert said(".own { a: url(images/logo.png) }") == [
        "C04 warning:1:11 no file lib/images/logo.png, did you mean images/logo.png?"
    ]


def test_only_for_what_is_told_all_files_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def left_out(_: Widget, path: str) -> str:
        asked.append(path)
        return "why"

    monkeypatch.setattr(Widget, "left_out", left_out)
    css = "".join(f".own-{n} {{ a: url({n}.png) }}\n" for n in range(40))
    assert said(css) == [
        *(f"C04 warning:{n + 1}:13 no file lib/{n}.png (left out: why)" for n in range(4)),
        "C04 warning:5:13 no file lib/4.png (left out: why) (and 35 more in this file)",
    ]
    assert asked == [f"lib/{n}.png" for n in range(5)]


def test_of_the_fonts_of_one_face_one_is_enough() -> None:
    css = "@font-face { src: url(a.eot?#iefix), url(a.woff) } @font-face { src: url(b.eot), url(b.woff) }"
    assert said(css, files={"lib/a.woff": b"wOFF"}) == ["C04 warning:1:70 no file lib/b.eot"]


def test_http_is_told_wherever_it_loads_and_only_there() -> None:
    css = """@import "http://x.dev/a.css";
@namespace url(http://www.w3.org/1999/xhtml);
.own { a: url('HTTP://x.dev/a.png'); b: url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>") }
/* url(http://x.dev/b.png) */"""
    assert said(css) == [
        "C05 warning:1:9 `http://x.dev/a.css` is not https, and the browser refuses it",
        "C05 warning:3:11 `HTTP://x.dev/a.png` is not https, and the browser refuses it",
    ]


def test_imports_of_other_servers_weigh_more_for_the_public() -> None:
    files = widget(files={"lib/own.css": b"@import '//x.dev/a.css';:root{--x:0}"})
    assert [line for line in brief(findings(files, audience="public")) if line.startswith("C")] == [
        "C06 warning lib/own.css:1:9 imports `//x.dev/a.css` from another server",
        "C07 warning lib/own.css:1:31 `--x` has no prefix of the widget's, as in `--code-x`",
    ]


def test_variables_of_the_platform_are_not_set_for_the_page() -> None:
    assert said(":root { --palette-text-primary: red; --a: b }") == [
        "C07 info:1:9 `--palette-text-primary` is a variable of the platform's, which widgets only read (and 1 more in this file)",
    ]


def test_variables_at_a_platform_name_are_one_fault() -> None:
    assert said(".modal-body { --text: red }") == [f"C02 warning:1:1 `.modal-body` {PLATFORM}"]


def test_variables_at_an_own_class_are_called_as_the_author_likes() -> None:
    assert said(".own { --text: red; --palette-text-primary: red; color: var(--text) }") == []


def test_what_a_rule_calls_wrong_is_found_and_what_it_calls_right_is_not() -> None:
    for code in ("C01", "C02", "C03", "C05", "C06", "C07"):
        doc = RULES[code].doc
        wrong, right = (text.strip("`") for text in (doc.wrong, doc.right))
        wrong, right = (f".x {{ {text} }}" if text.startswith("background") else text for text in (wrong, right))
        there: dict[str, bytes | None] = {"lib/theme.css": b""}
        assert [line[:3] for line in said(wrong, files=there)] == [code]
        assert said(right, files=there) == []


def test_css_is_known_by_its_ending_in_any_case() -> None:
    assert said("h1 { a: b }", "lib/OWN.CSS") == [f"C01 warning:1:1 `h1` {GLOBAL}"]


SIGNS = "{}()[];:,.#&*@/\\\"'!-<> \n\r\t\0é"
PIECES = "/* */ // url( @media @import @scope( @font-face --x: h1 .own .modal-body :not( :root a:b; a:b <!-- --> http://x ../a.png"
WORDS = st.sampled_from([*SIGNS, *PIECES.split()])


@given(st.binary(max_size=200) | st.lists(WORDS, max_size=40).map(lambda words: "".join(words).encode()))
@settings(max_examples=400)
def test_no_bytes_make_the_styles_raise(data: bytes) -> None:
    read = load_style("lib/own.css", data)
    assert all(0 <= fault.offset <= len(data) for fault in read.faults if fault.offset is not None)
    assert all(0 <= selector.offset <= len(data) for rule in read.rules for selector in rule.selectors)
    assert all(rule.parent < index for index, rule in enumerate(read.rules))
    findings(widget(files={"lib/own.css": data}))


@pytest.mark.parametrize(
    "piece",
    [
        b"{",
        b"(",
        b".a{",
        b"a,",
        b"@media x{",
        b'"',
        b"/*",
        b";",
        b"}",
        b"--x:{}",
        b":not(",
        b"@import 'a",
        b"(]",
        b"([)]",
        b"*a;",
    ],
)
def test_a_long_row_of_one_sign_is_read_to_its_end(piece: bytes) -> None:
    assert isinstance(load_style("a.css", piece * (200_000 // len(piece))), Style)


@pytest.mark.parametrize(
    ("script", "told"),
    [(b"var frame = 'page.html';", 0), (b"var style = 'page.css';", 1)],
    ids=["the page alone names it", "a script names it too"],
)
def test_the_style_of_a_page_in_a_frame_reaches_nothing_else(script: bytes, told: int) -> None:
    page = b'<!doctype html><link rel="stylesheet" href="page.css"><p>In a frame.</p>'
    files = widget(files={"page.html": page, "page.css": b"body { margin: 0; }", "lib/greet.js": GREET + script})
    assert [item.code for item in findings(files) if item.code == "C01"] == ["C01"] * told
