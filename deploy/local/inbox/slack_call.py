"""A call of Slack's Web API as it comes over HTTP, and the answers that are no HTTP errors."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

Answer = dict[str, Any]


class SlackError(Exception):
    """Answered as HTTP 200 with `ok: false`; `more` are further members of the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    @property
    def answer(self) -> Answer:
        return {"ok": False, "error": self.error, **self.more}


class Call(msgspec.Struct, frozen=True):
    """The method's name and its arguments, from JSON, from a form or from the query."""

    method: str
    arguments: dict[str, Any]
    token: str | None

    def text(self, name: str) -> str | None:
        value = self.arguments.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.arguments.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int, *, most: int) -> int:
        given = str(self.arguments.get(name) or default)
        if not given.isdecimal() or not 0 < int(given) <= most:
            raise SlackError("invalid_limit")
        return int(given)

    def json(self, name: str, *, fault: str) -> Any:
        """An argument that is JSON; in a form it is a text that holds it."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError as error:
            raise SlackError(fault) from error


def read(method: str, *, headers: Mapping[str, str], query: str, body: bytes) -> Call:
    """Raises SlackError for a body that cannot be read."""
    arguments: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json" and body:
        arguments |= _object(body)
    elif kind == "application/x-www-form-urlencoded":
        arguments |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    elif body:
        raise SlackError("invalid_post_type")
    bearer = headers.get("authorization", "")
    token = bearer[7:].strip() if bearer.lower().startswith("bearer ") else arguments.pop("token", None)
    return Call(method, arguments, token)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found
