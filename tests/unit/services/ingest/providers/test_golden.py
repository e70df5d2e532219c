"""Every golden payload becomes what its file says."""

from pathlib import Path

import pytest

from services.ingest.providers.known import known_providers
from shared.programme.sources_file import PROVIDERS
from tests.unit.services.ingest.providers.cases import GOLDEN, all_cases, case


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_golden_payload(path: Path) -> None:
    golden = case(path)
    assert golden.source.provider == path.parent.name
    assert golden.told(golden.mapped()) == golden


def test_every_provider_has_golden_payloads_and_may_be_named_in_a_programme() -> None:
    assert sorted(known_providers()) == sorted(folder.name for folder in GOLDEN.iterdir())
    assert known_providers().keys() <= set(PROVIDERS)
