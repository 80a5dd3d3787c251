"""Posts per second from a file into the embedded database: `python bench/import_posts.py [--posts 200000] [--workbook]`.

Makes a file of invented posts (about 290 bytes each, 100 per account) and imports it into a fresh workspace of the
database in SILLAGE_DATA (a temporary folder unless it is set): once without and once with three observations per post,
and a third time, when nothing is new. With --workbook the same rows stand in an Excel workbook, days as days and counts
as numbers. CPU time is told beside the clock's: on two idle cores the import's own work and the database's overlap, so
that the larger of the two bounds the speed; a busy machine shows in the clock only. Peak memory is that of the process.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

WORDS = [
    "matin",
    "recette",
    "lente",
    "huile",
    "peau",
    "douce",
    "rando",
    "sentier",
    "atelier",
    "vintage",
    "café",
    "lecture",
    "jardin",
    "levain",
    "test",
    "honnête",
    "avis",
    "morning",
    "slow",
    "recipe",
    "skin",
    "trail",
    "workshop",
    "coffee",
    "books",
    "garden",
    "sourdough",
    "review",
    "honest",
    "week",
    "favourite",
    "routine",
]
POSTS_ONLY = """
[account]
network = { constant = "instagram" }
network_id = "account_id"
handle = "handle"
[post]
network_id = "post_id"
published_at = "published_at"
text = "text"
hashtags = { column = "hashtags", split = "|" }
format = "format"
url = "url"
"""
OBSERVATION = """
[[observation]]
measure = "{0}"
value = "{0}"
api_field = "{0}"
source_class = "public"
observed_at = "observed_at"
"""


def write_posts(path: Path, posts: int) -> None:
    """Invented posts, the same for the same number."""
    rng = random.Random(7)
    began = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(
            [
                "account_id",
                "handle",
                "post_id",
                "published_at",
                "text",
                "hashtags",
                "format",
                "url",
                "observed_at",
                "views",
                "likes",
                "comments",
            ]
        )
        for number in range(posts):
            account = number % max(1, posts // 100)
            published = began + timedelta(minutes=number % 1_000_000)
            tags = rng.sample(WORDS, 3)
            likes = int(rng.lognormvariate(5, 2))
            out.writerow(
                [
                    f"a{account}",
                    f"creator.{account}",
                    f"p{number}",
                    published.isoformat(),
                    " ".join(rng.choices(WORDS, k=18)) + ", " + " ".join(f"#{tag}" for tag in tags),
                    "|".join(tags),
                    rng.choice(("image", "video", "short_video")),
                    f"https://example.org/p/{number}",
                    "2026-06-01T00:00:00Z",
                    likes * 20,
                    likes,
                    likes // 30,
                ]
            )


def write_workbook(table: Path, path: Path) -> None:
    """The rows of the CSV as a workbook."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Posts")
    with table.open(newline="", encoding="utf-8") as stream:
        for line, row in enumerate(csv.reader(stream)):
            for column, value in enumerate(row):
                if line and column in (3, 8):
                    sheet.write_datetime(line, column, datetime.fromisoformat(value).replace(tzinfo=None))
                elif line and column > 8:
                    sheet.write_number(line, column, int(value))
                else:
                    sheet.write_string(line, column, value)
    book.close()


def database_cpu() -> float:
    """Seconds of processor time that the database's process for this connection has used (Linux; else not a number)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return float("nan")
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(title: str, path: Path, mapping_text: str, again: bool = False) -> None:
    from django.utils import timezone

    from sillage.catalogue.actions.imports import import_file
    from sillage.catalogue.engine.mapping_parser import parse_mapping
    from sillage.governance.actions import open_workspace
    from sillage.governance.engine.actors import Actor, ActorKind, Right, automation

    now = timezone.now()
    installer = Actor(ActorKind.AUTOMATION, "bench", 0, frozenset(Right))
    workspace = open_workspace(slug=f"bench-{time.time_ns()}", name="bench", actor=installer, now=now)
    actor = automation("bench", workspace.pk)
    runs = [mapping_text, mapping_text + "\n# read once more\n"] if again else [mapping_text]
    for number, text in enumerate(runs):
        mapping = parse_mapping(text, "bench.toml")
        started, cpu, database = time.perf_counter(), time.process_time(), database_cpu()
        report = import_file(workspace_id=workspace.pk, path=path, mapping=mapping, actor=actor, now=now)
        took, busy, served = time.perf_counter() - started, time.process_time() - cpu, database_cpu() - database
        name = f"{title}, read again" if number else title
        own, database_own = busy / report.rows * 1e6, served / report.rows * 1e6
        print(
            f"{name:<48} {report.rows:>9,} posts {took:6.1f} s {report.rows / took:>8,.0f} posts/s, "
            f"CPU per post: import {own:3.0f} µs, database {database_own:3.0f} µs; "
            f"new: {report.done.posts.new:,} posts, {report.done.observations.new:,} observations",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--workbook", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("SILLAGE_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        path = Path(folder) / "posts.csv"
        write_posts(path, arguments.posts)
        if arguments.workbook:
            table, path = path, path.with_suffix(".xlsx")
            made = multiprocessing.get_context("spawn").Process(target=write_workbook, args=(table, path))
            made.start()  # in a process of its own: what writing takes is not what reading takes
            made.join()
        print(f"{path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
        observed = POSTS_ONLY + "".join(OBSERVATION.format(m) for m in ("views", "likes", "comments"))
        measure("posts only", path, POSTS_ONLY)
        measure("posts and three observations each", path, observed, again=True)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
