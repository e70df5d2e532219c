"""Secrets by reference: a programme says where one is (`env:NAME`, `file:PATH`), never what it is."""

import os
import re
from pathlib import Path

REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:\S+")


def secret(reference: str) -> str | None:
    """The secret, None where there is none: the variable is not set or empty, the file is missing or unreadable."""
    kind, _, name = reference.partition(":")
    if kind == "env":
        return os.environ.get(name) or None
    try:
        return Path(name).read_text(encoding="utf-8-sig").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
