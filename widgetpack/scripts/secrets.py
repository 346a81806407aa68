"""Keys and tokens that stand in a text, known by their shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN: Final = 4
"""Characters of a secret that are shown: enough to find it, too few to use it."""


class Shape(NamedTuple):
    """What a kind of secret looks like."""

    name: str
    hints: tuple[bytes, ...]
    """A text without any of these holds none; searching for them is much faster than for the pattern."""
    source: bytes
    """The pattern, which starts with letters where it can, for that is fast; its first group, or all of it, is the secret."""
    is_public: bool = False
    """Whether browsers may know it, as long as it is restricted to sites."""


class Secret(NamedTuple):
    """A secret that was found."""

    name: str
    shown: str
    """Its first characters and three dots."""
    offset: int
    is_public: bool


_E: Final = rb"(?![A-Za-z0-9_-])"
_S: Final = rb"(?<![A-Za-z0-9_-])"
"""No key starts inside a longer word; and a long word is looked at once, not from each of its letters."""

SHAPES: Final = (
    # The prefixes by which such keys are commonly known; a length is a lower bound where keys of several lengths exist.
    Shape("private key", (b"-----BEGIN",), rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\[nr]|\s)+[A-Za-z0-9+/=]{20}"),
    Shape("JSON web token", (b"eyJ",), _S + rb"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    Shape(
        "client secret",
        (b"client_secret", b"clientSecret", b"CLIENT_SECRET", b"secret_key", b"secretKey", b"SECRET_KEY"),
        rb"(?:client_?secret|secret_?key)[\"']?\s*(?:[:=]|=>)\s*[\"'`]?([A-Za-z0-9_/+=-]{20,128})(?![A-Za-z0-9_(.\[])",
    ),
    Shape("AWS access key", (b"AKIA",), _S + rb"AKIA[A-Z2-7]{16}" + _E),
    Shape("Google API key", (b"AIza",), _S + rb"AIza[A-Za-z0-9_-]{35}" + _E, is_public=True),
    Shape("Google client secret", (b"GOCSPX-",), _S + rb"GOCSPX-[A-Za-z0-9_-]{28}" + _E),
    Shape("Stripe secret key", (b"k_live_",), _S + rb"[rs]k_live_[A-Za-z0-9]{20,}" + _E),
    Shape(
        "GitHub token",
        (b"ghp_", b"gho_", b"ghs_", b"github_pat_"),
        _S + rb"(?:gh[pos]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})" + _E,
    ),
    Shape("Slack token", (b"xox",), _S + rb"xox[abps]-[A-Za-z0-9-]{20,}"),
    Shape("Slack webhook", (b"hooks.slack.com/services/",), rb"hooks\.slack\.com/services/(T\w{6,}/B\w{6,}/\w{20,})"),
    Shape("Telegram bot token", (b":AA",), _S + rb"\d{8,10}:AA[A-Za-z0-9_-]{33}" + _E),
    Shape("Anthropic API key", (b"sk-ant-",), _S + rb"sk-ant-[A-Za-z0-9_-]{40,}"),
    Shape(
        "OpenAI API key", (b"sk-",), _S + rb"sk-(?!ant-)(?:proj-|svcacct-|None-)?(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{40,}"
    ),
)
_SAMPLE: Final = ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI"
"""The payload of the sample token that jwt.io shows: subject 1234567890, name John Doe."""
_GENERIC: Final = "client secret"
_MIN_DISTINCT: Final = 10
"""Distinct characters of a real key of 20 and more: fewer are stand-ins such as ``xxxxxxxxxxxxxxxxxxxx``."""
_STAND_INS: Final = r"(?i)your|example|secret|change|insert|replace|xxxx|placeholder|token|sample|dummy|test"


def secrets(data: bytes) -> Iterator[Secret]:
    """Yield the secrets in a text, in no order."""
    for shape in SHAPES:
        if not any(hint in data for hint in shape.hints):
            continue
        for match in re.compile(shape.source, re.IGNORECASE if shape.name == _GENERIC else 0).finditer(data):
            group = 1 if match.lastindex else 0
            value = match[group].decode("ascii", "replace")
            if _is_random(value) if shape.name == _GENERIC else _SAMPLE not in value:
                yield Secret(shape.name, f"{value[:SHOWN]}...", match.start(group), shape.is_public)


def _is_random(value: str) -> bool:
    """Tell whether a value is a key and not a stand-in or a name: letters and digits mixed, hardly any twice in a row."""
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and len(set(value)) >= _MIN_DISTINCT and re.search(_STAND_INS, value) is None
