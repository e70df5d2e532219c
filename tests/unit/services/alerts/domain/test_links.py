"""Links lead to pages for people, or are left out."""

from uuid import UUID

import pytest

from services.alerts.domain.links import Links

EPISODE = UUID(int=7)


def test_they_lead_below_the_board() -> None:
    links = Links("https://voc.example/board/")
    assert [link.url for link in links.of_episode(EPISODE, "from a/b")] == [
        "https://voc.example/board/journeys/from%20a%2Fb",
        f"https://voc.example/board/episodes/{EPISODE}",
    ]
    (one,) = links.of_customer("email:ana@example.com")
    assert one.url == "https://voc.example/board/customers/email:ana@example.com"


@pytest.mark.parametrize("board", [None, ""])
def test_without_a_page_to_look_at_there_are_none(board: str | None) -> None:
    assert Links(board).of_episode(EPISODE, "x") == Links(board).of_customer("x") == ()
