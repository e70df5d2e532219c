"""The pages that links lead to: for whoever sits at this machine, and nobody else."""

from tests.inbox import Inbox


def test_without_a_key_it_says_where_one_comes_from(inbox: Inbox) -> None:
    for path in ("journeys/order-to-door", "customers/email:ana@example.com", "episodes/x"):
        page = inbox.http.get(f"/look/{path}")
        assert page.status_code == 503
        assert "`voc up` makes it" in page.text
        assert "script-src" not in page.headers["content-security-policy"], "default-src 'none' holds for scripts"
    assert inbox.http.get("/page/look.css").status_code == 200


def test_a_page_of_elsewhere_cannot_read_it_under_its_own_name(inbox: Inbox) -> None:
    for path in ("/look/journeys/order-to-door", "/messages", "/"):
        assert inbox.http.get(path, headers={"Host": f"evil.example:{inbox.port}"}).status_code == 400
