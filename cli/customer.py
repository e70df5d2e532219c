"""`voc customer`: what is known of a customer."""

import asyncio
import sys
from typing import Annotated

import typer

from cli.database import database
from shared import clock
from shared.errors import VocError
from shared.events.event import customer_of
from shared.events.pseudonym import Pseudonyms
from shared.programme import store
from shared.programme.history import History
from shared.programme.model import Privacy
from shared.secret import secret

app = typer.Typer(help="What is known of a customer.", no_args_is_help=True)

Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help="as a source names them, such as email:ana@example.com")
]


class NoPseudonyms(VocError):
    """Nobody has a pseudonym, or it cannot be told which."""


@app.command()
def pseudonym(subject: Subject) -> None:
    """Print the name, alone, that stands for a customer in events and figures, by the key that the programme names."""
    privacy = asyncio.run(_privacy())
    if privacy is None or privacy.key is None:
        raise NoPseudonyms("The programme in force makes nobody a pseudonym: the customer's name is their own.")
    key = secret(privacy.key)
    if key is None:
        raise NoPseudonyms(f"The key of pseudonyms is not there: give this command what ingest has in {privacy.key}.")
    pseudonyms = Pseudonyms(privacy.pseudonymise, key, region=privacy.region)
    customer = customer_of(subject)
    if not pseudonyms.concern(customer):
        print(f"{customer} needs none: only {', '.join(privacy.pseudonymise)} do.", file=sys.stderr)
    print(pseudonyms.of(customer))


async def _privacy() -> Privacy | None:
    """Of the programme that holds now. Raises NoProgramme."""
    async with database("voc customer") as connection:
        versions = await store.versions(connection)
    return History(versions).at(clock.now()).programme.privacy
