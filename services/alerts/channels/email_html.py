"""A card as HTML for mail programs: tables and inline styles, nothing fetched from anywhere, everything escaped."""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from services.alerts.domain.wording.card import Card, Sign

_COLOURS: dict[Sign, str] = {
    "red": "#c62828",
    "yellow": "#b26a00",
    "green": "#2e7d32",
    "unknown": "#616161",
    "case": "#1f5fbf",
    "trouble": "#b26a00",
    "over": "#2e7d32",
}
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light">
<title>{subject}</title>
</head>
<body style="margin:0;padding:0;background:#f2f3f5;">
<div style="display:none;max-height:0;overflow:hidden;">{preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f3f5;"><tr>\
<td align="center" style="padding:24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" \
style="max-width:600px;background:#ffffff;border:1px solid #dfe1e5;border-radius:8px;{font};color:#1d1f23;">
<tr><td style="height:6px;line-height:6px;font-size:0;background:{colour};border-radius:8px 8px 0 0;">&nbsp;</td></tr>
<tr><td style="padding:24px 28px 4px;">
<h1 style="margin:0;font-size:21px;line-height:28px;font-weight:600;color:{colour};overflow-wrap:anywhere;">\
{headline}</h1>
</td></tr>
{rows}
<tr><td style="padding:16px 28px 22px;font-size:12px;line-height:18px;color:#5f6368;\
border-top:1px solid #eceef1;overflow-wrap:anywhere;">{foot}</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""


def html(card: Card) -> str:
    """The whole page."""
    return _PAGE.format(
        subject=escape(card.subject),
        preview=escape(" ".join((card.headline + ".", *card.lines))),
        font=_FONT,
        colour=_COLOURS[card.sign],
        headline=escape(card.headline),
        rows="\n".join(_rows(card)),
        foot=escape(card.foot),
    )


def _rows(card: Card) -> Iterator[str]:
    for line in card.lines:
        yield _row(f'<p style="margin:0;">{escape(line)}</p>')
    if card.verbatim:
        said = escape(card.verbatim).replace("\n", "<br>\n")
        style = f"margin:0;padding:10px 16px;background:#f7f8f9;border-left:4px solid {_COLOURS[card.sign]};"
        yield _row(f'<blockquote style="{style}overflow-wrap:anywhere;">{said}</blockquote>')
    if card.facts:
        facts = "\n".join(_fact(fact.name, fact.value) for fact in card.facts)
        yield _row(f'<table width="100%" cellpadding="0" cellspacing="0">\n{facts}\n</table>')
    if links := [_link(link.says, link.url) for link in card.links if _leads_out(link.url)]:
        yield _row(" &nbsp; ".join(links), below=20)


def _row(content: str, *, below: int = 4) -> str:
    return (
        f'<tr><td style="padding:10px 28px {below}px;font-size:15px;line-height:23px;overflow-wrap:anywhere;">'
        f"{content}</td></tr>"
    )


def _fact(name: str, value: str) -> str:
    cell = (
        "padding:7px 0;border-top:1px solid #eceef1;vertical-align:top;font-size:14px;line-height:20px;color:#1d1f23;"
    )
    return (
        f'<tr><td width="34%" style="{cell}color:#5f6368;padding-right:14px;">{escape(name)}</td>'
        f'<td style="{cell}overflow-wrap:anywhere;">{escape(value)}</td></tr>'
    )


def _link(says: str, url: str) -> str:
    return f'<a href="{escape(url)}" style="color:#1a56b0;font-size:14px;">{escape(says)}</a>'


def _leads_out(url: str) -> bool:
    """Only addresses of the web: no script in a link."""
    return urlsplit(url).scheme in ("http", "https")
