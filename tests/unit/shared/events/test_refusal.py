"""Why an event is refused can be kept everywhere, whatever the sentence quotes."""

import msgspec
import pytest

from shared.events.refusal import Problem, Refused


@pytest.mark.parametrize("quoted", ["a\0b", "\ud800", "\0\udfff\0"])
def test_what_cannot_be_stored_is_replaced_however_the_problem_is_made(quoted: str) -> None:
    said = Problem(f"data[{quoted!s}]", f"{quoted} is no number")
    reason = str(Refused([said]))
    assert "\0" not in reason
    assert "\ufffd" in reason
    assert msgspec.json.decode(msgspec.json.encode(said), type=Problem) == said
    assert msgspec.json.decode(b'{"path":"","message":"a\\u0000"}', type=Problem).message == "a\ufffd"


def test_everything_else_stays() -> None:
    said = "für 😀 ana: 7 > 5"
    assert Problem(said, said) == Problem(said, said)
    assert (Problem(said, said).path, Problem(said, said).message) == (said, said)
