"""Clocks of data protection, and the text of the notice: pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sillage.governance.engine.notice import Responsible, Told, notice_text
from sillage.governance.engine.privacy import (
    Doing,
    Urgency,
    answer_due,
    months_after,
    notice_due,
    notice_findings,
    urgency,
)
from sillage.governance.engine.retention import prospect_ends


def day(year: int, month: int, date: int) -> datetime:
    return datetime(year, month, date, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (day(2026, 1, 31), 1, day(2026, 2, 28)),
        (day(2028, 1, 31), 1, day(2028, 2, 29)),
        (day(2026, 11, 30), 3, day(2027, 2, 28)),
        (day(2026, 6, 15), 12, day(2027, 6, 15)),
        (day(2026, 1, 15), -2, day(2025, 11, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(start, months, end):
    assert months_after(start, months) == end


def test_a_notice_is_due_a_month_after_obtaining_or_at_the_first_contact_or_showing():
    assert notice_due(day(2026, 11, 1), None, None) == day(2026, 12, 1)
    assert notice_due(day(2026, 11, 1), day(2026, 11, 20), day(2026, 11, 3)) == day(2026, 11, 3)
    assert notice_due(day(2026, 11, 1), day(2027, 1, 1), None) == day(2026, 12, 1)


def test_somebody_who_was_not_told_is_not_shown_to_a_brand():
    """T21: obtained on 1 November, first shown on the 3rd, no notice sent."""
    given = {"obtained": day(2026, 11, 1), "contacted": None, "sent": None, "now": day(2026, 11, 3)}
    (found,) = notice_findings(Doing.SHOW, shown=day(2026, 11, 3), **given)
    assert (found.rule, found.is_blocking, found.due_at) == ("GDPR-14-3", True, day(2026, 11, 3))
    assert notice_findings(Doing.SHOW, shown=None, **{**given, "sent": day(2026, 11, 2)}) == ()


def test_a_first_contact_carries_the_notice_and_is_not_refused():
    given = {"obtained": day(2026, 11, 1), "contacted": None, "shown": None, "sent": None}
    (found,) = notice_findings(Doing.CONTACT, now=day(2026, 11, 5), **given)
    assert not found.is_blocking and found.due_at == day(2026, 11, 5)


def test_a_request_is_answered_within_a_month_and_two_more_where_it_is_extended():
    assert answer_due(day(2026, 1, 31), is_extended=False) == day(2026, 2, 28)
    assert answer_due(day(2026, 1, 31), is_extended=True) == day(2026, 4, 30)


def test_a_deadline_is_soon_within_a_week_and_then_overdue():
    due = day(2026, 6, 15)
    assert urgency(due, day(2026, 6, 1)) is Urgency.LATER
    assert urgency(due, day(2026, 6, 9)) is Urgency.SOON
    assert urgency(due, due) is Urgency.OVERDUE
    assert urgency(due, day(2026, 7, 1), is_done=True) is Urgency.DONE


def test_a_prospect_goes_three_years_after_they_last_did_something():
    """T22: last click on 1 November 2023; that a message was opened since does not count."""
    assert prospect_ends(day(2022, 1, 1), day(2023, 11, 1)) == day(2026, 11, 1) < day(2026, 11, 22)
    assert prospect_ends(day(2024, 1, 1), None) == day(2027, 1, 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notice_says_all_that_article_14_asks_for(language):
    by = Responsible(
        "Terrabelle SAS", "rgpd@terrabelle.example", officer="dpo@terrabelle.example", transfers="None {x}."
    )
    text = notice_text(
        by, Told("Mona {y}", ("Instagram", "YouTube"), day(2026, 6, 1), "https://s.example/l/x/data/"), language
    )
    for said in (
        "Terrabelle SAS",
        "rgpd@",
        "dpo@",
        "Instagram, YouTube",
        "None {x}.",
        "Mona {y}",
        "https://s.example/l/x/data/",
    ):
        assert said in text
    rights = {"fr": ("rectification", "effacement", "OPPOSITION", "CNIL"), "en": ("rectification", "erasure", "OBJECT")}
    assert all(word in text for word in rights[language])


def test_a_notice_without_a_link_promises_none():
    text = notice_text(Responsible("T", "t@t.example"), Told("Mona", (), day(2026, 6, 1)), "fr")
    assert "http" not in text and not text.endswith("{page}")
