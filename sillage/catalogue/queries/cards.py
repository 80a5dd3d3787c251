"""Searching, listing and counting cards. Every query is bound to one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from django.db import transaction
from psycopg import sql

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.search_plan import Way, index_plan, way_to_search
from sillage.catalogue.engine.sketch import sketches
from sillage.catalogue.queries.card_conditions import (
    Corpus,
    Part,
    conditions,
    count,
    estimate_kept,
    fetch,
    get_corpus,
    is_narrow,
    set_locally,
)
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded

Sort = Literal["followers", "last_post", "name"]

RESCORED = 700  # cards whose vectors are read after the scan of sketches
RANKED = 2_000  # cards whose words are ranked when a word is common
SHORTEST_BEGINNING = 3  # letters of a word that is still being typed
COUNTED_EXACTLY_UP_TO = 2_000_000  # cards of all workspaces
_NAME = sql.SQL(
    "left(translate(lower(coalesce(nullif(a.name, ''), a.handle)),"
    " 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿœæ', 'aaaaaaceeeeiiiinooooouuuuyyoa'), 60)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A card and why it stands where it does: `product` with the vector, or `rank` of its words (ts_rank)."""

    account_id: int
    product: float | None = None
    rank: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    count: int
    is_estimate: bool


def search_cards(
    *,
    workspace_id: int,
    filters: CardFilters,
    vector: np.ndarray | None = None,
    words: str | None = None,
    limit: int,
    configuration: str = "simple",
    beginnings: bool = False,
    way: Way | None = None,
) -> list[Found]:
    """The `limit` kept cards with the largest inner product with `vector` (float32[d]), best first.

    With `words` (as typed; `configuration` is the one the words column was made with) only cards with these words, ranked
    by ts_rank without a vector, a common word among the first RANKED cards found. With `beginnings` the last word may be
    the beginning of one, where no card has it whole. `way` overrules the choice of plan, for tests and measurements.
    """
    with transaction.atomic():
        condition = conditions(workspace_id, filters)
        if words is not None:
            return _with_words(condition, _questions(words, configuration, beginnings), vector, limit)
        if vector is None:
            raise ValueError("search_cards needs a vector or words; list_cards lists without them.")
        literal = _vector_literal(vector)
        corpus = get_corpus()
        if way is None:
            kept = estimate_kept(condition, corpus)
            way = way_to_search(kept=kept, indexed=corpus.cards, has_index=corpus.lists is not None)
        if way is Way.INDEX:
            found = _through_index(condition, literal, corpus, limit)
            if len(found) == limit:
                return found
            way = Way.SCAN  # what is kept lies far from the vector: the lists read held too little of it
        condition = conditions(workspace_id, filters, by_values=True)
        if way is Way.SCAN:
            most = max(RESCORED, 5 * limit)
            found = _rescored(condition, literal, _nearest_sketches(vector, most), limit)
            if len(found) == limit:
                return found
        return _rescored(condition, literal, sql.SQL("OFFSET 0"), limit)


def _vector_literal(vector: np.ndarray) -> Part:
    return sql.SQL("{}::halfvec").format(sql.Literal("[" + ",".join(f"{x:.6g}" for x in vector.tolist()) + "]"))


def _through_index(condition: Part, vector: Part, corpus: Corpus, limit: int) -> list[Found]:
    plan = index_plan(corpus.cards)
    lists = corpus.lists or 1
    probes = min(lists, plan.probes if plan else lists)
    set_locally(
        enable_sort="off",  # leaves the planner no other order than the index's
        enable_hashjoin="off",
        enable_mergejoin="off",
        ivfflat__probes=probes,
        ivfflat__max_probes=min(lists, 4 * probes),
        ivfflat__iterative_scan="relaxed_order",
    )
    rows = fetch(
        sql.SQL(
            "SELECT c.account_id, -(c.vector <#> {vector}) FROM catalogue_card c"
            " JOIN catalogue_cardcode k ON k.account_id = c.account_id WHERE {condition}"
            " ORDER BY c.vector <#> {vector} LIMIT {limit}"
        ).format(vector=vector, condition=condition, limit=sql.Literal(limit))
    )
    set_locally(enable_sort="on")
    return sorted(_products(rows), key=lambda found: (-(found.product or 0.0), found.account_id))


def _nearest_sketches(vector: np.ndarray, most: int) -> Part:
    return sql.SQL("AND k.bits IS NOT NULL ORDER BY k.bits <~> {}::bit varying LIMIT {}").format(
        sql.Literal(sketches(vector[None, :].astype(np.float32))[0]), sql.Literal(most)
    )


