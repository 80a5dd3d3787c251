"""Connectors go gently: they wait between calls, back off, and do what the server asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sillage.catalogue.connectors.pace import LONGEST_PAUSE_S, Pace, seconds_to_wait
from sillage.catalogue.tests.recorded.replay import NOON, Clock, means
from sillage.lib.errors import OutsideError


def pace(clock: Clock, *, spacing_s: float = 0.0, tries: int = 4) -> Pace:
    return Pace(means(None, clock), spacing_s=spacing_s, tries=tries)


def failing(times: int, **kind: object) -> Callable[[], str]:
    left = [OutsideError("Down.", **({"permanent": False} | kind)) for _ in range(times)]  # type: ignore[arg-type]

    def call() -> str:
        if left:
            raise left.pop()
        return "fine"

    return call


def test_calls_keep_their_distance() -> None:
    clock = Clock()
    gentle = pace(clock, spacing_s=2.0)
    for _ in range(3):
        gentle.run(lambda: "fine")
    assert clock.waits == [2.0, 2.0]


def test_a_call_that_fails_for_a_while_succeeds_after_growing_pauses() -> None:
    clock = Clock()
    assert pace(clock).run(failing(3)) == "fine"
    assert [lower <= wait <= 2 * lower for lower, wait in zip((0.5, 1.0, 2.0), clock.waits, strict=True)] == [True] * 3


def test_after_the_last_try_the_failure_says_when_to_come_back() -> None:
    with pytest.raises(OutsideError) as failure:
        pace(Clock(), tries=3).run(failing(3))
    assert not failure.value.permanent
    assert failure.value.retry_after == LONGEST_PAUSE_S


def test_a_permanent_failure_is_not_tried_again() -> None:
    clock = Clock()
    with pytest.raises(OutsideError):
        pace(clock).run(failing(1, permanent=True))
    assert clock.waits == []


def test_the_pause_a_server_asks_for_is_taken_to_the_second() -> None:
    clock = Clock()
    assert pace(clock).run(failing(1, retry_after=17.0)) == "fine"
    assert clock.waits == [17.0]


def test_a_pause_too_long_to_sit_out_is_handed_back_at_once() -> None:
    clock = Clock()
    with pytest.raises(OutsideError) as failure:
        pace(clock).run(failing(1, retry_after=3600.0))
    assert failure.value.retry_after == 3600.0
    assert clock.waits == []


def test_an_exhausted_rate_limit_holds_the_next_call_back_until_it_resets() -> None:
    clock = Clock()
    gentle = pace(clock)
    gentle.heed({"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOON.timestamp()) + 30)})
    gentle.run(lambda: "fine")
    assert clock.waits == [30.0]
    gentle.heed({"ratelimit-remaining": "12", "ratelimit-reset": "30"})
    gentle.run(lambda: "fine")
    assert clock.waits == [30.0]


def test_an_exhausted_rate_limit_that_lasts_is_handed_back() -> None:
    gentle = pace(Clock())
    gentle.heed({"ratelimit-remaining": "0", "ratelimit-reset": "300"})
    with pytest.raises(OutsideError) as failure:
        gentle.run(lambda: "never")
    assert failure.value.retry_after == 300.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:01:00 GMT"}, 60.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"ratelimit-reset": "45"}, 45.0),
        ({"ratelimit-reset": str(int((NOON + timedelta(seconds=90)).timestamp()))}, 90.0),
        ({}, None),
    ],
)
def test_waiting_times_are_read_in_each_form_that_servers_use(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers, NOON) == seconds
