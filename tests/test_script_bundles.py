"""Bundles and minified files: spared the rules of style, told once per file what is not safe."""

from __future__ import annotations

import pytest
from builders import needs_esbuild
from test_script_facts import large
from test_script_rules import FOREIGN, said

UNSAFE = (
    FOREIGN + " eval(b); $.get('http://widgets.dev/a'); $.get('http://widgets.dev/b'); f('https://localhost:3000/');"
)


@pytest.mark.parametrize(("path", "start"), [("lib/a.min.js", ""), ("lib/bundle.js", "var __webpack_require__ = 1;")])
def test_what_is_not_safe_is_told_once_per_file(path: str, start: str) -> None:
    assert said(files={path: f"{start}\n{UNSAFE}\n".encode()}) == [
        f"S20 warning {path}:2:1 `eval(...)` 2 times runs a text as code",
        f"S23 warning {path}:2:20 `debugger` stops the CRM while the developer tools are open",
        f"S26 warning {path}:2:63 `APP.mine` belongs to the platform",
        f"S25 warning {path}:2:86 `async: false`: the CRM stands still until the answer comes",
        f"S30 warning {path}:2:119 http://widgets.dev/a (and 1 more) is http; the CRM is an https page",
        f"S31 warning {path}:2:177 localhost is a developer's machine; nobody else reaches it",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "alert(1); console.log(2); window.mine = 1; ids.map(function (id) { return fetch(id); });",
        "var a = 'http://widgets.dev/docs', b = 'http://localhost';",
        "$.ajax({ url: a, dataType: 'script', async: false });",
    ],
)
def test_what_libraries_do_is_spared_in_a_bundle(statement: str) -> None:
    assert said(files={"lib/a.min.js": statement.encode()}) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("new Function('a', b);", "S20 info lib/a.min.js:1:5 `new Function(...)` runs a text as code"),
        (
            "a.createElement('script');",
            "S21 info lib/a.min.js:1:3 `createElement('script')` loads code past the loader",
        ),
        (
            "APP.a = 1; APP.b = 1; APP.c = 1; APP.d = 1; APP.e = 1;",
            "S26 warning lib/a.min.js:1:1 `APP.a`, `APP.b`, `APP.c`, 2 more belongs to the platform",
        ),
    ],
)
def test_a_bundle_is_told_what_its_libraries_may_do(statement: str, expected: str) -> None:
    assert said(files={"lib/a.min.js": statement.encode()}) == [expected]


def glanced(code: str) -> list[str]:
    """Return what the rules say of a large minified script with ``code`` in its middle, without places."""
    lines = said(files={"lib/a.js": large(code)})
    return [" ".join((*line.split(" ")[:2], *line.split(" ")[3:])) for line in lines]


@needs_esbuild
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("eval(a);eval(b);", ["S20 warning `eval(...)` 2 times runs a text as code"]),
        ("x=new Function(a);", ["S20 info `new Function(...)` runs a text as code"]),
        ("debugger;", ["S23 warning `debugger` stops the CRM while the developer tools are open"]),
        ("$.ajax({url:a,async:!1});", ["S25 warning `async: false`: the CRM stands still until the answer comes"]),
        ("APP.data.x=1;", ["S26 warning `APP.data.x` belongs to the platform"]),
        ("window.AMOCRM.a+=1;", ["S26 warning `AMOCRM.a` belongs to the platform"]),
        (
            'document.createElement("script");',
            ["S21 info `createElement('script')` loads code past the loader"],
        ),
    ],
)
def test_a_large_bundle_is_judged_by_its_words(code: str, expected: list[str]) -> None:
    assert glanced(code) == expected


@needs_esbuild
@pytest.mark.parametrize(
    "code",
    [
        "var t='do not eval(a), debugger; APP.a=1';",
        "/* eval(a); debugger; */",
        "medieval(a);a.eval(b);",
        "new Function('return this');",
        "({debugger:1});",
        "n={type:'Function',async:!1};",
        "$.ajax({url:a,dataType:'script',async:!1});",
        "if(APP.a==1&&APP.b===2){APP.c(1);}t.APP.d=1;",
    ],
)
def test_words_that_are_no_code_are_spared_in_a_large_bundle(code: str) -> None:
    assert glanced(code) == []
