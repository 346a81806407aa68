"""``python -m widgetpack``, and where the command of that name starts."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; Ctrl+C while it is still being imported ends like any other."""
    try:
        from widgetpack.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
