"""The composer puts human-written fragments together: what it keeps to, and how it says that it cannot."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sillage.studio.engine.brief import LANGUAGES, Kind, Register, Tone, holds
from sillage.studio.engine.composer import LATELY, SlotUnfillable, TextUnfillable, compose, made_by
from sillage.studio.engine.fragments import Fragment, library, shared_library
from sillage.studio.engine.layouts import MACHINE, PUBLISHED, layout_of
from sillage.studio.engine.occasion import OccasionMalformed, cited, occasion_of
from sillage.studio.engine.origins import Origin
from sillage.studio.engine.typography import fixes_of
from sillage.studio.tests.composing import SAID, brief, occasion

LETTERS = [kind for kind in Kind if kind not in PUBLISHED]
SAYS_MACHINE = re.compile(r"machine|automate|automatique|automatic|automated", re.IGNORECASE)


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def all_fragments(language: str) -> list[Fragment]:
    return [*shared_library(language), *(f for kind in Kind for f in library(language, kind))]


# -- what is written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("tone", [None, *Tone])
@pytest.mark.parametrize("register", Register)
def test_every_kind_is_composed_in_every_tone_and_register(language, kind, tone, register):
    given = brief(kind=kind.value, language=language, tone=tone.value if tone else "", register=register.value)
    made = compose(given, occasion(), 3)
    assert len({one.text for one in made}) == 3
    for one in made:
        assert given.shortest <= len(one.text) <= given.longest
        assert "{" not in one.text and list(one.facts) == sorted(set(one.facts))


def test_an_invitation_cites_the_post_letter_by_letter_and_keeps_the_way_out():
    for one in compose(brief(), occasion(), 10):
        assert "J'ai planté mes tomates trop tôt" in one.text  # the straight apostrophe is theirs
        slots = [part.partition("/")[0] for part in one.parts]
        assert {"who", "why", "idea", "offer", "duty", "next", "optout", "signature"} <= set(slots)


def test_what_a_creator_wrote_is_no_template():
    made = compose(brief(), occasion(post="{{ brand }} {% for x in y %} {{ 7 * 7 }}"), 2)
    assert all("{{ brand }} {% for x in y %} {{ 7 * 7 }}" in one.text for one in made)


@pytest.mark.parametrize("kind", Kind)
def test_french_texts_are_typeset_but_for_what_is_cited(kind):
    for one in compose(brief(kind=kind.value), occasion(post="Nos tomates", asked="Est-ce lavable"), 10):
        assert [fix.rule for fix in fixes_of(one.text)] == []


def test_vous_and_tu_are_never_mixed():
    for kind in LETTERS:
        for one in compose(brief(kind=kind.value, register="tu"), occasion(work="ton reel"), 10):
            assert not re.search(r"\b(vous|votre|vos)\b", one.text, re.IGNORECASE), one.text
        for one in compose(brief(kind=kind.value), occasion(), 10):
            assert not re.search(r"\b(tu|ta|tes|toi|te)\b", one.text, re.IGNORECASE), one.text


def test_words_that_have_to_stand_in_it_do_and_words_never_to_say_do_not():
    made = compose(brief(must=["matière organique"], never=["campagne", "loi"]), occasion(), 6)
    assert made and all(holds(one.text, "matière organique") for one in made)
    assert not any(holds(one.text, "campagne") or holds(one.text, "loi") for one in made)


def test_a_caption_begins_with_its_label_ends_with_its_hashtags_and_passes_the_law():
    given = brief(kind="caption", label="Publicité", hashtags=["terrevive"], longest=600)
    stopped = []

    def stopping(text: str) -> str:
        stopped.append(text)
        return "FR-1" if "En prime" in text or not text.startswith("Publicité · ") else ""

    made = compose(given, occasion(), 8, stopping=stopping)
    assert stopped and all(one.text.startswith("Publicité · ") and one.text.endswith(" #terrevive") for one in made)
    assert not any("En prime" in one.text for one in made)


def test_no_two_parts_go_about_it_in_the_same_way():
    families = {f.name: f.family for f in all_fragments("fr")}
    for kind in Kind:
        for one in compose(brief(kind=kind.value), occasion(), 5):
            used = [families[part] for part in one.parts]
            assert len(used) == len(set(used))


def test_the_mark_says_assembled_from_templates_and_names_every_part():
    given = brief()
    one = compose(given, occasion())[0]
    mark = made_by(given, one)
    assert mark.origin is Origin.TEMPLATE and mark.name == "fr_invitation" and mark.version.startswith("fragments/")
    known = {f.name for f in (*library("fr", Kind.INVITATION), *shared_library("fr"))}
    assert set(mark.parts) <= known and len(mark.parts) >= 9


# -- repetition ------------------------------------------------------------------------------------------------------


def test_ten_texts_spread_over_the_fragments_and_none_comes_twice():
    made = compose(brief(), occasion(), 10)
    assert len({one.parts for one in made}) == 10
    whys = Counter(part for one in made for part in one.parts if part.startswith("why/"))
    assert max(whys.values()) <= 2


def test_what_was_used_lately_is_not_used_while_there_is_something_else():
    before = [one.parts for one in compose(brief(), occasion(), 4)]
    used = {part for parts in before for part in parts}
    again = compose(brief(), occasion(), recent=before)[0]
    slots = {part.partition("/")[0] for part in again.repeated}
    assert not slots & {"why", "who", "idea", "next", "optout"}
    assert set(again.repeated) == used & set(again.parts)


def test_a_text_is_never_the_same_as_one_of_the_last_ones():
    seen: list[tuple[str, ...]] = []
    for _ in range(LATELY + 3):
        one = compose(brief(kind="reply"), occasion(), recent=seen)[0]
        assert frozenset(one.parts) not in {frozenset(parts) for parts in seen[:LATELY]}
        seen.insert(0, one.parts)


def test_the_same_seed_gives_the_same_text_and_another_one_another():
    assert compose(brief(), occasion(), 3) == compose(brief(), occasion(), 3)
    assert compose(brief(), occasion(), seed=1)[0].text != compose(brief(), occasion(), seed=2)[0].text


# -- a machine says that it is one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LETTERS)
def test_an_automatic_letter_says_in_its_first_sentence_that_it_is_a_machine(language, kind):
    for register in Register:
        given = brief(kind=kind.value, language=language, automatic=True, register=register.value)
        for one in compose(given, occasion(), 7):
            assert SAYS_MACHINE.search(first_sentence(one.text)), one.text
            assert one.parts[0].startswith(f"{MACHINE}/")
            assert "Ada Martin" not in one.text  # no person signs what no person wrote


def test_every_fragment_of_that_slot_says_it_in_its_first_sentence():
    for language in LANGUAGES:
        own = [f for f in shared_library(language) if f.slot == MACHINE]
        assert len(own) >= 6
        assert all(SAYS_MACHINE.search(first_sentence(f.text)) for f in own)


def test_an_automatic_reply_is_rather_not_made_than_made_without_saying_so():
    with pytest.raises(SlotUnfillable, match="machine"):
        words = ["machine", "automate", "automatique", "automatiques"]
        compose(brief(kind="reply", automatic=True, never=words), occasion())
    with pytest.raises(TextUnfillable, match="shortest text"):
        compose(brief(kind="reply", automatic=True, longest=150), occasion())


def test_whoever_was_told_before_is_not_told_again_and_a_person_s_letter_does_not_say_it():
    known = compose(brief(kind="reply", automatic=True), occasion(is_known=True))[0]
    by_hand = compose(brief(kind="reply"), occasion())[0]
    assert not any(part.startswith(f"{MACHINE}/") for part in (*known.parts, *by_hand.parts))


# -- refusals --------------------------------------------------------------------------------------------------------


def test_an_invitation_without_a_cited_post_is_refused_and_the_refusal_names_the_slot():
    with pytest.raises(SlotUnfillable) as refused:
        compose(brief(), occasion_of({key: SAID[key] for key in ("recipient", "sender")}))
    assert "“why”: it needs words of a post of theirs to cite" in refused.value.message


def test_every_slot_that_lacks_something_is_named():
    with pytest.raises(SlotUnfillable) as refused:
        compose(brief(kind="reminder", brand=""), occasion_of({}))
    assert "“recall”" in refused.value.message and "“signature”: it needs the brand" in refused.value.message


def test_a_text_that_cannot_be_short_enough_says_how_short_it_can_be():
    with pytest.raises(TextUnfillable, match=r"The shortest text has \d+ characters, and it may have 200"):
        compose(brief(longest=200), occasion())


def test_a_word_that_nothing_can_say_is_named():
    with pytest.raises(TextUnfillable, match="No part of the text can say “aubergine”"):
        compose(brief(must=["aubergine"]), occasion())


def test_one_fact_is_not_told_twice_to_fill_two_places():
    with pytest.raises(TextUnfillable, match="It tells 2 facts, and the brief has 1"):
        compose(brief(kind="caption", facts=["Il contient 40 % de matière organique"]), occasion())


def test_a_law_that_stops_every_part_is_said():
    with pytest.raises(SlotUnfillable, match="a law pack stops every fragment"):
        compose(brief(kind="caption"), occasion(), stopping=lambda text: "FR-1")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"post": 3}, "post"),
        ({"post": "x" * 301}, "post"),
        ({"is_known": "yes"}, "is_known"),
    ],
)
def test_an_occasion_that_cannot_be_read_names_its_field(given, place):
    with pytest.raises(OccasionMalformed) as refused:
        occasion_of(given)
    assert refused.value.place == place


def test_a_post_is_cited_by_its_first_sentence_or_its_first_words():
    assert cited("J’ai planté mes tomates trop tôt. Elles m’en veulent.") == "J’ai planté mes tomates trop tôt"
    assert cited("Trop tôt ?! Oui, et alors ? Encore.") == "Trop tôt ?! Oui, et alors ?"
    assert cited("mot " * 100).endswith("mot…") and len(cited("mot " * 100)) <= 161
    assert cited("  Salut   toi\n") == "Salut toi"


# -- the library -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_place_has_six_fragments_in_each_register_and_three_in_each_tone(language, kind):
    own = (*library(language, kind), *shared_library(language))
    for place in layout_of(brief(kind=kind.value, language=language, automatic=True), occasion()):
        for register in Register:
            spoken = [f for f in own if f.slot == place.slot and register in f.registers]
            assert len(spoken) >= 6, (kind, place.slot, register)
            assert all(sum(tone in f.tones for f in spoken) >= 3 for tone in Tone), (kind, place.slot)


def test_both_languages_have_the_same_slots():
    for kind in Kind:
        slots = [{f.slot for f in library(language, kind)} for language in LANGUAGES]
        assert slots[0] == slots[1] and slots[0]
