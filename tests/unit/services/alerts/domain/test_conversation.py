"""One receiver, one thing: in order, and never out of date."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from services.alerts.domain.conversation import Find, Rest, Send, State, Waiting, kind_of, next_step
from services.alerts.domain.letter import Letter, Red
from tests.letters import LETTERS, WORSE_NOW

RED, WORSE, RECOVERED = LETTERS["red"], LETTERS["worse"], LETTERS["recovered"]


def waiting(*found: tuple[Letter, bool] | tuple[Letter, bool, State]) -> tuple[Waiting, ...]:
    """Deliveries 1, 2, … as (letter, edit[, state])."""
    return tuple(
        Waiting(id=UUID(int=number), letter=one[0], edit=one[1], state=one[2] if len(one) == 3 else State.QUEUED)
        for number, one in enumerate(found, 1)
    )


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def test_nothing_waits() -> None:
    assert next_step((), told=True) == next_step((), told=False) == Rest()


def test_what_waits_alone_is_said() -> None:
    for told in (True, False):
        assert next_step(waiting((RECOVERED, False)), told=told) == Send(UUID(int=1), RECOVERED, edit=False)


def test_a_red_that_is_over_before_it_was_told_is_told_in_one_message() -> None:
    found = next_step(waiting((RED, False), (RECOVERED, False), (RECOVERED, True)), told=False)
    assert found == Send(UUID(int=2), RECOVERED, edit=False, overtaken=ids(1, 3))


def test_a_red_that_is_worse_before_it_was_told_is_told_as_it_is_now() -> None:
    found = next_step(waiting((RED, False), (WORSE, False)), told=False)
    assert isinstance(found, Send)
    assert isinstance(found.letter, Red)
    assert (found.id, found.letter.moment, found.overtaken) == (UUID(int=2), WORSE_NOW, ids(1))


def test_the_first_message_shows_what_an_edit_would_have_shown() -> None:
    later = replace(RED, moment=WORSE_NOW)
    found = next_step(waiting((RED, False), (later, True)), told=False)
    assert isinstance(found, Send)
    assert isinstance(found.letter, Red)
    assert (found.letter.moment, found.overtaken) == (WORSE_NOW, ids(2))


def test_who_was_told_hears_the_last_thing_and_then_sees_it() -> None:
    queue = waiting((WORSE, False), (RED, True), (RECOVERED, False), (RECOVERED, True))
    assert next_step(queue, told=True) == Send(UUID(int=3), RECOVERED, edit=False, overtaken=ids(1))
    assert next_step((queue[1], queue[3]), told=True) == Send(UUID(int=4), RECOVERED, edit=True, overtaken=ids(2))


def test_there_is_nothing_to_change_where_nothing_was_said() -> None:
    assert next_step(waiting((RED, True)), told=False) == Rest(ids(1))


@pytest.mark.parametrize("state", [State.SENDING, State.UNCLEAR])
def test_what_nobody_knows_of_is_looked_for_before_anything_else(state: State) -> None:
    queue = waiting((RED, False, state), (RECOVERED, False))
    assert next_step(queue, told=False) == Find(UUID(int=1), RED, edit=False)


def test_what_was_claimed_and_not_begun_is_as_good_as_queued() -> None:
    assert next_step(waiting((RED, False, State.CLAIMED)), told=False) == Send(UUID(int=1), RED, edit=False)


def test_letters_have_names() -> None:
    every = ("red", "worse", "recovered", "case-answer", "trouble", "trouble-over")
    assert [kind_of(LETTERS[name]) for name in every] == [
        "red",
        "worse",
        "recovered",
        "case",
        "trouble",
        "trouble-over",
    ]
