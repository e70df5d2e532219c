"""What a payload became, for people."""

from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape


def show(console: Console, tried: dict[str, Any], *, signed: bool) -> None:
    """Print the events, then what is wrong, then what nobody configured. `signed`: headers were given with it."""
    events, problems = tried["events"], tried["problems"]
    for event in events:
        subject = event.get("subject") or "nobody in particular"
        console.print(f"[bold]{event['type']}[/] {escape(event['id'])} of {escape(subject)}, {event['time']}")
        console.print(escape(msgspec.json.format(msgspec.json.encode(event["data"]), indent=2).decode()))
    for address in tried["to_be_fetched"]:
        console.print(f"It says only that there is an answer, which would be fetched from {escape(address)}")
    for reason in tried["ignored"]:
        console.print(f"Ignored: {escape(reason)}")
    if problems:
        console.print("[red]This does not become an event, and would be set aside in the quarantine:[/]")
        for problem in problems:
            where = f"{problem['path']}: " if problem["path"] else ""
            console.print(f"  {escape(where + problem['message'])}")
    for question in tried["unknown_questions"]:
        console.print(
            f"[yellow]Not configured:[/] the question {escape(repr(question))}. Its answer is kept in the event, and"
            f" counts nowhere: name it under `questions` of {escape(tried['source'])}."
        )
    if not (events or problems or tried["ignored"] or tried["to_be_fetched"]):
        console.print("It says nothing: no event, and nothing wrong.")
    if tried["proof"] and signed:
        console.print(f"[red]Its sender would be turned away:[/] {escape(tried['proof'])}.")
    elif signed:
        console.print("Its sender would be let in: the signature holds.")
