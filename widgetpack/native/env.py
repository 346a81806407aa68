"""Names that a build puts values in place of: ``process.env.X`` and others, from ``[script] define`` and a ``.env`` file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.metafile import is_package
from widgetpack.scripts.secrets import secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.config.settings import Config

MARK: Final = "__widgetpack_env__"
"""Stands for ``process.env`` in a first run: what is left of it in the output are the names that nobody set."""

_PREFIX: Final = "process.env."
_LINE: Final = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*
    (?:'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|`(?P<back>[^`]*)`|(?P<bare>[^\n\r#]*))
    [ \t]*(?:\#[^\n\r]*)?\r?$""",
    re.MULTILINE | re.VERBOSE | re.DOTALL | re.ASCII,
)
_MARKED: Final = re.compile(
    MARK + r"""(?:\??\.(?P<dot>[A-Za-z_$][\w$]*)|(?:\?\.)?\[(?P<quote>["'])(?P<key>[^"'\\]*)(?P=quote)\])"""
)
_SECRET_NAME: Final = re.compile(
    r"secret|passw(?:or)?d|passphrase|private_?key|(?:^|_)(?:access_?|auth_?|refresh_?|bearer_?|bot_?)?token(?:$|_)|credential",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://[^@]*\Z")
"""``TOKEN_URL`` says where tokens come from; with a password in it, it is one."""
_SHORTEST: Final = 6
"""Characters of a value that may be a secret: fewer are a switch or a port."""


class Use(NamedTuple):
    """A name of the environment that a source asks for."""

    name: str
    path: str
    """Relative to the folder that esbuild ran in; empty where the place was not found."""
    offset: int


class Environment(NamedTuple):
    """What is set."""

    values: Mapping[str, str]
    """Global name, such as ``process.env.API`` -> JSON."""

    @property
    def arguments(self) -> Iterator[str]:
        """Yield what tells esbuild of it."""
        given = {"process.env.NODE_ENV": '"production"', **self.values}
        yield from (f"--define:{name}={value}" for name, value in given.items())
        if "process.env" not in given:
            yield f"--define:process.env={MARK}"


def load_environment(config: Config, text: bytes) -> Environment:
    """Return what the config and the text of its ``.env`` file set; the config wins."""
    values = {_PREFIX + name: json.dumps(value) for name, value in load_env_file(text).items()}
    values |= {name: json.dumps(value) for name, value in config.script.define}
    return Environment(values)


def load_env_file(text: bytes) -> dict[str, str]:
    """Return the names and values of a ``.env`` file: quotes as in a shell, no names within values, later lines win."""
    found: dict[str, str] = {}
    for match in _LINE.finditer(text.decode("utf-8-sig", "replace")):
        if match["double"] is not None:
            value = re.sub(r"\\([\s\S])", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[1]), match["double"])
        else:
            value = next(
                (match[key] for key in ("single", "back") if match[key] is not None), (match["bare"] or "").strip()
            )
        found[match["name"]] = value
    return found


def unset_names(code: str) -> tuple[str, ...]:
    """Return the names of the environment that are left in the output of a first run, in the order of the text, each once."""
    return tuple(dict.fromkeys(match["dot"] or match["key"] for match in _MARKED.finditer(code)))


def arguments_for_unset(names: Sequence[str]) -> Iterator[str]:
    """Yield what makes of the names ``undefined``, and of any other reference to ``process.env`` an empty object."""
    yield from (f"--define:{_PREFIX}{name}=undefined" for name in names if name.isidentifier())
    yield "--define:process.env={}"


def secret_names(environment: Environment, code: str) -> tuple[str, ...]:
    """Return the names in ``process.env`` whose values look like secrets and stand in the output."""
    found = []
    for name, value in environment.values.items():
        text = json.loads(value)
        if not (
            name.startswith(_PREFIX) and isinstance(text, str) and len(text) >= _SHORTEST and _stands_in(text, code)
        ):
            continue
        named = _SECRET_NAME.search(name.removeprefix(_PREFIX)) is not None and not _ADDRESS.match(text)
        if named or any(not secret.is_public for secret in secrets(text.encode("utf-8", "replace"))):
            found.append(name.removeprefix(_PREFIX))
    return tuple(found)


def _stands_in(text: str, code: str) -> bool:
    return text in code or json.dumps(text)[1:-1] in code


def find_uses(names: Sequence[str], sources: Mapping[str, bytes]) -> Iterator[Use]:
    """Yield the first place of each name in the sources that are no packages; one that only packages ask for has none."""
    for name in names:
        wanted = re.compile(
            rb"process\s*\.\s*env\s*(?:\??\.\s*%b(?![\w$])|(?:\?\.)?\[\s*[\"'`]%b[\"'`])"
            % ((re.escape(name.encode()),) * 2)
        )
        places = (
            (path, data, match.start())
            for path, data in sources.items()
            if not is_package(path)
            for match in wanted.finditer(data)
        )
        found = sorted(places, key=lambda place: _is_comment(place[1], place[2]))
        if found:
            yield Use(name, found[0][0], found[0][2])


def _is_comment(data: bytes, offset: int) -> bool:
    """Tell whether what stands before ``offset`` on its line begins a comment: such a place is shown only for want of another."""
    before = data[data.rfind(b"\n", 0, offset) + 1 : offset].lstrip()
    return before.startswith((b"*", b"/*")) or b"//" in before
