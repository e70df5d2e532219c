"""Block Kit within its limits, whatever people have written: held against the stand-in's own check of them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploy.local.inbox import limits
from services.alerts.channels.slack_blocks import ALL_BLOCKS, TEXT_BYTES, Message, floor, render, size
from services.alerts.channels.slack_text import characters, cut, escaped, octets
from services.alerts.domain.letter import Link
from services.alerts.domain.wording.card import Card, Fact
from services.alerts.domain.wording.compose import compose
from tests.letters import LETTERS

texts = st.text(st.sampled_from("a &<>|*\n🔴ü漢"), max_size=40).map(lambda piece: piece * 120) | st.text(max_size=200)
facts = st.builds(Fact, texts.map(lambda t: t or "n"), texts.map(lambda t: t or "v"))
cards = st.builds(
    Card,
    sign=st.sampled_from(["red", "case"]),
    subject=texts,
    headline=texts,
    lines=st.lists(texts.map(lambda t: t or "l"), max_size=6).map(tuple),
    facts=st.lists(facts, max_size=14).map(tuple),
    verbatim=st.none() | texts,
    links=st.lists(st.builds(Link, texts.map(lambda t: t or "x"), texts.map("https://a.example/".__add__))).map(tuple),
    foot=texts.map(lambda t: t or "f"),
)


def linked(link: Link) -> Card:
    """A card with more of these links than there is room for."""
    return Card(sign="red", subject="", headline="", lines=(), links=(link,) * 150, foot="f")


def accepted(message: Message) -> bool:
    """As the stand-in would."""
    return not limits.faults(message.blocks) and not limits.too_long(message.blocks)


@settings(max_examples=150, deadline=None)
@given(cards)
@example(linked(Link("‹🔴" * 120, "https://a.example/")))  # an emoji is one character of ours and two of Slack's
@example(linked(Link("x", "https://a.example/")))  # what stands between links counts too
def test_every_card_fits_whole_short_and_as_a_floor(card: Card) -> None:
    for message in (render(card, key="k"), render(card, key="k", short=True), floor(card, key="k")):
        assert limits.faults(message.blocks) == []
        assert accepted(message)
        assert size(message.blocks) <= ALL_BLOCKS + 1_000
        assert octets(message.text) < TEXT_BYTES


@given(st.text(), st.integers(5, 200))
def test_a_cut_text_is_within_its_limit_and_breaks_no_entity(text: str, limit: int) -> None:
    for measure in (characters, octets):
        shown = cut(text, limit, measure=measure)
        assert measure(shown) <= limit
        assert shown == escaped(text) or shown.endswith("…")
        back = shown.removesuffix("…").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert text.startswith(back) or shown == escaped(text)


def test_what_customers_wrote_is_cut_before_any_figure() -> None:
    card = replace(compose(LETTERS["case-answer"]), verbatim="&" * 50_000)
    blocks = render(card, key="k").blocks
    fields = [field["text"] for block in blocks for field in block.get("fields", [])]
    assert len(fields) == len(card.facts)
    assert any("…" in block.get("text", {}).get("text", "") for block in blocks)


def test_each_line_of_a_quote_is_quoted() -> None:
    card = replace(compose(LETTERS["case-answer"]), verbatim="one\n*two*\n<three>")
    (quote,) = [b["text"]["text"] for b in render(card, key="k").blocks if b.get("text", {}).get("text", "")[:1] == ">"]
    assert quote == "> one\n> *two*\n> &lt;three&gt;"


def test_a_quote_counts_its_marks_as_slack_counts_characters() -> None:
    emoji = Card(
        sign="red", subject="", headline="", lines=(), facts=(), verbatim="<<<<<\n🔴🔴" * 120, links=(), foot="f"
    )
    assert limits.faults(render(emoji, key="k").blocks) == []


def test_a_link_stays_a_link_whatever_stands_in_it() -> None:
    card = replace(compose(LETTERS["red"]), links=(Link("a>b|c", "https://x.example/a b?q=<|>&r=1%20"),))
    (links,) = [b for b in render(card, key="k").blocks if b.get("text", {}).get("text", "")[:1] == "<"]
    assert links["text"]["text"] == "<https://x.example/a%20b?q=%3C%7C%3E&amp;r=1%20|a&gt;b|c>"


def test_block_ids_are_new_for_each_edit_and_the_same_for_the_same() -> None:
    card = compose(LETTERS["red"])
    one, same, other = (render(card, key=key).blocks for key in ("a", "a", "b"))
    assert one == same
    assert not {block["block_id"] for block in one} & {block["block_id"] for block in other}
