"""Dates and times: what telephone numbers must not be mistaken for."""

import pytest

from services.ingest.domain.redaction.dates import find


@pytest.mark.parametrize(
    "text",
    [
        "03.04.2026",
        "3.4.2026",
        "24. 12. 2026",
        "24-12-2026",
        "12/24/2026",
        "24/12/2026",
        "2026-12-24",
        "2026/12/24",
        "24/12/26",
        "10:15",
        "23:59:59.5",
    ],
)
def test_it_is_found(text: str) -> None:
    assert [*find(f"am {text} kam")] == [(3, 3 + len(text))]


@pytest.mark.parametrize(
    "text", ["32.01.2026", "01.13.1800", "06.12.34.56.78", "1.2.2026.5", "030/12/2026-5", "25:61", "1:2:3"]
)
def test_it_is_none(text: str) -> None:
    assert not [*find(text)]
