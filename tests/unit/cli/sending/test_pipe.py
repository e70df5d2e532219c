"""A pipe that is slow, that is fast, that is left open."""

import os
import threading
from collections.abc import Iterator
from itertools import islice
from time import sleep

import pytest

from cli.sending import csv_rows, json_lines
from cli.sending.pipe import Pipe


class Ends:
    """What writes into a pipe, and what reads from it."""

    def __init__(self) -> None:
        self._from, self._to = os.pipe()
        self.pipe = Pipe(self._from)
        self._open = True

    def write(self, text: str) -> None:
        os.write(self._to, text.encode())

    def end(self) -> None:
        if self._open:
            os.close(self._to)
        self._open = False

    def close(self) -> None:
        self.end()
        os.close(self._from)


@pytest.fixture
def ends() -> Iterator[Ends]:
    found = Ends()
    yield found
    found.close()


def test_lines_are_handed_on_while_it_stays_open(ends: Ends) -> None:
    ends.write('{"id":"1"}\n{"id":"2"}\n{"id"')
    chunks = json_lines.chunks(ends.pipe)
    assert [line.raw for line in next(chunks).lines] == [b'{"id":"1"}', b'{"id":"2"}']
    ends.write(':"3"}')
    ends.end()
    assert [(line.number, line.raw) for chunk in chunks for line in chunk.lines] == [(3, b'{"id":"3"}')]


def test_rows_are_handed_on_while_it_stays_open(ends: Ends) -> None:
    ends.write('id,comment\n1,one\n2,"tw')
    chunks = csv_rows.chunks(ends.pipe, name="-", defaults={})
    assert [line.number for line in next(chunks).lines] == [2]
    ends.write('o\nand more"\n3,three\n')
    ends.end()
    assert [line.number for chunk in chunks for line in chunk.lines] == [3, 5]


def test_much_at_once_is_read_whole(ends: Ends) -> None:
    texts = [f'{{"id":"{n}","comment":"{"x" * 100}"}}\n' for n in range(20_000)]

    def write() -> None:
        for begin in range(0, len(texts), 100):
            ends.write("".join(texts[begin : begin + 100]))
        ends.end()

    writer = threading.Thread(target=write)
    writer.start()
    found = [line.raw.decode() + "\n" for chunk in json_lines.chunks(ends.pipe) for line in chunk.lines]
    writer.join()
    assert found == texts


@pytest.mark.parametrize("begun", ["", '{"id":'])
def test_a_wait_can_be_ended(ends: Ends, begun: str) -> None:
    ends.write(begun)
    waiting = threading.Thread(target=lambda: list(islice(json_lines.chunks(ends.pipe), 1)))
    waiting.start()
    sleep(0.2)
    assert waiting.is_alive()
    ends.pipe.stop()
    waiting.join(10)
    assert not waiting.is_alive()
