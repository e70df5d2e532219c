"""JMESPath, the language in which a foreign payload becomes events.

An expression is compiled when the programme is checked and again where it is used; it has no side effects and no loop
that could go on for ever.
"""

import re
from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError, LexerError, ParseError

from shared.errors import VocError
from shared.programme.jmes_functions import SLIPS, TYPES, MappingFunctions, Unsuitable


class ExpressionInvalid(VocError):
    """Not an expression; `line` and `column` (from 1) say where."""

    def __init__(self, said: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(said)
        self.line = line
        self.column = column


class NotApplicable(VocError):
    """An expression does not fit the payload that it was given.

    The sentence says which function got what types, never a value: it is told to owners, and payloads are customers'.
    """


class Expression:
    """A compiled expression. `text` is as it was written."""

    def __init__(self, text: str, parsed: Any) -> None:
        self.text = text
        self._parsed = parsed

    def __call__(self, value: Any) -> Any:
        """What it finds in `value`, None where there is nothing. Raises NotApplicable."""
        try:
            return self._parsed.search(value, options=_OPTIONS)
        except JMESPathTypeError as error:
            wanted = " or ".join(error.expected_types)
            found = TYPES.get(error.actual_type, error.actual_type)
            raise NotApplicable(f"in {error.function_name}(), invalid type: expected {wanted}, found {found}") from None
        except (Unsuitable, JMESPathError) as error:
            raise NotApplicable(_one_line(str(error))) from None
        except (*SLIPS, RecursionError) as error:
            raise NotApplicable(f"{_one_line(self.text)!r} cannot be read here ({type(error).__name__})") from None


def compiled(text: str) -> Expression:
    """The expression that `text` is. Raises ExpressionInvalid, also for a function that there is not."""
    try:
        parsed = jmespath.compile(text)
    except (LexerError, ParseError) as error:
        at = getattr(error, "lex_position", None) or getattr(error, "lexer_position", 0) or 0
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise ExpressionInvalid(_said(error), line=line, column=column) from error
    except (JMESPathError, RecursionError) as error:
        raise ExpressionInvalid(_one_line(str(error))) from error
    for name in _functions(parsed.parsed):
        if name not in _FUNCTIONS.FUNCTION_TABLE:
            at = text.find(f"{name}(")
            known = ", ".join(sorted(_FUNCTIONS.FUNCTION_TABLE))
            raise ExpressionInvalid(
                f"there is no function {name}(); there are {known}",
                line=text.count("\n", 0, max(at, 0)) + 1,
                column=at - text.rfind("\n", 0, max(at, 0)),
            )
    return Expression(text, parsed)


_FUNCTIONS = MappingFunctions()
_OPTIONS = jmespath.Options(custom_functions=_FUNCTIONS)


def _functions(node: Any) -> Iterator[str]:
    """The names of all functions that an expression calls."""
    if isinstance(node, dict):
        if node.get("type") == "function_expression":
            yield node["value"]
        for child in node.get("children", ()):
            yield from _functions(child)


def _said(error: JMESPathError) -> str:
    """What jmespath found, without the expression and the arrow that it draws below."""
    if isinstance(error, LexerError):
        return str(error.message)
    token = getattr(error, "token_value", None)
    return "the expression ends too early" if token is None else f"{token!r} is not expected here"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:400]
