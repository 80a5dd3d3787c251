"""Recorded answers played back, with a clock that moves only when somebody waits. The people in them are invented."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from sillage.catalogue.connectors.settings import Means

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Line = httpx.Response | Exception


class Clock:
    """Stands still but for the waits, which it counts."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


class Script(httpx.MockTransport):
    """Answers each request with the next line under the end of its path; a request nobody foresaw fails the test."""

    def __init__(self, **lines: list[Line]) -> None:
        super().__init__(self._answer)
        self.lines = {name: list(answers) for name, answers in lines.items()}
        self.asked: list[httpx.Request] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = request.url.path.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
        line = self.lines[name].pop(0)
        if isinstance(line, Exception):
            raise line
        return line

    def asked_for(self, name: str) -> list[httpx.QueryParams]:
        return [request.url.params for request in self.asked if request.url.path.endswith(name)]


def recorded(name: str) -> bytes:
    return (HERE / name).read_bytes()


def answer(name: str, status: int = 200, **headers: str) -> httpx.Response:
    return said(recorded(name), status, **headers)


def said(body: bytes | str, status: int = 200, **headers: str) -> httpx.Response:
    """A JSON answer; underscores in header names stand for hyphens."""
    named = {"content-type": "application/json"} | {key.replace("_", "-"): value for key, value in headers.items()}
    return httpx.Response(status, headers=named, content=body)


def means(
    transport: httpx.BaseTransport | None, clock: Clock | None = None, spend: Callable[[int], None] = lambda units: None
) -> Means:
    clock = clock or Clock()
    return Means(clock, clock.wait, random.Random(7), spend, transport)
