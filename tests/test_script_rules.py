"""The rules about scripts: what they must not find, and what they find beside the plain case."""

from __future__ import annotations

from typing import Any

import pytest
from builders import GREET, SCRIPT, archive, archive_tree, brief, findings, widget

from widgetpack.config.script import ScriptOptions

ENTRY = SCRIPT.decode()


def inside(statement: str) -> bytes:
    """Return `GREET` with a statement of its own on line 2."""
    return GREET.replace(b"  return", b"  " + statement.encode() + b"\n  return", 1)


def said(
    script: str = ENTRY,
    *,
    greet: str | bytes = GREET,
    files: dict[str, bytes | None] | None = None,
    manifest: dict[str, Any] | None = None,
    texts: dict[str, Any] | None = None,
    **options: Any,
) -> list[str]:
    """Return what the families S and L10, L11 say of the good widget with these changes."""
    data = greet if isinstance(greet, bytes) else inside(greet)
    given = widget(manifest, texts, {"script.js": script.encode(), "lib/greet.js": data, **(files or {})})
    return only(brief(findings(given, **options)))


def only(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(("S", "L10", "L11"))]


@pytest.mark.parametrize(
    "statement",
    [
        "JSON.parse(a); medieval(a); self.eval(a); 'eval(a)'; // eval(a)",
        'Function("return this")();',
        "setTimeout(refresh, 5); setTimeout(function () {}, 5); setTimeout(a + b, 5);",
        "document.createElement('link'); $('<link>');",
        "if (html.indexOf('<script') >= 0) { return; } /<script/.test(html);",
        "function alert(a) { return a; } alert(1);",
        "var tools = { confirm: 1 }; tools.confirm(1); self.alert(2);",
        "var a = { debugger: 1 }; a.debugger; 'debugger';",
        "load().catch(function (e) { console.trace(e); });",
        "try { a(); } catch (e) { console.trace(e); }",
        "load().then(show, function (e) { console.trace(e); });",
        "$.ajax({ async: true }); load({ sync: false }); async function a() { await b; }",
        "db.open('name', 1, false); xhr.open('GET', url, true);",
        "var a = APP.data; APP.notifications.show(a); if (APP.data == 1) { a = 2; } self.APP = 1;",
        "var APP = {}; APP.mine = 1;",
        "window.location = a; window.onresize = b; window.location.hash = c; window.a.b = 1; var d = window.mine;",
        "a.forEach(function (b) { show(function () { self.crm_post(b); }); }); self.crm_post(a);",
        "var ns = 'http://www.w3.org/2000/svg'; var a = '<a href=\"http://widgets.dev\">'; // http://widgets.dev",
        "var text = 'see http://widgets.dev';",
        "var a = b / c // 10.0.0.1\n;",
        "var a = 'https://10.widgets.dev/', b = 'https://widgets.dev/localhost', c = 'localhost';",
        "self.render({ href: '/tmpl/controls/select.twig' }); load(name + '_panel.twig'); load(`${name}.twig`);",
        "var url = 'https://widgets.dev/a.css', b = '//widgets.dev/b.css', c = '.twig', d = 'a.css.map';",
        "var sk = 'task-list-of-all-the-things-that-are-long-enough', a = 'AKIA', b = 'eyJ.eyJ.a';",
        "var a = { client_secret: 'your_client_secret_goes_here_1' }, b = { client_secret: settings.client_secret };",
        "JSON.stringify([{ question: [{ execute_handler: 1 }] }]);",
        "$.noConflict();",
    ],
)
def test_good_code_is_no_finding(statement: str) -> None:
    assert said(greet=statement, audience="public") == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("new Function('a', 'return a');", ["S20 warning lib/greet.js:2:7 `new Function(...)` runs a text as code"]),
        ("setTimeout('a()' + b, 5);", ["S20 warning lib/greet.js:2:3 `setTimeout(text)` runs a text as code"]),
        ("window.eval(a);", ["S20 warning lib/greet.js:2:10 `eval(...)` runs a text as code"]),
        ("$.getScript(a);", ["S21 warning lib/greet.js:2:5 `getScript(...)` loads code past the loader"]),
        (
            "$('head').append('<script src=a.js></' + 'script>');",
            ["S21 warning lib/greet.js:2:21 `<script> in a text` loads code past the loader"],
        ),
        (
            "console.trace(1); console.info(2);",
            ["S24 info lib/greet.js:2:21 `console.info` in the console of every user"],
        ),
        (
            "xhr.open('GET', url, false);",
            ["S25 warning lib/greet.js:2:7 `open(..., false)`: the CRM stands still until the answer comes"],
        ),
        ("window.AMOCRM.a = 1;", ["S26 warning lib/greet.js:2:3 `window.AMOCRM.a` belongs to the platform"]),
        ("window['mine'] = 1;", ["S27 info lib/greet.js:2:3 `window.mine` is seen by every widget"]),
        (
            "for (;;) { self.$authorizedAjax(a); }",
            ["S28 info lib/greet.js:2:19 `$authorizedAjax` in every turn of a loop"],
        ),
        ("window.$ = a;", ["S29 warning lib/greet.js:2:3 `window.$` replaces the jQuery of the CRM"]),
        ("$.noConflict(true);", ["S29 warning lib/greet.js:2:3 `noConflict(true)` takes jQuery away from the CRM"]),
        (
            "$('body').append('<img src=\"http://widgets.dev/a.png\">');",
            ["S30 warning lib/greet.js:2:31 http://widgets.dev/a.png is http; the CRM is an https page"],
        ),
        (
            "$.get('https://abc.ngrok-free.app/x');",
            ["S31 warning lib/greet.js:2:10 abc.ngrok-free.app is a developer's machine; nobody else reaches it"],
        ),
        (
            "$.get('http://192.168.0.7/x');",
            ["S31 warning lib/greet.js:2:10 192.168.0.7 is a developer's machine; nobody else reaches it"],
        ),
        (
            "if (localStorage['panel_is_dev']) { return; }",
            ["S14 warning lib/greet.js:2:7 `..._is_dev` in the browser's storage"],
        ),
        (
            "$('head').append('<link href=\"' + path + '/css/mine.css?v=' + version + '\">');",
            ["S33 warning lib/greet.js:2:45 no file `/css/mine.css` in the package"],
        ),
    ],
)
def test_fault_is_found(statement: str, expected: list[str]) -> None:
    assert said(greet=statement) == expected


