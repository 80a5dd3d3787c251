"""What a person should judge is named, with the words and the reason; nothing is decided."""

from __future__ import annotations

from datetime import date

import pytest

from sillage.studio.engine.human_flags import FLAGS, days_between, human_flags


def _found(text: str, language: str = "fr", days: tuple[date, ...] = ()) -> list[tuple[str, str]]:
    return [(flag.flag, flag.words) for flag in human_flags(text, language, days)]


@pytest.mark.parametrize(
    ("text", "language", "flag", "words"),
    [
        ("Malheureusement, votre colis est perdu.", "fr", "empathy", "Malheureusement"),
        ("Pour perdre du poids sans effort.", "fr", "empathy", "perdre du poids"),
        ("Un parfum exotique.", "fr", "ambiguous", "exotique"),
        ("Après le deuil, la vie.", "fr", "empathy", "deuil"),
        ("Le karma du shampoing.", "fr", "reference", "karma"),
        ("We regret to tell you.", "en", "empathy", "We regret"),
        ("A crazy good deal.", "en", "ambiguous", "crazy"),
    ],
)
def test_a_flag_names_the_words(text: str, language: str, flag: str, words: str) -> None:
    assert (flag, words) in _found(text, language)


def test_every_flag_stands_where_it_says_and_says_why_in_both_languages() -> None:
    text = "Malheureusement 😂, c’est une tuerie : perdre du poids le 13 novembre, quelle surprise."
    flags = human_flags(text, "fr", (date(2026, 11, 13),))
    assert len(flags) >= 5
    for flag in flags:
        assert flag.flag in FLAGS and set(flag.why) == {"fr", "en"} and len(flag.why["fr"]) <= 300
        assert not flag.end or text[flag.start : flag.end] == flag.words
    assert [FLAGS.index(flag.flag) for flag in flags] == sorted(FLAGS.index(flag.flag) for flag in flags)


@pytest.mark.parametrize(
    ("day", "recalls"),
    [
        (date(2026, 11, 13), "Paris attacks"),
        (date(2026, 1, 7), "Charlie"),
        (date(2026, 9, 11), "11 September"),
        (date(2026, 11, 11), "Armistice"),
        (date(2027, 2, 20), "Ramadan"),
        (date(2026, 3, 8), "Women"),
    ],
)
def test_a_text_that_goes_out_on_a_sensitive_day_is_flagged_whatever_it_says(day: date, recalls: str) -> None:
    (flag,) = human_flags("Un texte.", "fr", (day,))
    assert flag.flag == "sensitive_date" and not flag.words and recalls in flag.why["en"]


def test_a_plain_text_on_a_plain_day_has_no_flag() -> None:
    assert human_flags("Le flacon se recharge en boutique.", "fr", (date(2026, 6, 16),)) == []


def test_the_days_of_a_campaign_are_looked_through_and_those_of_a_long_one_at_its_ends() -> None:
    assert len(days_between(date(2026, 11, 1), date(2026, 11, 30))) == 30
    assert days_between(date(2026, 1, 1), date(2027, 1, 1)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert days_between(None, date(2026, 1, 1)) == (date(2026, 1, 1),)
    (flag,) = human_flags("Un texte.", "fr", days_between(date(2026, 11, 9), date(2026, 11, 14)))
    assert "Armistice" in flag.why["en"] and "Paris attacks" in flag.why["en"]