def _rescored(condition: Part, vector: Part, candidates: Part, limit: int) -> list[Found]:
    """The nearest by their vectors of the kept cards that `candidates` leaves: a LIMIT or OFFSET 0.

    Either makes PostgreSQL filter first; it cannot know how much a test of bits keeps and might sort all vectors.
    """
    # An index entry is dearer than the planner thinks: combining the bitmaps of two broad conditions costs more than the
    # pages that it saves.
    set_locally(enable_hashjoin="off", enable_mergejoin="off", random_page_cost=2, cpu_index_tuple_cost=0.03)
    rows = fetch(
        sql.SQL(
            "SELECT c.account_id, -(c.vector <#> {vector}) FROM"
            " (SELECT k.account_id FROM catalogue_cardcode k WHERE {condition} {candidates}) k"
            " JOIN catalogue_card c ON c.account_id = k.account_id WHERE c.vector IS NOT NULL"
            " ORDER BY (c.vector <#> {vector}) + 0, c.account_id LIMIT {limit}"
        ).format(vector=vector, condition=condition, candidates=candidates, limit=sql.Literal(limit))
    )
    return _products(rows)


def _products(rows: Sequence[tuple[Any, ...]]) -> list[Found]:
    return [Found(account_id=int(i), product=float(p)) for i, p in rows]


def _questions(words: str, configuration: str, beginnings: bool) -> list[Part | None]:
    """What to ask for, one after the other until something is found."""
    return [_asked(words, configuration), _asked_as_begun(words, configuration) if beginnings else None]


def _asked(words: str, configuration: str) -> Part:
    return sql.SQL("websearch_to_tsquery({}::regconfig, {})").format(
        sql.Literal(configuration), sql.Literal(folded(words))
    )


def _asked_as_begun(words: str, configuration: str) -> Part | None:
    """The words with the last one as the beginning of a word; None where it is too short, or no plain word."""
    before, _, last = folded(words).strip().rpartition(" ")
    if len(last) < SHORTEST_BEGINNING or not last.isalnum():
        return None
    begun = sql.SQL("to_tsquery({}::regconfig, {})").format(sql.Literal(configuration), sql.Literal(f"{last}:*"))
    return sql.SQL("({} && {})").format(_asked(before, configuration), begun) if before.strip() else begun


def _with_words(condition: Part, asked: Sequence[Part | None], vector: np.ndarray | None, limit: int) -> list[Found]:
    """What the first of the questions finds that finds anything."""
    for query in asked:
        if query is not None and (found := _matching(condition, query, vector, limit)):
            return found
    return []


def _matching(condition: Part, query: Part, vector: np.ndarray | None, limit: int) -> list[Found]:
    score: Part = sql.SQL("ts_rank(c.words, {})").format(query)
    if vector is not None:
        score = sql.SQL("-(c.vector <#> {})").format(_vector_literal(vector))
    has_vector = sql.SQL("" if vector is None else "AND c.vector IS NOT NULL")
    rows = fetch(
        sql.SQL(
            "SELECT c.account_id, {score} FROM (SELECT c.account_id, c.words, c.vector FROM catalogue_card c"
            " JOIN catalogue_cardcode k ON k.account_id = c.account_id"
            " WHERE c.words @@ {query} {has_vector} AND {condition} LIMIT {ranked}) c"
            " ORDER BY 2 DESC, 1 LIMIT {limit}"
        ).format(
            score=score,
            query=query,
            has_vector=has_vector,
            condition=condition,
            ranked=sql.Literal(max(RANKED, limit)),
            limit=sql.Literal(limit),
        )
    )
    if vector is not None:
        return _products(rows)
    return [Found(account_id=int(i), rank=float(r)) for i, r in rows]


def count_cards(*, workspace_id: int, filters: CardFilters) -> Count:
    """How many cards pass: counted, or estimated (and marked so) in an installation of more than two million cards."""
    condition = conditions(workspace_id, filters)
    corpus = get_corpus()
    if corpus.cards <= COUNTED_EXACTLY_UP_TO:
        return Count(count(condition), False)
    kept = estimate_kept(condition, corpus)
    if is_narrow(kept, corpus):
        return Count(count(condition), False)
    return Count(kept, True)


