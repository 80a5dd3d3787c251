"""Ten thousand variants of an ad: `python bench/variants.py [--n 10000] [--rounds 5] [--folder SCRATCH]`.

Measured in one run: seconds to make, check and rank them (median of rounds, one thread), what was left out and why; then,
outside of the time, that it holds: every text judged whole by the law packs, near-duplicates counted by an independent
MinHash (rensa) over runs of characters and exactly over runs of words, and the similarity of the twelve shown.

With --folder, an embedded database is filled there, and the same is measured through the action that stores a run, without
and with a voice trained on forty texts; then the gallery's pages are asked for through Django's own stack.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")

import django
import numpy as np

if "--folder" in sys.argv[:-1]:  # before anything is set up
    os.environ["SILLAGE_DATA"] = sys.argv[sys.argv.index("--folder") + 1]
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from sillage.governance import actions as governance  # noqa: E402
from sillage.governance.engine.actors import Actor, ActorKind, Right, Role  # noqa: E402
from sillage.governance.models import Person  # noqa: E402
from sillage.governance.queries import actor_of  # noqa: E402
from sillage.studio.actions.briefs import write_brief  # noqa: E402
from sillage.studio.actions.marks import mark_variant  # noqa: E402
from sillage.studio.actions.runs import make_run  # noqa: E402
from sillage.studio.actions.voice_texts import add_texts  # noqa: E402
from sillage.studio.actions.voices import open_voice, promote_voice, train_voice  # noqa: E402
from sillage.studio.engine.brief import writing_brief  # noqa: E402
from sillage.studio.engine.gallery import Gallery  # noqa: E402
from sillage.studio.engine.lawful import judged, packs_of  # noqa: E402
from sillage.studio.engine.making import put_together  # noqa: E402
from sillage.studio.engine.variants import SAME  # noqa: E402
from sillage.studio.models import VariantRun, Voice  # noqa: E402
from sillage.studio.queries.runs import gallery_of  # noqa: E402
from sillage.understanding.engine.originality import alike  # noqa: E402

EMAIL = "bench@example.org"
BRIEF = {
    "title": "Sérum Aube (invented)",
    "idea": "Une peau calme vaut mieux qu’une peau parfaite",
    "audience": "celles et ceux qui ont la peau sensible",
    "brand": "Aube",
    "product": "le sérum Aube",
    "link": "aube.example/serum",
    "code": "AUBE10",
    "label": "Publicité",
    "facts": [
        "La formule compte onze ingrédients.",
        {"text": "Aucun parfum n’est ajouté.", "source": "liste INCI du produit"},
        "Le flacon en verre se recharge en boutique.",
        "Le sérum est fabriqué à Grasse.",
    ],
    "never": ["miracle", "anti-âge"],
    "must": ["Aube"],
    "shortest": 120,
    "longest": 420,
    "law_packs": ["fr", "eu"],
    "consideration": "own_brand",
}
ON = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def owner() -> Actor:
    """A workspace of its own, and its owner."""
    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    workspace = governance.open_workspace(slug="bench", name="Bench", actor=installer, now=NOW)
    founder = Actor(ActorKind.AUTOMATION, "bench", workspace.pk, frozenset(Right))
    member = governance.add_member(
        email=EMAIL, name="Bench", role=Role.OWNER, password="pelican-harbour-42", actor=founder, now=NOW
    )
    return actor_of(member, member.person)


def timed(brief_id: int, n: int, rounds: int, said: dict[str, Any]) -> tuple[str, VariantRun]:
    """Seconds through the action, of the clock and of the processor, as cells of a table; and the last run."""
    seconds, busy = [], []
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        run = make_run(brief_id=brief_id, wanted=n, seed=7, **said)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)
    return f"{run.made:,} | {np.median(seconds):.2f} | {max(seconds):.2f} | {np.median(busy):.2f}", run


def trained(run: VariantRun, said: dict[str, Any]) -> Voice:
    """A voice in use, of forty of the run's texts."""
    voice = open_voice(name="Aube", language="fr", **said)
    add_texts(voice_id=voice.pk, texts=gallery_of(run).run.texts(range(0, 4_000, 100)), **said)
    version = train_voice(voice_id=voice.pk, **said)
    return promote_voice(voice_id=voice.pk, number=version.number, **said)


