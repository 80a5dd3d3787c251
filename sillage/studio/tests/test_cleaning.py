"""Cleaning takes out what only speaking needs, by rule, and changes no word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.lib.text import folded
from sillage.studio.engine.cleaning import cleaned, cleaned_turns
from sillage.studio.engine.interview_flags import sensitive_in
from sillage.studio.engine.interview_summary import NotSaid, quote_of, summary_of
from sillage.studio.engine.transcripts import Turn


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        (
            "fr",
            "Euh, je je voulais, tu vois, dire que euh... le com- le compost, c’est, c’est vivant, quoi.",
            "Je voulais dire que le compost, c’est vivant.",
        ),
        (
            "fr",
            "Je vou… je voulais. En fait, on a semé. Du coup on récolte.",
            "Je voulais. On a semé. Du coup on récolte.",
        ),
        ("fr", "Et puis et puis on a, euh, voilà, planté.", "Et puis on a planté."),
        ("fr", "Bon, euh je crois.", "Bon, je crois."),
        ("en", "Um, I mean, the the soil is, you know, alive.", "The soil is alive."),
        ("en", "It is like, like home. I wan- I wanted that.", "It is like home. I wanted that."),
    ],
)
def test_fillers_repetitions_and_false_starts_go(language, said, left):
    text, gone = cleaned(said, language)
    assert text == left and gone


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Nous nous voyons. Oui oui oui. Très très bon."),
        ("fr", "Voilà un arbre. Quoi de neuf ? Tu vois la tomate ?"),
        ("fr", "Le prix est de 3, 3 euros."),
        ("fr", "Rien à nettoyer ici : une phrase, propre."),
        ("en", "I know that that works. So you know what I mean. I like it."),
        ("en", "He is a well-known gardener - known to all."),
    ],
)
def test_what_means_something_stays_as_it_was_said(language, said):
    assert cleaned(said, language) == (said, {})


def words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


SPOKEN = [
    *("je", "tu", "euh,", "le", "le,", "com-", "compost…", "vivant.", "uh", "you", "know,"),
    *("the soil", "the soil", "-", "3", "4", "?", "!", "«", "»"),
]


@given(st.lists(st.sampled_from(SPOKEN), max_size=40), st.sampled_from(["fr", "en", "de"]))
def test_what_is_left_are_the_speaker_s_words_in_their_order(said, language):
    text = " ".join(said)
    after, gone = cleaned(text, language)
    left = iter(words(text))
    assert all(word in left for word in words(after))  # a subsequence: nothing is added, nothing changes place
    assert bool(gone) == (len(words(after)) < len(words(text)))


def test_a_turn_of_nothing_but_fillers_stays_for_somebody_spoke():
    one = cleaned_turns([Turn("Mona", "Euh…", 1.0, 2.0)], "fr")[0]
    assert one.turn.text == "Euh…" and not one.gone


# -- summing up ------------------------------------------------------------------------------------------------------

TALK = (
    Turn("Ada", "Comment nourrir un sol de balcon avec du compost ?", 0.0, 4.0),
    Turn(
        "Mona", "Le compost nourrit le sol du balcon toute l’année. Je le fais moi-même avec les épluchures.", 5.0, 12.0
    ),
    Turn("Ada", "Le compost demande-t-il beaucoup de travail ?", 13.0, 15.0),
    Turn(
        "Mona",
        "Le compost demande dix minutes par semaine. Le sol du balcon devient noir et vivant grâce au compost.",
        16.0,
        25.0,
    ),
    Turn("Mona", "J’ai eu un cancer et le compost du balcon m’a tenue debout.", 26.0, 30.0),
)


def test_every_quote_is_said_word_for_word_in_its_turn_and_carries_its_time():
    found = summary_of(TALK, asking=("Ada",))
    assert found.quotes
    for quote in found.quotes:
        assert quote.text in TALK[quote.turn].text and quote.starts == TALK[quote.turn].starts
        assert quote.speaker == "Mona"
    assert [quote.turn for quote in found.quotes] == sorted(quote.turn for quote in found.quotes)


def test_what_may_touch_on_health_is_set_aside_for_a_person_and_not_picked():
    found = summary_of(TALK, asking=("Ada",))
    assert [(quote.text, quote.flag) for quote in found.aside] == [
        ("J’ai eu un cancer et le compost du balcon m’a tenue debout.", "health")
    ]
    assert not any("cancer" in quote.text for quote in found.quotes)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Je suis diabétique depuis dix ans.", "health"),
        ("I am gay and proud.", "sexuality"),
        ("Ma mère est musulmane.", "religion"),
        ("I voted for them.", "politics"),
        ("Je suis syndiqué.", "union"),
    ],
)
def test_what_people_say_of_themselves_is_seen(text, category):
    seen = sensitive_in(text)
    assert seen is not None and seen.category == category


@pytest.mark.parametrize("text", ["La terre noire est vivante.", "We grew carrots.", "Mes abonnés aiment les tomates."])
def test_plain_words_are_not_flagged(text):
    assert sensitive_in(text) is None


def test_a_quote_that_nobody_said_is_refused():
    assert quote_of(TALK, 1, "Le compost nourrit le sol").starts == 5.0
    for place, text in ((1, "Le compost guérit tout"), (0, "Le compost nourrit le sol"), (99, "Le"), (1, " ")):
        with pytest.raises(NotSaid):
            quote_of(TALK, place, text)
