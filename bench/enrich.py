"""Posts per second for each enricher and for the whole chain: `python bench/enrich.py [--posts 3000] [--markdown]`.

Takes posts of the invented sample world, times each enricher alone in this process, the chain of them without and with
the dense vector (as a worker reads a batch), the lexical transform, and then everything (read and store, fit, profiles,
cards) into a scratch database with 1 and with 2 processes. `--markdown` prints a table for docs/benchmarks.md.
The main figures are by CPU time and per core: on a busy machine the clock tells how busy it is.
OMP_NUM_THREADS is set to 1, so that one process is one core.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
SEED = 7
HEADINGS = ("step", "posts/s per core", "CPU ms per post", "CPU-s", "database CPU-s", "wall s")
BATCH = 400  # as `understanding.actions.enriching` hands posts to a process


@dataclass(frozen=True)
class Row:
    """One measured step. `database_s` is the processor time of the database's own process, where there is one."""

    name: str
    posts: int
    cpu_s: float
    wall_s: float
    database_s: float | None = None

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{self.posts / self.cpu_s:,.0f}",
            f"{1000 * self.cpu_s / self.posts:.3f}",
            f"{self.cpu_s:.2f}",
            "-" if self.database_s is None else f"{self.database_s:.1f}",
            f"{self.wall_s:.2f}",
        )


def cpu() -> float:
    """Seconds of processor time of this process and of those of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def database_cpu() -> float:
    """Seconds of processor time of the database's process for this connection (Linux; else 0)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(name: str, posts: int, work: Callable[[], Any], *, with_database: bool = False) -> Row:
    served = database_cpu() if with_database else 0.0
    busy, started = cpu(), time.perf_counter()
    work()
    wall, spent = time.perf_counter() - started, cpu() - busy
    return Row(name, posts, max(spent, 1e-6), wall, database_cpu() - served if with_database else None)


def batch_of(world: Any, most: int) -> Any:
    """Whole accounts of the world until there are `most` posts."""
    from sillage.catalogue.engine.records import Batch

    chosen: set[tuple[str, str]] = set()
    counts: dict[tuple[str, str], int] = {}
    for post in world.batch.posts:
        key = (post.network, post.account_network_id)
        counts[key] = counts.get(key, 0) + 1
    total = 0
    for key, count in counts.items():
        if total >= most:
            break
        chosen.add(key)
        total += count
    return Batch(
        accounts=tuple(a for a in world.batch.accounts if (a.network, a.network_id) in chosen),
        posts=tuple(p for p in world.batch.posts if (p.network, p.account_network_id) in chosen),
        observations=tuple(o for o in world.batch.observations if (o.network, o.account_network_id) in chosen),
    )


def alone(batch: Any) -> list[Row]:
    """Each enricher, their chain, and the lexical model, without a database."""
    from dataclasses import replace

    from sillage.catalogue.sample.brands import sample_brands
    from sillage.understanding.engine.brands import KnownBrand
    from sillage.understanding.engine.lexical import fit_lexical
    from sillage.understanding.engine.port import PostText
    from sillage.understanding.lens import embedder_settings
    from sillage.understanding.workers import Reader, Spec

    brands = tuple(KnownBrand(b.handle, b.name, (b.handle,), (b.hashtag,), tuple(b.aliases)) for b in sample_brands())
    reader = Reader(Spec(brands, embedder_settings()))
    posts = [
        PostText(1, n, n, p.title, p.text, tuple(p.hashtags), p.language, p.paid_label)
        for n, p in enumerate(batch.posts)
    ]
    texts = [p.words for p in posts]
    rows = chained(reader, posts)
    chunks = [posts[at : at + BATCH] for at in range(0, len(posts), BATCH)]
    for enricher in reader.enrichers:
        enricher.findings(posts[:50])  # models are loaded, caches warm
        found: list[Any] = []
        rows.append(
            timed(enricher.name, len(posts), lambda e=enricher, f=found, c=chunks: [f.extend(e.findings(x)) for x in c])
        )
        if enricher.name == "language":
            posts = [replace(p, language=f.value.get("language")) for p, f in zip(posts, found, strict=True)]
            chunks = [posts[at : at + BATCH] for at in range(0, len(posts), BATCH)]
    if reader.embedder is not None:
        reader.embedder.embed(texts[:50])
        embed = reader.embedder.embed
        parts = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        rows.append(timed(f"vectors ({embedder_settings().kind})", len(texts), lambda: [embed(t) for t in parts]))
    model = fit_lexical(texts)
    rows.append(timed("lexical fit", len(texts), lambda: fit_lexical(texts)))
    model.transform(texts[:50])
    rows.append(timed("lexical transform", len(texts), lambda: model.transform(texts)))
    return rows


