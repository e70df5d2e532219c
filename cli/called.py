"""How people type `voc` here: after `make up` it is seldom on their PATH."""

import shutil
import sys
from pathlib import Path


def called() -> str:
    """`voc` where that is this one, else the path that it was started by."""
    started = Path(sys.argv[0])
    if started.name != "voc":
        return "voc"
    found = shutil.which("voc")
    return "voc" if found is not None and Path(found).resolve() == started.resolve() else str(started)
