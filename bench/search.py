"""Search over cards at scale: `python bench/search.py --folder SCRATCH [--cards 1000000] [--markdown]`.

Fills an embedded database in the scratch folder with invented cards (bench/synthetic_cards.py) beside a small second
workspace, and measures, interleaved: `search_cards` at five selectivities against an exact scan of int8 codes in NumPy
(the codes of the kept rows, turned to float32 block by block and multiplied: BLAS has no int8), recall@50 against exact
float32, counts, facets and paging. Each dimension has a schema of its own with the product's tables and indexes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path

import django
import numpy as np
import psutil
import synthetic_cards as synthetic

LIMIT = 50
SHARES = {"all": 1.0, "50 %": 0.5, "5 %": 0.05, "0.5 %": 0.005, "0.05 %": 0.0005}
FILTERS_PER_SHARE = 20
BLOCK = 65_536
WORKSPACE, SMALL_WORKSPACE, SMALL = 1, 2, 400
DERIVED_AT_ONCE = 10_000
WARMING = 20  # searches per selectivity before the first that counts


@dataclass
class Times:
    """Wall milliseconds and, for searches, recall and the server's processor time in milliseconds."""

    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    note: str = ""

    def __str__(self) -> str:
        p50, p95 = np.percentile(self.ms, [50, 95])
        return f"{p50:.0f} / {p95:.0f}"


def timed(times: Times, call: Callable[[], object]) -> object:
    start = time.perf_counter()
    result = call()
    times.ms.append(1000 * (time.perf_counter() - start))
    return result


def server_cpu_ms(server: psutil.Process) -> float:
    """Processor time of all PostgreSQL processes so far, those of parallel workers that have ended included."""
    own = server.cpu_times()
    spent = own.user + own.system + own.children_user + own.children_system
    for process in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return 1000 * spent


def get_server() -> psutil.Process:
    return psutil.Process(rows("SELECT pg_backend_pid()")[0][0]).parent()


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}, load {os.getloadavg()[0]:.1f}] {text}", file=sys.stderr, flush=True)


def run(text: str, parameters: object = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


def rows(text: str, parameters: object = None) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchall()


def make_tables(dims: int) -> None:
    """The product's tables in a schema of their own, with vectors of that dimension, without foreign keys."""
    tables = import_module("sillage.catalogue.migrations.0003_card_search").TABLES

    schema = f"bench_{dims}"
    run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    run(f"CREATE SCHEMA {schema}")
    run(f"SET search_path = {schema}, public")
    for table in ("card", "account"):
        run(f"CREATE TABLE catalogue_{table} (LIKE public.catalogue_{table} INCLUDING DEFAULTS)")
    run(f"ALTER TABLE catalogue_card ALTER COLUMN vector TYPE halfvec({dims}), ADD PRIMARY KEY (account_id)")
    run("ALTER TABLE catalogue_account ADD PRIMARY KEY (id)")
    run(tables)


def copy_cards(cards: synthetic.Cards) -> None:
    from django.db import connection

    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY catalogue_card ({synthetic.COLUMNS}) FROM STDIN (FORMAT binary)") as copy,
    ):
        for block in synthetic.binary_copy(cards):
            copy.write(block)


