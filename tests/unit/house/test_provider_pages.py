"""Every provider has its page and its true row; what pages say to write into sources.yaml is right."""

import re
from pathlib import Path

import pytest

from services.ingest.providers.known import known_providers
from shared.programme.jmes_functions import MappingFunctions
from shared.programme.load import load
from tests.unit.house import providers
from tests.unit.house.project import ROOT

OVERVIEW = (ROOT / "docs" / "webhooks.md").read_text()
SHOWN = {f"providers/{page.name}": page.read_text() for page in providers.PAGES.glob("*.md")}
SHOWN["webhooks.md"] = OVERVIEW
SCRIPT = (ROOT / "examples" / "google-forms" / "send.gs").read_text()


def test_every_provider_has_a_page() -> None:
    assert sorted(page.stem for page in providers.PAGES.glob("*.md")) == sorted(known_providers())


def test_the_rows_are_those_of_the_files() -> None:
    """`python -m tests.unit.house.providers` prints what docs/webhooks.md has to have."""
    section = OVERVIEW.partition("## Providers")[2].partition("## ")[0]
    written = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert written == providers.rows()


@pytest.mark.parametrize("name", SHOWN)
def test_the_sources_that_a_page_shows_are_right(name: str, tmp_path: Path) -> None:
    page = SHOWN[name]
    shown = providers.excerpts(page)
    assert shown
    for number, excerpt in enumerate(shown):
        folder = providers.programme(tmp_path / str(number), excerpt, providers.maps(page))
        (source,) = load(folder).sources
        assert source.source in page.replace(excerpt, ""), "its other lines speak of another source"
        assert number > 0 or name == "webhooks.md" or source.provider == Path(name).stem, "whose page is it?"


def test_the_functions_are_those_of_the_language() -> None:
    rows = [line for line in OVERVIEW.splitlines() if line.startswith("| `")]
    written = {name for row in rows for name in re.findall(r"`(\w+)\(", row.split(" | ")[0])}
    ours = {name.removeprefix("_func_") for name in vars(MappingFunctions) if name.startswith("_func_")}
    assert written == ours


def test_our_script_signs_as_the_provider_of_it_expects() -> None:
    provider = known_providers()["google-forms"]
    assert provider.signature is not None
    assert {name.lower() for name in re.findall(r"'(X-VoC-\w+)'", SCRIPT)} == {
        provider.signature.header,
        provider.signature.timestamp_header,
    }
    assert f"'{provider.signature.prefix}' + hex_" in SCRIPT
    assert "timestamp + '.' + body" in SCRIPT
    assert provider.signature.signed == "{timestamp}.{body}"
    template = re.search(r"voc_template: ('[\w.]+')", SCRIPT)
    assert template is not None
    assert template[1] in provider.rules[0].when
