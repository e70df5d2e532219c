"""What the read API says of the story, drawn; and where to go from here."""

from datetime import timedelta
from typing import Any

import httpx
from rich.console import Console, RenderableType
from rich.padding import Padding

from cli.called import called
from cli.story.address import address
from cli.story.customer import customer
from cli.story.fresh import HOME
from cli.story.journey import journey, weeks
from cli.story.nordwind import JOURNEY, METRIC, MOMENT, History
from shared.clock import now
from shared.errors import Unavailable

_WEEKS = 5


def show(console: Console, history: History, key: str) -> None:
    """A journey, its moment with the trouble by week, and a customer who was let down. Raises Unavailable."""
    headers = {"Authorization": f"Bearer {key}"}
    here = httpx.Client(base_url=address("insights"), headers=headers, timeout=20, trust_env=False)  # by no proxy
    with here as insights:
        page = _get(insights, f"/v1/journeys/{JOURNEY}")
        series = {"metric": METRIC, "from": f"{now().date() - timedelta(weeks=_WEEKS)}", "step": "1w"}
        points = _get(insights, f"/v1/journeys/{JOURNEY}/touchpoints/{MOMENT}/metrics", **series)["points"]
        person = _get(insights, f"/v1/customers/{history.subject}")
    _print(console, "A journey, as its customers lived it", journey(page))
    _print(console, "On the promised day? For a week a carrier has let the north wait", weeks(_measure(page), points))
    _print(console, "One of those who waited (times are UTC)", customer(person))


def say_goodbye(console: Console, history: History, key: str) -> None:
    """Addresses, a key, what to try."""
    console.rule("[bold]It runs on[/]", align="left")
    for part, what in (("ingest", "the door"), ("insights", "the read API"), ("scoring", "health and metrics")):
        console.print(f"{part:<9} {address(part)}/docs  [dim]{what}[/]")
    at = f"{address('insights')}/v1"
    for path in (
        f"customers/{history.subject}",
        f"journeys/{JOURNEY}/touchpoints/{MOMENT}/metrics?metric=csat&window=7d",
    ):
        console.print(f"\ncurl -H 'Authorization: Bearer {key}' \\\n  '{at}/{path}'", markup=False, soft_wrap=True)
    console.print(f"\nNext: [bold]export VOC_HOME={HOME}[/], then")
    for command, what in (
        ("status", "how the parts are"),
        ("send FILE", "events of your own: docs/send.md"),
        ("programme diff examples/retail", "after you have changed a threshold there"),
        ("key list", "who may come in"),
        ("down", "stop it; the next demo begins anew"),
    ):
        console.print(f"  {f'{called()} {command}':<46} [dim]{what}[/]", soft_wrap=True)


def _measure(page: dict[str, Any]) -> dict[str, Any]:
    """That of the moment with the trouble, for its thresholds."""
    touchpoints = [touchpoint for stage in page["stages"] for touchpoint in stage["touchpoints"]]
    measures = [measure for one in touchpoints if one["touchpoint"] == MOMENT for measure in one["measures"]]
    found: dict[str, Any] = next(measure for measure in measures if measure["metric"] == METRIC)
    return found


def _get(insights: httpx.Client, path: str, **asked: str) -> Any:
    answer = insights.get(path, params=asked)
    if answer.status_code != 200:
        raise Unavailable(f"The read API answered {answer.status_code} to {answer.url}: {answer.text[:300]}")
    return answer.json()


def _print(console: Console, heading: str, what: RenderableType) -> None:
    console.rule(f"[bold]{heading}[/]", align="left")
    console.print(Padding(what, (0, 0, 1, 0)))
