"""A filled-in questionnaire becomes one feedback event: questions to metrics, hidden fields to subject and instance."""

from typing import Any

import msgspec

from services.ingest.domain.provider import Sheet
from shared.events.model import FEEDBACK
from shared.events.refusal import Problem
from shared.programme.jmes import Expression, NotApplicable, compiled
from shared.programme.source import Question, Source


class Filled(msgspec.Struct, frozen=True):
    """The event, without the attributes that the source gives; what is wrong; the questions that nobody configured."""

    event: dict[str, Any]
    problems: list[Problem]
    unknown: list[str]


class Questionnaire:
    """A provider's sheet with the source's questions, compiled."""

    def __init__(self, sheet: Sheet, source: Source) -> None:
        self._sheet = {name: compiled(getattr(sheet, name)) for name in Sheet.__struct_fields__}
        self._questions = source.questions
        self._subject = compiled(source.subject) if source.subject else None
        self._instance = compiled(source.instance) if source.instance else None

    def event(self, item: Any) -> Filled:
        """The feedback that `item` is. Raises NotApplicable."""
        read = {name: expression(item) for name, expression in self._sheet.items()}
        given = [answer for answer in read["answers"] or () if not _empty(answer.get("value"))]
        answers = _in_words(given, read["options"])
        told = _Told(self._questions)
        for answer in answers:
            told.add(answer)
        if read["comment"]:
            told.comments.insert(0, str(read["comment"]))
        seen = _seen(item, read, answers)
        data = {
            "survey": _text("survey", read["survey"]),
            "response": _text("response", read["response"]),
            "instance": _text("instance", _ask(self._instance, seen)),
            "answers": told.answers,
            "comment": "\n\n".join(told.comments) or None,
            "language": _text("language", read["language"]),
            "complete": read["complete"],
            "unmapped": told.unmapped or None,
        }
        subject = _ask(self._subject, seen) if self._subject else _known(read)
        who = _text("subject", subject)
        event = {"id": read["id"], "type": FEEDBACK, "subject": who, "time": read["time"], "data": data}
        return Filled(event, told.problems, [one["question"] for one in told.unmapped])


class _Told:
    """What the answers say, one after the other."""

    def __init__(self, questions: dict[str, Question]) -> None:
        self._questions = questions
        self.answers: list[dict[str, Any]] = []
        self.comments: list[str] = []
        self.unmapped: list[dict[str, Any]] = []
        self.problems: list[Problem] = []

    def add(self, answer: dict[str, Any]) -> None:
        names = [str(name) for name in (answer.get("question"), *(answer.get("aliases") or ())) if name is not None]
        known = next((name for name in names if name in self._questions), None)
        if known is None:
            self.unmapped.append({"question": names[0] if names else "?", "value": answer["value"]})
            return
        question = self._questions[known]
        if question.ignore:
            return
        if question.metric is None:
            self.comments.append(_words(answer["value"]))
        else:
            self._score(known, question, answer)

    def _score(self, name: str, question: Question, answer: dict[str, Any]) -> None:
        score = score_of(question, answer["value"])
        if score is None:
            says = f"expected a number, found {answer['value']!r}; say in `values` what score it stands for"
            self.problems.append(Problem(f"questions.{name}", says))
            return
        scored = {"metric": question.metric, "score": score, "scale": question.scale, "question": answer.get("text")}
        self.answers.append({key: value for key, value in scored.items() if value is not None})


def score_of(question: Question, value: Any) -> float | None:
    """The score of an answer: by the question's own table, a number, a number as text; a choice of one is that one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool | str | int | float) and (words := _word(value)) in question.values:
        return _whole(question.values[words])
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return _whole(float(value))
    except (ValueError, OverflowError):
        return None


def _whole(number: float) -> float | None:
    """4.0 is 4: answers on discrete scales are whole numbers."""
    if number != number or abs(number) == float("inf"):
        return None
    return int(number) if float(number).is_integer() else number


def _word(value: bool | str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _seen(item: Any, read: dict[str, Any], answers: list[dict[str, Any]]) -> dict[str, Any]:
    """What a source's own expressions look into: the payload, and what the sheet has found, by plain names."""
    by_name = {
        str(name): answer["value"]
        for answer in answers
        for name in (answer.get("question"), *(answer.get("aliases") or ()))
        if name is not None
    }
    own = item if isinstance(item, dict) else {}
    found = {name: value for name, value in read.items() if name not in ("answers", "options")}
    return {**own, **found, "answers": by_name}


def _known(read: dict[str, Any]) -> str | None:
    """The customer as the provider knows him, else by his address."""
    if read["subject"]:
        return str(read["subject"])
    return f"email:{str(read['email']).strip().lower()}" if read["email"] else None


def _in_words(answers: list[dict[str, Any]], options: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """The answers with the texts of choices in place of their ids."""
    if not options:
        return answers
    texts = {option["id"]: option.get("text") for option in options if option.get("id") is not None}

    def said(value: Any) -> Any:
        if isinstance(value, list):
            return [said(one) for one in value]
        return texts.get(value, value) if isinstance(value, str | int) else value

    return [{**answer, "value": said(answer["value"])} for answer in answers]


def _empty(value: Any) -> bool:
    """Whether nothing was answered; of a question in parts, such as a date, to none of them."""
    if isinstance(value, dict | list):
        return all(_empty(part) for part in (value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _ask(expression: Expression | None, seen: dict[str, Any]) -> Any:
    return None if expression is None else expression(seen)


def _text(name: str, value: Any) -> str | None:
    """Names are texts in events; numbers and null in payloads. Raises NotApplicable for what can name nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        found = {bool: "boolean", list: "array", dict: "object"}.get(type(value), "something else")
        raise NotApplicable(f"{name}: expected a text or a number, found {found}")
    return str(value)


def _words(value: Any) -> str:
    """What was answered as a text; of several things, or in parts, one after the other."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(part)}" for name, part in value.items() if not _empty(part))
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)
