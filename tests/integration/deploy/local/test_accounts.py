"""PostgreSQL refuses root: how the stack does with root, with others, and below folders that are closed to most."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.account import other_than_root
from tests.integration.deploy.local.voc import Voc

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root, with setpriv, can be somebody else as well"
)
NOBODY = pwd.getpwnam("nobody")
# nobody, who may still read what only root may: the packages under test may lie below /root
AS_NOBODY = [
    "setpriv",
    f"--reuid={NOBODY.pw_uid}",
    f"--regid={NOBODY.pw_gid}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
]


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder below one that only root may enter, as /root is."""
    folder = Path(tempfile.mkdtemp(prefix="voc-closed-"))
    folder.chmod(0o700)
    yield folder / "home"
    shutil.rmtree(folder)


def test_root_hands_it_to_nobody_even_where_nobody_may_not_enter(closed: Path) -> None:
    voc = Voc(closed, "postgres")
    account = other_than_root(closed / "postgres")
    assert account is not None
    assert not account.enters
    try:
        voc.up()
        assert psutil.Process(voc.pids()["postgres"]).uids().real == NOBODY.pw_uid
        assert voc.healthy("postgres")
        assert closed.parent.stat().st_mode & 0o777 == 0o700, "nothing was opened"
    finally:
        voc.down()


def test_an_ordinary_user_runs_it_as_himself(workshop: Path) -> None:
    home = workshop / "nobodys"
    voc = Voc(home, "postgres")
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
    try:
        done = voc.run("up", "postgres", before=AS_NOBODY)
        assert done.returncode == 0, done.stderr
        process = psutil.Process(voc.pids()["postgres"])
        assert process.uids().real == NOBODY.pw_uid
        assert (home / "postgres" / "data").stat().st_uid == NOBODY.pw_uid
    finally:
        assert voc.run("down", before=AS_NOBODY).returncode == 0
