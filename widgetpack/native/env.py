"""Names that a build puts values in place of: ``process.env.X`` and others, from ``[script] define`` and a ``.env`` file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.packages import is_package
from widgetpack.scripts.secrets import secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.config.settings import Config

MARK: Final = "__widgetpack_env__"
"""Stands for ``process.env`` in a first run: what is left of it in the output are the names that nobody set."""

_PREFIX: Final = "process.env."
_GIVEN: Final = {f"{_PREFIX}NODE_ENV": '"production"'}
_LINE: Final = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*
    (?:'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|`(?P<back>[^`]*)`|(?P<bare>[^\n\r#]*))
    [ \t]*(?:\#[^\n\r]*)?\r?$""",
    re.MULTILINE | re.VERBOSE | re.DOTALL | re.ASCII,
)
_INSIDE: Final = re.compile(r"(?<!\\)\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))", re.ASCII)
_MEMBER: Final = re.compile(
    MARK + r"""(?:\??\.(?P<dot>[^\W\d][\w$]*|\$[\w$]*)|(?:\?\.)?\[(?P<quote>["'])(?P<key>[^"'\\]+)(?P=quote)\])"""
)
_TAKEN: Final = re.compile(r"\{([^{}]*)\}\s*=\s*" + MARK + r"(?![\w$])")
"""``{ A, B: c }``, of which the names are taken."""
_SECRET_NAME: Final = re.compile(
    r"secret|passw(?:or)?d|passphrase|private_?key|(?:^|_)(?:access_?|auth_?|refresh_?|bearer_?|bot_?)?token(?:$|_)|credential",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://[^@]*\Z")
"""``TOKEN_URL`` says where tokens come from; with a password in it, it is one."""
_SHORTEST: Final = 6
"""Characters of a value that may be a secret: fewer are a switch or a port."""


class Use(NamedTuple):
    """A name that a source asks for."""

    name: str
    """In full: ``process.env.API``."""
    path: str
    """Relative to the folder that esbuild ran in."""
    offset: int


class Environment(NamedTuple):
    """What is set."""

    values: Mapping[str, str]
    """Name in full, such as ``process.env.API`` or ``__DEV__`` -> JSON."""

    @property
    def arguments(self) -> Iterator[str]:
        """Yield what tells esbuild of it in a first run."""
        return _arguments({_PREFIX.rstrip("."): MARK, **_GIVEN, **self.values})

    def unset(self, outputs: Sequence[str]) -> tuple[str, ...]:
        """Return the names, in full, that are left in the outputs of a first run and that nobody set, each once."""
        found = dict.fromkeys(_PREFIX + name for code in outputs for name in _left(code))
        return tuple(name for name in found if name not in self.values and name not in _GIVEN)

    def final_arguments(self, outputs: Sequence[str], unset: Sequence[str]) -> Iterator[str]:
        """Yield what tells esbuild of it in the second run, where the first one left ``outputs`` with names ``unset``.

        Such a name becomes ``undefined``. Where the object is asked for as a whole, it holds those names that the scripts know.
        """
        whole = {_PREFIX.rstrip("."): self._known([code for code in outputs if MARK in _MEMBER.sub("", code)])}
        plain = (name for name in unset if all(part.isidentifier() for part in name.split(".")))
        return _arguments({**whole, **_GIVEN, **dict.fromkeys(plain, "undefined"), **self.values})

    def _known(self, outputs: Sequence[str]) -> str:
        values = {**_GIVEN, **self.values}.items()
        own = {name.removeprefix(_PREFIX): value for name, value in values if name.startswith(_PREFIX)}
        known = {name: value for name, value in own.items() if any(_has_word(name, code) for code in outputs)}
        return f"{{{','.join(f'{json.dumps(name)}:{value}' for name, value in known.items())}}}"


def _arguments(values: Mapping[str, str]) -> Iterator[str]:
    return (f"--define:{name}={value}" for name, value in values.items())


def _has_word(name: str, code: str) -> bool:
    return name in code and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", code) is not None


def _left(code: str) -> Iterator[str]:
    """Yield the names that the output of a first run asks for; twice what stands there twice."""
    if MARK in code:
        yield from (match["dot"] or match["key"] for match in _MEMBER.finditer(code))
        for match in _TAKEN.finditer(code):
            # One with a value of its own for that case (`{ A = 1 }`) needs none.
            names = (text.partition(":")[0].strip() for text in match[1].split(",") if "=" not in text)
            yield from (name for name in names if name.isidentifier())


def load_environment(config: Config, text: bytes) -> Environment:
    """Return what the config and the text of its ``.env`` file set; the config wins."""
    values = {_PREFIX + name: json.dumps(value) for name, value in load_env_file(text).items()}
    values |= {name: json.dumps(value) for name, value in config.script.define}
    return Environment(values)


def load_env_file(text: bytes) -> dict[str, str]:
    """Return the names and values of a ``.env`` file, as the npm package ``dotenv`` reads it; later lines win.

    A name of the file within a value (``${NAME}``) becomes its value, but in single quotes; no other name does.
    """
    encoding = "utf-16" if text.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"  # PowerShell writes the former
    found: dict[str, str] = {}
    for match in _LINE.finditer(text.decode(encoding, "replace")):
        if match["single"] is not None:
            found[match["name"]] = match["single"]
            continue
        given = next(
            (match[key] for key in ("double", "back") if match[key] is not None), (match["bare"] or "").strip()
        )
        value = _INSIDE.sub(lambda m: found.get(m["braced"] or m["plain"], m[0]), given)
        if match["double"] is not None:
            value = re.sub(r"\\([\s\S])", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[1]), value)
        found[match["name"]] = value
    return found


