"""A reading: all that came into a workspace is brought up to date in the background. Its steps, its states, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# What `bring_up_to_date` tells of while it works, in this order.
STEPS = ("posts", "comments", "models", "profiles", "authenticity", "originality", "expected")
MOST_BREAKS = 5  # a reading that its worker did not survive so often is not begun again
PACE = timedelta(seconds=1)  # between two writings of how far it is


class ReadingState(StrEnum):
    """What is stored. A reading that says it runs may have broken off: its worker's lock tells."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (ReadingState.ASKED, ReadingState.RUNNING)


class Standing(StrEnum):
    """How a reading stands, for those who wait for it."""

    WAITING = "waiting"  # a worker is there and comes to it
    UNATTENDED = "unattended"  # no worker is there
    RUNNING = "running"
    BROKEN_OFF = "broken off"  # its worker is gone, another is there and takes it up again
    DONE = "done"
    FAILED = "failed"


def standing(state: ReadingState, *, is_held: bool, has_worker: bool) -> Standing:
    """`is_held`: a worker holds the reading's lock. `has_worker`: some worker lives."""
    match state:
        case ReadingState.DONE:
            return Standing.DONE
        case ReadingState.FAILED:
            return Standing.FAILED
    if is_held:
        return Standing.RUNNING
    if not has_worker:
        return Standing.UNATTENDED
    return Standing.WAITING if state is ReadingState.ASKED else Standing.BROKEN_OFF


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is: `done` of `total` things of a step."""

    step: str
    done: int
    total: int

    def is_to_be_written(self, before: Progress | None, elapsed: timedelta) -> bool:
        """A new step and the end of one are written at once, everything else once in `PACE`."""
        return before is None or before.step != self.step or self.done >= self.total or elapsed >= PACE
