"""What one set says and another does not; what rises; what people ask."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sillage.studio.engine.angles import CLEAR, Spoken, contrasts, log_odds, terms_in
from sillage.studio.engine.asked import Question, grouped
from sillage.studio.engine.rising import Dated, rise_of

DAY = date(2026, 6, 15)


def _said(texts, owners=4, start=0):
    return [Spoken(f"post:{i % owners}:{start + i}", i % owners, terms_in(text)) for i, text in enumerate(texts)]


AUDIENCE = [
    "balcon sans soleil",
    "mon balcon est petit",
    "balcon au nord",
    "que planter au nord",
    "un chat gourmand",
] * 6
OTHERS = ["semis au potager", "récolte de courges", "la terre est froide", "que planter en mars", "un jardin neuf"] * 12


def test_the_log_odds_of_equal_shares_are_nothing() -> None:
    delta, z = log_odds((10, 20), (100, 200), 5, 50)
    assert delta == pytest.approx(0, abs=0.02) and abs(z) < 0.1


def test_the_log_odds_are_those_of_the_paper() -> None:
    """Equations 15, 20 and 22 by hand: ln(31/119) - ln(6/244), variance 1/31 + 1/6."""
    delta, z = log_odds((30, 5), (100, 200), 1, 50)
    assert delta == pytest.approx(2.36027, abs=1e-4) and z == pytest.approx(2.36027 / (1 / 31 + 1 / 6) ** 0.5, abs=1e-3)


def test_words_of_the_audience_that_others_do_not_say_stand_out_with_their_counts() -> None:
    found = contrasts(_said(AUDIENCE), _said(OTHERS))
    assert found[0].term == "balcon" and "planter" not in {c.term for c in found}
    first = found[0]
    assert (first.n, first.of, first.other_n, first.other_of, first.owners) == (18, 30, 0, 60, 4)
    assert first.z >= CLEAR and len({ref.split(":")[1] for ref in first.refs}) == 3  # three accounts are quoted


def test_a_word_of_one_account_alone_is_no_word_of_the_audience() -> None:
    ours = [Spoken(f"post:1:{i}", 1, terms_in("astrolabe")) for i in range(30)] + _said(AUDIENCE, start=100)
    assert "astrolabe" not in {c.term for c in contrasts(ours, _said(OTHERS))}


def test_what_may_not_be_said_is_left_out() -> None:
    found = contrasts(_said(AUDIENCE), _said(OTHERS), may_say=lambda term: "balcon" not in term)
    assert found and all("balcon" not in c.term for c in found)


def test_two_forms_of_a_word_stand_once() -> None:
    ours = _said(["balcon ensoleillé", "balcons ensoleillés", "nos balcons"] * 8)
    terms = [c.term for c in contrasts(ours, _said(OTHERS))]
    assert len([t for t in terms if "balcon" in t]) == 1


def test_nothing_stands_out_of_nothing() -> None:
    assert contrasts([], _said(OTHERS)) == [] == contrasts(_said(AUDIENCE), [])


# -- rising ----------------------------------------------------------------------------------------------------------


def _posts(subject, before, after, owners=5, others=60):
    """`before` and `after` posts with the subject, in two windows of 30 days, among others without it."""
    found = []
    for place, (count, last) in enumerate(((before, 45), (after, 10))):
        for i in range(others):
            subjects = frozenset({subject}) if i < count else frozenset({"other"})
            found.append(Dated(f"post:{place}:{i}", i % owners, DAY - timedelta(days=last - i % 5), subjects))
    return found


def test_what_is_said_more_rises_with_its_counts_and_days() -> None:
    found = rise_of(_posts("balcony", 3, 30), DAY, 30)
    assert [r.subject for r in found.rising] == ["balcony"] and found.compared == 2
    (one,) = found.rising
    assert (one.before, one.after, one.creators) == (3, 30, 5) and 0 < one.change.low < 27 / 60 < one.change.high
    assert one.first_on == DAY - timedelta(days=10) and found.windows.n_before == found.windows.n_after == 60


def test_a_small_change_does_not_rise() -> None:
    assert rise_of(_posts("balcony", 14, 18), DAY, 30).rising == ()


def test_one_creator_who_repeats_a_hashtag_is_no_trend() -> None:
    lone = [Dated(p.ref, 9, p.day, p.subjects) if "balcony" in p.subjects else p for p in _posts("balcony", 0, 30)]
    assert rise_of(lone, DAY, 30).rising == ()


def test_too_few_posts_say_nothing() -> None:
    found = rise_of(_posts("balcony", 0, 10, others=15), DAY, 30)
    assert found.rising == () and not found.windows.are_enough and found.windows.n_after == 15


def test_the_windows_are_days_that_touch_and_do_not_overlap() -> None:
    windows = rise_of(_posts("balcony", 1, 1), DAY, 30).windows
    assert windows.after == (DAY - timedelta(days=29), DAY)
    assert windows.before == (DAY - timedelta(days=59), DAY - timedelta(days=30))


# -- questions -------------------------------------------------------------------------------------------------------


def _asked(*texts):
    return [Question(f"comment:{i % 3}:{i}", text, i % 2, i % 3) for i, text in enumerate(texts)]


def test_questions_that_ask_nearly_the_same_are_one() -> None:
    found = grouped(
        _asked("Ça tient combien de temps ?", "ca tient combien de temps ??", "Où est-ce que tu l’as acheté ?")
    )
    assert [(g.n, g.of) for g in found] == [(2, 3), (1, 3)]
    assert found[0].accounts == 2 and found[0].posts == 2


def test_who_is_spoken_to_is_not_shown() -> None:
    assert grouped(_asked("@lea.jardin tu plantes quand les tomates ?"))[0].text == "@… tu plantes quand les tomates ?"


def test_a_question_of_signs_alone_is_left_out() -> None:
    assert grouped(_asked("???", "🌱?")) == [] == grouped([])