def test_public_widgets_must_not_write_anything_but_traces() -> None:
    assert said(greet="console.error(1); console.trace(2);", audience="public") == [
        "S24 warning lib/greet.js:2:3 `console.error`, `console.trace` in the console of every user"
    ]


FOREIGN = "eval(a); alert(1); debugger; console.log(2); window.mine = 1; APP.mine = 2; $.ajax({ async: false });"


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("lib/select2.min.js", ""),
        ("vendor/a.js", ""),
        ("lib/chart.js", "/*! Chart.js v3.9.1 */"),
        ("lib/moment.js", "//! moment.js\n//! version : 2.29.4\n"),
        ("lib/select2.js", "/*!\n * Select2 4.0.13\n * https://select2.github.io\n */"),
    ],
)
def test_the_work_of_others_is_spared(path: str, start: str) -> None:
    assert said(files={path: f"{start}\n{FOREIGN}\n".encode()}) == []


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("lib/a.js", ""),
        ("lib/a.js", "// for jQuery 2.1.3"),
        ("lib/a.js", "/* Panel. Needs moment 2.24 */"),
        ("a/jquery.js", ""),
    ],
)
def test_the_work_of_the_author_is_not_spared(path: str, start: str) -> None:
    codes = [line.partition(" ")[0] for line in said(files={path: f"{start}\n{FOREIGN}\n".encode()})]
    assert codes == ["S20", "S22", "S23", "S24", "S27", "S26", "S25"]


@pytest.mark.parametrize("path", ["lib/a.min.js", "vendor/a.js"])
def test_secrets_are_found_in_the_work_of_others(path: str) -> None:
    key = b"AIza" + b"SyA1234567890abcdefghijklmnopqrstuv"
    assert said(files={path: b"var k = '" + key + b"';\n"}) == [
        f"S32 info {path}:1:10 Google API key `AIza...`, which everybody can read"
    ]


