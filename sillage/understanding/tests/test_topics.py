"""Topics of a set: found, named, sized, over time, compared; the same set gives the same topics."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.understanding.engine.topic_trends import direction, periods_of, share_difference
from sillage.understanding.engine.topic_words import are_inflections, normal
from sillage.understanding.engine.topics import SetText, find_topics, fit_topics, fitting_topics, readable
from sillage.understanding.tests.topic_texts import RUN, SKIN, said, set_of, three_subjects


@pytest.fixture(scope="module")
def found():
    return find_topics(three_subjects(), topics=3)


def _about(found, word):
    return next(t for t in found.topics if any(word in w for w in t.words))


def test_each_subject_is_a_topic_of_its_size(found):
    assert len(found.topics) == 3
    for word in ("sérum", "trail", "recette"):
        topic = _about(found, word)
        assert 18 <= topic.texts[0] <= 24 and topic.texts[1] == 0


def test_a_topic_is_named_with_accents_and_without_inflected_doubles(found):
    words = [word for topic in found.topics for word in topic.words]
    assert "sérum" in words
    for topic in found.topics:
        single = [w for word in topic.words for w in word.split()]
        assert not [(a, b) for i, a in enumerate(single) for b in single[i + 1 :] if are_inflections(a, b)]


def test_a_topic_quotes_texts_that_hold_its_words_and_do_not_repeat_one_another(found):
    for topic in found.topics:
        named = set(normal(" ".join(topic.words)).split())
        read = [set(normal(q.text).split()) for q in topic.quotes]
        assert read and all(words & named for words in read)
        assert all(len(a & b) < 0.5 * len(a | b) for i, a in enumerate(read) for b in read[i + 1 :])


def test_the_order_of_the_texts_does_not_matter(found):
    shuffled = three_subjects()
    random.Random(3).shuffle(shuffled)
    assert find_topics(shuffled, topics=3) == found


def test_a_text_about_two_subjects_belongs_to_both():
    mixed = "Après le trail en forêt, chaussures et kilomètres, une recette de légumes : cuisson au four"
    texts = [t.text for t in three_subjects()] + [mixed]
    assert fit_topics(texts, topics=3).belongs[-1].sum() == 2


def test_texts_that_say_the_same_are_in_the_same_topics():
    texts = [t.text for t in three_subjects()]
    fit = fit_topics([*texts, texts[0].upper(), f"{texts[0]} https://example.org/a @lea"], topics=3)
    assert (fit.strengths[0] == fit.strengths[-1]).all() and (fit.strengths[0] == fit.strengths[-2]).all()


def test_two_sets_are_compared_with_an_interval():
    texts = set_of(said(SKIN, 40) + said(RUN, 10)) + set_of(
        said(RUN, 40, 20) + said(SKIN, 10, 50), account=2, is_second=True
    )
    trail = _about(find_topics(texts, topics=2), "trail")
    assert trail.shares[0] == pytest.approx(0.2, abs=0.05) and trail.shares[1] == pytest.approx(0.8, abs=0.05)
    assert trail.comparison.is_clear and trail.comparison.low < 0.6 < trail.comparison.high
    assert {q.is_second for q in trail.quotes} == {False, True}


def _drawn(words: str, n: int, draw: random.Random) -> list[str]:
    return [" ".join(draw.sample(words.split(), 5)) for _ in range(n)]


def test_a_small_set_is_not_swallowed_by_a_large_one():
    draw = random.Random(1)
    skin, hair = (
        "peau serum creme teint visage hydratant masque",
        "cheveux boucles shampoing brushing pointes frange coiffure",
    )
    small = _drawn("trail foret chaussures dossard altitude endurance sentier", 30, draw)
    texts = set_of(_drawn(skin, 400, draw) + _drawn(hair, 400, draw))
    texts += set_of(small, account=2, is_second=True)
    assert _about(find_topics(texts, topics=3), "trail").shares[1] == 1


def test_what_rises_is_told_with_its_periods():
    texts = set_of(said(SKIN, 30)) + set_of(said(RUN, 5), account=2)
    texts += [SetText(f"post:3:{i}", t, date(2026, 3, 20), 3) for i, t in enumerate(said(RUN, 40, 40))]
    found = find_topics(texts, topics=2)
    trail = _about(found, "trail")
    assert found.periods.step == "week" and sum(trail.counts[0]) == trail.texts[0]
    assert trail.change.is_clear and trail.change.difference > 0


@pytest.mark.parametrize("texts", [["🌞🌞", "!!!", ""], ["lune verte", "chaise haute", "papier peint"]])
def test_texts_without_words_in_common_are_refused(texts):
    with pytest.raises(ValueError):
        fit_topics(texts)


def test_emoji_links_and_handles_are_nothing_to_read():
    assert readable(["🌞", "@lea https://example.org", "", "<br>&nbsp;", "été indien"]) == 1


def test_handles_never_name_a_topic():
    texts = [f"@zoemartin {text}" for text in said(SKIN, 30)]
    assert not [w for t in find_topics(set_of(texts)).topics for w in t.words if "zoemartin" in w]


def test_odd_texts_do_no_harm():
    odd = [
        "\u200b" * 50,
        "ignore previous instructions " * 300,
        "日本語のテキスト" * 100,
        "a" * 20_000,
        "Ωμέγα кот 🌞",
        "\ud83d",
    ]
    found = find_topics([*three_subjects(), *set_of([*odd, *odd], account=9)], topics=4)
    assert sum(found.texts) == 72


@given(st.lists(st.text(max_size=80), min_size=1, max_size=40))
def test_any_texts_are_fitted_or_refused(texts):
    try:
        fit = fit_topics(texts)
    except ValueError:
        return
    assert fit.strengths.shape[0] == len(texts) and (fit.strengths >= 0).all()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("jardin", "jardins", True),
        ("train", "training", True),
        ("run", "running", True),
        ("journal", "journaux", True),
        ("rezept", "rezepte", True),
        ("cart", "carbon", False),
        ("serum", "serieux", False),
        ("mar", "mare", True),
    ],
)
def test_forms_of_one_word_are_known_by_their_endings(one, other, same):
    assert are_inflections(one, other) is same and are_inflections(other, one) is same


def test_more_texts_get_more_topics_up_to_a_limit():
    assert [fitting_topics(n) for n in (30, 1_000, 50_000, 10**6)] == [4, 11, 59, 60]


def test_the_interval_of_a_difference_is_newcombes():
    """His example: 56 of 70 and 48 of 80, 95 %: 0.0524 to 0.3339 (table II, method 10)."""
    found = share_difference((48, 56), (80, 70))
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-4), pytest.approx(0.3339, abs=5e-4))


def test_more_comparisons_need_wider_intervals():
    one, many = share_difference((10, 20), (50, 50)), share_difference((10, 20), (50, 50), 40)
    assert one.is_clear and not many.is_clear
    assert share_difference((0, 1), (0, 5)) is None


def test_periods_have_no_gaps_and_a_month_follows_december():
    days = [date(2025, 11, 20), None, date(2026, 8, 2)]
    periods = periods_of(days)
    assert periods.step == "month" and len(periods.starts) == 10 and periods.starts[2] == date(2026, 1, 1)
    assert periods.places(days).tolist() == [0, -1, 9]
    assert periods_of([None]).starts == ()


def test_few_periods_have_no_direction():
    assert direction([1, 2, 3], [5, 5, 5]) is None
    weeks = periods_of([date(2026, 1, 5) + timedelta(days=7 * i) for i in range(4)])
    assert weeks.step == "week" and len(weeks.starts) == 4
