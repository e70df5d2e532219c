"""E-mail addresses: looked for from the @ outwards, which is what keeps a long text cheap."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction.span import Span

# Letters of alphabets with blanks between words; in Chinese or Thai the words around an address touch it.
_LETTERS = "A-Za-z0-9_\u00c0-\u052f"
_SIGNS = r".!#$%'*+~-"  # RFC 5322 knows more; those stand between the parts of an address of a page
_at = re.compile("[@＠]")
_locals = [re.compile(rf"[{letters}{_SIGNS}]+\Z") for letters in (_LETTERS, r"\w")]
_domain = re.compile(
    rf"[{_LETTERS}-]{{1,63}}(?:\.[{_LETTERS}-]{{1,63}}){{1,8}}|[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}"
)
LONGEST_LOCAL = 64


def find(text: str) -> Iterator[Span]:
    """Addresses with a domain that has a dot; `ana (at) example.com` is none."""
    done = 0
    for sign in _at.finditer(text):
        start = _start(text, sign.start(), done)
        end = _end(text, sign.end())
        if start < sign.start() and end > sign.end():
            yield start, end
            done = end


def _start(text: str, at: int, done: int) -> int:
    for local in _locals:
        found = local.search(text, max(done, at - LONGEST_LOCAL), at)
        if found is not None:
            return at - len(found[0].lstrip(_SIGNS.replace("+", "")))
    return at


def _end(text: str, begin: int) -> int:
    """The end of a domain whose last label has two characters and a letter among them; `begin` if there is none."""
    found = _domain.match(text, begin)
    domain = found[0] if found else ""
    while "." in domain:
        last = domain.rpartition(".")[2].rstrip("-_")
        if len(last) > 1 and not last.isdigit():
            return begin + len(domain.rstrip("-_"))
        domain = domain.rpartition(".")[0]
    return begin
