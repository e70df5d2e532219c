"""The language of mappings: what it finds, and what it says of a mistake."""

from typing import Any

import pytest

from shared.programme.jmes import ExpressionInvalid, NotApplicable, compiled


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {}, None),
        ("answers[?ref=='x'].score | [0]", {"answers": [{"ref": "x", "score": 9}]}, 9),
        ("from_epoch(t)", {"t": 1772442980}, "2026-03-02T09:16:20Z"),
        ("from_epoch(t)", {"t": "1772442980.5"}, "2026-03-02T09:16:20.500000Z"),
        ("from_epoch(t)", {}, None),
        ("from_epoch_ms(t)", {"t": 1772442980482}, "2026-03-02T09:16:20.482000Z"),
        ("in_zone(t, 'Europe/Berlin')", {"t": "2026-03-02 09:16"}, "2026-03-02T08:16:00+00:00"),
        ("in_zone(t, 'Europe/Berlin')", {"t": "2026-03-02T09:16:00Z"}, "2026-03-02T09:16:00+00:00"),
        ("in_zone(t, 'Europe/Berlin')", {"t": ""}, None),
        ("lower(t)", {"t": "Ana@Example.Test"}, "ana@example.test"),
        ("trim(t)", {"t": " a "}, "a"),
        ("split(t, ',')", {"t": "a,b"}, ["a", "b"]),
        ("split(t, '')", {"t": "ab"}, ["ab"]),
        ("replace(t, 'gid://', '')", {"t": "gid://x"}, "x"),
        ("parse_json(t).q", {"t": '{"q": 4}'}, 4),
        ("parse_json(t)", {"t": ""}, None),
        ("parse_json(t)", {"t": r'"\ud83e\udd72 \ud83e"'}, "🥲 �"),
        ("parse_json(t)", {"t": r'{"\udd72": ["\ud83e", 4, "ü\u00fc"]}'}, {"�": ["�", 4, "üü"]}),
        ("pairs(o)[?begins(key, 'q')].value", {"o": {"q1": 1, "z": 2}}, [1]),
        ("from_pairs(l)", {"l": [{"key": "a", "value": 1}, {"value": 2}]}, {"a": 1}),
        ("lookup(o, name)", {"o": {"a": 1}, "name": "a"}, 1),
        ("lookup(o, name)", {"o": {"a": 1}}, None),
        ("if(a, 'yes', 'no')", {"a": 0}, "yes"),
        ("if(a, 'yes', 'no')", {"a": False}, "no"),
        ("if(a, 'yes', 'no')", {}, "no"),
        ("named('email', [e])", {"e": "ana@example.test"}, "email:ana@example.test"),
        ("named('shop', [a, b])", {"a": 1, "b": "x"}, "shop:1/x"),
        ("named('email', [e])", {}, None),
        ("named('email', [e])", {"e": ""}, None),
        ("begins(t, 'a')", {}, False),
        ("chosen(v, o)", {"v": ["a", "x", 1], "o": [{"id": "a", "text": "Very good"}]}, ["Very good", "x", 1]),
        ("chosen(v, o)", {"v": "a", "o": [{"id": "a", "text": "Very good"}]}, "Very good"),
        ("chosen(v, o)", {"v": 4}, 4),
        ("chosen(v, o)", {"o": []}, None),
        ("digest(v)", {"v": {"a": 1, "b": "ü"}}, "1a59e522e02ce50a"),
        ("digest(v) == digest(w)", {"v": {"a": 1, "b": 2}, "w": {"b": 2, "a": 1}}, True),
        ("digest(v) == digest(w)", {"v": {"a": 1}, "w": {"a": "1"}}, False),
        ("digest(v)", {}, None),
    ],
)
def test_what_it_finds(text: str, value: Any, found: Any) -> None:
    assert compiled(text)(value) == found


@pytest.mark.parametrize(
    ("text", "says", "line", "column"),
    [
        ("foo(", "ends too early", 1, 5),
        ("{\n  a: b,\n  c d}", "'d' is not expected here", 3, 5),
        ("{\n  a: nosuch(b)}", "there is no function nosuch()", 2, 6),
        ("a.'b", "Unclosed", 1, 3),
        ("", "cannot be empty", 1, 1),
    ],
)
def test_where_a_mistake_is(text: str, says: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionInvalid, match=says.replace("(", r"\(").replace(")", r"\)")) as raised:
        compiled(text)
    assert (raised.value.line, raised.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "value", "says"),
    [
        ("join(':', ['crm', number])", {}, r"join\(\), invalid type"),
        ("in_zone(t, 'Mars/Olympus')", {"t": "2026-03-02 09:16"}, r"^in_zone\(string, string\) cannot do with"),
        ("parse_json(t)", {"t": "{"}, "no JSON: Expecting"),
        ("parse_json(t)", {"t": '{"q": Infinity}'}, "a number that is none"),
        ("parse_json(t)", {"t": "[NaN]"}, "a number that is none"),
        ("parse_json(t)", {"t": "-1e999"}, "out of range"),
        ("parse_json(t)", {"t": "[" * 65 + "]" * 65}, "more than 64 objects and arrays"),
        ("parse_json(t)", {"t": "[" * 100_000}, "more than 64 objects and arrays"),
        ("from_epoch(t)", {"t": 1e300}, r"^from_epoch\(number\) cannot do with"),
        ("sort_by(l, &a)", {"l": [{"a": 1}, {"a": "x"}]}, "invalid type"),
        ("lower(t, t)", {"t": "x"}, "Expected 1 argument"),
    ],
)
def test_a_payload_that_does_not_fit(text: str, value: Any, says: str) -> None:
    with pytest.raises(NotApplicable, match=says):
        compiled(text)(value)


@pytest.mark.parametrize(
    "text",
    [
        "join(':', who)",
        "lower([who])",
        "in_zone(who, 'UTC')",
        "in_zone('2026-03-02 09:16', who)",
        "from_epoch(who)",
        "from_epoch_ms(who)",
        "parse_json(who)",
        "sort_by([{a: `1`}, {a: who}], &a)",
        "max([`1`, who])",
        "abs(who)",
        "map(&from_epoch(@), [who])",
    ],
)
def test_what_does_not_fit_is_never_quoted(text: str) -> None:
    with pytest.raises(NotApplicable) as raised:
        compiled(text)({"who": "Ana\0Rossi"})
    assert "Ana" not in str(raised.value)
    assert raised.value.__cause__ is None, "a log of it would quote its cause"
