"""A voice is measured from its texts, told in plain words, and says of another text how well it fits and why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.studio.engine.traits import COUNTS, TRAITS, counts_of_all, traits_of_all
from sillage.studio.engine.voice import fit, fits, train_voice
from sillage.studio.engine.voice_kept import VoiceInUse, kept, opened
from sillage.studio.engine.voice_learning import Decided, learn, learnt_weights, pairs_of
from sillage.studio.engine.voice_texts import VoiceTextsMalformed, pasted, shipped_ground, texts_of_file
from sillage.studio.engine.voice_tokens import run_counts, word_counts
from sillage.studio.engine.voice_words import in_measure, in_units, measured_of, said_of, wish_of
from sillage.studio.tests.voice_cast import CALM, LIKE_CALM, LOUD
from sillage.studio.told.voices import told_fit, told_voice

pytestmark = pytest.mark.usefixtures("english")

OTHERS = shipped_ground("fr")


@pytest.fixture(scope="module")
def calm():
    return train_voice(CALM, OTHERS)


def counted(text: str) -> dict[str, float]:
    return dict(zip(COUNTS, counts_of_all([text])[0], strict=True))


# -- traits ----------------------------------------------------------------------------------------------------------


def test_traits_are_counted_as_a_person_would():
    found = counted("Bonjour ! Tu as vu https://aube.example ?\nTon code : AUBE10… 👩🏽‍🔬🇫🇷 #peau @aube — 3 “mots”.")
    expected = {
        "exclamations": 1,
        "questions": 1,
        "colons": 1,
        "ellipses": 1,
        "quotes": 2,
        "dashes": 1,
        "links": 1,
        "emoji": 2,
        "hashtags": 1,
        "mentions": 1,
        "tu": 2,
        "lines": 1,
        "digits": 3,
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Un. Deux ! Trois ?", 3),
        ("Une ligne.\nUne autre.", 2),
        ("sans fin", 1),
        ("🎉🎉", 0),
        ("Voir www.a.fr vite.", 1),
    ],
)
def test_a_sentence_is_what_holds_a_word_and_ends(text, sentences):
    assert counted(text)["sentences"] == sentences


@given(st.lists(st.text(max_size=60), max_size=6))
def test_texts_are_measured_alone_as_they_are_together(texts):
    together = traits_of_all(texts)
    assert together.shape == (len(texts), len(TRAITS)) and np.isfinite(together).all()
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(row, traits_of_all([text])[0])
    for count in (run_counts, word_counts):
        rows = count(texts)
        for at, text in enumerate(texts):
            assert abs(rows[at] - count([text])).sum() == 0


# -- the fit ---------------------------------------------------------------------------------------------------------


def test_its_own_manner_fits_and_anothers_does_not(calm):
    near, far = fit(LIKE_CALM, calm), fit(LOUD[0], calm)
    assert near.value > 0.95 and near.near and not near.off
    assert far.value < 0.5 and not far.near
    assert {"exclamations", "emoji", "hashtags", "shouted_words"} <= {off.trait for off in far.off}
    assert [abs(off.spreads) for off in far.off] == sorted((abs(off.spreads) for off in far.off), reverse=True)


def test_many_texts_get_the_values_that_each_gets_alone(calm):
    texts = [LIKE_CALM, *LOUD, *OTHERS[:10], ""]
    assert np.allclose(fits(texts, calm), [fits([text], calm)[0] for text in texts])


def test_a_text_of_few_words_says_that_it_is_short(calm):
    assert fit("Bonjour à vous.", calm).is_short and not fit(LIKE_CALM, calm).is_short


def test_a_voice_that_was_kept_is_the_same_voice(calm):
    learnt, profile = kept(calm)
    again = opened(learnt, profile, wishes={}, banned=[])
    texts = [LIKE_CALM, *LOUD]
    assert np.allclose(again.fits(texts), fits(texts, calm), atol=1e-4)
    assert kept(train_voice(CALM, OTHERS)) == (learnt, profile)


def test_nobodys_words_stand_in_a_kept_ground(calm):
    learnt, profile = kept(train_voice(CALM, (*OTHERS, "Zanzibarquoise est mon secret à moi")))
    assert b"zanzibarquoise" not in profile.lower() and "zanzibarquoise" not in str(learnt).lower()


def test_a_banned_word_makes_every_text_unfit(calm):
    used = VoiceInUse(calm, ("boutique",))
    found = used.fit(LIKE_CALM)
    assert (found.value, found.banned, found.near) == (0.0, ("boutique",), False)
    assert used.fits([LIKE_CALM, CALM[0].replace("boutiques", "ateliers")])[0] == 0.0
    assert told_fit(found)[0] == "“boutique” is banned in this voice."


def test_what_a_person_wishes_wins_over_what_was_measured(calm):
    learnt, profile = kept(calm)
    wishes = {"vous": wish_of("vous", 0, 0), "tu": wish_of("tu", 5, 20)}
    used = opened(learnt, profile, wishes=wishes, banned=[])
    assert "vous" in {off.trait for off in used.fit(LIKE_CALM).off}
    assert "vous" not in {off.trait for off in fit(LIKE_CALM, calm).off}
    assert {row.trait: row.wish for row in measured_of(calm, wishes)}["tu"] == (5, 20)


@pytest.mark.parametrize(("low", "high"), [(5, 2), (-1, 2), (float("nan"), 2), (0, float("inf"))])
def test_a_wish_is_a_range_that_can_be_measured(low, high):
    with pytest.raises(ValueError):
        wish_of("emoji", low, high)


@given(st.sampled_from(TRAITS), st.integers(0, 400))
def test_peoples_units_go_back_into_measures(trait, shown):
    assert in_units(trait, in_measure(trait, shown)) == pytest.approx(shown, abs=0.5)


def test_too_few_texts_train_no_voice():
    with pytest.raises(ValueError, match="at least 3"):
        train_voice(CALM[:2], OTHERS)


# -- plain words -----------------------------------------------------------------------------------------------------


def test_a_voice_is_told_in_plain_words(calm):
    told = told_voice(calm)
    assert "Says “vous”: in 6 of 6 texts." in told and "No emoji." in told
    assert any(said.startswith("Opens with “Bonjour à” (6×)") for said in told)
    assert any(said.startswith("Ends with “À bientôt.” (6×)") for said in told)
    assert all("%(" not in said for said in told)


def test_another_voice_is_told_otherwise():
    told = told_voice(train_voice(LOUD, OTHERS))
    assert any("emoji" in said and "No emoji" not in said for said in told)
    assert any(said.startswith("Says “tu”") for said in told)
    assert {said.key for said in said_of(train_voice(LOUD, OTHERS))} >= {"hashtags"}


# -- texts that come in ----------------------------------------------------------------------------------------------


def test_pasted_texts_are_parted_by_blank_lines_or_by_dashes():
    assert pasted("Un premier texte.\n \nUn second texte.\r\n\r\ncourt") == ["Un premier texte.", "Un second texte."]
    assert pasted("Un texte\n\navec un trou.\n---\nUn autre texte.") == ["Un texte\n\navec un trou.", "Un autre texte."]


def test_files_of_texts_are_read():
    assert texts_of_file("a.csv", "id,Text\n1,Un premier texte.\n2,\n") == ["Un premier texte."]
    assert texts_of_file("a.csv", "Un premier texte.\nUn second texte.\n") == ["Un premier texte.", "Un second texte."]
    assert texts_of_file("a.jsonl", '{"text": "Un premier texte."}\n\n"Un second texte."\n')[1] == "Un second texte."
    assert texts_of_file("a.TXT", "Un premier texte.") == ["Un premier texte."]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.pdf", "x", "a.pdf"),
        ("a", "x", "a"),
        ("a.csv", "id,when\n1,2\n", "a.csv:1:1"),
        ("a.csv", 'text\n"open', "a.csv:1:1"),
        ("a.jsonl", '{"text": "Un premier texte."}\n{', "a.jsonl:2:2"),
        ("a.jsonl", "[1]", "a.jsonl:1:1"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(name, content, place):
    with pytest.raises(VoiceTextsMalformed) as refused:
        texts_of_file(name, content)
    assert refused.value.place == place


# -- learning --------------------------------------------------------------------------------------------------------


def test_what_was_chosen_is_preferred_to_what_was_refused_and_to_what_it_was():
    found = pairs_of([Decided("a", "b", True), Decided("c", "c", True), Decided("d", "", False)])
    assert found == [("b", "a"), ("b", "d"), ("c", "d")]


def test_weights_go_where_preferences_are_and_never_below_zero():
    before = {"characters": 1.0, "words": 0.25, "traits": 1.5}
    closer = np.tile([[-2.0, 3.0, 0.0]], (40, 1))
    after = learnt_weights(closer, before)
    assert after["words"] > before["words"] and after["characters"] < before["characters"]
    assert min(after.values()) >= 0 and after["traits"] == pytest.approx(1.5)
    assert learnt_weights(np.zeros((3, 3)), before) == before


def test_learning_is_measured_on_the_newest_choices_and_gives_the_same_twice():
    refused = [Decided(f"{LOUD[at % 4]}{at}", "", False) for at in range(6)]
    chosen = [Decided(f"{CALM[at]} {at} !!", f"{CALM[at]} {at}", True) for at in range(6)]
    decided = [one for both in zip(chosen, refused, strict=True) for one in both]
    found = learn(CALM[:3], OTHERS, decided, {"characters": 1.0, "words": 0.25, "traits": 1.5})
    assert (found.n_choices, found.held_choices) == (12, 4) and found.held_pairs >= 3
    assert 0 <= found.before <= found.after <= 1 and found.voice.n == 9
    again = learn(CALM[:3], OTHERS, decided, {"characters": 1.0, "words": 0.25, "traits": 1.5})
    assert kept(again.voice) == kept(found.voice)


@pytest.mark.parametrize("decided", [[], [Decided("a", "a", True)] * 30, [Decided("a", "", False)] * 30])
def test_too_few_choices_or_no_pair_teach_nothing(decided):
    with pytest.raises(ValueError, match="at least"):
        learn(CALM, OTHERS, decided, {"characters": 1.0, "words": 0.25, "traits": 1.5})
