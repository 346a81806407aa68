"""Names of findings that survive a change of the file around them."""

from __future__ import annotations

from widgetpack.model import Finding
from widgetpack.silence.fingerprints import fingerprints


def finding(**changes: object) -> Finding:
    base = Finding("M07", "wrong_setting_type", "error", "not a type", "w", "manifest.json", 3, 5, '  "type": "x",')
    return base._replace(**changes)  # type: ignore[arg-type]


def test_a_finding_that_moved_keeps_its_name() -> None:
    assert fingerprints([finding(line=30, column=1, text='"type": "x",')]) == fingerprints([finding()])


def test_code_file_message_and_line_make_another_name() -> None:
    changed = [{"code": "M08"}, {"path": "a.json"}, {"message": "no type"}, {"text": '"type": "y",'}]
    assert len({fingerprints([finding(**change)])[0] for change in [{}, *changed]}) == 5


def test_equal_findings_are_told_apart_by_their_order() -> None:
    first, second = fingerprints([finding(), finding(line=9)])
    assert first == fingerprints([finding()])[0]
    assert first != second


def test_a_lone_surrogate_has_a_name_too() -> None:
    assert len(fingerprints([finding(message="\udc80")])[0]) == 64
