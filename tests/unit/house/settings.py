"""Every setting that the code knows: the fields of its settings classes, and what is read from the environment."""

import importlib
import pkgutil
import re

from pydantic_settings import BaseSettings

import services
import shared
from deploy.local.part import PARTS
from tests.unit.house.project import ROOT, files


def classes() -> set[type[BaseSettings]]:
    """The settings classes of all services and of shared, found by importing the modules that may define one."""
    for package in (services, shared):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if re.search(r"\.(settings|connection|engine)$", module.name):
                importlib.import_module(module.name)
    return {found for found in _below(BaseSettings) if found.__module__.startswith(("services.", "shared."))}


def of_classes() -> dict[str, str]:
    """Variable → its default as text ("" where it has none)."""
    found = {}
    for settings in classes():
        prefix = settings.model_config["env_prefix"]
        for name, field in settings.model_fields.items():
            default = field.get_default()
            shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
            found[f"{prefix}{name}".upper()] = "" if shown is None or field.is_required() else str(shown)
    return found


def read_elsewhere() -> set[str]:
    """Variables that the commands and the local stack read themselves: named in a string, or a port of a part."""
    found = {f"VOC_{name.upper()}_PORT" for name in PARTS}
    for path in files(".py"):
        if path.relative_to(ROOT).parts[0] in ("cli", "deploy"):
            found |= set(re.findall(r"""["'](VOC_[A-Z_]+)["']""", path.read_text()))
    return found


def _below(parent: type[BaseSettings]) -> set[type[BaseSettings]]:
    return {parent} | {deep for child in parent.__subclasses__() for deep in _below(child)}
