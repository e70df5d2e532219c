"""A door with moods: it answers as a test tells it to, then takes everything. Our own door has none to order."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Mood = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


class MoodyDoor:
    """`moods` are answered first, one a request; `taken` are the ids of what was accepted, in order.

    Once it has taken `shuts_after` events it lets nobody in.
    """

    def __init__(self, *moods: Mood, most_events: int = 1000, shuts_after: int = 1_000_000) -> None:
        self.moods = list(moods)
        self.most_events = most_events
        self.shuts_after = shuts_after
        self.taken: list[str] = []
        self.requests = 0
        self._one_at_a_time = threading.Lock()

    def answer(self, body: bytes) -> Mood:
        with self._one_at_a_time:
            self.requests += 1
            if self.moods:
                return self.moods.pop(0)
            if len(self.taken) >= self.shuts_after:
                return 403, {}, b'{"detail":"shut"}'
            events = json.loads(body)
            if len(events) > self.most_events:
                return 413, {}, b'{"detail":"too many"}'
            self.taken += [event["id"] for event in events]
            return 202, {}, json.dumps({"accepted": len(events), "rejected": []}).encode()


@contextmanager
def at_the_door(door: MoodyDoor) -> Iterator[str]:
    """Its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, headers, body = door.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client that was told no does not wait for the rest
                super().handle()

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
