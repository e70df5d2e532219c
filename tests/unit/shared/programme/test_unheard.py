"""Owners whom nothing can reach: what becomes of what they should hear."""

import pytest

from shared.programme.model import Owner, Programme, Receiver
from shared.programme.unheard import unheard

SLACK = Receiver(channel="slack", to="#van")
PAGER = Receiver(channel="pagerduty", to="key")
HOOK = Receiver(channel="webhook", to="https://shop.example")


def owner(name: str, *notify: Receiver) -> Owner:
    return Owner(owner=name, name=name.title(), timezone="UTC", notify=notify)


def said(*owners: Owner, admin: str | None = None) -> list[str]:
    return [str(one) for one in unheard(Programme(name="Shop", timezone="UTC", admin=admin, owners=owners))]


def test_one_receiver_that_can_be_sent_to_is_enough() -> None:
    assert said(owner("van", PAGER, SLACK), owner("chief", Receiver(channel="email", to="env:CHIEF"))) == []


def test_the_owner_is_named_with_what_it_lacks() -> None:
    none, cannot = said(owner("van"), owner("shop", PAGER, HOOK, HOOK), owner("chief", SLACK), admin="chief")
    assert none == (
        "owner van: it has no receiver. Its reds and cases reach nobody; the admin (chief) is told so."
        " Give it one of slack or email under notify."
    )
    assert cannot == (
        "owner shop: alerts cannot send to pagerduty, webhook yet. Its reds and cases reach nobody; the admin (chief)"
        " is told so. Give it one of slack or email under notify."
    )


@pytest.mark.parametrize(
    ("admin", "expected"),
    [
        (None, "Its reds and cases reach nobody, and nobody is told so: programme.yaml names no admin."),
        ("chief", "Its reds and cases reach nobody, and nobody is told so: the admin (chief) cannot be told either."),
        ("van", "Its reds and cases reach nobody, nor do the troubles of the programme, whose admin it is."),
    ],
)
def test_nobody_is_said_to_hear_of_it_who_does_not(admin: str | None, expected: str) -> None:
    assert expected in said(owner("van"), owner("chief", PAGER), admin=admin)[0]
