"""The rules about globals, requests, addresses, files and texts of a script: near-misses and further forms."""

from __future__ import annotations

import pytest
from builders import SCRIPT
from test_script_rules import ENTRY, STYLE, TEXTS, said


@pytest.mark.parametrize(
    "statement",
    [
        "Object.assign({}, APP.data); $.extend(options, APP.data); delete options.APP; Object.assign(options, window);",
        "window.a.b += 1; window.location += '#a'; globalThis.onload = a; if (window.a === 1) { a = window.b; }",
        "ids.forEach(function (id) { $('#a').on('click', function () { $.get(url); }); });",
        "names.map(function (name) { return $.get('/templates/' + name + '.twig'); });",
        "async function f() { for (const a of await fetch(url)) { show(a); } }",
        "async function pages() { while (next) { next = await fetch(next); } }",
        "function fetch(a) { return a; } ids.map(function (id) { return fetch(id); });",
        "ids.forEach(function (id) { store.get(id); map.delete(id); });",
        "window.open('http://widgets.dev/'); $('a').attr('href', 'http://widgets.dev/'); location.href = 'http://a.b/';",
        "window.location = 'http://widgets.dev/'; location.assign('http://a.b/'); $('<a>', { href: 'http://a.b/' });",
        "if (url === 'http://widgets.dev/' || url.indexOf('http://widgets.dev/') === 0) { return; }",
        "// APP.addNotificationCallback(1, a); $.noConflict(true);",
        "$('body').append('<script type=\"text/x-template\" id=\"a\">'); var a = 'The <script> tag is refused.';",
        "'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV';",
        "var a = 'The file panel.twig is loaded later', b = 'Edit styles in main.css';",
        "link(host + '/widget/main.css'); link(`${cdn}/a/main.css`); link('https://' + host + '/main.css');",
        "$('<a>').attr('download', 'export.css'); if (name === 'other.css') { return; }",
        "var a = path + '/lib/a.js?v=' + version, b = 'https://widgets.dev/b.css?v=1', c = Date.now(), d = url + '?t=' + Date.now();",
    ],
)
def test_near_misses_are_no_finding(statement: str) -> None:
    assert said(greet=statement, audience="public") == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("APP.n++;", ["S26 warning lib/greet.js:2:3 `APP.n` belongs to the platform"]),
        ("delete APP.x;", ["S26 warning lib/greet.js:2:10 `APP.x` belongs to the platform"]),
        ("Object.assign(APP, a);", ["S26 warning lib/greet.js:2:17 `APP` belongs to the platform"]),
        ("$.extend(true, APP.data, a);", ["S26 warning lib/greet.js:2:18 `APP.data` belongs to the platform"]),
        ("globalThis.c = 1;", ["S27 info lib/greet.js:2:3 `globalThis.c` is seen by every widget"]),
        ("window.c ||= {};", ["S27 info lib/greet.js:2:3 `window.c` is seen by every widget"]),
        ("window.c += 1;", ["S27 info lib/greet.js:2:3 `window.c` is seen by every widget"]),
        (
            "Object.assign(window, { a: 1 });",
            ["S27 info lib/greet.js:2:17 `Object.assign(window, ...)` is seen by every widget"],
        ),
        ("$.extend(window, a);", ["S27 info lib/greet.js:2:12 `$.extend(window, ...)` is seen by every widget"]),
        ("globalThis.$ = a;", ["S29 warning lib/greet.js:2:3 `globalThis.$` replaces the jQuery of the CRM"]),
        ("console?.log(1);", ["S24 info lib/greet.js:2:3 `console.log` in the console of every user"]),
        ("console['log'](1);", ["S24 info lib/greet.js:2:3 `console.log` in the console of every user"]),
        (
            "ids.forEach((id) => $.ajax({ url: a + id }));",
            ["S28 info lib/greet.js:2:25 `$.ajax` in every turn of a loop"],
        ),
        (
            "$.each(ids, function () { $.get('/api/v4/leads'); });",
            ["S28 info lib/greet.js:2:31 `$.get` in every turn of a loop"],
        ),
        ("for (const id of ids) { fetch(a); }", ["S28 info lib/greet.js:2:27 `fetch` in every turn of a loop"]),
        (
            "ids.map(function (id) { return axios.post(a); });",
            ["S28 info lib/greet.js:2:40 `axios.post` in every turn of a loop"],
        ),
        ("while (a) { $.getJSON(url); }", ["S28 info lib/greet.js:2:17 `$.getJSON` in every turn of a loop"]),
        (
            "new WebSocket('ws://widgets.dev/a');",
            ["S30 warning lib/greet.js:2:18 ws://widgets.dev/a is ws; the CRM is an https page"],
        ),
        (
            "$.ajax({ url: 'http://widgets.dev/a' });",
            ["S30 warning lib/greet.js:2:18 http://widgets.dev/a is http; the CRM is an https page"],
        ),
        (
            "$('head').append('<script src=\"' + a + '\">');",
            ["S21 warning lib/greet.js:2:21 `<script> in a text` loads code past the loader"],
        ),
        (
            "require([path + '/lib/a.js?v=' + Math.random()], a);",
            ["S13 info lib/greet.js:2:19 `'/lib/a.js?v=' + Math.random()` is a new file on every load"],
        ),
        (
            "link(path + '/lib/greet.css?v=' + Date.now() + '&a=1');",
            ["S13 info lib/greet.js:2:15 `'/lib/greet.css?v=' + Date.now()` is a new file on every load"],
        ),
        (
            "link(`${path}/greet.css?v=${Date.now()}`);",
            ["S13 info lib/greet.js:2:8 ``${path}/greet.css?v=${Date.now()}`` is a new file on every load"],
        ),
    ],
)
def test_further_forms_of_a_fault_are_found(statement: str, expected: list[str]) -> None:
    files: dict[str, bytes | None] = {"lib/greet.css": b".w-a { color: red; }\n"} if "greet.css" in statement else {}
    assert said(greet=statement, files=files) == expected


