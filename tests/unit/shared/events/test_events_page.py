"""docs/events.md has every field, with its meaning."""

import msgspec

from shared.events.model import DATA_OF, Answer, Envelope
from shared.events.page import FOLDER, SHOWN, page


def test_every_field_of_every_type_has_a_row() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    for kind in (*DATA_OF.values(), Answer):
        for field in msgspec.structs.fields(kind):
            assert [row for row in rows if row.startswith(f"| `{field.name}` | ") and row.count("|") == 4]


def test_what_is_wanted_says_so() -> None:
    wanted = {line.split("`")[1] for line in page().splitlines() if "*wanted* |" in line}
    required = {
        f.name for kind in (Envelope, Answer, *DATA_OF.values()) for f in msgspec.structs.fields(kind) if f.required
    }
    assert wanted == required


def test_the_plain_form_of_each_type_is_shown_as_it_stands_in_the_tree() -> None:
    for kind in DATA_OF:
        assert (FOLDER / f"{kind.removeprefix('voc.')}.json").read_text(encoding="utf-8") in page()


def test_refusals_shown_are_those_of_the_examples() -> None:
    assert all(f"| {name.replace('-', ' ')} |" in page() for name in SHOWN)
