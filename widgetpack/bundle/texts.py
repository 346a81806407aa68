"""The texts of the archive: UTF-8, no byte order mark, LF; split locale folders merged; nothing that only editors need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from widgetpack.documents.places import members
from widgetpack.model import BOM

if TYPE_CHECKING:
    from widgetpack.model import Document, Locale


def normal_text(data: bytes) -> bytes:
    """Drop the byte order mark and turn CRLF and lone CR into LF; bytes that are not UTF-8 come back as they are."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data
    return data.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def without_schema(document: Document) -> bytes:
    """Return the manifest without its ``$schema`` key, which is for editors; the rest keeps its form."""
    data = normal_text(document.data)
    if not (isinstance(document.value, dict) and "$schema" in document.value):
        return data
    found = list(members(data))
    for index in reversed(range(len(found))):
        key, start, end = found[index]
        if key == "$schema":
            if index + 1 < len(found):
                end = found[index + 1][1]
            elif index:
                start = found[index - 1][2]
            data = data[:start] + data[end:]
            del found[index]
    return data


def merged_locale(locale: Locale) -> bytes:
    """Return the text of one locale: its own file, or one made of the files of its folder."""
    if len(locale.documents) == 1 and locale.documents[0].path == f"i18n/{locale.code}.json":
        return normal_text(locale.documents[0].data)
    return (json_text(locale.value) + "\n").encode()


def json_text(value: Any) -> str:
    """Write JSON as people do: two blanks, letters as letters; lone surrogates stay escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2)
    return text
