"""A provider's rule at work: what one part of a payload is."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from services.ingest.domain.fetching import Fetching
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.provider import Rule
from services.ingest.domain.questionnaire import Questionnaire
from shared.events.refusal import Problem
from shared.programme.jmes import Expression, NotApplicable, compiled
from shared.programme.source import Source


class Drafted(NamedTuple):
    """An event that is not completed yet, and the source's own words for who and which, where they find somebody."""

    event: Any
    subject: Any = None
    instance: Any = None


class Ruled:
    """A rule, compiled for a source."""

    def __init__(self, rule: Rule, source: Source) -> None:
        self._when = compiled(rule.when)
        self._ignore = rule.ignore
        self._refuse = rule.refuse
        self._event: Expression | None = compiled(rule.event) if rule.event else None
        self.fetching = Fetching(rule.fetch, source) if rule.fetch else None
        self._questionnaire = Questionnaire(rule.sheet, source) if rule.sheet else None
        self._subject = compiled(source.subject) if source.subject else None
        self._instance = compiled(source.instance) if source.instance else None

    def applies(self, item: Any) -> bool:
        """Whether this rule is the one for `item`. Raises NotApplicable."""
        return bool(self._when(item))

    def events(self, item: Any, mapped: Mapped) -> Iterator[Drafted]:
        """The events; what else is to be said of `item` goes into `mapped`. Raises NotApplicable."""
        if self._ignore is not None:
            mapped.ignored.append(self._ignore)
        elif self._refuse is not None:
            mapped.problems.append(Problem("", self._refuse))
        elif self.fetching is not None:
            self.fetching.note(item, mapped)
        elif self._questionnaire is not None:
            filled = self._questionnaire.event(item)
            mapped.problems += filled.problems
            mapped.unknown += filled.unknown
            if not filled.problems:
                yield Drafted(filled.event)
        elif self._event is not None:
            found = self._event(item)
            if found is None:
                mapped.ignored.append("the map yields nothing for it")
            who, which = _found(self._subject, item), _found(self._instance, item)
            yield from (Drafted(one, who, which) for one in (found if isinstance(found, list) else [found]) if one)


def _found(expression: Expression | None, item: Any) -> Any:
    """What a source's own expression finds; one that is written for questionnaires may not fit other payloads."""
    try:
        return None if expression is None else expression(item)
    except NotApplicable:
        return None
