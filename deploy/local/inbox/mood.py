"""What the stand-ins are told to do wrong, and for how long."""

from typing import Literal, TypeVar

import msgspec

SlackAnswer = Literal["away", "429", "500", "half", "slow", "error"]
SmtpStep = Literal["connect", "mail", "rcpt", "data", "after-data"]


class SlackMood(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`away`: the connection is cut without an answer; `429` with `retry_after` seconds; `500` with a page of HTML;
    `half` an answer; `slow`: answers after `seconds`; `error`: `ok: false` with the error named `error`.

    `kept`: the message is taken before things go wrong, as happens when only the answer is lost. `method` None: all
    methods. `times` None: until told otherwise.
    """

    answer: SlackAnswer
    method: str | None = "chat.postMessage"
    times: int | None = None
    kept: bool = False
    seconds: float = 30.0
    retry_after: int = 5
    error: str = "internal_error"


class SmtpMood(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At `step` the server says `reply`, or cuts the connection where it is None; `recipient`: only for that one.

    `after-data` keeps the mail and then cuts the connection before its last word.
    """

    step: SmtpStep
    reply: str | None = "451 4.3.0 try again later"
    recipient: str | None = None
    times: int | None = None


Mood = TypeVar("Mood", SlackMood, SmtpMood)


class Moods:
    """One a stand-in; each use of a counted one is one less."""

    def __init__(self) -> None:
        self.slack: SlackMood | None = None
        self.smtp: SmtpMood | None = None

    def of_slack(self, method: str) -> SlackMood | None:
        """What happens to this call."""
        mood = self.slack
        if mood is None or mood.method not in (None, method):
            return None
        self.slack = None if mood.times == 1 else _once_less(mood)
        return mood

    def of_smtp(self, step: SmtpStep, recipient: str | None = None) -> SmtpMood | None:
        """What happens at this step."""
        mood = self.smtp
        if mood is None or mood.step != step or mood.recipient not in (None, recipient):
            return None
        self.smtp = None if mood.times == 1 else _once_less(mood)
        return mood


def _once_less(mood: Mood) -> Mood:
    return mood if mood.times is None else msgspec.structs.replace(mood, times=mood.times - 1)
