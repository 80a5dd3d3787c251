"""The port: what Sillage asks of a language model. It answers with text and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from pydantic import BaseModel

from sillage.lib.errors import OutsideError

Shape = TypeVar("Shape", bound=BaseModel)


class Trouble(StrEnum):
    """Why a call brought nothing."""

    TIMEOUT = "timeout"  # it took longer than a call may
    UNREACHABLE = "unreachable"  # no connection, or one that broke off
    BUSY = "busy"  # 429, and still so after the last try
    KEY = "key"  # the server does not know the key
    REJECTED = "rejected"  # the request itself, by another 4xx
    SERVER = "server"  # 5xx, and still so after the last try
    REFUSED = "refused"  # the model, or a filter before it, declined
    UNFIT = "unfit"  # the answer has another shape, after being asked again too
    TOO_LONG = "too_long"  # more than an answer may be


@dataclass(frozen=True, slots=True)
class Used:
    """What a call used. Tokens are the server's own count, None where it gave none; characters are counted here."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    characters_out: int = 0
    requests: int = 0  # answers that were begun, those that were asked for again included


class ModelFailed(OutsideError):
    """A call to a language model brought no answer. What it used so far stands in the `Answering`."""

    def __init__(
        self, message: str, trouble: Trouble, *, permanent: bool, hint: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message, permanent=permanent, hint=hint, retry_after=retry_after)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Question(Generic[Shape]):
    """`system` holds Sillage's instructions, `user` the material, `shape` what the answer must be: JSON, checked.

    Neither is changed on the way; no tool is offered.
    """

    system: str
    user: str
    shape: type[Shape]
    most_tokens: int = 2_000
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class SoFar:
    """The answer as far as it has come, as text that nobody has checked; it begins anew when it is asked for again."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered(Generic[Shape]):
    """The whole answer, in its shape."""

    value: Shape


class Answering(Protocol[Shape]):
    """A call under way, to be used in `with`: leaving it stops the call, wherever it is."""

    @property
    def used(self) -> Used: ...

    @property
    def seconds(self) -> float:
        """Since the call began, until it ended."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def __iter__(self) -> Iterator[SoFar | Answered[Shape] | None]:
        """What comes, the `Answered` last; None about once a second while nothing does. Raises ModelFailed."""
        ...


class LanguageModel(Protocol):
    """`name` and `version` are what the mark of its output says; `version` is the server's host."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def leaves_machine(self) -> bool:
        """Whether what is asked leaves this machine."""
        ...

    def ask(self, question: Question[Shape]) -> Answering[Shape]:
        """Begin a call."""
        ...