def stored(n: int, rounds: int) -> None:
    """The same through the action that keeps a run, and the pages that show it."""
    said: dict[str, Any] = {"actor": owner(), "now": NOW}
    brief = write_brief(given=BRIEF, **said)
    plain, run = timed(brief.pk, n, rounds, said)
    voice = trained(run, said)
    voiced, with_voice = timed(write_brief(given={**BRIEF, "voice_id": voice.pk}, **said).pk, n, rounds, said)
    for place, word in ((3, "more"), (5, "less")):
        mark_variant(run_id=with_voice.pk, row=with_voice.shown[place], word=word, **said)
    size = sum(len(bytes(part)) for part in (run.places, run.fits)) + len(json.dumps(run.options))
    print(
        "\n| through the action that stores | made | s, median | s, slowest | s of processor |\n|---|---:|---:|---:|---:|"
    )
    print(f"| no voice | {plain} |\n| with a voice | {voiced} |")
    print(f"\nA stored run of {run.made:,} is {size / 1000:.0f} kB.\n")
    print("| page | p50 / p95 ms | ms of processor | queries | kB |\n|---|---:|---:|---:|---:|")
    rows = "&".join(f"row={row}" for row in run.shown[:4])
    for name, address in (
        ("gallery", f"runs/{run.pk}/"),
        ("gallery, page 200", f"runs/{run.pk}/?page=200"),
        ("gallery, narrowed four ways", f"runs/{run.pk}/?words=flacon&family=story&tone=warm&longest=300"),
        ("gallery with a voice, ranked anew by marks", f"runs/{with_voice.pk}/"),
        ("four side by side", f"runs/{run.pk}/compare/?{rows}"),
        ("brief", f"briefs/{brief.pk}/"),
    ):
        print(f"| {name} | {_page(address, 10 * rounds)} |")


def _page(address: str, rounds: int) -> str:

    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.get(email=EMAIL))
    path = f"/w/bench/studio/{address}"
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    queries = len(seen)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")
    times, busy = [], []
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        client.get(path)
        times.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - worked))
    p50, p95 = np.percentile(times, [50, 95])
    return f"{p50:.0f} / {p95:.0f} | {np.median(busy):.0f} | {queries} | {len(answer.content) / 1000:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--folder", type=Path, help="scratch folder of an embedded database: measure what is stored, too"
    )
    args = parser.parse_args()
    engine(args.n, args.rounds)
    if args.folder is not None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        stored(args.n, args.rounds)


def engine(n: int, rounds: int) -> None:
    """Made, checked and ranked in memory; then held against independent counts."""

    brief = writing_brief(BRIEF)
    packs = packs_of(brief)
    put_together(brief, 100, 7, ON)  # reads the fragments and the dictionary, as a process does once
    seconds, busy = [], []
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        batch = put_together(brief, n, 7, ON)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)
    made, texts = batch.made, [variant.text for variant in batch.made.variants]
    held = Gallery(batch.run).held
    nearest = max(float(held.similarities(row, among=row).max()) for row in range(1, len(texts)))
    stopped = sum(any(f.verdict.stops for f in judged(brief, text, packs, ON)) for text in texts)
    characters = [pair.similarity for pair in alike(texts)]
    pairs = [float(held.similarities(a)[b]) for a, b in combinations(batch.shown.rows, 2)]
    print(
        f"| asked | made | possible | s, median of {rounds} | s, slowest | s of processor |\n|---:|---:|---:|---:|---:|---:|"
    )
    clock = f"{np.median(seconds):.2f} | {max(seconds):.2f} | {np.median(busy):.2f}"
    print(f"| {n:,} | {len(texts):,} | {made.possible:,} | {clock} |\n")
    print("| | |\n|---|---:|")
    for reason, left_out in {**made.left_out, **made.parts_left_out}.items():
        print(f"| left out: {reason} | {left_out:,} |")
    print(f"| texts that a law pack stops when judged whole | {stopped} |")
    print(f"| largest Jaccard of two, runs of three words | {nearest:.3f} |")
    print(f"| pairs at {SAME} or more, runs of three words | {0 if nearest < SAME else 'some'} |")
    print(f"| pairs at {SAME} or more, runs of five characters (rensa) | {sum(s >= SAME for s in characters):,} |")
    print(f"| largest Jaccard of two of the {len(batch.shown.rows)} shown | {max(pairs):.3f} |")
    print(
        f"| ways to begin among the {len(batch.shown.rows)} shown | {len(set(batch.run.families()[list(batch.shown.rows)]))} |"
    )


if __name__ == "__main__":
    main()
