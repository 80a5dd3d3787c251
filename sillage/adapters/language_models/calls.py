"""A call under way: it runs in a thread with a loop of its own, and is read, timed, counted and stopped from outside."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Generic, Self

from pydantic_ai.messages import AgentStreamEvent, PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

from sillage.adapters.language_models.port import Answered, ModelFailed, Shape, SoFar, Used

PULSE_S = 1.0  # how long nothing may come before the reader hears that nothing came
STOPPING_S = 5.0

Event = SoFar | Answered[Any] | ModelFailed | BaseException


class CallBroken(Exception):
    """The call ends here, by Sillage's own word."""


class Overlong(CallBroken):
    """More came than an answer may be."""


class SecretEchoed(CallBroken):
    """The answer holds the server's key."""


class Heard:
    """What comes from the server, counted and handed on."""

    def __init__(self, put: Callable[[Event], None], longest: int, secret: str) -> None:
        self._put = put
        self._longest = longest
        self._secret = secret
        self.used = Used()

    @property
    def has_begun(self) -> bool:
        return self.used.characters_out > 0

    async def handler(self, _context: Any, events: AsyncIterable[AgentStreamEvent]) -> None:
        """Of one request: its text so far after each piece."""
        text, is_counted = "", False
        async for event in events:
            if isinstance(event, PartStartEvent) and not is_counted:
                is_counted = True
                self.used = replace(self.used, requests=self.used.requests + 1)
            piece = _words_of(event)
            if piece:
                text += piece
                self.used = replace(self.used, characters_out=self.used.characters_out + len(piece))
                self._refuse(text)
                self._put(SoFar(_without_beginning_of(self._secret, text)))

    def _refuse(self, text: str) -> None:
        if len(text) > self._longest:
            raise Overlong
        if self._secret and self._secret in text:
            raise SecretEchoed

    def count(self, tokens_in: int, tokens_out: int) -> None:
        """Add the server's own count; a server that gave none says 0 of both, which is not a count."""
        if tokens_in or tokens_out:
            used = self.used
            self.used = replace(
                used, tokens_in=(used.tokens_in or 0) + tokens_in, tokens_out=(used.tokens_out or 0) + tokens_out
            )


def _words_of(event: AgentStreamEvent) -> str:
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _without_beginning_of(secret: str, text: str) -> str:
    """The text without an end that may be the beginning of the secret."""
    n = next((n for n in range(min(len(secret), len(text)), 0, -1) if text.endswith(secret[:n])), 0)
    return text[: len(text) - n] if n > 3 else text


class Call(Generic[Shape]):
    """`run` brings the answer, or the failure; what comes meanwhile goes through `Heard`."""

    def __init__(self, run: Callable[[Heard], Awaitable[Any]], *, longest: int, secret: str) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._heard = Heard(self._events.put, longest, secret)
        self._run = run
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[Any] | None = None
        self._thread = threading.Thread(target=self._work, name="language model", daemon=True)
        self._began = time.monotonic()
        self._ended: float | None = None

    @property
    def used(self) -> Used:
        return self._heard.used

    @property
    def seconds(self) -> float:
        return (self._ended or time.monotonic()) - self._began

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._task = self._loop.create_task(self._whole())
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __iter__(self) -> Iterator[SoFar | Answered[Shape] | None]:
        while True:
            try:
                event = self._events.get(timeout=PULSE_S)
            except Empty:
                yield None
                continue
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Answered):
                return

    def stop(self) -> None:
        """End the call: its connection is closed, and the server sees that nobody listens. Ended ones are left alone."""
        if self._task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(STOPPING_S)
            if not self._thread.is_alive():
                self._loop.close()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._settled())
        finally:
            self._ended = time.monotonic()

    async def _settled(self) -> None:
        """Wait for the answer; a defect goes to the reader too, and crashes there."""
        assert self._task is not None
        await asyncio.wait([self._task])
        error = asyncio.CancelledError() if self._task.cancelled() else self._task.exception()
        if error is not None:
            self._events.put(error)

    async def _whole(self) -> None:
        brought = await self._run(self._heard)
        self._events.put(brought if isinstance(brought, ModelFailed) else Answered(brought))
