"""`voc`: what commands there are. Adding one means a file of its own, and its line here."""

from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from cli.down import down
from cli.programme import app as programme
from cli.stack_home import use_local_stack
from cli.status import status
from cli.up import up
from shared.errors import VocError

_OF_THE_STACK = {"up", "down", "status"}


class _Commands(TyperGroup):
    """A failure we have a sentence for ends with that sentence and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except VocError as error:
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(str(error))
            raise typer.Exit(1) from error


app = typer.Typer(
    name="voc",
    help="The Voice-of-the-Customer platform: its local stack, its programme, its doors.",
    no_args_is_help=True,
    cls=_Commands,
    pretty_exceptions_show_locals=False,  # locals hold passwords and keys
)


@app.callback()
def prepare(ctx: typer.Context) -> None:
    """The Voice-of-the-Customer platform: its local stack, its programme, its doors."""
    if ctx.invoked_subcommand not in _OF_THE_STACK:
        use_local_stack()


app.command()(up)
app.command()(down)
app.command()(status)
app.add_typer(programme, name="programme")

if __name__ == "__main__":
    app()