@pytest.mark.parametrize(
    ("secret", "name"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEAabcdefgh", "private key `----...`"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJhYmNkZWYiLCJqdGkiOiIxIn0.abcdefghijklmnopqrstuv", "JSON web token `eyJh...`"),
        ("sk_" + "live_abcdefghijklmnopqrstuvwx", "Stripe secret key `sk_l...`"),
        ("ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789", "GitHub token `ghp_...`"),
        ("xoxb-" + "123456789012-abcdefghijkl", "Slack token `xoxb...`"),
        ("123456789:AA" + "abcdefghijklmnopqrstuvwxyz0123456", "Telegram bot token `1234...`"),
        ("sk-" + "proj-abcdefghijklmnopqrstuvwxyz0123456789abcd", "OpenAI API key `sk-p...`"),
        ("GOCSPX-" + "abcdefghijklmnopqrstuvwxyz01", "Google client secret `GOCS...`"),
    ],
)
def test_secrets_are_found_and_not_told(secret: str, name: str) -> None:
    line = f"S32 error lib/greet.js:2:12 {name}, which everybody can read"
    assert said(greet=f"var a = '{secret}';", audience="public") == [line]


def test_a_client_secret_is_found_behind_its_name() -> None:
    value = "aB3dE5fG7hI9" + "jK1lM3nO5pQ7rS9t"
    assert said(greet=f"var a = {{ client_secret: '{value}' }};") == [
        "S32 warning lib/greet.js:2:29 client secret `aB3d...`, which everybody can read"
    ]


@pytest.mark.parametrize(
    ("returned", "what"),
    [
        ("return { render: 1 };", "returns an object"),
        ("var W = { a: 1 }; return W;", "returns an object"),
        ("return () => 1;", "returns an arrow function, which `new` refuses"),
        ("return true;", "returns a plain value"),
        ("W();", "returns nothing"),
        ("if (a) { return; } return [];", "returns a list"),
    ],
)
def test_a_module_without_a_constructor_is_dead(returned: str, what: str) -> None:
    # The callbacks are named in a comment: this is about the constructor alone.
    script = f"define(['jquery'], function ($) {{ {returned} }}); // render init bind_actions\n"
    lines = [line for line in said(script) if line.startswith("S09")]
    assert [line.partition(" ")[2].partition(" ")[2].partition(" ")[2] for line in lines] == [
        f"the module {what}; the platform needs a constructor function"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "define(['./lib/greet.js'], function (App) { return App; });",
        "define(['./lib/greet.js'], function (App) { var W = {}; W = App; return W; });",
        "define([], function () { if (a) { return {}; } return class {}; });",
        "define([], function () { return make(); });",
        "define(['exports'], function (exports) { return function () {}; });",
        "define(['module'], function (module) { module.exports = function () {}; });",
        "define(function (require, exports, module) { exports.a = 1; module.exports = W; });",
        "define(function (require, exports, module) { module.exports = function () {}; });",
        "if (a) { define({}); } else { define(['./lib/greet.js'], function (App) { return App; }); }",
    ],
)
def test_a_module_that_may_be_a_constructor_is_left_alone(script: str) -> None:
    assert [line for line in said(script + " // render init bind_actions") if line.startswith("S09")] == []


@pytest.mark.parametrize(
    "render",
    [
        "render: function () { return true; }",
        "render() { return draw(); }",
        "render: function () { if (a) { return false; } return b && c; }",
        "render: async function () { await a; }",
        "render: () => draw()",
        "render: draw",
        "render: function () { try { a(); } finally { return 1; } }",
    ],
)
def test_a_callback_that_can_be_true_is_good(render: str) -> None:
    assert said(ENTRY.replace("render: function () { return true; }", render)) == []


@pytest.mark.parametrize(
    ("render", "reason"),
    [
        ("render: function () { return false; }", "returns true on no way"),
        ("render() { if (a) { return; } return null; }", "returns true on no way"),
        ("render: () => false", "returns true on no way"),
        ("render: function () { a(function () { return true; }); }", "never returns anything"),
    ],
)
def test_a_callback_that_cannot_be_true_is_told(render: str, reason: str) -> None:
    assert said(ENTRY.replace("render: function () { return true; }", render)) == [
        f"S16 warning script.js:4:7 `render` {reason}; it must return true"
    ]


LOCATIONS = {"locations": ["settings", "lcard-1", "card_sdk", "llist-0"]}


def test_locations_need_their_callbacks() -> None:
    assert said(manifest=LOCATIONS) == [
        "S15 warning manifest.json:22:5 location `card_sdk` needs the callback `linkCard`",
        "S15 warning manifest.json:22:5 location `card_sdk` needs the callback `loadElements`",
        "S15 warning manifest.json:22:5 location `card_sdk` needs the callback `loadPreloadedData`",
        "S15 warning manifest.json:22:5 location `card_sdk` needs the callback `searchDataInCard`",
        "S15 info manifest.json:23:5 location `llist-0` needs the callback `leads`",
    ]