def list_cards(
    *, workspace_id: int, filters: CardFilters, sort: Sort, descending: bool, limit: int, cursor: str | None = None
) -> Page[int]:
    """Account ids of one page of the kept cards. Cards without the number sorted by come last, both ways.

    Raises CursorMalformed.
    """
    after = None if cursor is None else _after(cursor, sort, descending)
    with transaction.atomic():
        condition = conditions(workspace_id, filters)
        corpus = get_corpus()
        walks = not is_narrow(estimate_kept(condition, corpus), corpus)  # else sorting what is kept is faster
        if not walks:
            condition = conditions(workspace_id, filters, by_values=True)
        order = _Order(sort, descending, walks)
        rows = order.rows(condition, after, limit + 1)
    page, more = rows[:limit], len(rows) > limit
    following = None
    if more:
        value, account_id = page[-1]
        plain = value.isoformat() if isinstance(value, date) else value
        following = cursor_of([sort, descending, plain, account_id])
    return Page([int(account_id) for _, account_id in page], following)


def _after(cursor: str, sort: Sort, descending: bool) -> tuple[object, int]:
    was_sort, was_descending, value, account_id = key_of(cursor, 4)
    kinds: dict[Sort, type] = {"followers": int, "last_post": str, "name": str}
    fits = (was_sort, was_descending) == (sort, descending) and type(account_id) is int
    if not fits or not (type(value) is kinds[sort] or (value is None and sort != "name")):
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    if sort == "last_post" and value is not None:
        try:
            return date.fromisoformat(str(value)), int(str(account_id))
        except ValueError as error:
            raise CursorMalformed(
                Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
            ) from error
    return value, int(str(account_id))


@dataclass(frozen=True, slots=True)
class _Order:
    """One way through the cards. `walks`: along the index of that order; else what is kept is gathered, then sorted."""

    sort: Sort
    descending: bool
    walks: bool

    def rows(self, condition: Part, after: tuple[object, int] | None, limit: int) -> list[tuple[Any, ...]]:
        """Up to `limit` pairs (sort value, account id) behind `after`: first those with the number, then the others."""
        if self.sort == "name":
            return self._rows_by_name(condition, after, limit)
        source, id_column = sql.SQL("catalogue_cardcode k"), sql.SQL("k.account_id")
        column = sql.SQL("k.followers" if self.sort == "followers" else "k.last_post_on")
        order = column if self.walks else sql.SQL("{} + 0").format(column)
        rows: list[tuple[Any, ...]] = []
        if after is None or after[0] is not None:
            has_number = sql.SQL("{} AND {} IS NOT NULL").format(condition, column)
            rows = self._rows(source, has_number, (column, id_column), (order, id_column), after, limit)
            after = None
        if len(rows) < limit:
            has_none = sql.SQL("{} AND {} IS NULL").format(condition, column)
            behind = after and after[1:]
            rows += self._rows(source, has_none, (id_column,), (id_column,), behind, limit - len(rows))
        return rows

    def _rows_by_name(self, condition: Part, after: tuple[object, int] | None, limit: int) -> list[tuple[Any, ...]]:
        keys = (_NAME, sql.SQL("a.id"))
        if self.walks:
            source = sql.SQL(
                "catalogue_cardcode k JOIN catalogue_account a"
                " ON a.id = k.account_id AND a.workspace_id = k.workspace_id"
            )
            return self._rows(source, condition, keys, keys, after, limit)
        # An array is gathered first: PostgreSQL cannot know how little a test of bits keeps.
        kept = sql.SQL("a.id = ANY (ARRAY(SELECT k.account_id FROM catalogue_cardcode k WHERE {}))").format(condition)
        order = (sql.SQL("{} || ''").format(_NAME), keys[1])
        return self._rows(sql.SQL("catalogue_account a"), kept, keys, order, after, limit)

    def _rows(
        self,
        source: Part,
        condition: Part,
        keys: tuple[Part, ...],
        order: tuple[Part, ...],
        after: tuple[object, ...] | None,
        limit: int,
    ) -> list[tuple[Any, ...]]:
        """Rows behind `after`, a value for each of `keys` (the last is the account id, the first the sort value)."""
        if after is not None:
            condition = sql.SQL("{} AND ({}) {} ({})").format(
                condition,
                sql.SQL(", ").join(keys),
                sql.SQL("<" if self.descending else ">"),
                sql.SQL(", ").join(sql.Literal(value) for value in after),
            )
        direction = sql.SQL(" DESC" if self.descending else "")
        return fetch(
            sql.SQL("SELECT {value}, {id} FROM {source} WHERE {condition} ORDER BY {order} LIMIT {limit}").format(
                value=keys[0] if len(keys) > 1 else sql.SQL("NULL"),
                id=keys[-1],
                source=source,
                condition=condition,
                order=sql.SQL(", ").join(sql.SQL("{}{}").format(key, direction) for key in order),
                limit=sql.Literal(limit),
            )
        )
