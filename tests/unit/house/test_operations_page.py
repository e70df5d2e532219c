"""docs/operations.md has the settings and metrics of today; a variable that only commands read is named too."""

import re

from tests.unit.house import operations, settings
from tests.unit.house.project import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| `voc_") or re.match(r"\| `VOC_\w+` \| ", line)]


def test_every_setting_says_what_it_is() -> None:
    assert not [row for row in operations.of_settings() if row.endswith("|  |")]


def test_the_settings_are_those_of_the_classes() -> None:
    classes = settings.of_classes().keys()
    written = [row for row in ROWS if row.split("`")[1] in classes]
    assert written == operations.of_settings(), "python -m tests.unit.house.operations prints the rows"


def test_the_metrics_are_those_of_the_services() -> None:
    written = [row for row in ROWS if row.startswith("| `voc_")]
    assert written == operations.of_metrics(), "python -m tests.unit.house.operations prints the rows"


def test_every_variable_that_commands_read_is_named() -> None:
    assert not [name for name in settings.read_elsewhere() | settings.of_classes().keys() if f"`{name}`" not in PAGE]