def fill(cards: synthetic.Cards, dims: int) -> dict[str, str]:
    """Cards, accounts, codes, rollup, ivfflat. Returns what each took."""
    from sillage.catalogue.engine.search_plan import FOLLOWER_BANDS, index_plan
    from sillage.catalogue.queries.card_conditions import coding_of, statements

    took: dict[str, str] = {}

    def step(name: str, call: Callable[[], object]) -> None:
        start = time.perf_counter()
        call()
        took[name] = f"{time.perf_counter() - start:.0f} s"
        say(f"{dims}: {name} {took[name]}")

    def derive() -> None:
        for at in range(0, len(cards.account_ids), DERIVED_AT_ONCE):
            ids = cards.account_ids[at : at + DERIVED_AT_ONCE].tolist()
            coding = coding_of(ids)
            for statement in statements("card_coding.sql"):
                run(statement, coding)

    def derive_small() -> None:
        small = synthetic.invent(SMALL, dims, workspace_id=SMALL_WORKSPACE)
        copy_cards(small)
        coding = coding_of(small.account_ids.tolist())
        for statement in statements("card_coding.sql"):
            run(statement, coding)

    def count_facets() -> None:
        for statement in statements("card_facets.sql"):
            run(statement, {"workspace_id": WORKSPACE, "now": "2026-06-15T12:00Z", "bands": list(FOLLOWER_BANDS)})

    step("copy cards", lambda: copy_cards(cards))
    step("derive codes", derive)
    derive_small()
    step("cluster codes", lambda: run("CLUSTER catalogue_cardcode USING cardcode_by_place"))
    run(
        "INSERT INTO catalogue_account (id, workspace_id, creator_id, network, network_id, handle, name, bio, url,"
        " languages, first_seen_at, fetched_at) SELECT account_id, workspace_id, creator_id, network, account_id,"
        " 'handle' || account_id % 999983, 'Name ' || account_id % 99991, repeat('bio ', 30), '', languages,"
        " updated_at, updated_at FROM catalogue_card"
    )
    step("rollup of facets", count_facets)
    plan = index_plan(len(cards.account_ids))
    if plan is not None:
        run("SET maintenance_work_mem = '1GB'")
        index = "CREATE INDEX card_by_vector ON catalogue_card USING ivfflat (vector halfvec_ip_ops)"
        index += f" WITH (lists = {plan.lists})"
        step(f"ivfflat, {plan.lists} lists", lambda: run(index))
        run("RESET maintenance_work_mem")
    step("vacuum analyze", lambda: [run(f"VACUUM ANALYZE catalogue_{t}") for t in ("card", "cardcode", "account")])
    return took


def candidates(draw: np.random.Generator, share: float) -> dict[str, object]:
    """Filters that may keep about that share; whether they do is counted."""
    low = np.exp(draw.normal(9.0, 1.9))
    pick = {
        "networks": [synthetic.NETWORKS[draw.integers(0, 5)]],
        "countries": [synthetic.COUNTRIES[draw.integers(0, 15)]],
        "languages": [synthetic.LANGUAGES[draw.integers(0, 8)]],
        "themes_any": [synthetic.THEMES[i] for i in draw.integers(0, 80, draw.integers(1, 3))],
        "themes_none": [synthetic.THEMES[draw.integers(0, 80)]],
        "brands_none": [synthetic.BRANDS[draw.integers(0, 50)]],
        "formats": [synthetic.FORMATS[draw.integers(0, 4)]],
        "min_followers": int(low),
        "max_followers": int(low * np.exp(draw.uniform(0.5, 4.0))),
        "min_engagement_percentile": round(float(draw.uniform(0.05, 0.7)), 2),
        "active_since": f"2026-0{draw.integers(2, 6)}-01",
        "no_warnings": True,
    }
    most = {0.5: 3, 0.05: 4, 0.005: 5, 0.0005: 7}[share]
    names = draw.choice(list(pick), size=draw.integers(1, most + 1), replace=False)
    return {name: pick[name] for name in names}


def filters_for(share: float, n: int, seed: int) -> list:
    """Filters that keep between 0.6 and 1.6 times that share of the n cards."""
    from sillage.catalogue.engine.filters import CardFilters
    from sillage.catalogue.queries.card_conditions import conditions, estimate_kept, get_corpus
    from sillage.catalogue.queries.cards import count_cards

    if share == 1.0:
        return [CardFilters()]
    draw, found, corpus = np.random.default_rng(seed), [], get_corpus()
    while len(found) < FILTERS_PER_SHARE:
        filters = CardFilters.parse(candidates(draw, share))
        likely = estimate_kept(conditions(WORKSPACE, filters), corpus) / n
        if not 0.5 * share <= likely <= 2 * share + 0.0005:
            continue
        if 0.6 * share <= count_cards(workspace_id=WORKSPACE, filters=filters).count / n <= 1.6 * share:
            found.append(filters)
    return found


def kept_rows(filters: object, place: dict[int, int]) -> np.ndarray:
    """Indices of the kept cards in the order in which they were invented."""
    from sillage.catalogue.queries.card_conditions import conditions, fetch, sql

    found = fetch(
        sql.SQL("SELECT k.account_id FROM catalogue_cardcode k WHERE {}").format(conditions(WORKSPACE, filters))
    )
    return np.sort(np.fromiter((place[i] for (i,) in found), dtype=np.int64, count=len(found)))


