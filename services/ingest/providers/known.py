"""All providers, read from their files."""

from importlib.resources import files

import msgspec
from ruamel.yaml import YAML

from services.ingest.domain.provider import Provider


def known_providers() -> dict[str, Provider]:
    """By name. A file that is no provider is a mistake of this release, and raises."""
    folder = files("services.ingest.providers")
    pages = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    found = [
        _provider(page.name, page.read_text(encoding="utf-8")) for page in sorted(pages, key=lambda page: page.name)
    ]
    return {provider.provider: provider for provider in found}


def _provider(name: str, text: str) -> Provider:
    provider = msgspec.convert(YAML(typ="safe", pure=True).load(text), Provider)
    assert name == f"{provider.provider}.yaml", f"{name} is the file of {provider.provider}"
    return provider
