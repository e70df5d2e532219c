"""Text as Slack wants it: escaped, and cut to a limit that is measured after escaping."""

from collections.abc import Callable

_CUT = "…"


def escaped(text: str) -> str:
    """Slack's three control characters as entities: `<!channel>` in a comment is then a text and calls nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def characters(text: str) -> int:
    """As Slack counts them: UTF-16 units, so an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def octets(text: str) -> int:
    """Bytes, which `chat.update` counts."""
    return len(text.encode())


def cut(text: str, limit: int, *, measure: Callable[[str], int] = characters) -> str:
    """Escaped, and not longer than `limit` then; what is cut ends in `…` and never in the middle of an entity."""
    whole = escaped(text)
    if measure(whole) <= limit:
        return whole
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(escaped(text[:middle]) + _CUT) <= limit:
            low = middle
        else:
            high = middle - 1
    return escaped(text[:low].rstrip()) + _CUT
