"""Reading: JSON lines and CSV, from the start and from the middle."""

import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.sending import csv_rows, json_lines
from cli.sending.chunk import Chunks, Refusal
from cli.sending.columns import UnknownColumn
from cli.sending.source import sources
from shared.errors import VocError


def lines_of(chunks: Chunks) -> list[tuple[int, Any]]:
    return [(line.number, msgspec.json.decode(line.raw)) for chunk in chunks for line in chunk.lines]


def refusals_of(chunks: Chunks) -> list[Refusal]:
    return [refusal for chunk in chunks for refusal in chunk.refusals]


def rows(text: str | bytes, **options: Any) -> Chunks:
    raw = text if isinstance(text, bytes) else text.encode()
    return csv_rows.chunks(io.BytesIO(raw), name="rows.csv", defaults=options.pop("defaults", {}), **options)


def ids(text: str, **options: Any) -> list[str]:
    return [event["id"] for _, event in lines_of(rows(text, **options))]


def test_json_lines_stand_as_they_are() -> None:
    raw = b'\xef\xbb\xbf{"subject":"a",  "x":1.10}\r\n\n  {"subject":"b"}\n{"subject":{"odd":1}}'
    (chunk,) = json_lines.chunks(io.BytesIO(raw))
    assert [(line.number, line.raw, line.subject) for line in chunk.lines] == [
        (1, b'{"subject":"a",  "x":1.10}', "a"),
        (3, b'{"subject":"b"}', "b"),
        (4, b'{"subject":{"odd":1}}', {"odd": 1}),
    ]
    assert (chunk.offset, chunk.line) == (len(raw), 4)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"id":', "expected a CloudEvent as JSON"),
        (b'{"id":1} {"id":2}', "expected a CloudEvent as JSON"),
        (b"[1", "expected a CloudEvent as JSON"),
        (b'{"id":"\xff"}', "expected UTF-8, found byte 0xff"),
        (b"id,subject", "expected a CloudEvent as JSON"),
    ],
)
def test_what_would_spoil_a_batch_is_refused_before_it(raw: bytes, said: str) -> None:
    (refusal,) = refusals_of(json_lines.chunks(io.BytesIO(b'{"id":"0"}\n' + raw + b"\n")))
    assert refusal.line == 2
    assert said in refusal.problems[0].message
    assert refusal.raw == raw


def test_json_that_is_no_object_is_the_doors_to_refuse() -> None:
    (chunk,) = json_lines.chunks(io.BytesIO(b"[1]\n7\nnull\n"))
    assert [line.raw for line in chunk.lines] == [b"[1]", b"7", b"null"]


def test_json_lines_go_on_where_a_chunk_ended() -> None:
    raw = b"".join(b'{"id":"%d","subject":"%s"}\n' % (n, b"x" * 300) for n in range(4000))
    first, *others = list(json_lines.chunks(io.BytesIO(raw)))
    assert others, "it is longer than a chunk"
    again = list(json_lines.chunks(io.BytesIO(raw), offset=first.offset, line=first.line))
    assert [chunk.lines for chunk in again] == [chunk.lines for chunk in others]
    assert again[-1].lines[-1].number == 4000


def test_rows_become_events() -> None:
    text = 'id;subject;comment\n1;crm:1;"two\nlines; and ""quotes"""\n\n2;crm:2;\n'
    assert lines_of(rows(text, defaults={"type": "voc.feedback"})) == [
        (2, _event(id="1", subject="crm:1", data={"comment": 'two\nlines; and "quotes"'})),
        (5, _event(id="2", subject="crm:2", data={})),
    ]


def test_without_ids_a_row_is_its_own_name() -> None:
    first, same, other = ids("subject\ncrm:1\ncrm:1\r\ncrm:2\n")
    assert first == same != other


def test_the_same_cells_under_another_header_or_type_are_another_event() -> None:
    header, type_ = "subject,answers.nps\n", {"type": "voc.feedback"}
    (found,) = ids(header + "crm:1,9\n", defaults=type_)
    assert ids("answers.nps;subject\n9;crm:1\n", defaults=type_) == [found], "written in another way, the same"
    assert ids("subject,answers.csat\ncrm:1,9\n", defaults=type_) != [found]
    assert ids(header + "crm:1,9\n", defaults={"type": "voc.interaction"}) != [found]
    assert ids(header + "crm:1,9\n", defaults={**type_, "source": "survey"}) != [found]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"1,crm:1,more", "expected as many cells as the header has, 2, found 3"),
        (b"1", "expected as many cells as the header has, 2, found 1"),
        (b'1,"crm:1"x', "expected a row of CSV"),
        (b"1,crm:\xff", "expected UTF-8, found byte 0xff"),
    ],
)
def test_a_row_that_is_none_is_refused_alone(row: bytes, said: str) -> None:
    found = list(rows(b"id,subject\n0,crm:0\n" + row + b"\n2,crm:2\n"))
    (refusal,) = refusals_of(iter(found))
    assert (refusal.line, refusal.raw) == (3, row)
    assert said in refusal.problems[0].message
    assert [number for number, _ in lines_of(iter(found))] == [2, 4]


def test_rows_go_on_where_a_chunk_ended() -> None:
    text = "id,comment\n" + "".join(f'{n},"line {n}\nand another"\n' for n in range(2000))
    first, *others = list(rows(text))
    again = rows(text, offset=first.offset, line=first.line)
    assert lines_of(again) == lines_of(iter(others))
    assert others[-1].line == 4001


def test_a_file_without_a_header() -> None:
    with pytest.raises(UnknownColumn, match=r"rows[.]csv: .* the first line names the columns"):
        list(rows(""))


def test_all_headers_are_checked_before_anything_is_sent(tmp_path: Path) -> None:
    for name, header in (("good.csv", "id,subject"), ("bad.csv", "id,custmer")):
        (tmp_path / name).write_text(f"{header}\n1,crm:1\n")
    with pytest.raises(UnknownColumn, match=r"bad[.]csv: The column 'custmer' is no field"):
        sources([str(tmp_path / "good.csv"), str(tmp_path / "bad.csv")], None, {})


def test_type_and_source_are_not_for_json_lines(tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text("{}")
    with pytest.raises(VocError, match="--type and --source are for rows of CSV"):
        sources([str(tmp_path / "events.ndjson")], None, {"type": "voc.feedback"})


def test_a_number_that_is_none_is_not_told_as_a_cell_too_many() -> None:
    ((_, event),) = lines_of(rows(f"amount,attributes.a\n{'9' * 5000},{'9' * 400}.0\n"))
    assert event["data"] == {"amount": "9" * 5000, "attributes": {"a": "9" * 400 + ".0"}}


def _event(**fields: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "type": "voc.feedback", **fields}