def test_a_salesbot_widget_needs_its_callbacks() -> None:
    assert [line for line in said(manifest={"locations": ["settings", "salesbot_designer"]}) if "S15" in line] == [
        "S15 warning manifest.json:21:5 location `salesbot_designer` needs the callback `onSalesbotDesignerSave`",
        "S15 info manifest.json:21:5 location `salesbot_designer` needs the callback `salesbotDesignerSettings`",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "require([url], function () {});",
        "import(url);",
        "callbacks[name] = function () {};",
        "document.createElement('script');",
    ],
)
def test_callbacks_are_not_missed_where_more_code_is_loaded(change: str) -> None:
    assert [line for line in said(greet=change, manifest=LOCATIONS) if line.startswith("S15")] == []


def test_callbacks_are_not_missed_where_a_dependency_lies_elsewhere() -> None:
    script = ENTRY.replace("'jquery'", "'https://widgets.dev/a.js'")
    assert said(script, manifest=LOCATIONS) == ["S12 info script.js:1:9 code from widgets.dev"]


def test_a_public_widget_must_not_load_code_from_elsewhere() -> None:
    script = ENTRY.replace("'jquery'", "'https://widgets.dev/a.js'")
    assert said(script, audience="public") == ["S12 error script.js:1:9 code from widgets.dev"]


@pytest.mark.parametrize(
    "name", ["moment", "lib/components/base/modal", "text!./lib/greet.js", "https://code.jquery.com/ui.js"]
)
def test_modules_of_the_platform_and_of_known_networks_are_good(name: str) -> None:
    assert said(ENTRY.replace("'jquery'", f"'{name}'")) == []


@pytest.mark.parametrize(
    ("options", "unknown"),
    [
        (ScriptOptions(external=("react",)), []),
        (ScriptOptions(external=("rea*",)), []),
        (ScriptOptions(rename=(("React", "react"),)), []),
        (ScriptOptions(external=("!react", "vue")), ["react"]),
        (ScriptOptions(rename=(("react", "vue"),)), ["react"]),
    ],
)
def test_the_page_has_what_the_config_says_that_it_has(options: ScriptOptions, unknown: list[str]) -> None:
    given = widget(files={"script.js": ENTRY.replace("'jquery'", "'react'").encode(), "lib/greet.js": inside("")})
    assert only(brief(findings(given, script=options))) == [
        f"S10 warning script.js:1:9 `{name}` is no module that the platform is known to provide" for name in unknown
    ]


def test_a_module_of_the_package_is_suggested() -> None:
    assert said(ENTRY.replace("'jquery'", "'greet'")) == [
        "S10 warning script.js:1:9 `greet` is no module that the platform is known to provide, did you mean `./lib/greet.js`?"
    ]


@pytest.mark.parametrize(
    ("written", "asked", "hint"),
    [
        ("'./lib/gone.js?v=1'", "./lib/gone.js?v=1", ""),
        ("'./lib/gone.js?v=' + version", "'./lib/gone.js?v=' + version", ""),
        ("'./lib/greet?v=1'", "./lib/greet?v=1", ", did you mean lib/greet.js?"),
    ],
)
def test_a_query_does_not_hide_that_a_file_is_missing(written: str, asked: str, hint: str) -> None:
    assert said(ENTRY.replace("'./lib/greet.js'", written)) == [f"S05 error script.js:1:19 no file for `{asked}`{hint}"]


@pytest.mark.parametrize(
    "written", ["'./lib/greet.js?v=1'", "'./lib/greet.js?v=' + version", "`./lib/${name}.js`", "base + '/a.js'"]
)
def test_a_file_that_may_be_there_is_not_missed(written: str) -> None:
    assert said(ENTRY.replace("'./lib/greet.js'", written)) == []


def test_a_build_adds_the_suffix_and_raw_does_not() -> None:
    script = ENTRY.replace("greet.js", "greet")
    assert said(script) == []
    assert said(script, bundle=False) == [
        "S11 warning script.js:1:19 `./lib/greet` is asked for as it is written; the file is `./lib/greet.js`"
    ]


