"""The redirector of tracked links against an empty view: `python bench/redirect.py [--requests 3000] [--clients 8]`.

Makes a scratch database with one campaign of 200 links, serves the site with waitress as `sillage serve` does, and lets
clients on loopback follow links: one hot link, all links in turn, and a flood of machines on one link. An empty view behind
the same middleware is asked in turn with them, so that the ratio says more than the machine's mood. Then the same in one
thread through Django's test client, without sockets. At the end it says how many rows the visits left. Prints Markdown.
"""

from __future__ import annotations

import argparse
import http.client
import logging
import os
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " Instagram 335.0.0.26.97 (iPhone15,2; iOS 17_5; fr_FR; fr; scale=3.00; 1179x2556; 608000000)"
)
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
LINKS = 200
ROUNDS = 5


def scene() -> list[str]:
    """Codes of 200 links of a new workspace's campaign."""
    from django.core.management import call_command

    from sillage.campaigns.models import Campaign, Collaboration, TrackedLink
    from sillage.governance.models import Workspace

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    workspace = Workspace.objects.create(slug="bench", name="bench", salt=b"x" * 32, created_at=now)
    campaign = Campaign.objects.create(workspace=workspace, name="b", brand="b", created_at=now, changed_at=now)
    common = {"workspace": workspace, "stage_since": now, "created_at": now, "changed_at": now}
    who = [Collaboration(campaign=campaign, name=str(n), handle=str(n), **common) for n in range(LINKS)]
    Collaboration.objects.bulk_create(who)
    rows = [
        TrackedLink(
            workspace=workspace, collaboration=c, code=f"abcd{n:04d}".replace("0", "x").replace("1", "y"), made_at=now
        )
        for n, c in enumerate(who)
    ]
    for row in rows:
        row.target = f"https://shop.example.com/?utm_content={row.code}"
    TrackedLink.objects.bulk_create(rows)
    return [row.code for row in rows]


def empty_site() -> str:
    """The site's addresses and one more that answers nothing."""
    from django.http import HttpResponse
    from django.urls import path

    from sillage.front.urls import urlpatterns

    module = types.ModuleType("bench_urls")
    module.urlpatterns = [path("empty", lambda request: HttpResponse(status=204)), *urlpatterns]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = module
    return "bench_urls"


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def asked(port: int, paths: list[str], agent: str, requests: int, clients: int) -> tuple[float, float]:
    """Requests per second, and p95 in milliseconds, of some clients that keep their connections."""
    each = requests // clients

    def client(first: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        times = []
        for number, path in zip(range(each), cycle(paths[first:] + paths[:first]), strict=False):
            begun = time.perf_counter()
            connection.request("GET", path, headers={"User-Agent": agent})
            answer = connection.getresponse()
            answer.read()
            times.append(1000 * (time.perf_counter() - begun))
            assert answer.status in (204, 302), (answer.status, number)
        return times

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [t for found in pool.map(client, range(clients)) for t in found]
    return len(times) / (time.perf_counter() - begun), percentile(times, 0.95)


def serve() -> int:
    """Waitress on a free port, in a thread."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    logging.getLogger("waitress").setLevel(logging.ERROR)
    server = waitress.create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    return int(server.effective_port)


def table(title: str, measure: Callable[[list[str], str], tuple[float, float]], codes: list[str]) -> None:
    """Each kind in turn with the empty view, ROUNDS times; the median round is shown."""
    hot = [f"/r/{codes[0]}"]
    kinds = {
        "one link": (hot, PHONE),
        "200 links": ([f"/r/{code}" for code in codes], PHONE),
        "a flood of crawlers": (hot, CRAWLER),
    }
    print(f"\n{title}\n")
    print("| what | requests/s | p95, ms | requests/s against empty | p95 against empty |")
    print("|---|---:|---:|---:|---:|")
    for name, (paths, agent) in kinds.items():
        pairs = [(measure(["/empty"], PHONE), measure(paths, agent)) for _ in range(ROUNDS)]
        ratios = sorted((found[0] / empty[0], found[1] / empty[1], *found) for empty, found in pairs)
        rate, p95, per_s, ms = ratios[ROUNDS // 2]
        print(f"| {name} | {per_s:,.0f} | {ms:.1f} | {rate:.2f} | {p95:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=3000, help="per kind and round")
    parser.add_argument("--clients", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sillage-redirect-") as folder:
        Path(folder).chmod(0o755)  # who runs PostgreSQL for root must get in
        os.environ.update(SILLAGE_DATA=str(Path(folder) / "data"), DJANGO_SETTINGS_MODULE="sillage.front.settings")
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection, connections
        from django.test import Client

        settings.ROOT_URLCONF = empty_site()
        codes = scene()
        settings.ALLOWED_HOSTS = ["*"]
        port = serve()

        def in_process(paths: list[str], agent: str) -> tuple[float, float]:
            client: Any = Client(headers={"user-agent": agent})
            times = []
            for _, path in zip(range(arguments.requests // 4), cycle(paths), strict=False):
                begun = time.perf_counter()
                client.get(path)
                times.append(1000 * (time.perf_counter() - begun))
            return 1000 * len(times) / sum(times), percentile(times, 0.95)

        load = os.getloadavg()[0]
        table(
            f"Waitress with 8 threads, {arguments.clients} clients",
            lambda paths, agent: asked(port, paths, agent, arguments.requests, arguments.clients),
            codes,
        )
        table("One thread, without sockets", in_process, codes)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(clicks), pg_total_relation_size('campaigns_clickcount') FROM campaigns_clickcount"
            )
            rows, clicks, size = cursor.fetchone()
        print(f"\n{clicks:,} visits left {rows:,} rows ({size / 1024:,.0f} KB with indexes).")
        print(f"{os.cpu_count()} cores; load average {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.")
        connections.close_all()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
