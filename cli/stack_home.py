"""Where the commands find the local stack, and how the others come to its addresses."""

import os
from pathlib import Path

from deploy.local.home import Home


def home() -> Home:
    """The home that VOC_HOME names, `.voc` without it."""
    return Home.at(Path(os.environ.get("VOC_HOME") or ".voc"))


def use_local_stack() -> None:
    """Put the addresses of a stack that runs here into the environment, where no others are given.

    So `voc programme` and its like read their settings as the services do, generated password included.
    """
    from deploy.local.stack import read

    path = Path(os.environ.get("VOC_HOME") or ".voc")
    if not path.is_dir():
        return
    for name, state in read(Home(path.absolute())).parts.items():
        os.environ.setdefault(f"VOC_{name.upper()}_PORT", str(state.port))
        for variable, value in state.gives.items():
            os.environ.setdefault(variable, value)
