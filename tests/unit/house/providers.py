"""The rows of docs/webhooks.md about providers, from their files, and the sources that pages show.

`python -m tests.unit.house.providers` prints the rows.
"""

import re
from pathlib import Path

from services.ingest.domain.provider import Provider
from services.ingest.providers.known import known_providers
from tests.unit.house.project import ROOT

PAGES = ROOT / "docs" / "providers"
EXAMPLE = ROOT / "examples" / "retail"
_SOURCES = re.compile(r"```yaml\n(sources:\n.*?)```", re.DOTALL)
_MAPS = re.compile(r"`([\w-]+\.jmespath)`:\n\n```jmespath\n(.*?)```", re.DOTALL)
_UNVERIFIED = {
    "generic": "`unverified: true` without a signature",
    "freshdesk": "`unverified: true`, although they are fetched",
}


def rows() -> list[str]:
    """One row a provider, by name."""
    return [_row(provider) for _, provider in sorted(known_providers().items())]


def _row(provider: Provider) -> str:
    cells = (
        f"[`{provider.provider}`](providers/{provider.provider}.md)",
        _proof(provider),
        f"{provider.signature.tolerance} s" if provider.signature and provider.signature.timestamp_header else "–",
        str(provider.status),
        "–" if provider.signature else _UNVERIFIED.get(provider.provider, "`unverified: true`"),
    )
    return f"| {' | '.join(cells)} |"


def _proof(provider: Provider) -> str:
    signature = provider.signature
    if signature is None:
        return "a token; a signature where the source describes one" if provider.provider == "generic" else "a token"
    place = f"`{signature.header}`" if signature.header else f"the form's `{signature.field}`"
    return f"HMAC-{signature.algorithm.upper()} in {place}"


def excerpts(page: str) -> list[str]:
    """Every sources.yaml that a page shows."""
    return _SOURCES.findall(page)


def maps(page: str) -> dict[str, str]:
    """The maps that a page shows, by file name."""
    return dict(_MAPS.findall(page))


def programme(folder: Path, sources: str, mappings: dict[str, str]) -> Path:
    """The example's programme with these sources."""
    for file in (path for path in EXAMPLE.rglob("*") if path.suffix in (".yaml", ".jmespath")):
        copy = folder / file.relative_to(EXAMPLE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text())
    for name, text in {"sources.yaml": sources, **mappings}.items():
        (folder / name).write_text(text)
    return folder


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201  # printing is what it is for
