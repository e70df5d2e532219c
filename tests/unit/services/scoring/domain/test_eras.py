"""Since when personas are what they are."""

from datetime import UTC, datetime, timedelta

import msgspec

from services.scoring.domain.eras import Era, eras
from shared.programme.history import BEGINNING, Version
from shared.programme.model import Treatment
from tests.personas import PERSONAS, SORTED

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def test_only_versions_with_other_personas_begin_something_new() -> None:
    kinder = msgspec.structs.replace(PERSONAS[0], treatment=Treatment(strategy="Kindly"))
    fewer = PERSONAS[1:]
    found = eras(
        [
            Version(number, None if number == 1 else DAY + timedelta(days=number), BEGINNING, "", programme)
            for number, programme in enumerate(
                (
                    SORTED,
                    msgspec.structs.replace(SORTED, settle=60),
                    msgspec.structs.replace(SORTED, personas=(kinder, *fewer)),
                    msgspec.structs.replace(SORTED, personas=fewer),
                    msgspec.structs.replace(SORTED, personas=fewer, settle=60),
                ),
                start=1,
            )
        ]
    )
    assert [(era.judged, era.told) for era in found.values()] == [(0, 0), (0, 0), (0, 3), (4, 4), (4, 4)]
    assert found[1] == Era()
    assert found[5].begins_at == DAY + timedelta(days=5)
