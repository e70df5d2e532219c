"""Where the commands find the local stack, and how the others come to its addresses."""

import os
from pathlib import Path

from cli.called import called
from deploy.local.home import Home
from shared.errors import VocError


class NoStack(VocError):
    """The folder that was meant has no stack in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no stack in {path}: `{called()} up` makes one there, VOC_HOME names the folder of another."
        )


def home() -> Home:
    """The home that VOC_HOME names, `.voc` without it; made where it is missing."""
    return Home.at(place())


def there() -> Home:
    """The same for who only asks: nothing is made. Raises NoStack."""
    if not Home(place()).requests.is_dir():
        raise NoStack(place())
    return Home(place())


def place() -> Path:
    """That folder, whether it is there or not."""
    return Path(os.environ.get("VOC_HOME") or ".voc").absolute()


def use_local_stack() -> None:
    """Put the addresses of a stack that runs here into the environment, where no others are given.

    So `voc programme` and its like read their settings as the services do, generated password included.
    """
    from deploy.local.stack import read

    for name, state in read(Home(place())).parts.items():
        os.environ.setdefault(f"VOC_{name.upper()}_PORT", str(state.port))
        for variable, value in state.gives.items():
            os.environ.setdefault(variable, value)
