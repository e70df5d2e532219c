"""docker-compose.yml and the Dockerfile, as far as they can be held against the tree without an engine."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.local.part import PARTS
from tests.unit.house import settings
from tests.unit.house.project import ROOT, pyproject

ONLY_LOCAL = {"inbox"}
"""Parts that stand in for what others run: containers are given real addresses."""
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"


@pytest.fixture(scope="module")
def compose() -> Any:
    return YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def ours(compose: Any) -> dict[str, Any]:
    """The services that are built here."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def instructions(name: str) -> list[list[str]]:
    """The words of each `name` line of the Dockerfile."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith(f"{name} ")]


def test_every_service_and_part_of_the_stack_is_there(compose: Any, ours: dict[str, Any]) -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__main__.py")}
    assert ours.keys() == folders
    assert compose["services"].keys() == PARTS.keys() - ONLY_LOCAL


def test_ports_are_those_of_the_local_stack_and_on_the_loopback(compose: Any) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items()}
    for name, part in PARTS.items():
        if name in ONLY_LOCAL:
            continue
        (port,) = published[name]
        address, outside, _inside = port.split(":")
        assert (address, int(outside)) == ("127.0.0.1", part.port)


def test_services_listen_where_their_port_is_published_and_asked(ours: dict[str, Any]) -> None:
    defaults = settings.of_classes()
    for name, service in ours.items():
        inside = service["ports"][0].split(":")[2]
        assert defaults[f"VOC_{name.upper()}_PORT"] == inside
        assert service["healthcheck"]["test"][-1] == inside
        assert service["environment"]["VOC_HOST"] == "0.0.0.0"


def test_every_variable_is_one_that_the_code_knows(ours: dict[str, Any]) -> None:
    known = settings.of_classes().keys()
    for service in ours.values():
        assert service["environment"].keys() <= known


def test_variables_that_are_wanted_stand_in_the_example(compose: Any) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    wanted = set(re.findall(r"\$\{([A-Z_]+)", text))
    given = {line.partition("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}
    assert wanted == {name for name in given if not name.startswith("#")}


def test_services_reach_kafka_and_postgres_by_the_doors_these_open(compose: Any, ours: dict[str, Any]) -> None:
    kafka, postgres = compose["services"]["kafka"], compose["services"]["postgres"]
    advertised = kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    outside = f"127.0.0.1:{PARTS['kafka'].port}"
    for service in ours.values():
        assert f"INSIDE://{service['environment']['VOC_KAFKA_BOOTSTRAP_SERVERS']}" in advertised
        user, database = (postgres["environment"][name] for name in ("POSTGRES_USER", "POSTGRES_DB"))
        url = service["environment"]["VOC_DATABASE_URL"]
        assert url.startswith(f"postgresql://{user}:")
        assert url.endswith(f"@postgres:5432/{database}")
    assert f"OUTSIDE://{outside}" in advertised
    assert kafka["ports"] == [f"{outside}:{PARTS['kafka'].port}"]


def test_services_wait_for_what_they_need(compose: Any, ours: dict[str, Any]) -> None:
    for service in ours.values():
        for needed, how in service["depends_on"].items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in compose["services"][needed]


def test_every_path_it_names_exists(ours: dict[str, Any]) -> None:
    for service in ours.values():
        build = service["build"]
        assert (ROOT / build["context"] / build["dockerfile"]).resolve() == DOCKERFILE
        assert (ROOT / service["healthcheck"]["test"][2]).is_file()
        assert service["command"][:2] == ["python", "-m"]
        assert (ROOT / service["command"][2].replace(".", "/") / "__main__.py").is_file()


def test_named_volumes_are_declared_and_nothing_of_the_machine_is_mounted(compose: Any) -> None:
    mounted = {
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])
    }
    assert mounted == compose["volumes"].keys()


def test_images_are_the_official_ones_that_tests_run_on(compose: Any) -> None:
    used_by_tests = (ROOT / "tests" / "parts.py").read_text()
    for part in ("kafka", "postgres"):
        assert f'"{compose["services"][part]["image"]}"' in used_by_tests
    assert {words[0] for words in instructions("FROM")} == {"python:3.13-slim"}


def test_postgres_18_keeps_its_data_on_the_volume(compose: Any) -> None:
    assert compose["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_the_image_copies_what_exists_and_all_that_services_import() -> None:
    copied = [words for words in instructions("COPY") if not words[0].startswith("--from")]
    sources = {source for words in copied for source in words[:-1]}
    assert not [source for source in sources if not (ROOT / source).exists()]
    assert {"services", "shared"} <= sources
    assert sources <= {line[1:] for line in ignored() if line.startswith("!")}


def test_the_image_runs_as_nobody_in_particular_with_packages_pinned_by_hash() -> None:
    (user,) = instructions("USER")
    assert user != ["root"]
    (install,) = (words for words in instructions("RUN") if "install" in words)
    assert "--require-hashes" in install


def ignored() -> list[str]:
    return Path(f"{DOCKERFILE}.dockerignore").read_text().splitlines()


def test_the_image_has_a_python_that_the_project_supports() -> None:
    minor = int(re.findall(r"python:3\.(\d+)", DOCKERFILE.read_text())[0])
    wanted = int(pyproject()["project"]["requires-python"].removeprefix(">=3."))
    assert minor >= wanted
