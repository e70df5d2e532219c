"""What the read API says, as a page: whole, and nothing in it runs."""

from deploy.local.inbox.drawn import page, sentence

ANSWER = {
    "name": "From <b>order</b> to door",
    "status": None,
    "stages": [
        {"stage": "delivery", "note": "", "measures": [{"metric": "csat", "value": 78.39805825, "stale": False}]},
        {"stage": "order", "note": "", "measures": []},
    ],
    "channels": ["web", "courier"],
    "seconds": 123456.7,
}


def drawn() -> str:
    return page(ANSWER, what="Journey", title="From <b>order</b> to door", foot="GET /v1/journeys/order-to-door")


def test_it_is_whole() -> None:
    for said in ("delivery", "csat", "78.4", "web, courier", "123,457", "GET /v1/journeys/order-to-door"):
        assert said in drawn()


def test_it_runs_nothing_that_somebody_wrote() -> None:
    assert "<b>order" not in drawn()
    assert "&lt;b&gt;order&lt;/b&gt;" in drawn()
    assert "<u>" not in sentence("<u>", what="<u>", title="<u>")


def test_flat_items_are_rows_and_deep_ones_stand_below_one_another() -> None:
    flat = page(
        {"tries": [{"what": "send", "answer": None}, {"what": "find", "answer": None}]}, what="", title="", foot=""
    )
    assert flat.count("<th>what</th>") == 1
    assert "answer" not in flat, "a column that is empty everywhere says nothing"
    assert drawn().count("<section>") == 2


def test_what_people_read_is_written_for_people() -> None:
    found = page({"at": "2026-11-25T10:42:50.816171Z", "status": "red", "list": [1, 2]}, what="", title="", foot="")
    assert "2026-11-25 10:42:50 UTC" in found
    assert '<b class="red">red</b>' in found
