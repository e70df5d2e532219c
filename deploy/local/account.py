"""Which account PostgreSQL runs as. It refuses to run as root, so root hands it to `nobody`."""

import grp
import os
import pwd
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from deploy.local.failure import StackError

_NAME = "nobody"


class Account(msgspec.Struct, frozen=True):
    """Somebody else than us. `enters` says whether ordinary permissions let the account reach all it needs."""

    uid: int
    gid: int
    enters: bool

    def command(self, command: Sequence[str | Path]) -> list[str | Path]:
        """The command, wrapped where the account needs the right to pass folders that are closed to it (/root)."""
        if self.enters:
            return list(command)
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise StackError(
                f"PostgreSQL does not run as root and the account {_NAME} may not enter the folder it lives in; "
                "install setpriv (util-linux), or put the project and VOC_HOME where everybody may enter."
            )
        rights = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", *rights, *command]

    def options(self) -> dict[str, Any]:
        """What `subprocess` has to be told."""
        if not self.enters:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}


def other_than_root(*needed: Path) -> Account | None:
    """None where we are an ordinary user already; else `nobody`, who has to reach the `needed` paths."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError as error:
        raise StackError(
            f"PostgreSQL does not run as root and there is no account {_NAME}; add one, or run as an ordinary user."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, all(_enters(entry, path) for path in needed))


def _enters(entry: pwd.struct_passwd, path: Path) -> bool:
    groups = {entry.pw_gid, *(group.gr_gid for group in grp.getgrall() if _NAME in group.gr_mem)}
    return all(_passes(folder.stat(), entry.pw_uid, groups) for folder in path.resolve().parents)


def _passes(folder: os.stat_result, uid: int, groups: set[int]) -> bool:
    if folder.st_uid == uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    return bool(folder.st_mode & (stat.S_IXGRP if folder.st_gid in groups else stat.S_IXOTH))
