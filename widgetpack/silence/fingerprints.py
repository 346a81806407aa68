"""What makes a finding the same one after the file around it has changed."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.model import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return one name per finding, of 64 hexadecimal digits: equal after lines have moved, and unique within ``findings``.

    It comes from code, file, message and source line, and for equal ones from their order; line and column do not count.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for finding in findings:
        key = (finding.code, finding.path, finding.message, finding.text.strip())
        seen[key] += 1
        names.append(sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest())
    return names