@pytest.mark.parametrize(
    "member",
    [
        "onSalesbotDesignerSave: function () { return JSON.stringify([{ question: [] }]); }",
        "onSalesbotDesignerSave: function (code, params) { var steps = []; return steps_of(steps); }",
        "onSalesbotDesignerSave: function () { var s = [{ question: 1 }]; s = JSON.stringify(s); return s; }",
        "onSalesbotDesignerSave: save",
    ],
)
def test_steps_as_a_text_are_good(member: str) -> None:
    assert said(ENTRY.replace("      render", f"      {member},\n      render")) == []


@pytest.mark.parametrize(
    ("body", "what", "column"),
    [("return { question: [] };", "an object", 52), ("var s = [{ question: 1 }]; return s;", "a list", 79)],
)
def test_steps_as_a_value_are_dead(body: str, what: str, column: int) -> None:
    member = f"onSalesbotDesignerSave: function () {{ {body} }}"
    assert said(ENTRY.replace("      render", f"      {member},\n      render")) == [
        f"S17 error script.js:4:{column} `onSalesbotDesignerSave` returns {what}; it must return a text with JSON"
    ]


def test_notifications_are_good_with_init_once() -> None:
    statement = "APP.addNotificationCallback(1, a);"
    assert said(greet=statement, manifest={"widget": {"init_once": True}}) == []


PAGES = [
    (
        b'<img src="http://widgets.dev/a.png">',
        ["S30 warning templates/a.twig:1:11 http://widgets.dev/a.png is http; the CRM is an https page"],
    ),
    (b'<a href="http://widgets.dev/">', []),
    (
        b'<a href="https://localhost:3000/">',
        ["S31 warning templates/a.twig:1:10 localhost is a developer's machine; nobody else reaches it"],
    ),
    (b'<svg xmlns="http://www.w3.org/2000/svg">', []),
]


@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_pages_are_judged_by_what_they_load(page: bytes, expected: list[str]) -> None:
    assert said(files={"templates/a.twig": page}) == expected


STYLE: dict[str, bytes | None] = {"css/style.css": b".w-a { color: red; }\n"}


@pytest.mark.parametrize(
    "statement",
    [
        "link(path + '/css/style.css?v=1');",
        "link('style.css');",
        "['style'].forEach(function (n) { link(n + '.css'); });",
    ],
)
def test_a_style_that_is_named_is_loaded(statement: str) -> None:
    assert said(greet=statement, files=STYLE) == []


def test_a_style_that_another_style_imports_is_loaded() -> None:
    files = {**STYLE, "css/all.css": b"@import 'style.css';\n"}
    assert said(greet="link('css/all.css');", files=files) == []


TEXTS = {"panel": {"title": "Deadline", "rest": "left", "sub": {"deep": "Deep"}}}


@pytest.mark.parametrize(
    "statement",
    [
        "use(self.i18n('panel').title, self.langs.panel.rest, self.i18n('panel.sub').deep);",
        "var i18n = self.i18n('panel'); use(i18n.title, i18n['rest'], i18n.sub.deep.length);",
        "use(self.i18n('panel').title.replace('a', 'b'), self.i18n('panel').hasOwnProperty('x'), 'rest', 'deep');",
        "use(self.i18n('panel'));",
        "use(self.i18n(name));",
        "use(self.langs[name]);",
        "use(self.langs.panel.sub, 'title', 'rest');",
        "var self_texts = self.langs; use(self_texts);",
        "use(options.langs.other.key, 'title', 'rest', 'deep');",
        "var t = self.i18n('panel'); t = other; use(t.gone, 'title', 'rest', 'deep');",
        "use(self.i18n('panel.title'), 'rest', 'deep');",
        "const t = self.i18n('panel'); function a(t) { use(t.other); } a(t.title, 'rest', 'deep');",
        "const t = self.i18n('panel'); use(x => x, t => t.other); for (const t of []) { t.other; } t.title, 'rest deep';",
        "const t = self.i18n('panel'); try { use(t.title); } catch (t) { use(t.other, 'rest', 'deep'); }",
        "const t = self.i18n('panel'); function f({ t }) { return t.other; } use(t.title, 'rest', 'deep');",
        "const t = self.i18n('panel'); class X { m(t) { return t.other; } } use(t.title, 'rest', 'deep');",
        "function f() { function t() {} t.other; } const t = self.i18n('panel'); use(t.title, 'rest', 'deep');",
        "var t = self.i18n('panel'); if (a) { var t = {}; } use(t.other, 'title', 'rest', 'deep');",
        "let t = self.i18n('panel'); t++; use(t.other, 'title', 'rest', 'deep');",
    ],
)
def test_texts_that_are_read_are_good(statement: str) -> None:
    assert said(greet=statement, texts=TEXTS) == []


