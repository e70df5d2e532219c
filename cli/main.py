"""`voc`: what commands there are. Adding one means a file of its own, and its line in the table here.

A command's file is imported when the command is used: `voc status` does not wait for a database library.
"""

from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from cli.stack_home import use_local_stack
from cli.stopped import CODE
from shared.errors import VocError

# name: module and what it holds, a function or a Typer app with commands of its own
COMMANDS = {
    "up": "cli.up:up",
    "down": "cli.down:down",
    "status": "cli.status:status",
    "demo": "cli.demo:app",
    "programme": "cli.programme:app",
    "key": "cli.key:app",
    "customer": "cli.customer:app",
    "send": "cli.send:send",
    "source": "cli.source:app",
    "quarantine": "cli.quarantine:app",
    "inbox": "cli.inbox:inbox",
}
_OF_THE_STACK = {"up", "down", "status", "demo"}


class _Commands(TyperGroup):
    """The table as commands; a failure we have a sentence for ends with that sentence and exit code 1, Ctrl-C with one
    and exit code 130."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return command(cmd_name) if cmd_name in COMMANDS else None

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except VocError as error:
            _say(str(error))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            _say(str(error) or "Stopped.")
            raise typer.Exit(CODE) from None


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(sentence)


def command(name: str) -> Any:
    """The command of the table with this name, imported now."""
    module, _, attribute = COMMANDS[name].partition(":")
    found, holder = getattr(import_module(module), attribute), typer.Typer()
    holder.callback()(lambda: None)  # makes it a group, even of one
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    group = typer.main.get_command(holder)
    assert isinstance(group, TyperGroup)
    return group.commands[name]


app = typer.Typer(
    name="voc",
    no_args_is_help=True,
    cls=_Commands,
    pretty_exceptions_show_locals=False,  # locals hold passwords and keys
)


@app.callback()
def prepare(ctx: typer.Context) -> None:
    """The Voice-of-the-Customer platform: its local stack, its programme, its doors."""
    if ctx.invoked_subcommand not in _OF_THE_STACK:
        use_local_stack()


if __name__ == "__main__":
    app()
