"""The two kinds of "no" that Sillage anticipates. Anything else is a defect and crashes loudly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sillage.lib.sentences import told


class Anticipated(Exception):
    """`str()` is English always; `message` and `hint` are said in the reader's language where they are a `Sentence`."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self._message = message
        self._hint = hint

    @property
    def message(self) -> str:
        return told(self._message)

    @property
    def hint(self) -> str:
        return told(self._hint)

    @property
    def untold(self) -> tuple[str, str]:
        """Message and hint as they were given, for another refusal that hands them on."""
        return self._message, self._hint


class Refusal(Anticipated):
    """An anticipated no: one sentence that says which thing and what is true, and a hint that says what to do next.

    Doors translate it: HTTP `status` with a problem+json body, or exit code 1 on the command line.
    """

    status = 409
    title = "Refused"

    @property
    def code(self) -> str:
        """The stable name of this refusal, e.g. `BriefHasNoThemes`."""
        return type(self).__name__


class NotFound(Refusal):
    """The thing does not exist, or is not this workspace's."""

    status = 404
    title = "Not found"


class Malformed(Refusal):
    """The input cannot be read. `place` is file:line:column where there is one.

    `path` are the keys that lead to what is wrong in a document: (filters, languages, 0). It is the place where there is no
    other.
    """

    status = 422
    title = "Malformed input"

    def __init__(self, message: str, hint: str = "", place: str = "") -> None:
        super().__init__(message, hint)
        self.path: tuple[str | int, ...] = ()
        self._place = place

    @property
    def place(self) -> str:
        return self._place or ".".join(map(str, self.path))

    @place.setter
    def place(self, found: str) -> None:
        self._place = found


@contextmanager
def within(*keys: str | int) -> Iterator[None]:
    """What is malformed in here stands below these keys of a document."""
    try:
        yield
    except Malformed as refusal:
        refusal.path = (*keys, *refusal.path)
        raise


class OutsideError(Anticipated):
    """The outside world failed. `permanent` tells the caller not to try again; `retry_after` is in seconds."""

    def __init__(self, message: str, *, permanent: bool, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.permanent = permanent
        self.retry_after = retry_after
