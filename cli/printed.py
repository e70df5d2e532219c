"""What programs are given on stdout."""

from typing import Any


def print_json(value: Any) -> None:
    """As JSON, for people's eyes too."""
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
