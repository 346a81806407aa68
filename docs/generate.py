"""Write ``docs/rules.md`` from the rules; with ``--check`` only say whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from widgetpack.catalogue import rules_page

PAGE = Path(__file__).parent / "rules.md"


def main() -> int:
    """Return 0, or 1 where ``--check`` finds another text than the rules give."""
    text = rules_page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, "utf-8")
        return 0
    if PAGE.read_text("utf-8") == text:
        return 0
    sys.stderr.write("docs/rules.md is not what the rules say; run `make docs`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
