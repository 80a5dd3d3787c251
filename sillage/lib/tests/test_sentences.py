"""Sentences are English text that a door can say in another language."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import (
    Day,
    Decimals,
    Grouped,
    InLanguages,
    Joined,
    Language,
    Listed,
    Sentence,
    Term,
    either,
    from_stored,
    speak,
    to_stored,
    together,
    told,
)

FRENCH = {
    "The brief has %(count)s characters.": "Le brief compte %(count)s caractères.",
    "“%(name)s” is %(state)s.": "L’état de « %(name)s » est « %(state)s ».",
    "%(others)s or %(last)s": "%(others)s ou %(last)s",
    "%(others)s and %(last)s": "%(others)s et %(last)s",
    "%(amount)s %(currency)s": "%(amount)s\N{NO-BREAK SPACE}%(currency)s",
    "Nothing is 100% sure.": "Rien n’est sûr à 100 %.",
}
TERMS = {("invitation", "sent"): "envoyée", ("parcel", "sent"): "envoyé"}


def _number(value: Decimal | float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",")


@pytest.fixture
def in_french() -> Iterator[None]:
    speak(Language(lambda t: FRENCH.get(t, t), lambda c, t: TERMS[c, t], _number, lambda d: f"{d.day}/{d.month}"))
    yield
    speak(None)


def test_a_sentence_is_its_english_text() -> None:
    said = Sentence("The brief has %(count)s characters.", count=Grouped(12_345))

    assert said == "The brief has 12,345 characters."
    assert (said.template, said.values) == ("The brief has %(count)s characters.", {"count": 12_345})


def test_a_sentence_without_values_is_its_template_percent_signs_included(in_french: None) -> None:
    said = Sentence("Nothing is 100% sure.")

    assert str(said) == "Nothing is 100% sure."
    assert told(said) == "Rien n’est sûr à 100 %."


def test_without_a_language_sentences_are_told_in_english() -> None:
    assert told(Sentence("The brief has %(count)s characters.", count=3)) == "The brief has 3 characters."
    assert told("plain") == "plain"
    assert told(Sentence("")) == ""


def test_a_language_says_the_template_and_leaves_other_text_alone(in_french: None) -> None:
    assert told(Sentence("The brief has %(count)s characters.", count=3)) == "Le brief compte 3 caractères."
    assert told("The brief has %(count)s characters.") == "The brief has %(count)s characters."
    assert told(Sentence("")) == ""


def test_a_sentence_within_a_sentence_is_said_in_the_same_language(in_french: None) -> None:
    state = Term("invitation", "sent")
    said = Sentence("“%(name)s” is %(state)s.", name="Léa", state=state)

    assert said == "“Léa” is sent."
    assert told(said) == "L’état de « Léa » est « envoyée »."


def test_a_term_is_said_as_its_context_says_it(in_french: None) -> None:
    assert Term("invitation", "sent") == Term("parcel", "sent") == "sent"
    assert (told(Term("invitation", "sent")), told(Term("parcel", "sent"))) == ("envoyée", "envoyé")


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (Grouped(1_234_567), "1,234,567", "1 234 567"),
        (Decimals(12.55, 1), "12.6", "12,6"),
        (Decimals(Decimal("1234.5"), 2), "1,234.50", "1 234,50"),
        (Day(date(2026, 11, 3)), "2026-11-03", "3/11"),
        (Day(datetime(2026, 11, 3, 12, tzinfo=UTC)), "2026-11-03", "3/11"),
        (Money(Decimal("1234.5"), "EUR"), "1,234.50 EUR", "1 234,50\N{NO-BREAK SPACE}EUR"),
        (Money(Decimal(1200), "JPY"), "1,200 JPY", "1 200\N{NO-BREAK SPACE}JPY"),
        (Listed([Term("invitation", "sent"), 7, Grouped(1_000)]), "sent, 7, 1,000", "envoyée, 7, 1 000"),
        (
            Joined([Sentence("Nothing is 100% sure."), "So."]),
            "Nothing is 100% sure. So.",
            "Rien n’est sûr à 100 %. So.",
        ),
        (either(["fr", "en"]), "fr or en", "fr ou en"),
        (either(["a", "b", Term("parcel", "sent")]), "a, b or sent", "a, b ou envoyé"),
        (either(["fr"]), "fr", "fr"),
        (together(["a", "b", "c"]), "a, b and c", "a, b et c"),
    ],
)
def test_a_value_is_said_as_its_language_writes_it(
    value: object, english: str, french: str, request: pytest.FixtureRequest
) -> None:
    said = Sentence("%(value)s", value=value)
    assert (said, told(said)) == (english, english)

    request.getfixturevalue("in_french")
    assert told(said) == french


def test_a_sentence_keeps_its_values_through_a_pickle(in_french: None) -> None:
    state = Listed([Term("parcel", "sent"), Decimals(Decimal("1.5")), Day(date(2026, 11, 3)), Grouped(1_000)])
    kept = pickle.loads(pickle.dumps(Sentence("“%(name)s” is %(state)s.", name="Léa", state=state)))

    assert kept == "“Léa” is sent, 1.5, 2026-11-03, 1,000."
    assert told(kept) == "L’état de « Léa » est « envoyé, 1,5, 3/11, 1 000 »."


def test_what_one_context_speaks_another_does_not(in_french: None) -> None:
    said = Term("parcel", "sent")
    elsewhere = copy_context()
    elsewhere.run(speak, None)

    assert elsewhere.run(told, said) == "sent"
    assert told(said) == "envoyé"


def test_a_refusal_is_told_to_its_reader_and_stays_english_as_text(in_french: None) -> None:
    refusal = Refusal(Sentence("“%(name)s” is %(state)s.", name="Léa", state=Term("parcel", "sent")), Sentence("Wait."))

    assert (refusal.message, refusal.hint) == ("L’état de « Léa » est « envoyé ».", "Wait.")
    assert str(refusal) == "“Léa” is sent."


def test_a_refusal_that_another_hands_on_is_still_said_in_both_languages(in_french: None) -> None:
    first = OutsideError(Sentence("The brief has %(count)s characters.", count=3), permanent=False)
    message, hint = first.untold
    second = OutsideError(message, permanent=True, hint=hint)

    assert (str(second), second.message) == ("The brief has 3 characters.", "Le brief compte 3 caractères.")


def test_a_sentence_that_was_stored_is_said_in_the_language_of_whoever_reads_it(in_french: None) -> None:
    values = Listed([Term("parcel", "sent"), Money(Decimal("1234.5"), "EUR").written, Day(date(2026, 11, 3)), 7, None])
    said = Sentence("“%(name)s” is %(state)s.", name="100 % Léa", state=Joined([values, Grouped(1_000)]))
    stored = json.loads(json.dumps(to_stored(said)))
    again = from_stored(stored, str(said))

    assert again == said == "“100 % Léa” is sent, 1,234.50 EUR, 2026-11-03, 7, None 1,000."
    assert told(again) == told(said) != said


def test_what_was_stored_as_plain_text_stays_as_it_is(in_french: None) -> None:
    assert to_stored("Pay Mona") is None
    assert told(from_stored(None, "Pay Mona")) == "Pay Mona"


def test_a_stored_sentence_that_says_something_else_than_its_text_is_not_said(in_french: None) -> None:
    stored = to_stored(Sentence("The brief has %(count)s characters.", count=3))

    assert told(from_stored(stored, "The brief has 4 characters.")) == "The brief has 4 characters."
    assert told(from_stored({"made": "up"}, "As written")) == "As written"


def test_text_that_comes_in_several_languages_is_said_in_the_one_spoken_or_in_english() -> None:
    named = InLanguages({"en": "fees", "fr": "honoraires"})
    said = Sentence("“%(name)s” is %(state)s.", name=named, state="due")
    speak(Language(str, lambda _, term: term, _number, str, lambda: "fr"))
    french = told(said)
    speak(Language(str, lambda _, term: term, _number, str, lambda: "de"))
    german = told(said)
    speak(None)

    assert (said, french, german) == ("“fees” is due.", "“honoraires” is due.", "“fees” is due.")
