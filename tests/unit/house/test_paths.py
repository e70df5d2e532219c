"""Every file, link and module that a page for people names is there."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.unit.house import paths
from tests.unit.house.project import ROOT

PAGES = {str(path.relative_to(ROOT)): path for path in paths.pages()}


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_in_the_tree(page: str) -> None:
    assert not [path for path in paths.named(PAGES[page].read_text()) if not paths.exists(path)]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_its_heading(page: str) -> None:
    broken = []
    for link in paths.links(PAGES[page].read_text()):
        file, _, heading = link.partition("#")
        target = (PAGES[page].parent / file).resolve() if file else PAGES[page]
        if not _in_the_tree(target) or (heading and heading not in paths.headings(target.read_text())):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_is_to_be_run_is_there(page: str) -> None:
    missing = [name for name in paths.modules(PAGES[page].read_text()) if find_spec(name) is None]
    assert not missing


def _in_the_tree(target: Path) -> bool:
    return target.is_relative_to(ROOT) and str(target.relative_to(ROOT)) in paths.tree()


def test_what_is_looked_for_is_found() -> None:
    page = "See `shared/kafka/gone.py`, `gone.py`, `cli/NAME.py`, `key.py`, `docs/`, [it](gone.md#a) and [x](https://x.y).\n"
    page += "```sh\npython -m shared.gone > docs/gone.md\n```\n# A title, of *sorts*\n"
    assert list(paths.named(page)) == ["shared/kafka/gone.py", "gone.py", "key.py", "docs", "docs/gone.md"]
    assert [path for path in paths.named(page) if not paths.exists(path)] == [
        "shared/kafka/gone.py",
        "gone.py",
        "docs/gone.md",
    ]
    assert list(paths.links(page)) == ["gone.md#a"]
    assert list(paths.modules(page)) == ["shared.gone"]
    assert paths.headings(page) == {"a-title-of-sorts"}
