"""Each schema's versions are one line, in the order of their files: two heads, and no service starts any more."""

from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory

from tests.unit.house.project import ROOT

LINES = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("s*/**/migrations/versions"))


def test_all_lines_are_looked_at() -> None:
    assert len(LINES) >= 3


@pytest.mark.parametrize("line", LINES, ids=str)
def test_versions_follow_each_other_as_their_files_do(line: Path) -> None:
    found = ScriptDirectory(str(ROOT / line), version_locations=[str(ROOT / line / "versions")]).walk_revisions()
    versions = sorted(found, key=lambda one: Path(one.path).name)
    assert [before(one) for one in versions] == [None, *(one.revision for one in versions[:-1])]
    assert all(Path(one.path).name.startswith(f"{one.revision}_") for one in versions)


def before(version: Script) -> str | None:
    down = version.down_revision
    return down if down is None or isinstance(down, str) else "several"
