"""Reads programme.yaml: what is wanted, whom not to ask, and when somebody needs help now."""

import re
from typing import Any

from shared.metrics.known import MEASURABLE
from shared.programme.conditions import when
from shared.programme.faults import one_of
from shared.programme.model import CaseRule, Goal, Governance, Surveys
from shared.programme.names import known, touchpoint_in
from shared.programme.privacy_file import privacy
from shared.programme.reading import Spot, Wrong
from shared.programme.values import (
    allowance,
    boolean,
    day,
    delay,
    duration,
    identifier,
    listed,
    mapped,
    number,
    text,
    zone,
)

FRESH = 172_800  # two days: what is older is history, and nobody waits for an answer

_feedback = re.compile(r"([^@\s]+)@(?:([^/\s]+)/)?([^/\s]+)")


def programme(spot: Spot) -> dict[str, Any]:
    """The fields of Programme that stand in programme.yaml."""
    with spot.fields() as fields:
        return {
            "name": fields.need("name", text),
            "timezone": fields.need("timezone", zone),
            "admin": fields.get("admin", known("owner"), None),
            "settle": fields.get("settle", duration(), 30),
            "mission": fields.get("mission", text, None),
            "success": fields.get("success", text, None),
            "goals": fields.get("goals", listed(_goal), ()),
            "governance": fields.get("governance", _governance, Governance()),
            "cases": fields.get("cases", listed(_case), ()),
            "privacy": fields.get("privacy", privacy, None),
        }


def _goal(spot: Spot) -> Goal:
    with spot.fields() as fields:
        metric, journey, touchpoint = fields.need("feedback", _feedback_at) or ("", "", "")
        return Goal(
            name=fields.need("name", text),
            owner=fields.need("owner", known("owner")),
            metric=metric,
            journey=journey,
            touchpoint=touchpoint,
            outcome=fields.get("outcome", text, None),
            target=fields.need("target", number()),
            by=fields.need("by", day),
        )


def _feedback_at(spot: Spot) -> tuple[str, str, str]:
    found = _feedback.fullmatch(text(spot))
    if found is None:
        raise Wrong("METRIC@TOUCHPOINT, such as csat@parcel-arrives, or METRIC@JOURNEY/TOUCHPOINT")
    metric, journey, touchpoint = found.groups()
    if metric not in MEASURABLE:
        raise Wrong(f"a metric before the @: {one_of(MEASURABLE, metric)}")
    return metric, spot.page.names.journey_of(touchpoint, journey), touchpoint


def _governance(spot: Spot) -> Governance:
    with spot.fields() as fields:
        return Governance(surveys=fields.get("surveys", _surveys, Surveys()))


def _surveys(spot: Spot) -> Surveys:
    with spot.fields() as fields:
        return Surveys(
            per_customer=fields.get("per_customer", allowance, None),
            per_metric=fields.get("per_metric", mapped(identifier, allowance), {}),
            personas=fields.get("personas", mapped(known("persona"), allowance), {}),
            needs_consent=fields.get("needs_consent", boolean, False),
        )


def _case(spot: Spot) -> CaseRule:
    with spot.fields() as fields:
        journey = fields.get("journey", known("journey"), None)
        return CaseRule(
            name=fields.need("name", _case_name),
            when=fields.need("when", when),
            owner=fields.need("owner", known("owner")),
            journey=journey,
            touchpoint=fields.get("touchpoint", touchpoint_in(journey), None),
            reply_within=fields.get("reply_within", delay, None),
            fresh=fields.get("fresh", duration(1), FRESH),
        )


def _case_name(spot: Spot) -> str:
    spot.page.names.declare("case", text(spot), spot)
    return spot.raw
