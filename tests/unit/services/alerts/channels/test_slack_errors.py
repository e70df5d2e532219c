"""Slack's errors: one table, each with what to do, and the page that shows them to people."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from services.alerts.channels import slack_errors
from services.alerts.channels.channel import MessageRefused, Refused, TryLater, Unclear
from tests.unit.house.project import ROOT

PAGE = (ROOT / "docs" / "channels.md").read_text()


class Answer:
    """What the SDK hands over: status, headers and data."""

    def __init__(self, status: int, data: Any = None, **headers: str) -> None:
        self.status_code, self.data, self.headers = status, data, headers


def outcome(answer: Answer) -> Any:
    error: Any = SlackApiError("it failed", answer)  # type: ignore[no-untyped-call]  # the SDK's own lack
    return slack_errors.outcome(error, address="#delivery")


@pytest.mark.parametrize("word", slack_errors.REFUSED)
def test_each_permanent_error_says_what_to_do(word: str) -> None:
    refused = outcome(Answer(200, {"ok": False, "error": word, "needed": "chat:write"}))
    assert isinstance(refused, Refused)
    assert word in refused.reason
    assert "{" not in refused.reason
    assert refused.reason.endswith(".")


@pytest.mark.parametrize(
    ("word", "this_message"),
    [
        ("channel_not_found", False),
        ("is_archived", False),
        ("invalid_auth", False),
        ("invalid_blocks", True),
        ("brand_new_error", True),
        ("restricted_action_thread_only_channel", True),
    ],
)
def test_it_is_told_apart_whether_anything_else_would_arrive(word: str, this_message: bool) -> None:
    assert isinstance(outcome(Answer(200, {"ok": False, "error": word})), MessageRefused) == this_message


def test_a_missing_scope_is_named() -> None:
    assert "chat:write" in outcome(Answer(200, {"ok": False, "error": "missing_scope", "needed": "chat:write"})).reason


def test_an_unknown_error_is_permanent_and_shown_as_it_is() -> None:
    assert "brand_new_error" in outcome(Answer(200, {"ok": False, "error": "brand_new_error"})).reason


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_may_have_the_message(status: int) -> None:
    assert isinstance(outcome(Answer(status, "<html>")), Unclear)
    assert isinstance(outcome(Answer(200, {})), Unclear)


def test_another_server_is_no_slack() -> None:
    refused = outcome(Answer(404, "<html>"))
    assert isinstance(refused, Refused)
    assert "VOC_SLACK_API_URL" in refused.reason


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30), ("0", 0), ("-5", 0), ("999999999", 86_400), ("soon", None), (None, None)]
)
def test_the_pause_is_what_slack_says_within_reason(header: str | None, seconds: int | None) -> None:
    headers = {} if header is None else {"Retry-After": header}
    later = outcome(Answer(429, {"ok": False, "error": "ratelimited"}, **headers))
    assert isinstance(later, TryLater)
    assert (None if later.retry_after is None else later.retry_after.total_seconds()) == seconds


@pytest.mark.parametrize(
    "word", ["channel_not_found", "not_in_channel", "is_archived", "missing_scope", "invalid_auth", "ratelimited"]
)
def test_the_page_for_people_names_it(word: str) -> None:
    assert f"`{word}`" in PAGE