@pytest.mark.parametrize(
    ("statement", "column", "asked", "hint"),
    [
        ("use(self.i18n('panel').titel);", 26, "panel.titel", ", did you mean `panel.title`?"),
        ("use(self.i18n('panal').title);", 17, "panal", ", did you mean `panel`?"),
        ("use(widget.langs.panel['titel']);", 26, "panel.titel", ", did you mean `panel.title`?"),
        ("use(any.langs.panel.sub.gone);", 27, "panel.sub.gone", ""),
        ("var t = self.i18n('panel'); use(t.gone);", 37, "panel.gone", ""),
        ("use(self.i18n('panel.sub.gone'));", 17, "panel.sub.gone", ""),
        ("{ const t = self.i18n('panel'); use(t.gone); } { const t = {}; use(t.other); }", 41, "panel.gone", ""),
        (
            "function a(t) { use(t.other); } function b() { var t = self.i18n('panel'); use(t.gone); }",
            84,
            "panel.gone",
            "",
        ),
    ],
)
def test_a_text_that_is_nowhere_is_told(statement: str, column: int, asked: str, hint: str) -> None:
    lines = said(greet=f"{statement} use('title', 'rest', 'deep');", texts=TEXTS)
    assert lines == [f"L10 warning lib/greet.js:2:{column} no locale has `{asked}`{hint}"]


def test_a_text_named_in_a_template_or_the_manifest_is_used() -> None:
    files: dict[str, bytes | None] = {"templates/a.twig": b"{{ langs.title }} {{ langs.deep }} {{ langs.rest }}"}
    assert said(files=files, texts=TEXTS) == []


def test_texts_are_not_judged_where_a_script_cannot_be_read() -> None:
    assert [x for x in said(files={"lib/b.js": b"var = 1"}, texts=TEXTS) if x.startswith("L")] == []


def test_findings_in_a_zip_are_the_same() -> None:
    files = widget(files={"lib/greet.js": inside("debugger;")})
    assert only(brief(findings(archive_tree(archive(files))))) == [
        "S23 warning lib/greet.js:2:3 `debugger` stops the CRM while the developer tools are open"
    ]


def test_a_library_inside_a_bundle_is_not_asked_for_its_modules() -> None:
    inner = "var __webpack_require__ = 1; typeof define && define(['react'], a); define('jquery', [], b);"
    assert said(ENTRY + inner) == []
    assert said(files={"lib/react-dom.min.js": b"define(['exports', 'react'], a);"}) == [
        "S10 warning lib/react-dom.min.js:1:20 `react` is no module that the platform is known to provide"
    ]


SWITCH = "if (localStorage.dev) { window.define(['https://localhost:9000/a.js'], a); } else { %s }"
MINIFIED = "define(['https://localhost:9000/a.js'],a);" + "var a=[0,1,2,3,4,5,6,7,8,9];" * 4_000


@pytest.mark.parametrize(
    ("script", "weight"),
    [
        ("define(['https://localhost:9000/a.js'], a);", "error"),
        (SWITCH % ENTRY, "warning"),
        ("(function () { define(['https://localhost:9000/a.js'], a); })();", "warning"),
        (MINIFIED, "error"),
        ("/*! a */\n'use strict';" + MINIFIED, "error"),
        ("localStorage.dev&&" + MINIFIED, "warning"),
        ("x('https://127.0.0.1:80/');function f(){" + MINIFIED + "}", "warning"),
    ],
    ids=[
        "a statement",
        "a switch",
        "a function",
        "minified",
        "behind a banner",
        "a minified switch",
        "another before it",
    ],
)
def test_a_developers_script_leaves_the_widget_dead_only_where_it_is_always_asked_for(script: str, weight: str) -> None:
    found = [line for line in said(script) if line.startswith("S31")]
    more = " (and 1 more)" if script.startswith("x(") else ""
    start = script.index("https://localhost")
    line, column = script.count("\n", 0, start) + 1, start - script.rfind("\n", 0, start)
    assert found == [
        f"S31 {weight} script.js:{line}:{column} localhost{more} is a developer's machine; nobody else reaches it"
    ]