def chained(reader: Any, posts: list[Any]) -> list[Row]:
    """Batches as a worker reads them: all enrichers without the dense vector, then with it. Nothing is kept between."""
    from dataclasses import replace

    from sillage.understanding.engine.chain import Due
    from sillage.understanding.engine.port import VECTORS

    def read(names: list[str]) -> None:
        for at in range(0, len(posts), BATCH):
            batch = tuple(replace(post) for post in posts[at : at + BATCH])
            reader(Due(batch, {name: tuple(range(len(batch))) for name in names}))

    names = [name for name in reader.versions if name != VECTORS]
    read(list(reader.versions))  # models are loaded, caches warm
    rows = [timed("**chain without the dense vector**", len(posts), lambda: read(names))]
    if reader.embedder is not None:
        rows.append(timed("**chain with the dense vector**", len(posts), lambda: read([*names, VECTORS])))
    return rows


def whole_chain(batch: Any, workers: int) -> list[Row]:
    """Read, fit, make profiles and cards, in a fresh workspace."""
    from django.utils import timezone

    from sillage.catalogue.actions.ingest import ingest
    from sillage.catalogue.models import Brand
    from sillage.catalogue.sample.brands import sample_brands
    from sillage.governance.actions import open_workspace
    from sillage.governance.engine.actors import Actor, ActorKind, Right, automation
    from sillage.understanding import actions

    now = timezone.now()
    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    workspace = open_workspace(slug=f"bench-{workers}", name="bench", is_sample=True, actor=installer, now=now)
    actor = automation("bench", workspace.pk)
    Brand.objects.bulk_create(
        Brand(workspace=workspace, key=b.hashtag, name=b.name, handles=[b.handle], hashtags=[b.hashtag])
        for b in {b.hashtag: b for b in sample_brands()}.values()
    )
    ingest(workspace_id=workspace.pk, batch=batch, actor=actor, now=now)
    posts, told = len(batch.posts), f"{workers} process" + ("es" if workers > 1 else "")
    rows: list[Row] = []
    given: dict[str, Any] = {"actor": actor, "now": now, "workers": workers}

    def step(name: str, work: Callable[[], Any]) -> Any:
        kept: list[Any] = []
        rows.append(timed(f"{name}, {told}", posts, lambda: kept.append(work()), with_database=True))
        return kept[0]

    enriched = step("read and store signals", lambda: actions.enrich_due(**given))
    assert enriched.posts == posts, enriched
    step("fit models", lambda: actions.fit(actor=actor, now=now))
    made = step("profiles and cards", lambda: actions.profile_due(versions=enriched.versions, **given))
    assert made == len(batch.accounts), made
    step("places among peers", lambda: actions.rank_engagement(actor=actor, now=now))
    total = Row(
        f"**whole chain, {told}**",
        posts,
        sum(r.cpu_s for r in rows),
        sum(r.wall_s for r in rows),
        sum(r.database_s or 0.0 for r in rows),
    )
    return [*rows, total]


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in (Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else [])
            if line.startswith("model name")
        ),
        platform.processor() or "unknown processor",
    )
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def show(rows: list[tuple[str, ...]], markdown: bool) -> None:
    if markdown:
        print(f"| {' | '.join(HEADINGS)} |\n|---|{'---:|' * (len(HEADINGS) - 1)}")
        for row in rows:
            print(f"| {' | '.join(row)} |")
        return
    widths = [max(len(row[i].strip("*")) for row in [HEADINGS, *rows]) for i in range(len(HEADINGS))]
    for row in [HEADINGS, *rows]:
        first, *rest = (cell.strip("*") for cell in row)
        print("  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=3_000)
    parser.add_argument("--alone", action="store_true", help="Leave out what needs a database.")
    parser.add_argument("--markdown", action="store_true", help="Print a Markdown table.")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sillage-bench-"))
    folder.chmod(0o755)  # run as root, the server's own user must be able to reach it
    os.environ["SILLAGE_DATA"] = str(folder / "data")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
    load = os.getloadavg()
    import django
    from django.core.management import call_command
    from django.utils import timezone

    django.setup()
    from sillage.adapters.database import stop
    from sillage.catalogue.sample.world import sample_world

    try:
        batch = batch_of(sample_world(seed=SEED, now=timezone.now()), arguments.posts)
        rows = alone(batch)
        if not arguments.alone:
            call_command("migrate", verbosity=0)
            rows += whole_chain(batch, 1) + whole_chain(batch, 2)
    finally:
        stop(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(batch.posts):,} posts of {len(batch.accounts)} accounts; {machine()};")
    print(f"load average {load[0]:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
    show([row.cells() for row in rows], arguments.markdown)


if __name__ == "__main__":
    main()