def test_names_outside_define_are_told_once() -> None:
    declared = "var cache = {}, __helper = 1;\nfunction helper() {}\nclass Panel {}\n"
    assert said(declared + ENTRY) == [
        "S27 info script.js:1:5 `cache`, `helper`, `Panel` outside `define`: seen by every widget"
    ]
    assert said(files={"lib/other.js": b"var cache = {};\n"}) == []
    assert said("var module = " + ENTRY) == []


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        (
            "lib/jq.js",
            b"/*! jQuery v3.6.0 | (c) OpenJS Foundation */\n",
            ["S29 warning lib/jq.js:1:1 a jQuery of its own; the platform provides one"],
        ),
        (
            "lib/jq.js",
            b"/*!\n * jQuery JavaScript Library v2.1.4\n */\n",
            ["S29 warning lib/jq.js:1:1 a jQuery of its own; the platform provides one"],
        ),
        ("lib/jq.js", b"/*! jQuery UI - v1.12.1 */\n", []),
        ("lib/jq.js", b"// for jQuery v3\n", []),
        ("lib/jquery.js", b"define(['jquery'], function ($) { return $; }); // jQuery of the page\n", []),
    ],
)
def test_jquery_is_known_by_its_banner(path: str, data: bytes, expected: list[str]) -> None:
    assert said(files={path: data}) == expected


UNNAMED = ["S34 warning css/style.css:1:1 nothing loads this file: no script, template or page names it"]


@pytest.mark.parametrize("statement", ["$('.w-a').css('width', 1);", "// css/style.css is loaded", "/* 'style.css' */"])
def test_a_style_that_only_seems_to_be_named_is_told(statement: str) -> None:
    assert said(greet=statement, files=STYLE) == UNNAMED


def test_a_style_that_a_page_names_is_loaded() -> None:
    page = b'<link rel="stylesheet" href="{{ path }}/css/style.css">'
    assert said(files={**STYLE, "templates/a.twig": page}) == []
    assert said(files={**STYLE, "templates/a.twig": page.replace(b"style", b"{{ name }}")}) == []


@pytest.mark.parametrize(
    "statement",
    [
        "var { title } = self.i18n('panel'); use('rest', 'deep');",
        "var { title: t, rest = 1, ...more } = self.i18n('panel'); use('deep');",
        "var { [name]: t } = self.i18n('panel'); use('title', 'rest', 'deep');",
        "var widget = $('.w').editor(); use(widget.langs.en, 'title', 'rest', 'deep');",
        "self.langs = { en: {} }; use(self.langs.en, 'title', 'rest', 'deep');",
        "function f(widget) { return widget.langs.en; } use('title', 'rest', 'deep');",
    ],
)
def test_texts_that_are_taken_apart_or_are_others_are_good(statement: str) -> None:
    assert said(greet=statement, texts=TEXTS) == []


@pytest.mark.parametrize(
    ("statement", "column", "asked", "hint"),
    [
        ("var { titel } = self.i18n('panel');", 9, "panel.titel", ", did you mean `panel.title`?"),
        ("var { titel: a = 1 } = self.langs.panel;", 9, "panel.titel", ", did you mean `panel.title`?"),
        ("var widget = this; use(widget.langs.panal.title);", 39, "panal", ", did you mean `panel`?"),
    ],
)
def test_a_text_that_a_pattern_asks_for_is_told(statement: str, column: int, asked: str, hint: str) -> None:
    lines = said(greet=f"{statement} use('title', 'rest', 'deep');", texts=TEXTS)
    assert lines == [f"L10 warning lib/greet.js:2:{column} no locale has `{asked}`{hint}"]


@pytest.mark.parametrize(
    ("key", "statement"),
    [
        ("It's here", "use(self.langs['It\\'s here']);"),
        ("It's here", "use(get('It\\'s here'));"),
        ("Привет", "use(self.langs['\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442']);"),
        ("Привет", "use(get('\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442'));"),
    ],
)
def test_keys_with_escapes_are_read(key: str, statement: str) -> None:
    assert said(greet=statement, texts={key: "Text"}) == []
    assert said(greet=statement.replace("'", '"', 1).replace("']", '"]').replace("')", '")'), texts={key: "Text"}) == []


def test_a_subscription_in_a_comment_is_none() -> None:
    assert said(SCRIPT.decode() + "// APP.addNotificationCallback(1, a);") == []
