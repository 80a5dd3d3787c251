"""A text among others: how close, to which, and which of its words others say too."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sillage.studio.engine.corpus import corpus_of, words_of
from sillage.studio.engine.originality_picture import LEFT, RIGHT, picture_of
from sillage.studio.engine.placing import MOST_PASSAGES, PASSAGE, passages, placed, shared_run

GARDEN = [
    "Semis de tomates anciennes au potager ce matin, la terre est encore froide",
    "Mon compost fume au fond du jardin, les vers travaillent pour moi",
    "Taille des rosiers avant le gel : je garde trois yeux par branche",
    "Au potager, le paillage garde l'eau et nourrit la terre",
    "Récolte de courges, la serre est vide et je lave les pots",
]
SKIN = [
    "Ce sérum à la vitamine C tient ses promesses, ma peau respire",
    "Routine du soir en trois gestes : nettoyer, hydrater, dormir",
    "Sans partenariat : mon avis honnête sur cette crème de nuit",
    "Trois semaines de rétinol, ma peau tire et je ralentis",
    "Ma peau est grasse et je mets de l'huile : voici pourquoi",
]
TEXTS = [f"{text} {extra}" for extra in ("", "Belle semaine", "À demain", "On en parle") for text in GARDEN + SKIN]


def _corpus(vectors=None):
    return corpus_of(
        [f"post:{i % 8}:{i}" for i in range(len(TEXTS))], [i % 8 for i in range(len(TEXTS))], TEXTS, vectors
    )


def test_a_text_that_is_there_already_is_at_no_distance_from_itself() -> None:
    found = placed(SKIN[0], _corpus())
    assert found.nearest[0].ref == "post:5:5" and found.nearest[0].distance == pytest.approx(0, abs=1e-3)
    assert found.words is not None and found.words.closest == pytest.approx(1, abs=1e-3)


def test_the_nearest_texts_are_of_the_same_subject() -> None:
    found = placed("Ma peau respire mieux depuis ce sérum doux", _corpus())
    assert {int(near.ref.split(":")[2]) % 10 for near in found.nearest} <= {5, 8, 9}
    assert found.nearest[0].words > found.nearest[-1].words > 0


def test_words_that_nobody_else_says_keep_a_text_away() -> None:
    """Unknown words count in its length: one shared word among many strange ones is not closeness."""
    plain = placed("Ma peau", _corpus()).nearest[0].words
    strange = placed("Ma peau astrolabe quincaille brimborion falbala zinzolin", _corpus()).nearest[0].words
    assert strange < plain / 1.5


def test_the_percentile_says_of_how_many_texts_the_nearest_is_farther_away() -> None:
    copied, odd = placed(GARDEN[0], _corpus()), placed("Taille du prix : la terre à pied, en serre", _corpus())
    assert copied.words is not None and odd.words is not None
    assert copied.words.n == odd.words.n == 40
    assert copied.words.percentile is not None and odd.words.percentile is not None
    assert copied.words.percentile > 0.4 > odd.words.percentile


def test_a_small_corpus_has_no_percentile_and_nothing_usual() -> None:
    few = corpus_of(["post:1:1", "post:2:2"], [1, 2], SKIN[:2])
    found = placed(SKIN[0], few)
    assert found.words is not None and found.words.percentile is None and found.usual is None


def test_an_account_s_own_texts_do_not_make_its_texts_usual() -> None:
    alone = corpus_of([f"post:1:{i}" for i in range(40)], [1] * 40, TEXTS)
    assert placed(SKIN[0], alone).words.percentile is None  # type: ignore[union-attr]


def test_a_phrase_is_counted_in_texts_and_as_the_draft_writes_it() -> None:
    found = placed("Mon AVIS honnête, et trois semaines plus tard : ma peau respire.", _corpus())
    said = {phrase.text: (phrase.n, phrase.of) for phrase in found.common}
    assert said["AVIS honnête"] == (4, 40) and said["trois semaines"] == (4, 40)
    assert said["peau respire"] == (4, 40)


def test_what_stands_elsewhere_word_for_word_is_told_with_its_place() -> None:
    run = placed("On dit que le paillage garde l’eau et nourrit la terre, vraiment", _corpus()).word_for_word
    assert run is not None and run.text == "le paillage garde l’eau et nourrit la terre" and run.n == 4
    assert run.refs[0] == "post:3:3"


def test_a_run_of_empty_words_is_not_worth_telling() -> None:
    corpus = corpus_of(["post:1:1"], [1], ["et puis il y a de la joie dans ce qui est à nous"])
    assert placed("et puis il y a de la pluie", corpus).word_for_word is None


def test_two_nearest_texts_that_say_the_same_are_shown_once() -> None:
    corpus = corpus_of([f"post:{i}:{i}" for i in range(4)], range(4), [GARDEN[0]] * 3 + [GARDEN[3]])
    assert [near.ref for near in placed(GARDEN[0], corpus).nearest] == ["post:0:0", "post:3:3"]


def test_meaning_stands_beside_words_and_their_mean_orders() -> None:
    vectors = np.zeros((len(TEXTS), 4), np.float32)
    for row in range(len(TEXTS)):
        vectors[row, 0 if row % 10 < 5 else 1] = 1
    found = placed("astrolabe quincaille", _corpus(vectors), np.array([[1, 0, 0, 0]], np.float32))
    assert found.meaning is not None and found.meaning.closest == pytest.approx(1)
    assert found.words is not None and found.words.closest == 0
    assert all(int(near.ref.split(":")[2]) % 10 < 5 for near in found.nearest)
    assert found.nearest[0].distance == pytest.approx(0.5)


@pytest.mark.parametrize("text", ["", "   \n", "🌱🌱🌱"])
def test_a_text_without_words_is_near_nothing(text: str) -> None:
    found = placed(text, _corpus())
    assert not found.nearest and not found.common and found.word_for_word is None


def test_nothing_is_near_in_an_empty_corpus() -> None:
    found = placed(SKIN[0], corpus_of([], [], []))
    assert (found.n, found.words, found.nearest) == (0, None, ())


def test_passages_end_with_sentences_and_are_no_longer_than_a_post() -> None:
    text = " ".join(f"Phrase numéro {n}, qui dit quelque chose de plus que la précédente." for n in range(30))
    found = passages(text)
    assert all(len(part) <= PASSAGE for part in found) and all(part.endswith(".") for part in found)
    assert " ".join(found) == text
    assert len(passages("mot " * 50_000)) == MOST_PASSAGES


def test_links_handles_and_elisions_are_no_words() -> None:
    assert [w.folded for w in words_of("L’été avec @lea sur https://e.org, qu’on aime")] == [
        "ete",
        "avec",
        "sur",
        "on",
        "aime",
    ]


def test_a_shared_run_is_quoted_as_the_text_writes_it() -> None:
    assert (
        shared_run("Garde l’Eau et nourrit tout", "le paillage garde l'eau et nourrit la terre")
        == "Garde l’Eau et nourrit"
    )
    assert shared_run("la terre", "la terre") == ""


def test_right_to_left_words_are_placed_too() -> None:
    corpus = corpus_of(["post:1:1", "post:2:2"], [1, 2], ["حديقة جميلة في المدينة", "بشرة ناعمة كل صباح"])
    assert placed("حديقة في المدينة", corpus).nearest[0].ref == "post:1:1"


def test_the_picture_has_the_text_at_the_left_and_points_that_do_not_hide_one_another() -> None:
    found = placed("Ma peau respire mieux depuis ce sérum", _corpus())
    picture = picture_of([("archive", found), ("theme", found)])
    assert [lane.kind for lane in picture.lanes] == ["archive", "theme"]
    for lane in picture.lanes:
        xs = [point.x for point in lane.points]
        assert xs == sorted(xs) and all(LEFT < x <= RIGHT for x in xs)
        assert all(b - a >= 16 for a, b in pairwise(xs))
        assert lane.usual is not None and lane.usual[0] <= lane.usual[1] <= lane.usual[2]
