"""How each letter looks, letter by letter, in files by name: a change of words or form is seen before it is sent.

`python -m tests.unit.services.alerts.channels.test_golden` writes them anew; the diff is what is to be reviewed.
"""

import json
from pathlib import Path

import pytest

from services.alerts.channels.email_html import html
from services.alerts.channels.email_message import text
from services.alerts.channels.slack_blocks import render
from services.alerts.domain.wording.compose import compose
from tests.letters import LETTERS

GOLDEN = Path(__file__).parents[4] / "golden"


def drawn(name: str) -> dict[Path, str]:
    """File → content, for one letter."""
    card = compose(LETTERS[name])
    message = render(card, key=name)
    slack = {"text": message.text, "blocks": message.blocks}
    return {
        GOLDEN / "slack" / f"{name}.json": json.dumps(slack, indent=2, ensure_ascii=False) + "\n",
        GOLDEN / "mails" / f"{name}.txt": text(card),
        GOLDEN / "mails" / f"{name}.html": html(card),
    }


@pytest.mark.parametrize("name", LETTERS)
def test_it_looks_as_it_did(name: str) -> None:
    for path, content in drawn(name).items():
        assert path.read_text() == content, f"{path.name} has changed; see the first lines of this file"


def test_there_is_none_too_many() -> None:
    wanted = {path for name in LETTERS for path in drawn(name)}
    assert {path for folder in ("slack", "mails") for path in (GOLDEN / folder).iterdir()} == wanted


if __name__ == "__main__":
    for each in LETTERS:
        for file, content in drawn(each).items():
            file.write_text(content)
