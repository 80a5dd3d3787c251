"""Reading on a Ray cluster of one and of two workers on this machine: `python bench/cluster.py [--posts 12000]`.

Needs the extra: pip install 'sillage[ray]'. Posts of the invented sample world go out in batches and findings come back,
as `sillage enrich --engine ray` does it, without the database. Stated for each: seconds until Ray is up, seconds until
all workers have answered (their models are loaded), posts per second from then on, and the shuffle: seconds that the same
batches and the same findings take there and back when workers read nothing. Prints Markdown.
OMP_NUM_THREADS is set to 1, so that one worker is one core.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
SEED = 7
BATCH = 400
WARM = 6  # batches per worker before the clock counts


@dataclass(frozen=True)
class Measured:
    """Seconds, and posts per second once all workers are warm."""

    workers: int
    ray_up: float
    all_warm: float
    posts_per_s: float


class Echo:
    """Reads nothing: gives the findings of a batch that were found before."""

    def __init__(self, readings: list[Any]) -> None:
        self.readings = readings

    def __call__(self, piece: tuple[int, Any]) -> Any:
        return self.readings[piece[0]]


def run(make: Any, given: tuple[Any, ...], pieces: list[Any], workers: int) -> Measured:
    """Reads all pieces; the first WARM per worker, which are extra, only make the workers ready."""
    from sillage.adapters.clusters import LOCAL, RayCrew, joined

    warm = WARM * workers
    started = time.perf_counter()
    with joined(LOCAL, workers):
        ray_up = time.perf_counter() - started
    started = time.perf_counter()
    crew: RayCrew[Any, Any] = RayCrew(make, given, address=LOCAL, processors=workers)
    begun = finished = 0.0
    work = [(None, piece) for piece in [*(pieces * warm)[:warm], *pieces]]
    for count, _ in enumerate(crew.results(work), start=1):
        finished = time.perf_counter()
        if count == warm:
            begun = finished
    return Measured(workers, ray_up, begun - started - ray_up, len(pieces) * BATCH / (finished - begun))


def table(title: str, spec: Any, batches: list[Any], most: int) -> None:
    from sillage.understanding.workers import Reader, reader_of

    reader = Reader(spec)
    for due in batches[:WARM]:
        reader(due)
    here = time.process_time()
    readings = [reader(due) for due in batches]
    alone = len(batches) * BATCH / (time.process_time() - here)
    print(f"\n{title}: {alone:,.0f} posts/s of one core without Ray.\n")
    print("| workers | Ray is up, s | workers ready, s | posts/s | against one | shuffle, s per 1,000 posts |")
    print("|---:|---:|---:|---:|---:|---:|")
    one = 0.0
    for workers in range(1, most + 1):
        read = run(reader_of, (spec, reader.versions), batches, workers)
        echoed = run(Echo, (readings,), list(enumerate(batches)), workers)
        one = one or read.posts_per_s
        print(
            f"| {workers} | {read.ray_up:.1f} | {read.all_warm:.1f} | {read.posts_per_s:,.0f}"
            f" | {read.posts_per_s / one:.2f} | {1000 / echoed.posts_per_s:.3f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=12_000, help="without the dense vector; a tenth of it with it")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    import django

    django.setup()
    from sillage.catalogue.sample.brands import sample_brands
    from sillage.catalogue.sample.world import sample_world
    from sillage.understanding.engine.brands import KnownBrand
    from sillage.understanding.engine.chain import Due
    from sillage.understanding.engine.port import VECTORS, PostText
    from sillage.understanding.lens import embedder_settings
    from sillage.understanding.workers import Reader, Spec

    brands = tuple(KnownBrand(b.handle, b.name, (b.handle,), (b.hashtag,), tuple(b.aliases)) for b in sample_brands())
    made = sample_world(seed=SEED, now=datetime(2026, 6, 15, 12, tzinfo=UTC)).batch.posts
    posts = [
        PostText(1, n, n, p.title, p.text, tuple(p.hashtags), p.language, p.paid_label) for n, p in enumerate(made)
    ]

    def batches(spec: Any, many: int) -> list[Any]:
        everywhere = tuple(range(BATCH))
        names = Reader(spec).versions
        return [
            Due(tuple(replace(posts[(at + n) % len(posts)]) for n in range(BATCH)), dict.fromkeys(names, everywhere))
            for at in range(0, many, BATCH)
        ]

    load = os.getloadavg()[0]
    plain, dense = (
        Spec(brands, None),
        Spec(brands, embedder_settings(), frozenset({*Reader(Spec(brands, None)).versions, VECTORS})),
    )
    table("Without the dense vector", plain, batches(plain, arguments.posts), arguments.workers)
    table("With the dense vector", dense, batches(dense, arguments.posts // 10), arguments.workers)
    print(f"\n{os.cpu_count()} cores; load average {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
