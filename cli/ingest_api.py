"""Asks ingest's own routes, by an admin's key: the local stack's, or one that is given."""

from typing import Annotated, Any

import httpx
import typer

from cli.sending.target import door_of, key_of
from shared.errors import Unavailable, VocError

ANSWER_SECONDS = 30

Url = Annotated[str | None, typer.Option("--url", help="ingest; else VOC_INGEST_URL, else the local stack's")]
Key = Annotated[str | None, typer.Option("--key", help="a key of scope admin; else VOC_KEY, else the local stack's")]


class IngestApi:
    """One connection. Every refusal is a sentence."""

    def __init__(self, url: str | None, key: str | None) -> None:
        self._url, local = door_of(url)
        authorization = f"Bearer {key_of(key, local=local, scope='admin')}"
        self._client = httpx.Client(
            headers={"Authorization": authorization}, timeout=ANSWER_SECONDS, trust_env=not local
        )

    def __enter__(self) -> "IngestApi":
        return self

    def __exit__(self, *_why: object) -> None:
        self._client.close()

    def get(self, path: str, **query: str | None) -> Any:
        """The answer's JSON. Raises VocError."""
        return self._ask("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: Any) -> Any:
        """The answer's JSON. Raises VocError."""
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            answer = self._client.request(method, self._url + path, **options)
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
            raise Unavailable(
                f"Ingest at {self._url} does not answer ({why}): `voc up ingest` starts it here."
            ) from error
        if answer.status_code >= 400:
            raise VocError(f"Ingest at {self._url} says no ({answer.status_code}): {_detail(answer)}")
        return answer.json()


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]
