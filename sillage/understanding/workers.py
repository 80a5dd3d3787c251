"""Processes that read posts. Each builds its enrichers once; the work they are given and give back is plain data."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders import Embedder, EmbedderSettings, embedder_from
from sillage.understanding.engine.brands import BrandMentions, KnownBrand
from sillage.understanding.engine.chain import Due, Language, Themes, read
from sillage.understanding.engine.commercial import Commercial
from sillage.understanding.engine.port import ENRICHERS, VECTORS, Enricher, Finding

Work = TypeVar("Work")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a reading process is made of. Everything in it can be sent to another process."""

    brands: tuple[KnownBrand, ...]
    embedder: EmbedderSettings | None
    only: frozenset[str] = frozenset(ENRICHERS)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a batch gave: findings per enricher, and dense vectors of some places (float32, unit rows)."""

    findings: dict[str, list[tuple[int, Finding]]]
    vector_places: tuple[int, ...]
    vectors: NDArray[np.float32] | None


class Reader:
    """The enrichers of a spec, ready to read."""

    def __init__(self, spec: Spec) -> None:
        chain: list[Enricher] = [Language(), Themes(), BrandMentions(spec.brands), Commercial()]
        self.enrichers = [e for e in chain if e.name in spec.only]
        wants_vectors = spec.embedder is not None and VECTORS in spec.only
        self.embedder: Embedder | None = embedder_from(spec.embedder) if wants_vectors and spec.embedder else None

    @property
    def versions(self) -> dict[str, str]:
        """The version of each enricher that is on."""
        made = {e.name: e.version for e in self.enrichers}
        return made | ({VECTORS: self.embedder.version} if self.embedder else {})

    def __call__(self, due: Due) -> Reading:
        places = due.places.get(VECTORS, ()) if self.embedder else ()
        vectors = self.embedder.embed([due.posts[p].words for p in places]) if self.embedder and places else None
        return Reading(read(due, self.enrichers), places, vectors)


class Crew(Generic[Work, Done]):
    """Runs `make(*given)` once per process and then calls it on each piece of work; in this process when workers is 1."""

    def __init__(self, make: Callable[..., Callable[[Work], Done]], given: tuple[Any, ...], workers: int) -> None:
        self._make, self._given, self._workers = make, given, workers

    def results(self, work: Iterable[tuple[Any, Work]]) -> Iterator[tuple[Any, Done]]:
        """(label, result) for each (label, work), as they come; never more than two pieces per process wait."""
        if self._workers == 1:
            call = self._make(*self._given)
            for label, piece in work:
                yield label, call(piece)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=_prepare, initargs=(self._make, self._given)
        ) as pool:
            waiting: dict[Future[Done], Any] = {}
            for label, piece in work:
                waiting[pool.submit(_call, piece)] = label
                if len(waiting) >= 2 * self._workers:
                    yield from _finished(waiting)
            while waiting:
                yield from _finished(waiting)


_prepared: list[Callable[[Any], Any]] = []


def _prepare(make: Callable[..., Callable[[Any], Any]], given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepared[:] = [make(*given)]


def _end_with_parent() -> None:
    """A pool's processes wait for work forever when the process that made them was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _call(piece: Any) -> Any:
    return _prepared[0](piece)


def _finished(waiting: dict[Future[Done], Any]) -> Iterator[tuple[Any, Done]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield waiting.pop(future), future.result()
