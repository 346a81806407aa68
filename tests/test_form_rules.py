"""The rules of the integration's form beyond the one case of each: near misses, and further forms."""

from __future__ import annotations

from typing import Any

import pytest
from builders import as_json, brief, findings, tree, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.config.settings import Config


def told(form: dict[str, Any], **options: Any) -> list[str]:
    given = tree(widget(), {"integration.json": as_json({"name": "Good", **form})})
    return brief(findings(given, **options))


@pytest.mark.parametrize(
    "form",
    [
        {"revoke_access_hook_uri": "https://hooks.widgets.dev:8443/bye?from=kommo"},
        {"revoke_access_hook_uri": "https://10.example-host.dev/"},
        {"revoke_access_hook_uri": "https://localhost.widgets.dev/"},
        {"revoke_access_hook_uri": "https://ngrok.io.widgets.dev/"},
        {"redirect_uri": ""},
        {"scopes": ["crm", "files"]},
        {"description": "Plans <b>tasks</b>.<br><p>See <a href='https://widgets.dev'>more</a>"},
        {"description": {"en": "2 < 3 and a <- b", "es": "Hace algo."}},
        {"duplicate_control": True, "multiple_sources": False},
    ],
    ids=["port", "digits", "name", "below", "empty", "scopes", "markup", "comparison", "boxes"],
)
def test_a_near_miss_stays_silent(form: dict[str, Any]) -> None:
    assert told(form) == []


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "only this machine or its network reaches it"),
        ("[::1]", "only this machine or its network reaches it"),
        ("192.168.1.5", "only this machine or its network reaches it"),
        ("172.16.0.1", "only this machine or its network reaches it"),
        ("172.31.255.255", "only this machine or its network reaches it"),
        ("10.0.0.7", "only this machine or its network reaches it"),
        ("router.lan", "only this machine or its network reaches it"),
        ("api.internal", "only this machine or its network reaches it"),
        ("172.15.0.1", "an IP address has no certificate"),
        ("ab12.devtunnels.ms", "a tunnel, which ends with the program that opened it"),
        ("loca.lt", "a tunnel, which ends with the program that opened it"),
        ("server", "only this machine or its network reaches it"),
        ("crm.local", "only this machine or its network reaches it"),
        ("203.0.113.7", "an IP address has no certificate"),
        ("172.32.0.1", "an IP address has no certificate"),
        ("ab12.ngrok-free.app", "a tunnel, which ends with the program that opened it"),
        ("x.trycloudflare.com", "a tunnel, which ends with the program that opened it"),
    ],
)
def test_a_host_that_the_platform_cannot_reach_is_named(host: str, why: str) -> None:
    assert told({"revoke_access_hook_uri": f"https://user@{host}:8443/bye"}) == [
        f"F08 warning integration.json:3:29 `{host}`: {why}"
    ]


def test_a_redirect_link_belongs_to_a_public_integration() -> None:
    assert told({"redirect_uri": "https://widgets.dev/oauth"}, audience="public") == []


def test_every_scope_is_told_once() -> None:
    scopes = ["crm", "notifications", "push_notifications", "files", "files_delete"]
    assert told({"scopes": scopes}) == [
        "F12 info integration.json:3:13 every scope there is: ask for what the code uses"
    ]


def test_the_markup_of_a_description_is_judged_in_every_language() -> None:
    form = {"description": {"en": "<script></script>Plans", "es": "<a href='http://widgets.dev'><i>Hace</a>"}}
    assert told(form) == [
        "F13 warning integration.json:4:11 `<script>` in the description",
        "F13 warning integration.json:5:11 `<i>` is never closed",
        "F13 warning integration.json:5:11 the link to 'http://widgets.dev' is not https",
    ]


def test_a_form_in_the_config_has_its_places_there(tmp_path: Any) -> None:
    text = b'[integration]\nname = "Good"\nscopes = []\n'
    config = Config(tmp_path, tmp_path / "widgetpack.toml", text, integration={"name": "Good", "scopes": []})
    options = config._asdict()
    del options["base"]
    assert brief(findings(widget(), **options)) == [
        "F11 info widgetpack.toml:3:1 no scope: a token of this integration can read nothing"
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["https://", "https://[", "crm"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("name", "description", "redirect_uri", "revoke_access_hook_uri", "scopes", "icon", "duplicate_control")


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_no_form_makes_a_rule_raise(form: dict[str, Any]) -> None:
    codes = {item.code[0] for item in findings(tree(widget(), {"integration.json": as_json(form)}))}
    assert codes <= {"F", "M"}
