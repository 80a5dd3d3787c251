"""Every page of campaigns with much in the database: `python bench/campaigns.py --folder SCRATCH [--markdown]`.

Fills an embedded database in the scratch folder (used again with `--keep`) with 500 campaigns and 50,000 collaborations
over 20,000 invented accounts, one campaign with 200 creators; each collaboration has a move, a consideration and a
deliverable, some a note or a reminder. Then every page of campaigns, and those of approvals, is asked for as an owner sees
it, in turn, through Django's own stack, and timed on this side of the network. Wanted: p95 under 200 ms at each.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import django
import numpy as np

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
CAMPAIGNS, COLLABORATIONS, ACCOUNTS, LARGEST = 500, 50_000, 20_000, 200
ROOMS = ("campaigns",)
GOVERNANCE = ("approvals", "approval_rules", "policies", "webhooks")


def filled(rng: np.random.Generator) -> None:
    """Invented rows, straight into the tables: what is measured is reading."""
    from sillage.campaigns.engine.considerations import Kind
    from sillage.campaigns.engine.pipeline import Stage
    from sillage.campaigns.models import Campaign, Collaboration, Consideration, Deliverable, Move, Note, Reminder
    from sillage.catalogue.models import Account, Creator
    from sillage.governance import actions as governance
    from sillage.governance.engine.actors import Actor, ActorKind, Right, Role
    from sillage.governance.models import Member, Workspace

    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    workspace: Workspace = governance.open_workspace(slug="bench", name="Bench", actor=installer, now=NOW)
    owner = Actor(ActorKind.AUTOMATION, "bench", workspace.pk, frozenset(Right))
    members: list[Member] = [
        governance.add_member(
            email=f"m{n}@example.org",
            name=f"M{n}",
            role=Role.OWNER,
            password="pelican-harbour-42",
            actor=owner,
            now=NOW,
        )
        for n in range(5)
    ]
    creators = [
        Creator(id=n + 1, workspace=workspace, key=f"c{n}", name=f"Creator {n}", created_at=NOW)
        for n in range(ACCOUNTS)
    ]
    Creator.objects.bulk_create(creators, batch_size=5_000)
    accounts = [
        Account(
            id=n + 1,
            workspace=workspace,
            creator_id=n + 1,
            network=("instagram", "tiktok", "youtube")[n % 3],
            network_id=str(n),
            handle=f"creator{n}",
            name=f"Creator {n}",
            first_seen_at=NOW,
            fetched_at=NOW,
        )
        for n in range(ACCOUNTS)
    ]
    Account.objects.bulk_create(accounts, batch_size=5_000)
    campaigns = Campaign.objects.bulk_create(
        Campaign(
            workspace=workspace,
            name=f"Campaign {n}",
            objective=f"Objective {n % 40}",
            brand=f"Brand {n % 30}",
            brand_key=f"brand-{n % 30}",
            countries=["FR"],
            starts_on=date(2026, 1, 1) + timedelta(days=int(rng.integers(0, 300))),
            ends_on=date(2026, 12, 1),
            budget=Decimal(50_000),
            law_packs=["fr", "eu"],
            created_by=members[n % 5],
            created_at=NOW - timedelta(days=n),
            changed_at=NOW,
        )
        for n in range(CAMPAIGNS)
    )
    sizes = [LARGEST] + [(COLLABORATIONS - LARGEST) // (CAMPAIGNS - 1)] * (CAMPAIGNS - 1)
    sizes[1] += COLLABORATIONS - sum(sizes)
    stages = list(Stage)
    rows = [
        Collaboration(
            workspace=workspace,
            campaign=campaign,
            account_id=int(account) + 1,
            creator_id=int(account) + 1,
            name=f"Creator {account}",
            handle=f"creator{account}",
            network=accounts[account].network,
            stage=stages[int(rng.integers(0, len(stages)))].value,
            stage_since=NOW - timedelta(days=int(rng.integers(0, 90))),
            owner=members[int(rng.integers(0, 5))],
            created_at=NOW - timedelta(days=90),
            changed_at=NOW,
        )
        for campaign, size in zip(campaigns, sizes, strict=True)
        for account in rng.choice(ACCOUNTS, size, replace=False)
    ]
    rows = Collaboration.objects.bulk_create(rows, batch_size=5_000)
    Move.objects.bulk_create(
        (
            Move(
                collaboration=row, from_stage="shortlisted", to_stage=row.stage, member=row.owner, who="m", moved_at=NOW
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    Consideration.objects.bulk_create(
        (
            Consideration(
                collaboration=row,
                kind=Kind.MONEY.value,
                text="Fee",
                amount=Decimal(int(rng.integers(100, 3_000))),
                currency="EUR",
                granted_on=date(2026, 5, 1),
                euros=Decimal(500),
                in_budget=Decimal(500),
                entered_name="m",
                entered_at=NOW,
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    Deliverable.objects.bulk_create(
        (
            Deliverable(
                workspace=workspace,
                campaign_id=row.campaign_id,
                collaboration=row,
                name="A short video",
                network=row.network,
                format="short_video",
                draft_due_on=date(2026, 6, 1) + timedelta(days=int(rng.integers(0, 60))),
                consideration="paid",
                created_at=NOW,
                changed_at=NOW,
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    Note.objects.bulk_create(
        (Note(collaboration=row, text="A note", member=row.owner, written_at=NOW) for row in rows[::5]),
        batch_size=5_000,
    )
    Reminder.objects.bulk_create(
        (
            Reminder(
                campaign_id=row.campaign_id,
                collaboration=row,
                text="Write",
                due_on=date(2026, 6, 1) + timedelta(days=int(rng.integers(0, 60))),
                for_member=row.owner,
                made_at=NOW,
            )
            for row in rows[::10]
        ),
        batch_size=5_000,
    )


def pages() -> dict[str, str]:
    """Each page that can be read with what there is: {name: address}, for the largest campaign."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    from sillage.campaigns.models import Campaign, Collaboration, Deliverable

    campaign = Campaign.objects.order_by("pk").first()
    assert campaign is not None
    row = Collaboration.objects.filter(campaign=campaign).order_by("pk").first()
    deliverable = Deliverable.objects.filter(collaboration=row).first()
    assert row is not None and deliverable is not None
    given: dict[str, Any] = {
        "campaign_id": campaign.pk,
        "collaboration_id": row.pk,
        "deliverable_id": deliverable.pk,
        "stage": row.stage,
    }
    found: dict[str, str] = {}
    patterns = {room: get_resolver().namespace_dict[room][1].reverse_dict for room in (*ROOMS, "governance")}
    for room, names in patterns.items():
        for name in (n for n in names if isinstance(n, str)):
            if room == "governance" and name not in GOVERNANCE:
                continue
            for possible, *_ in names.getlist(name):
                for _text, wanted in possible:
                    arguments = {key: given[key] for key in wanted if key in given}
                    if set(wanted) - {"slug"} <= set(given):
                        try:
                            found[f"{room}:{name}"] = reverse(f"{room}:{name}", kwargs={"slug": "bench", **arguments})
                        except NoReverseMatch:
                            continue
    return found


