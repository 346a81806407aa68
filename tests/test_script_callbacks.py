"""The rules about the widget's callbacks and its constructor: near-misses, and the forms in which the fault comes."""

from __future__ import annotations

from typing import Any

import pytest
from builders import GREET
from test_script_rules import ENTRY, said

BOT: dict[str, Any] = {
    "locations": ["settings", "salesbot_designer"],
    "salesbot_designer": {"step": {"name": "widget.name", "settings": {}}},
}
RENDER = "render: function () { return true; }"


def with_member(member: str) -> str:
    """Return the good script with one more callback, on line 4."""
    return ENTRY.replace("      render", f"      {member},\n      render")


def of_rule(code: str, lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(code)]


@pytest.mark.parametrize(
    "statement",
    [
        "// migrated away from execute_handler",
        "var a = 'execute_handler', b = { note: \"use execute_handler\" };",
        "var a = { execute_handler: [] };",
        "var a = { handler: 'widget_request' };",
    ],
)
def test_steps_count_only_where_a_bot_is_saved(statement: str) -> None:
    assert said(greet=statement) == []


@pytest.mark.parametrize(
    "steps",
    [
        "JSON.stringify([{ question: [{ handler: 'widget_request' }] }])",
        "JSON.stringify([{ 'question': [{ execute_handler: 1 }] }])",
        '\'[{"question":[{"handler":"widget_request"}]}]\'',
        "build([{ handler: 'widget_request' }], { question })",
        "fill(step['question'], { handler: 'widget_request' })",
        "JSON.stringify([{ handler: 'goto' }])",
        "JSON.stringify([{ type: 'widget_request' }])",
    ],
)
def test_steps_with_a_question_are_good(steps: str) -> None:
    assert said(with_member(f"onSalesbotDesignerSave: function () {{ return {steps}; }}")) == []


@pytest.mark.parametrize(
    ("steps", "column", "name"),
    [
        ("JSON.stringify([{ execute_handler: [{ params: { type: 'question' } }] }])", 70, "execute_handler"),
        ("/* question */ JSON.stringify([{ 'execute_handler': [] }])", 86, "execute_handler"),
        ("'[{\"execute_handler\":[]}]'", 55, "execute_handler"),
        ("JSON.stringify([{ handler: 'widget_request' }])", 80, "widget_request"),
    ],
)
def test_steps_without_a_question_are_dead(steps: str, column: int, name: str) -> None:
    assert said(with_member(f"onSalesbotDesignerSave: function () {{ return {steps}; }}")) == [
        f"S18 error script.js:4:{column} `{name}` without `question`: the bot never posts"
    ]


def test_steps_of_a_helper_are_judged_where_the_location_is_declared() -> None:
    lines = said(greet="var a = { execute_handler: [] };", manifest=BOT)
    assert of_rule("S18", lines) == [
        "S18 error lib/greet.js:2:13 `execute_handler` without `question`: the bot never posts"
    ]


def test_an_async_answer_to_the_bot_is_a_promise() -> None:
    script = with_member("onSalesbotDesignerSave: async function () { return JSON.stringify([{ question: [] }]); }")
    assert said(script) == [
        "S17 warning script.js:4:7 `onSalesbotDesignerSave` returns a promise; it must return a text with JSON"
    ]


@pytest.mark.parametrize(
    "other",
    [
        "self.render({ href: '/tmpl/a.twig' });",
        "// render: draws\nvar a = 'render';",
        "$(document).on('render', function () {});",
        "var a = { mode: 'render' }; a.render; render();",
        "var b = { [key]: 1 };",
    ],
)
def test_a_callback_is_missed_in_spite_of_its_word(other: str) -> None:
    script = ENTRY.replace(RENDER + ",", "")
    assert said(script, greet=other) == ["S15 warning script.js:3:10 no callback `render` in any script"]


@pytest.mark.parametrize(
    "other",
    [
        "self.render = function () { return true; };",
        "var a = { render() { return true; } };",
        "var a = { 'render': draw };",
        "var a = { render };",
        "class A { render() { return true; } }",
        "class A { render = () => true; }",
        "self['render'] = draw;",
        "['render', 'init'].forEach(add);",
        "'render init'.split(' ').forEach(add);",
        "add('render', function () { return true; });",
        "_createClass(W, [{ key: 'render', value: function () { return true; } }]);",
        "function get(name) { switch (name) { case 'render': return draw; } }",
        "self.callbacks = { [name]: draw };",
        "self.callbacks = make(self);",
        "self.callbacks[name] = draw;",
        "require([path], add);",
    ],
)
def test_a_callback_that_may_be_made_is_not_missed(other: str) -> None:
    assert of_rule("S15", said(ENTRY.replace(RENDER + ",", ""), greet=other)) == []


