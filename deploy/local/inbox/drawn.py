"""An answer of the read API as a page: whoever follows a link in a message is no program."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?Z")
_STATUSES = ("green", "yellow", "red", "unknown")
_IN_A_LINE, _IN_A_ROW = 5, 12
"""Members that a mapping has at most to be written in a line, columns that a table has at most."""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page/look.css">
</head>
<body>
<header><p>{what}</p><h1>{title}</h1><p><a href="/">All messages</a></p></header>
<main>{content}</main>
<footer>{foot}</footer>
</body>
</html>
"""


def page(answer: Any, *, what: str, title: str, foot: str, lead: Iterable[str] = ()) -> str:
    """The sentences of `lead`, and folded below them all that it says, except what is empty; `what` it is of, `foot`
    where it comes from."""
    said = "".join(f"<p>{_scalar(sentence)}</p>" for sentence in lead)
    content = (
        f"{said}<details{'' if said else ' open'}><summary>All that is known of it</summary>{_drawn(answer)}</details>"
    )
    return _PAGE.format(what=escape(what), title=escape(title), content=content, foot=escape(foot))


def sentence(said: str, *, what: str, title: str) -> str:
    """A page that says why there is nothing to show."""
    return _PAGE.format(what=escape(what), title=escape(title), content=f"<p>{escape(said)}</p>", foot="")


def _drawn(value: Any) -> str:
    if isinstance(value, Mapping):
        return _line(value) if _fits_a_line(value) else _table(value)
    if isinstance(value, list):
        if not all(isinstance(item, Mapping) for item in value):
            return ", ".join(map(_drawn, value))
        return _rows(value) if _fit_rows(value) else "".join(f"<section>{_table(item)}</section>" for item in value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    said = escape(_INSTANT.sub(r"\1 \2 UTC", str(value)))
    return f'<b class="{said}">{said}</b>' if value in _STATUSES else said


def _fits_a_line(members: Mapping[str, Any]) -> bool:
    flat = not any(isinstance(value, Mapping | list) for value in members.values())
    return flat and len(members) <= _IN_A_LINE


def _fit_rows(items: list[Mapping[str, Any]]) -> bool:
    values = [value for item in items for value in item.values()]
    simple = all(not isinstance(v, Mapping | list) or (isinstance(v, Mapping) and _fits_a_line(v)) for v in values)
    return simple and len(_columns(items)) <= _IN_A_ROW


def _line(members: Mapping[str, Any]) -> str:
    """`value 78.4 · n 412`."""
    return " · ".join(f"<i>{_name(name)}</i> {_drawn(value)}" for name, value in members.items() if not _empty(value))


def _table(members: Mapping[str, Any]) -> str:
    found = ((_name(name), _drawn(value)) for name, value in members.items() if not _empty(value))
    return f"<table>{''.join(f'<tr><th>{name}</th><td>{value}</td></tr>' for name, value in found)}</table>"


def _rows(items: list[Mapping[str, Any]]) -> str:
    names = _columns(items)
    head = "".join(f"<th>{_name(name)}</th>" for name in names)
    lines = ("".join(f"<td>{_drawn(item.get(name))}</td>" for name in names) for item in items)
    return f'<table class="rows"><tr>{head}</tr>{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'


def _columns(items: list[Mapping[str, Any]]) -> list[str]:
    """What any of them has; a column that is empty everywhere says nothing."""
    return list(dict.fromkeys(name for item in items for name, value in item.items() if not _empty(value)))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _name(name: str) -> str:
    return escape(name.replace("_", " "))
