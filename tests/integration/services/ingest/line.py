"""One connection to the door, byte by byte."""

import select
import socket
from typing import NamedTuple

from tests.integration.services.ingest.door import Door


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """A client that sends what it likes, and when."""

    def __init__(self, door: Door, *, timeout: float = 10) -> None:
        self._socket = socket.create_connection(("127.0.0.1", door.service.port), timeout=timeout)
        self._answers = self._socket.makefile("rb")
        self._key = door.key

    def head(self, *fields: str) -> "Line":
        lines = ["POST /v1/events HTTP/1.1", "Host: door", f"Authorization: Bearer {self._key}"]
        lines += ["Content-Type: application/cloudevents+json", *fields]
        return self.send("\r\n".join([*lines, "", ""]).encode())

    def get(self, path: str) -> "Line":
        return self.send(f"GET {path} HTTP/1.1\r\nHost: door\r\n\r\n".encode())

    def send(self, data: bytes) -> "Line":
        self._socket.sendall(data)
        return self

    def hurry(self, data: bytes) -> None:
        """Send as much as goes out at once. Raises TimeoutError where that is not all of it."""
        self._socket.settimeout(0.5)
        try:
            self._socket.sendall(data)
        finally:
            self._socket.settimeout(10)

    def status(self) -> int:
        """The status of the next answer."""
        return self.answer().status

    def answer(self) -> Answer:
        """The next answer, whole."""
        first = self._answers.readline()
        assert first, "the door closed without an answer"
        headers = {}
        while (field := self._answers.readline().strip()) != b"":
            name, _, value = field.partition(b":")
            headers[name.decode().lower()] = value.decode("latin-1").strip()
        body = self._answers.read(int(headers.get("content-length", "0")))
        return Answer(int(first.split()[1]), headers, body)

    @property
    def closed(self) -> bool:
        """Whether the door has closed it and nothing is left to read; never waits."""
        if not select.select([self._socket], [], [], 0)[0]:
            return False
        try:
            return self._socket.recv(1, socket.MSG_PEEK) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self._answers.close()
        self._socket.close()
