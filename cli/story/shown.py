"""What there is to see of the story when it has been told, and where to go from here."""

from rich.console import Console, RenderableType
from rich.padding import Padding

from cli.called import called
from cli.story.address import address
from cli.story.customer import customer
from cli.story.fresh import HOME
from cli.story.journey import journey
from cli.story.reading import Reading
from cli.story.script import JOURNEY, METRIC, MOMENT, Script
from examples.retail import live

_PARTS = (
    ("inbox", "/", "what Slack and the mail server would have shown"),
    ("insights", "/docs", "the read API: journeys, figures, customers"),
    ("alerts", "/docs", "red spells, cases, who was told and when"),
    ("ingest", "/docs", "the door for events"),
    ("scoring", "/metrics", "health and metrics"),
)
_NEXT = (
    ("demo recover", "mend the carrier, and see the same people told"),
    ("inbox", "all that was received"),
    ("status", "how the parts are"),
    ("send FILE", "events of your own: docs/send.md"),
    ("programme diff examples/retail", "after you have changed a threshold there"),
    ("down", "stop it; the next demo begins anew"),
)


def show(console: Console, reading: Reading, script: Script) -> None:
    """The journey with its figures, and a customer who waited in vain. Raises Unavailable."""
    _print(console, "The journey, as its customers live it", journey(reading.journey()))
    person = reading.customer(live.star(script.shop))
    _print(console, "One of those who waited (times are UTC)", customer(person))


def say_goodbye(console: Console, reading: Reading) -> None:
    """Addresses, a key, what to try."""
    console.rule("[bold]It runs on[/]", align="left")
    for part, path, what in _PARTS:
        console.print(f"{part:<9} {address(part)}{path}  [dim]{what}[/]")
    url = f"{address('insights')}/v1/journeys/{JOURNEY}/touchpoints/{MOMENT}/metrics?metric={METRIC}&window=1h"
    console.print(f"\ncurl -H 'Authorization: Bearer {reading.key}' \\\n  '{url}'", markup=False, soft_wrap=True)
    console.print(f"\nNext: [bold]export VOC_HOME={HOME}[/], then")
    for command, what in _NEXT:
        console.print(f"  {f'{called()} {command}':<46} [dim]{what}[/]", soft_wrap=True)


def _print(console: Console, heading: str, what: RenderableType) -> None:
    console.rule(f"[bold]{heading}[/]", align="left")
    console.print(Padding(what, (0, 0, 1, 0)))
