"""A brief's shortlist: `python bench/shortlist.py --folder SCRATCH [--worlds 4] [--markdown]`.

Fills an embedded database in the scratch folder (used again with `--keep`) with several invented sample worlds of about 500
accounts each, reads them as a worker does, and measures a brief without filters, so that every account is scored: ranking
it, moving its sliders as the page does (htmx, random weights), with diversity, its page, "why not?" and look-alikes. Wanted:
a list under moved sliders in under 300 ms.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import django
import numpy as np

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
TEXT = "Beauté naturelle, cosmétique lente, avis honnêtes, jardin et cuisine de saison"


def filled(worlds: int) -> None:
    """Sample worlds one after the other in one workspace, read and searchable."""
    from sillage.catalogue.actions.ingest import ingest
    from sillage.catalogue.sample.world import sample_world
    from sillage.governance import actions as governance
    from sillage.governance.engine.actors import Actor, ActorKind, Right, Role, automation
    from sillage.understanding import actions as understanding

    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    workspace = governance.open_workspace(slug="bench", name="Bench", is_sample=True, actor=installer, now=NOW)
    owner = Actor(ActorKind.AUTOMATION, "bench", workspace.pk, frozenset(Right))
    governance.add_member(
        email="ada@example.org", name="Ada", role=Role.OWNER, password="pelican-harbour-42", actor=owner, now=NOW
    )
    for seed in range(7, 7 + worlds):
        ingest(workspace_id=workspace.pk, batch=sample_world(seed=seed, now=NOW).batch, actor=owner, now=NOW)
    understanding.bring_up_to_date(actor=automation("enrich", workspace.pk), now=NOW, workers=2)


def timed(call: Callable[[int], object], rounds: int) -> list[float]:
    """Milliseconds of each round after one that warms; the round's number is passed."""
    call(-1)
    spent = []
    for at in range(rounds):
        start = time.perf_counter()
        call(at)
        spent.append(1000 * (time.perf_counter() - start))
    return spent


def measured(rounds: int) -> tuple[str, dict[str, list[float]]]:
    """What was ranked, in words, and {call: milliseconds}."""
    from django.test import Client
    from django.urls import reverse

    from sillage.catalogue.engine.filters import CardFilters
    from sillage.discovery import actions, queries
    from sillage.governance.models import Member
    from sillage.governance.queries import actor_of

    ada = Member.objects.select_related("person").get(person__email="ada@example.org")
    actor = actor_of(ada, ada.person)
    brief = actions.open_brief(given={"text": TEXT}, actor=actor, now=NOW)
    computing = timed(lambda at: actions.shortlist(brief_id=brief.pk, limit=50, actor=actor, now=NOW), 5)
    made = queries.find_shortlist(brief)
    assert made is not None
    client = Client(HTTP_HOST="localhost")
    client.force_login(ada.person)
    address = reverse("discovery:shortlist", args=["bench", made.pk])
    rng = np.random.default_rng(7)
    draws = rng.integers(0, 60, (rounds + 1, len(brief.weights)))

    def slide(at: int, diversity: float) -> None:
        weights = {name: int(weight) + 1 for name, weight in zip(brief.weights, draws[at], strict=True)}
        answer = client.get(address, {**weights, "diversity": diversity}, headers={"HX-Request": "true"})
        assert answer.status_code == 200

    keys = [str(c.account) for c in queries.list_candidates(made)]
    like = {"filters": CardFilters(), "weights": brief.weights, "limit": 20, "now": NOW}
    found = {
        "ranking the brief, reasons, evidence and receipts kept": computing,
        "sliders moved": timed(lambda at: slide(at, 0.0), rounds),
        "sliders moved, diversity 0.5": timed(lambda at: slide(at, 0.5), rounds),
        "the whole page": timed(lambda at: client.get(address), rounds),
        "why not? of one account": timed(lambda at: queries.why_not(brief, keys[at % len(keys)], made, NOW), 10),
        "look-alikes of one creator": timed(
            lambda at: queries.lookalikes(actor.workspace_id, [keys[at % len(keys)]], **like), 10
        ),
    }
    return f"{made.considered:,} accounts passed, {made.pool:,} were scored, {len(keys)} are shown", found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="scratch folder of the embedded database")
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--keep", action="store_true", help="measure what an earlier run left in the folder")
    parser.add_argument("--markdown", action="store_true", help="accepted for symmetry: the output is Markdown")
    args = parser.parse_args()
    os.environ["SILLAGE_DATA"] = str(args.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sillage.front.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not args.keep:
        filled(args.worlds)
    said, found = measured(args.rounds)
    print(f"{said}.\n\n| call | p50 / p95 ms |\n|---|---:|")
    for name, ms in found.items():
        p50, p95 = np.percentile(ms, [50, 95])
        print(f"| {name} | {p50:.0f} / {p95:.0f} |")


if __name__ == "__main__":
    main()
