"""A token, or a signed-in person, may call so many times per minute, and is told where it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sillage.front.api import api
from sillage.front.tests.program import Program, program_of


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 6, 15, 12, 0, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(settings, monkeypatch) -> Clock:
    """Three requests per minute, at 20 seconds past."""
    clock = Clock()
    monkeypatch.setattr(api.throttle, "now", clock)
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"api_per_minute": 3})
    return clock


def _told(response) -> tuple[str, str, str]:
    return tuple(response[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset"))


def test_each_answer_says_how_many_are_left(owners, clock):
    assert [_told(owners.get("me")) for _ in range(3)] == [("3", "2", "40"), ("3", "1", "40"), ("3", "0", "40")]


def test_one_too_many_is_refused_until_the_minute_is_over(owners, clock):
    for _ in range(3):
        owners.get("me")
    refused = owners.get("me")
    assert refused.status_code == 429 and refused["Content-Type"] == "application/problem+json"
    assert refused["Retry-After"] == "40" and _told(refused) == ("3", "0", "40")
    assert refused.json()["status"] == 429 and "40" in refused.json()["hint"]
    clock.at += timedelta(seconds=40)
    assert owners.get("me").status_code == 200


def test_a_refused_write_writes_nothing(owners, clock):
    for _ in range(3):
        owners.get("me")
    assert owners.post("briefs", {"text": "jardin"}).status_code == 429
    clock.at += timedelta(minutes=1)
    assert owners.get("briefs").json()["items"] == []


def test_errors_count_and_are_told(owners, clock):
    assert _told(owners.get("briefs/999")) == ("3", "2", "40")
    assert _told(owners.post("briefs", {})) == ("3", "1", "40")


def test_each_token_has_a_count_of_its_own(owners, ada, bruno, clock):
    for _ in range(4):
        owners.get("me")
    assert program_of(ada).get("me").status_code == 200
    assert program_of(bruno).get("me").status_code == 200


def test_a_browser_is_counted_by_its_person(ada, owners, signed_in, clock):
    owners.get("me")
    browser = Program(client=signed_in(ada))
    assert [_told(browser.get("me"))[1] for _ in range(2)] == ["2", "1"]


def test_strangers_are_turned_away_uncounted(db, clock):
    answers = [Program("sil_unknown").get("me") for _ in range(5)]
    assert {a.status_code for a in answers} == {401} and not answers[-1].has_header("RateLimit-Limit")


def test_a_repeat_counts_too(owners, clock):
    key = {"Idempotency-Key": "k"}
    for _ in range(3):
        owners.post("briefs", {"text": "jardin"}, headers=key)
    assert owners.post("briefs", {"text": "jardin"}, headers=key).status_code == 429
