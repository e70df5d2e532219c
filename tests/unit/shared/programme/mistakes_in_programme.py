"""Mistakes in programme.yaml: its keys, its values, its names."""

from tests.unit.shared.programme.mistake import PROGRAMME, Case

CASES = [
    Case(PROGRAMME, "admin:", "admn:", 3, "admn", "the key 'admn'", "one of the keys name, timezone, admin"),
    Case(PROGRAMME, "name: Corner shop\n", "", 1, "", "nothing", "the key 'name' here"),
    Case(PROGRAMME, "name: Corner shop", "name:", 1, "name", "nothing", "a text"),
    Case(PROGRAMME, "name: Corner shop", "name: 2026", 1, "name", "2026", "a text (put it in quotes)"),
    Case(PROGRAMME, "admin: o", "name: twice\nadmin: o", 3, "name", "'name'", "each key once; 'name' stands in line 1"),
    Case(PROGRAMME, "admin: o", "7: x\nadmin: o", 3, "7", "7", "a text as the key"),
    Case(
        PROGRAMME, "Europe/Paris", "Europe/Pariss", 2, "timezone", "'Europe/Pariss'", "an IANA time zone such as Europe"
    ),
    Case(PROGRAMME, "Europe/Paris", "../etc", 2, "timezone", "'../etc'", "an IANA time zone"),
    Case(PROGRAMME, "by: 2027-01-31", "by: 2027-02-30", 5, "goals[0].by", "2027-02-30", "a date such as"),
    Case(PROGRAMME, "target: 80", "target: high", 5, "goals[0].target", "'high'", "a number"),
    Case(PROGRAMME, "target: 80", "target: .inf", 5, "goals[0].target", ".inf", "a number in plain digits"),
    Case(PROGRAMME, "true", "yes", 7, "governance.surveys.needs_consent", "'yes'", "true or false"),
    Case(PROGRAMME, "goals:\n", "goals: {}\ncases_of: []\nx:\n", 4, "goals", "a mapping", "a list"),
    Case(
        PROGRAMME, "1 in 30d", "one a month", 7, "governance.surveys.per_customer", "'one a month'", "so many in a dur"
    ),
    Case(
        PROGRAMME, "1 in 30d", "0 in 30d", 7, "governance.surveys.per_customer", "'0 in 30d'", "so many in a duration"
    ),
    Case(
        PROGRAMME, "8 business hours", "8 office hours", 9, "cases[0].reply_within", "'8 office hours'", "a delay such"
    ),
    Case(
        PROGRAMME, "admin: owner-in-chief", "admin: chief", 3, "admin", "'chief'", "an owner of owners.yaml: one of van"
    ),
    Case(
        PROGRAMME,
        "personas: {early:",
        "personas: {erly:",
        7,
        "governance.surveys.personas.erly",
        "'erly'",
        "a persona of",
    ),
    Case(
        PROGRAMME,
        "journey: delivery",
        "journey: deliver",
        10,
        "cases[1].journey",
        "'deliver'",
        "a journey of journeys/",
    ),
    Case(PROGRAMME, "csat@handed-over", "csat@handed", 5, "goals[0].feedback", "'csat@handed'", "a touchpoint: one of"),
    Case(
        PROGRAMME,
        "csat@handed-over",
        "csat@home/handed-over",
        5,
        "goals[0].feedback",
        "'csat@home",
        "a touchpoint of home",
    ),
    Case(PROGRAMME, "csat@handed-over", "handed-over", 5, "goals[0].feedback", "'handed-over'", "METRIC@TOUCHPOINT"),
    Case(
        PROGRAMME, "csat@", "scat@", 5, "goals[0].feedback", "'scat@handed-over'", "a metric before the @: one of nps"
    ),
    Case(
        PROGRAMME,
        "name: waiting",
        "name: furious",
        10,
        "cases[1].name",
        "'furious'",
        "another name: 'furious' is taken b",
    ),
    Case(PROGRAMME, "csat <= 1", "csat =< 1", 9, "cases[0].when", "'csat =< 1'", "a condition such as `nps <= 3`"),
    Case(PROGRAMME, "csat <= 1", "csat <= 7", 9, "cases[0].when", "'csat <= 7'", "a score of csat, from 1 to 5"),
    Case(PROGRAMME, "csat <= 1", "ccsat <= 1", 9, "cases[0].when", "'ccsat <= 1'", "a metric (did you mean 'csat'?"),
    Case(
        PROGRAMME,
        "csat <= 1",
        "promise_kept < 1",
        9,
        "cases[0].when",
        "'promise_kept < 1'",
        "a metric that customers an",
    ),
    Case(PROGRAMME, "promise missed", "promise broken", 10, "cases[1].when", "'promise broken'", "a condition such as"),
    Case(PROGRAMME, "region: FR", "region: fr", 12, "privacy.region", "'fr'", "a country of ISO 3166 in two capital"),
    Case(
        PROGRAMME, "  region: FR\n", "", 12, "privacy.redact", "a list", "privacy.region in programme.yaml beside phone"
    ),
    Case(PROGRAMME, "[email, phone]", "[email, fone]", 13, "privacy.redact[1]", "'fone'", "one of email, phone, card"),
    Case(
        PROGRAMME, "ORD-", "(a+)+", 14, "privacy.keep[0]", "'(a+)+\\\\d+'", "a pattern that can be tried in at most 256"
    ),
    Case(PROGRAMME, "LOYALTY", "loyalty", 15, "privacy.patterns[0].name", "'loyalty'", "a name in capital letters"),
    Case(PROGRAMME, "LC[0-9]", "[0-9", 15, "privacy.patterns[0].matches", "'[0-9{8}'", "a ] after each ["),
    Case(PROGRAMME, "[attributes.note]", "[data.note]", 16, "privacy.texts[0]", "'data.note'", "a field of data"),
    Case(PROGRAMME, "pseudonymise: [email]", "pseudonymise: []", 12, "privacy", "none", "pseudonymise beside key"),
    Case(
        PROGRAMME,
        "  key: env:SHOP_PSEUDONYM_KEY\n",
        "",
        12,
        "privacy",
        "none",
        "where the key of pseudonyms is, such as",
    ),
    Case(
        PROGRAMME, "env:SHOP_PSEUDONYM_KEY", "hunter2", 18, "privacy.key", "something else, not shown", "where the key"
    ),
    Case(PROGRAMME, "name: Corner", "name: *Corner", 1, "", "found undefined alias", "YAML"),
]
