"""A small programme as files, right as it stands, for tests to break."""

from pathlib import Path

FILES = {
    "programme.yaml": """\
name: Corner shop
timezone: Europe/Paris
admin: owner-in-chief
goals:
  - {name: On time, owner: van, feedback: csat@handed-over, outcome: churned, target: 80, by: 2027-01-31}
governance:
  surveys: {per_customer: 1 in 30d, per_metric: {nps: 1 in 90d}, personas: {early: 1 in 60d}, needs_consent: true}
cases:
  - {name: furious, when: "csat <= 1", owner: van, reply_within: 8 business hours}
  - {name: waiting, when: promise missed, journey: delivery, owner: van, reply_within: 4h}
privacy:
  region: FR
  redact: [email, phone]
  keep: ['ORD-\\d+']
  patterns: [{name: LOYALTY, matches: 'LC[0-9]{8}'}]
  texts: [attributes.note]
  pseudonymise: [email]
  key: env:SHOP_PSEUDONYM_KEY
""",
    "journeys/delivery.yaml": """\
journey: delivery
personas: [early, usual]
instance: {by: instance, closes_on: [handed-over], idle_after: 90d}
stages:
  - stage: order
    touchpoints:
      - touchpoint: ordered
        match: {type: voc.interaction, action: ordered}
  - stage: door
    touchpoints:
      - touchpoint: handed-over
        channels: [van, bicycle]
        people: [{role: driver, visible: true}, {role: kitchen, visible: false}]
        match: {type: voc.interaction, action: [handed-over, left-at-door]}
        promise: {says: By noon, opened_by: ordered, due: promised_at, kept_by: handed-over}
        moment_of_truth:
          owner: van
          measures:
            - {metric: csat, window: 28d, red_below: 55, yellow_below: 65, at_least: 50}
            - {metric: promise_kept, window: 24h, red_below: 85, yellow_below: 92}
            - {metric: wait_seconds, stat: p90, window: 15m, red_above: 600, yellow_above: 300}
""",
    "personas.yaml": """\
personas:
  - persona: early
    treatment: {strategy: Ring before eight, do: [ring], avoid: [late-slot]}
    signals:
      - {feature: share_of_channel.van, at_least: 0.6, weight: 2}
      - {feature: tenure_days, from: 90, to: 365, weight: 3}
      - {feature: attribute.city, in: [Lille, Paris]}
    must: [{feature: promise.missed, at_most: 2}]
  - persona: usual
    default: true
""",
    "owners.yaml": """\
owners:
  - owner: van
    hours: {mon-fri: "08:00-18:00"}
    holidays: [2026-12-25]
    notify: [{slack: "#van"}, {email: van@shop.example}]
    escalate: [{after: 2 business hours, to: owner-in-chief}]
  - owner: owner-in-chief
    timezone: Europe/Rome
""",
    "sources.yaml": """\
sources:
  - source: till
    provider: typeform
    secret: env:TILL_SECRET
    questions: {q1: {metric: nps}, q2: {comment: true}}
    touchpoint: handed-over
  - {source: crm, provider: generic, secret: env:CRM_SECRET, map: crm.jmespath}
  - {source: orders, topic: shop.orders}
""",
    "crm.jmespath": "{id: id}\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put the files into `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def broken(file: str, right: str, wrong: str) -> dict[str, str]:
    """The files with one text replaced, which must be there once."""
    assert FILES[file].count(right) == 1, f"{right!r} stands {FILES[file].count(right)} times in {file}"
    return FILES | {file: FILES[file].replace(right, wrong)}
