"""Names derived from an event."""

from hypothesis import given
from hypothesis import strategies as st

from shared.events.event import customer_of, identity

names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(one=st.tuples(names, names), other=st.tuples(names, names))
def test_an_event_has_one_identity_and_another_event_another(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert len(identity(*one)) == 16
    assert (identity(*one) == identity(*other)) is (one == other)


def test_moving_a_letter_from_source_to_id_gives_another_event() -> None:
    assert identity("ab", "c") != identity("a", "bc")


@given(value=names.filter(lambda text: ":" not in text))
def test_a_bare_subject_is_in_the_namespace_customer(value: str) -> None:
    assert customer_of(value) == f"customer:{value}" == customer_of(customer_of(value))
