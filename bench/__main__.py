"""python -m bench [NAME…]: run comparisons, print what they found and record it in docs/results.md."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

import bench
from bench.report import Figure, Options, record, show
from shared.clock import now

Run = Callable[[Options], list[Figure]]


def main(
    names: Annotated[list[str] | None, typer.Argument(help="which comparisons; all, where none is named")] = None,
    *,
    quick: Annotated[bool, typer.Option(help="less data, a minute each: to see that it works")] = False,
    recorded: Annotated[
        bool | None,
        typer.Option("--record/--no-record", help="write docs/results.md; a quick run does so only if told"),
    ] = None,
    karapace: Annotated[str | None, typer.Option(metavar="URL", help="ingest: a REST proxy that runs already")] = None,
    hub: Annotated[str | None, typer.Option(metavar="URL", help="ingest: a Formbricks Hub that runs already")] = None,
    hub_key: Annotated[str, typer.Option(metavar="KEY", help="ingest: that Hub's API_KEY")] = "",
    soak: Annotated[bool, typer.Option(help="ingest: ten minutes more, for its memory")] = False,
) -> None:
    """Measure ours and the other side in one run on this machine; nothing else should run beside it."""
    known = comparisons()
    for name in names or known:
        if name not in known:
            raise typer.BadParameter(f"there is no comparison {name}; there are: {', '.join(known)}")
    options = Options(quick=quick, soak=soak, karapace=karapace, hub=hub, hub_key=hub_key)
    for name in names or known:
        figures = known[name](options)
        show(name, figures, Console())
        if recorded if recorded is not None else not quick:
            command = " ".join(["python -m bench", name, *options.words()])
            record(name, figures, command=command, at=now())


def comparisons() -> dict[str, Run]:
    """The modules of this package that can `run`, by name: a new comparison is a new file."""
    modules = {
        found.name: import_module(f"bench.{found.name}")
        for found in pkgutil.iter_modules(bench.__path__)
        if not found.name.startswith("_")
    }
    return {name: module.run for name, module in sorted(modules.items()) if hasattr(module, "run")}


if __name__ == "__main__":
    typer.run(main)