def secret_names(environment: Environment, code: str) -> tuple[str, ...]:
    """Return the names, in full, whose values look like secrets and stand in the output."""
    found = []
    for name, value in environment.values.items():
        text = json.loads(value)
        if not (isinstance(text, str) and len(text) >= _SHORTEST and _stands_in(text, code)):
            continue
        named = _SECRET_NAME.search(name.removeprefix(_PREFIX)) is not None and not _ADDRESS.match(text)
        if named or any(not secret.is_public for secret in secrets(text.encode("utf-8", "replace"))):
            found.append(name)
    return tuple(found)


def _stands_in(text: str, code: str) -> bool:
    return text in code or json.dumps(text)[1:-1] in code


def find_uses(names: Sequence[str], sources: Mapping[str, bytes]) -> Iterator[Use]:
    """Yield the first place of each name (in full) in the sources that are no packages; one that only packages ask for has none."""
    for name in names:
        wanted = _wanted(name)
        places = (
            (path, data, match.start("name"))
            for path, data in sources.items()
            if not is_package(path)
            for match in wanted.finditer(data)
        )
        found = sorted(places, key=lambda place: _is_comment(place[1], place[2]))
        if found:
            yield Use(name, found[0][0], found[0][2])


def _wanted(name: str) -> re.Pattern[bytes]:
    """Return what finds a name in sources: ``process.env.A``, ``process.env['A']``, ``{ A } = process.env``."""
    key = re.escape(name.removeprefix(_PREFIX).encode())
    if not name.startswith(_PREFIX):
        return re.compile(rb"(?<![\w$.])(?P<name>%b)(?![\w$])" % key)
    whole = rb"process\s*\??\.\s*env"
    member = rb"%b\s*(?:\??\.\s*%b(?![\w$])|(?:\?\.)?\[\s*[\"'`]%b[\"'`])" % (whole, key, key)
    taken = rb"(?<![\w$])%b(?![\w$])(?=[^{}]*\}\s*=\s*%b(?![\w$]))" % (key, whole)
    return re.compile(rb"(?P<name>%b|%b)" % (member, taken))


def _is_comment(data: bytes, offset: int) -> bool:
    """Tell whether what stands before ``offset`` on its line begins a comment: such a place is shown only for want of another."""
    before = data[data.rfind(b"\n", 0, offset) + 1 : offset].lstrip()
    return before.startswith((b"*", b"/*")) or b"//" in before
