"""The mechanical fixes: edits of a widget's own files that need no opinion.

Importing this costs nothing; the fixes themselves are imported where they are wanted.
"""

from __future__ import annotations

FIXABLE = frozenset(
    {"A14", "J03", "J04", "J05", "L01", "L03", "L04", "M02", "M06", "M08", "M09", "M16", "M30", "M33"},
)
"""Codes of the rules whose faults `widgetpack validate --fix` mends, wherever that can be done without a doubt."""
