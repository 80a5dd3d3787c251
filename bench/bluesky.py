"""Reading Bluesky: `SILLAGE_TEST_ATPROTO=FOLDER python bench/bluesky.py --folder SCRATCH [--posts 1000] [--talked 50]`.

Starts an AT Protocol network on loopback (FOLDER is one where `npm ci` of @atproto/dev-env was done), lets an invented
person write posts over a year, some of the last 90 days with three replies, and visits the account twice: requests of each
kind, seconds of the clock, posts per minute. Once as the product reads, at most ten requests a second; once without waiting.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("SILLAGE_EMBEDDER", "off")

import django
import httpx

YEAR = timedelta(days=360)
RECENT = timedelta(days=80)
REPLIES = 3


class Counting(httpx.HTTPTransport):
    """Counts the queries that pass through."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked[request.url.path.rpartition(".")[2]] += 1
        return super().handle_request(request)


def written(network: Any, posts: int, talked: int) -> str:
    """An account with its posts; the newest of them are talked about. Returns its DID."""
    chiara, bruno = network.join("chiara-bench"), network.join("bruno-bench")
    newest = datetime.now(UTC) - timedelta(hours=1)
    chiara.write_often([f"post {n}" for n in range(talked)], newest, RECENT / max(talked, 1))
    chiara.write_often([f"old post {n}" for n in range(posts - talked)], newest - RECENT, (YEAR - RECENT) / posts)
    network.flush()
    roots: list[dict[str, Any]] = []
    page: dict[str, Any] = {"cursor": None}
    while "cursor" in page and len(roots) < talked:
        more = {"cursor": page["cursor"]} if page["cursor"] else {}
        page = network.ask("app.bsky.feed.getAuthorFeed", actor=chiara.did, limit=100, **more)
        roots += [{"uri": item["post"]["uri"], "cid": item["post"]["cid"]} for item in page["feed"]]
    for root in roots[:talked]:
        for number in range(REPLIES):
            bruno.post(f"reply {number}", reply={"root": root, "parent": root})
    network.flush()
    return str(chiara.did)


def visited(name: str, did: str, url: str, actor: Any, wait: Any) -> None:
    """One visit as a row of the table."""
    from django.utils import timezone

    from sillage.catalogue.actions.connecting import connect, fetch
    from sillage.catalogue.connectors.settings import ConnectorSettings, Means

    (connection,) = connect(network="bluesky", targets=[did], actor=actor, now=timezone.now())
    counting = Counting()
    start = time.perf_counter()
    done = fetch(
        connection_id=connection.pk,
        actor=actor,
        now=timezone.now(),
        means=Means(clock=timezone.now, wait=wait, transport=counting),
        connector_settings=ConnectorSettings(bluesky_url=url),
    )
    seconds = time.perf_counter() - start
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(counting.asked.items()))
    rate = f"{done.posts / seconds * 60:,.0f}"
    total = counting.asked.total()
    print(f"| {name} | {done.posts} | {done.comments} | {total} ({kinds}) | {seconds:.1f} | {rate} |")


def opened() -> Any:
    """An actor of a new workspace."""
    from django.utils import timezone

    from sillage.governance import actions as governance
    from sillage.governance.engine.actors import Actor, ActorKind, Right, automation

    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    slug = f"bench-{time.time_ns()}"
    workspace = governance.open_workspace(slug=slug, name=slug, actor=installer, now=timezone.now())
    return automation("bench", workspace.pk)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="scratch folder of the embedded database")
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--talked", type=int, default=50, help="how many of them have replies")
    args = parser.parse_args()
    os.environ["SILLAGE_DATA"] = str(args.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
    django.setup()
    from django.core.management import call_command

    from sillage.catalogue.tests.atproto import running

    call_command("migrate", verbosity=0)
    with running() as network:
        did = written(network, args.posts, args.talked)
        print("| visit | posts | comments | requests | seconds | posts per minute |\n|---|---:|---:|---|---:|---:|")
        paced = opened()
        visited("the first", did, network.appview, paced, time.sleep)
        visited("the next", did, network.appview, paced, time.sleep)
        visited("the first, without waiting", did, network.appview, opened(), lambda seconds: None)


if __name__ == "__main__":
    main()
