"""A file a question: what it asks, its inputs, the index it needs."""

from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text


@cache
def question(name: str) -> TextClause:
    """The statement in `<name>.sql`, ready to be given its inputs."""
    return text((files(__name__) / f"{name}.sql").read_text())
