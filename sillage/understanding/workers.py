"""Processes that read posts. Each builds its enrichers once; the work they are given and give back is plain data."""

from __future__ import annotations

import multiprocessing
import os
import platform
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders import Embedder, EmbedderSettings, embedder_from
from sillage.governance.engine.law_reading import PackText, own_packs, read_also
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.brands import BrandMentions, KnownBrand
from sillage.understanding.engine.chain import Due, Language, Themes, read
from sillage.understanding.engine.commercial import Commercial
from sillage.understanding.engine.cultural_check import CulturalCheck
from sillage.understanding.engine.disclosure import Disclosure
from sillage.understanding.engine.heads import TextHead
from sillage.understanding.engine.port import ENRICHERS, VECTORS, Enricher, Finding
from sillage.understanding.engine.theme_head import ThemeHead
from sillage.understanding.engine.tone import Tone

Work = TypeVar("Work")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a reading process is made of. Everything in it can be sent to another process.

    `heads` are the workspace's current ones as bytes, by the name of their enricher; `law` the installation's own law packs.
    """

    brands: tuple[KnownBrand, ...]
    embedder: EmbedderSettings | None
    only: frozenset[str] = frozenset(ENRICHERS)
    heads: tuple[tuple[str, bytes], ...] = ()
    law: tuple[PackText, ...] = field(default_factory=own_packs)

    def head(self, enricher: str) -> TextHead | None:
        """The current head over words of an enricher; None where what ships reads."""
        body = dict(self.heads).get(enricher)
        return TextHead.from_bytes(body) if body is not None else None

    @property
    def theme_head(self) -> ThemeHead | None:
        body = dict(self.heads).get(Themes.name) if Themes.name in self.only else None
        return ThemeHead.from_bytes(body) if body is not None else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a batch gave: findings per enricher, and dense vectors of some places (float32, unit rows)."""

    findings: dict[str, list[tuple[int, Finding]]]
    vector_places: tuple[int, ...]
    vectors: NDArray[np.float32] | None


class Reader:
    """The enrichers of a spec, ready to read."""

    def __init__(self, spec: Spec) -> None:
        if spec.law != own_packs():
            read_also(spec.law)
        themes = spec.theme_head
        needs_vectors = themes is not None and themes.needs_vectors
        wants_vectors = spec.embedder is not None and (VECTORS in spec.only or needs_vectors)
        self.embedder: Embedder | None = embedder_from(spec.embedder) if wants_vectors and spec.embedder else None
        if themes is not None and needs_vectors and (self.embedder is None or self.embedder.version != themes.embedder):
            themes = None  # its vectors are not to be had: the words alone speak, under their own version
        brands = BrandMentions(spec.brands)
        chain: list[Enricher] = [Language(), Themes(themes), brands, Commercial(), Disclosure(brands)]
        chain += [Tone(spec.head(Tone.name)), CulturalCheck()]
        self.enrichers = [e for e in chain if e.name in spec.only]
        self.stores_vectors = self.embedder is not None and VECTORS in spec.only
        self.vectors_for = Themes.name if themes is not None and themes.needs_vectors else ""

    @property
    def versions(self) -> dict[str, str]:
        """The version of each enricher that is on."""
        made = {e.name: e.version for e in self.enrichers}
        return made | ({VECTORS: self.embedder.version} if self.embedder and self.stores_vectors else {})

    def __call__(self, due: Due) -> Reading:
        """Vectors come first: a learnt head may read them."""
        stored = due.places.get(VECTORS, ()) if self.stores_vectors else ()
        asked = due.places.get(self.vectors_for, ())
        places = sorted({*stored, *(p for p in asked if due.posts[p].vector is None)})
        made: dict[int, NDArray[np.float32]] = {}
        if self.embedder and places:
            made = dict(zip(places, self.embedder.embed([due.posts[p].words for p in places]), strict=True))
        if asked:
            posts = [replace(post, vector=made.get(place, post.vector)) for place, post in enumerate(due.posts)]
            due = replace(due, posts=tuple(posts))
        return Reading(read(due, self.enrichers), stored, np.array([made[p] for p in stored]) if stored else None)


class VersionsDiffer(Refusal):
    """A machine of the cluster has other enrichers, or another embedder, than the one that asked."""

    title = "Another Sillage"


def reader_of(spec: Spec, versions: dict[str, str]) -> Reader:
    """A reader whose enrichers have these versions: what it finds is stored under them."""
    reader = Reader(spec)
    if reader.versions != versions:
        differing = sorted(n for n in versions.keys() | reader.versions if versions.get(n) != reader.versions.get(n))
        raise VersionsDiffer(
            Sentence(
                "A worker on %(node)s has other versions of: %(differing)s.",
                node=platform.node(),
                differing=", ".join(differing),
            ),
            Sentence("Install the same Sillage on every machine of the cluster."),
        )
    return reader


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