def measured(rounds: int) -> dict[str, tuple[list[float], int, int]]:
    """{page: (milliseconds, queries, bytes)}; pages that answer a GET only with a refusal or a redirect are left out."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from sillage.governance.models import Person

    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.get(email="m0@example.org"))
    addresses = pages()
    shown: dict[str, tuple[int, int]] = {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        if answer.status_code == 200:
            shown[name] = (len(seen), len(answer.content))
    times: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name in shown:
            start = time.perf_counter()
            client.get(addresses[name])
            times[name].append(1000 * (time.perf_counter() - start))
    return {name: (times[name], *shown[name]) for name in shown}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="scratch folder of the embedded database")
    parser.add_argument("--keep", action="store_true", help="measure what an earlier run left in the folder")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--markdown", action="store_true", help="accepted for symmetry: the output is Markdown")
    args = parser.parse_args()
    os.environ["SILLAGE_DATA"] = str(args.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sillage.front.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not args.keep:
        filled(np.random.default_rng(7))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(f"{CAMPAIGNS} campaigns, {COLLABORATIONS:,} collaborations; the largest campaign has {LARGEST}.\n")
    print("| page | p50 / p95 ms | queries | kB |\n|---|---:|---:|---:|")
    for name, (ms, queries, size) in sorted(measured(args.rounds).items()):
        p50, p95 = np.percentile(ms, [50, 95])
        print(f"| {name} | {p50:.0f} / {p95:.0f} | {queries} | {size / 1000:.0f} |")


if __name__ == "__main__":
    main()
