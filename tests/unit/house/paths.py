"""What the pages for people name: files, links with their headings, modules that are run."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.unit.house.project import ROOT, files

SUFFIXES = (".py", ".md", ".yaml", ".yml", ".json", ".toml", ".lock", ".sha256")

_CODE = re.compile(r"`([^`\s]+)`")
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_RUN = re.compile(r"python3? -m ((?:bench|cli|deploy|examples|services|shared|tests)[.\w]*)")
_PATH = re.compile(r"[\w.][\w./-]*")
_PLACEHOLDER = re.compile(r"(^|/)([A-Z]{2,}(/|\.py|$)|NAME\.)")  # cli/NAME.py


def pages() -> list[Path]:
    """All Markdown of the project, examples' included."""
    return files(".md")


@cache
def tree() -> frozenset[str]:
    """Every file and folder in version control, or about to be, from the root."""
    found = {path.relative_to(ROOT) for path in files(*{path.suffix for path in ROOT.rglob("*")}, "")}
    return frozenset(str(each) for path in found for each in (path, *path.parents))


def named(page: str) -> Iterator[str]:
    """Paths in code: those that begin at the root of the tree, and files named by their last parts."""
    shell = " ".join(_SHELL.findall(page))
    for word in (*_CODE.findall(page), *shell.split()):
        if _PATH.fullmatch(word) and not _PLACEHOLDER.search(word):
            path = word.rstrip("/")
            rooted = path.split("/")[0] in tree() and "/" in word
            if rooted or path.endswith(SUFFIXES):
                yield path


def exists(path: str) -> bool:
    """Whether the path is in the tree, from its root or by its last parts."""
    return path in tree() or any(one.endswith(f"/{path}") for one in tree())


def links(page: str) -> Iterator[str]:
    """Targets of links within the project."""
    return (link for link in _LINK.findall(page) if not re.match(r"[a-z]+:", link))


def modules(page: str) -> Iterator[str]:
    """Modules of ours that the page says to run."""
    return iter(_RUN.findall(page))


def headings(page: str) -> set[str]:
    """The fragments that a page's headings are reached by."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
