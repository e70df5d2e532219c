"""A stand-in for a survey tool's API: it wants its token, has limits, and is not always there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import msgspec

TOKEN = "api-t0ken"


class SurveyApi:
    """What it has, by path; `moods` are statuses that are answered before anything else, one after the other."""

    def __init__(self) -> None:
        self.has: dict[str, Any] = {}
        self.moods: list[int] = []
        self.asked: list[str] = []
        self.url = ""

    def answer(self, path: str, authorization: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        self.asked.append(path)
        if authorization != f"Bearer {TOKEN}":
            return 401, b'{"error":{"id":"1011","message":"The authorization token was not valid."}}'
        if self.moods:
            return self.moods.pop(0), b"{}"
        found = self.has.get(urlsplit(path).path)
        return (404, b"{}") if found is None else (200, msgspec.json.encode(found))


@contextmanager
def survey_api() -> Iterator[SurveyApi]:
    """The API, served."""
    api = SurveyApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = api.answer(self.path, self.headers.get("authorization", ""))
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_what: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
