"""Run widgetpack and write down how much memory its own process took, and the programs that it started.

Run as a program (``own.py FILE ARGUMENT...``). Asked in the process itself: to whoever waits for it, the system tells the larger of
the two only.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from widgetpack.__main__ import main

if __name__ == "__main__":
    target = Path(sys.argv[1])
    sys.argv = ["widgetpack", *sys.argv[2:]]
    try:
        main()
    finally:
        peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        target.write_text(json.dumps(peaks), "utf-8")