@pytest.mark.parametrize(
    ("location", "names", "expected"),
    [
        (
            "catalogs",
            "a: 1",
            ["S15 warning manifest.json:21:5 location `catalogs` needs the callback `loadCatalogElement`"],
        ),
        ("catalogs", "loadCatalogElement: a", []),
        (
            "lead_sources",
            "onSource: a",
            ["S15 info manifest.json:21:5 location `lead_sources` needs the callback `onAddAsSource`, too"],
        ),
        ("lead_sources", "onSource: a, onAddAsSource: b", []),
        (
            "lead_sources",
            "a: 1",
            [
                "S15 warning manifest.json:21:5 location `lead_sources` needs the callback `onSource` or `onAddAsSource` or `add_source`"
            ],
        ),
    ],
)
def test_a_location_needs_its_callbacks(location: str, names: str, expected: list[str]) -> None:
    lines = said(greet=f"var a = {{ {names} }};", manifest={"locations": ["settings", location]})
    assert of_rule("S15", lines) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "self.modal = new Modal({ callbacks: { render: function () {}, init: function () {} } });",
        "var opts = {}; opts.callbacks = { init: function () {} };",
        "opts.callbacks.init = function () {};",
        "var callbacks = { init: function () {} }; plug(callbacks);",
        "self.callbacks.init = function () { return true; };",
        "self.callbacks.init = init; function init() { return true; }",
        "self.callbacks.init = init; function init() {} init = other;",
        "self.callbacks.init = self.start; self.start = function () {}; self.start = function () { return true; };",
        "self.callbacks.init = function () {}; self.callbacks.init = function () { return draw(); };",
        "self.callbacks.init = () => draw();",
        "self.callbacks.init = function () { return draw(); }.bind(self);",
    ],
)
def test_other_callbacks_and_good_ones_are_left_alone(statement: str) -> None:
    assert said(greet=statement) == []


@pytest.mark.parametrize(
    ("statement", "column", "reason"),
    [
        ("this.callbacks.init = function () { return false; };", 18, "returns true on no way"),
        ("self.callbacks.init = () => {};", 18, "never returns anything"),
        ("self.callbacks['init'] = function () {};", 19, "never returns anything"),
        ("var w = this; w.callbacks = { init() {} };", 33, "never returns anything"),
        ("W.prototype.callbacks = { init: function () {} };", 29, "never returns anything"),
        ("var cb = { init: function () {} }; this.callbacks = cb;", 14, "never returns anything"),
        ("var cb = this.callbacks = {}; cb.init = function () {};", 36, "never returns anything"),
        ("class W { callbacks = { init: () => { a(); } }; }", 27, "never returns anything"),
        ("self.callbacks = { init: draw }; function draw() { a(); }", 22, "never returns anything"),
        ("self.callbacks = { init: draw }; var draw = function () { a(); };", 22, "never returns anything"),
        ("function init() { a(); } self.callbacks = { init };", 47, "never returns anything"),
        (
            "this.callbacks = { init: this.go.bind(this) }; W.prototype.go = function () { return null; };",
            22,
            "returns true on no way",
        ),
        (
            "class W { constructor() { this.callbacks = { init: this.go }; } go() {} }",
            48,
            "never returns anything",
        ),
    ],
)
def test_a_callback_is_judged_however_it_is_given(statement: str, column: int, reason: str) -> None:
    assert said(greet=f"{statement}") == [f"S16 warning lib/greet.js:2:{column} `init` {reason}; it must return true"]


CALLBACKS = "this.callbacks = { render: a, init: a, bind_actions: a };"


@pytest.mark.parametrize(
    ("script", "what", "column"),
    [
        ("define(['require', 'exports'], function (require, exports) { exports.default = W; });", "exports", 32),
        ("define(function (require, exports) { exports.a = 1; });", "exports", 8),
        ("define(['jquery'], async function ($) { return W; });", "factory", 20),
        ("define([], function () { return async function () {}; });", "late", 33),
        ("define([], function () { return function* () {}; });", "late", 33),
        ("define([], function () { async function W() {} return W; });", "late", 55),
    ],
)
def test_a_module_that_new_refuses_is_told(script: str, what: str, column: int) -> None:
    words = {
        "exports": "fills `exports`, and is that object",
        "factory": "is its own factory, which is async or a generator and which the loader does not call",
        "late": "returns an async function or a generator, which `new` refuses",
    }
    lines = of_rule("S09", said(f"{script} {CALLBACKS}"))
    assert lines == [
        f"S09 error script.js:1:{column} the module {words[what]}; the platform needs a constructor function"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "var module = " + ENTRY,
        "if (a) { define(['b'], f); } else { define(['c'], f); } " + CALLBACKS,
        "define('a', [], f); " + ENTRY,
        "define(NAME, ['a'], f); " + ENTRY,
        "var __webpack_require__ = 1; define([], f); " + ENTRY,
    ],
)
def test_one_module_without_a_name_is_good(script: str) -> None:
    lines = said(script, greet=GREET)
    assert [line for line in lines if line.startswith(("S03", "S35"))] == []