def best_of(exact: np.ndarray, kept: np.ndarray | None) -> np.ndarray:
    """Indices of the best kept cards, given every card's exact float32 score."""
    scores = exact if kept is None else exact[kept]
    best = np.argpartition(-scores, min(LIMIT, len(scores) - 1))[:LIMIT]
    return best if kept is None else kept[best]


def exact_int8(codes: np.ndarray, kept: np.ndarray | None, query: np.ndarray) -> np.ndarray:
    """Exact over int8 codes: each block of kept codes as float32, times the query."""
    n = len(codes) if kept is None else len(kept)
    scores = np.empty(n, dtype=np.float32)
    for at in range(0, n, BLOCK):
        block = codes[at : at + BLOCK] if kept is None else codes[kept[at : at + BLOCK]]
        scores[at : at + BLOCK] = block.astype(np.float32) @ query
    return np.argpartition(-scores, min(LIMIT, n - 1))[:LIMIT]


def queries_near(cards: synthetic.Cards, count: int, seed: int) -> np.ndarray:
    """Briefs: near the centre of a cluster, not on a card."""
    centres = synthetic.centres_of(cards.vectors.shape[1], 7)
    rng = np.random.default_rng(seed)
    return synthetic.vectors_near(rng, centres, rng.integers(0, synthetic.CLUSTERS, count))


def measure_search(cards: synthetic.Cards, count: int) -> tuple[dict[str, Times], dict[str, Times]]:
    """Per selectivity: Sillage and the int8 scan, one query of each in turn."""
    from sillage.catalogue.queries.cards import search_cards

    place = {int(i): at for at, i in enumerate(cards.account_ids)}
    codes = np.round(cards.vectors * (127 / np.abs(cards.vectors).max())).astype(np.int8)
    prepared = {}
    for name, share in SHARES.items():
        chosen = filters_for(share, len(cards.account_ids), seed=int(share * 1e5))
        prepared[name] = [(f, None if f.is_empty else kept_rows(f, place)) for f in chosen]
        say(f"filters for {name}: " + str([f.as_mapping() for f in chosen[:2]]))
    ours, scan = {name: Times() for name in SHARES}, {name: Times() for name in SHARES}
    server = get_server()
    for at, query in enumerate(queries_near(cards, WARMING + count, seed=11)):
        if at % 20 == 0:
            say(f"search {at} of {WARMING + count}")
        exact = cards.vectors @ query
        for name, pairs in prepared.items():
            filters, kept = pairs[at % len(pairs)]
            call = partial(search_cards, workspace_id=WORKSPACE, filters=filters, vector=query, limit=LIMIT)
            if at < WARMING:
                call()
                continue
            before, spent = server_cpu_ms(server), ours[name]
            found = timed(spent, call)
            spent.cpu_ms.append(server_cpu_ms(server) - before)
            timed(scan[name], partial(exact_int8, codes, kept, query))
            truth = {int(cards.account_ids[i]) for i in best_of(exact, kept)}
            spent.recall.append(len(truth & {f.account_id for f in found}) / len(truth))
            spent.note = f"{np.mean([len(k) if k is not None else len(codes) for _, k in pairs]):,.0f}"
    return ours, scan


