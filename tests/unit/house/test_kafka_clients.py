"""Every client of Kafka takes all options of the settings: none signs in on its own, or not at all."""

import ast
from collections.abc import Iterator

from tests.unit.house.project import ROOT, files

CLIENTS = {"AIOKafkaProducer", "AIOKafkaConsumer", "AIOKafkaAdminClient", "AIOKafkaClient", "create_conn"}
PRODUCT = ("services", "shared", "cli", "deploy")


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in files(".py"):
        if path.relative_to(ROOT).parts[0] in PRODUCT:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLIENTS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_client_is_made_with_the_options_of_the_settings() -> None:
    found = dict(calls())
    assert len(found) >= 8
    assert not [place for place, call in found.items() if not spreads_options(call)]


def spreads_options(call: ast.Call) -> bool:
    """Whether `**….options()` (or what it was put into, `**options`) is among the arguments."""
    spread = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is None]
    return any(value.endswith((".options()", "options")) for value in spread)
