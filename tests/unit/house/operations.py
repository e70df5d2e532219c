"""The rows that docs/operations.md has to have: settings from their classes, metrics from the services' tables.

`python -m tests.unit.house.operations` prints them.
"""

import importlib
from collections.abc import Iterator

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from tests.unit.house import settings
from tests.unit.house.project import ROOT

SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/metrics.py"))
_KINDS = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}


def of_settings() -> list[str]:
    """One row a variable: name, default, meaning."""
    rows = []
    for found in settings.classes():
        for name, field in found.model_fields.items():
            variable = f"{found.model_config['env_prefix']}{name}".upper()
            default = settings.of_classes()[variable]
            rows.append(f"| `{variable}` | {f'`{default}`' if default else ''} | {field.description or ''} |")
    return sorted(set(rows))


def of_metrics() -> list[str]:
    """One row a metric: name, kind, labels, meaning."""
    return [row for service in SERVICES for row in _metrics(service)]


def _metrics(service: str) -> Iterator[str]:
    module = importlib.import_module(f"services.{service}.metrics")
    for metric in vars(module).values():
        if isinstance(metric, MetricWrapperBase):
            kind = _KINDS[type(metric)]
            name = metric._name + ("_total" if kind == "counter" else "")
            labels = ", ".join(metric._labelnames)
            yield f"| `{name}` | {kind} | {labels} | {metric._documentation} |"


if __name__ == "__main__":
    print("\n".join([*of_settings(), "", *of_metrics()]))  # noqa: T201  # printing is what it is for