def measure_pages(count: int, n: int) -> dict[str, Times]:
    """Facets, counts, words and lists."""
    from sillage.catalogue.engine.filters import CardFilters
    from sillage.catalogue.queries.card_facets import facets
    from sillage.catalogue.queries.cards import count_cards, list_cards, search_cards

    chosen = {name: filters_for(share, n, seed=int(share * 1e5)) for name, share in SHARES.items()}
    found: dict[str, Times] = {}
    for at in range(count + 2):
        for name, several in chosen.items():
            filters = several[at % len(several)]
            same = {"workspace_id": WORKSPACE, "filters": filters}
            calls: dict[str, Callable[[], object]] = {
                f"facets, filters keep {name}": lambda s=same: facets(**s),
                f"count, filters keep {name}": lambda s=same: count_cards(**s),
                f"words (a common one), filters keep {name}": lambda s=same: search_cards(
                    words=synthetic.word(20), limit=LIMIT, **s
                ),
            }
            for sort in ("followers", "last_post", "name"):
                calls[f"first page by {sort}, filters keep {name}"] = lambda s=same, o=sort: list_cards(
                    sort=o, descending=True, limit=LIMIT, **s
                )
            for label, call in calls.items():
                timed(Times() if at < 2 else found.setdefault(label, Times()), call)
        page = None
        for number in range(4):
            call = lambda c=page: list_cards(  # noqa: E731
                workspace_id=WORKSPACE,
                filters=CardFilters(),
                sort="followers",
                descending=True,
                limit=LIMIT,
                cursor=c and c.next_cursor,
            )
            spent = found.setdefault("pages 2 to 4 by followers, no filter", Times()) if number and at > 1 else Times()
            page = timed(spent, call)
        small = {"workspace_id": SMALL_WORKSPACE, "filters": CardFilters()}
        vector = np.ones(int(os.environ["BENCH_DIMS"]), dtype=np.float32)
        label = f"search in a workspace of {SMALL} cards"
        spent = Times() if at < 2 else found.setdefault(label, Times())
        result = timed(spent, lambda s=small, v=vector: search_cards(vector=v, limit=LIMIT, **s))
        assert len(result) == LIMIT
    return found


def sizes() -> dict[str, str]:
    found = rows(
        "SELECT c.relname, pg_size_pretty(pg_relation_size(c.oid)) FROM pg_class c"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i')"
        " AND (c.relname LIKE 'card%' OR c.relname LIKE 'catalogue_card%') AND pg_relation_size(c.oid) > 1e6"
        " ORDER BY pg_relation_size(c.oid) DESC"
    )
    return dict(found)


def memory() -> dict[str, str]:
    """Proportional set size of the server (shared buffers counted once) and of this process."""
    server = get_server()
    processes = [server, *server.children(recursive=True)]
    pss = sum(p.memory_full_info().pss for p in processes)
    private = sum(p.memory_full_info().uss for p in processes)
    return {
        "PostgreSQL, all processes (PSS)": f"{pss / 2**20:,.0f} MB",
        "of which private to backends (USS)": f"{private / 2**20:,.0f} MB",
        "this client, most of it the reference's vectors": f"{psutil.Process().memory_info().rss / 2**20:,.0f} MB",
    }


def report(dims: int, n: int, parts: dict[str, object]) -> None:
    ours, scan = parts["search"]
    print(f"\n### {n:,} cards, {dims} dimensions (load average {os.getloadavg()[0]:.1f} at the end)\n")
    print("| filter keeps | cards kept | p50 / p95 ms | server CPU ms | recall@50 | exact int8, NumPy p50 / p95 ms |")
    print("|---|---|---|---|---|---|")
    for name, ms in ours.items():
        spent, recall = np.mean(ms.cpu_ms), np.mean(ms.recall)
        print(f"| {name} | {ms.note} | {ms} | {spent:.0f} | {recall:.3f} | {scan[name]} |")
    print("\n| call | p50 / p95 ms |\n|---|---|")
    for label, times in parts["pages"].items():
        print(f"| {label} | {times} |")
    for title in ("building", "disk", "memory"):
        print(f"\n| {title} | |\n|---|---|")
        for label, value in parts[title].items():
            print(f"| {label} | {value} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="scratch folder of the embedded database")
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--dims", type=int, nargs="+", default=[256, 384])
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=30, help="of facets, counts and pages")
    parser.add_argument("--keep", action="store_true", help="measure what an earlier run left in the folder")
    parser.add_argument("--markdown", action="store_true", help="accepted for symmetry: the output is Markdown")
    args = parser.parse_args()
    os.environ["SILLAGE_DATA"] = str(args.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sillage.front.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for dims in args.dims:
        os.environ["BENCH_DIMS"] = str(dims)
        say(f"inventing {args.cards:,} cards of {dims} dimensions")
        cards = synthetic.invent(args.cards, dims)
        if args.keep:
            run(f"SET search_path = bench_{dims}, public")
        else:
            make_tables(dims)
        parts: dict[str, object] = {"building": {} if args.keep else fill(cards, dims)}
        parts["search"] = measure_search(cards, args.queries)
        parts["pages"] = measure_pages(args.rounds, args.cards)
        parts |= {"disk": sizes(), "memory": memory()}
        report(dims, args.cards, parts)


if __name__ == "__main__":
    main()
