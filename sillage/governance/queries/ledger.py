"""Reading the ledger and receipts, and proving them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sillage.governance.engine.ledger import Break, Line, Seal, first_break, seal_from
from sillage.governance.models import Entry, IdempotencyKey, Receipt
from sillage.lib import receipts
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence


def list_entries(
    workspace_id: int,
    *,
    cursor: str | None = None,
    limit: int = 50,
    verb: str = "",
    subject_kind: str = "",
    subject_id: str = "",
    actor_kind: str = "",
) -> Page[Entry]:
    """The ledger, newest first."""
    entries = Entry.objects.filter(workspace_id=workspace_id).order_by("-number")
    wanted = {
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "actor_kind": actor_kind,
    }
    entries = entries.filter(**{name: value for name, value in wanted.items() if value})
    if cursor:
        (number,) = key_of(cursor, 1)
        if type(number) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        entries = entries.filter(number__lt=number)
    rows = list(entries[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of([rows[limit - 1].number]) if more else None)


def list_verbs(workspace_id: int) -> list[str]:
    verbs = Entry.objects.filter(workspace_id=workspace_id).values_list("verb", flat=True)
    return list(verbs.distinct().order_by("verb"))


class LedgerProof(NamedTuple):
    """What recomputing a chain found: the entries, where it breaks first if it does, the seal to note elsewhere."""

    entries: int
    broken: Break | None
    seal: str


def verify_ledger(workspace_id: int, *, seal: str = "") -> LedgerProof:
    """Recompute the whole chain, and hold it against a seal that was noted earlier. Raises SealMalformed."""
    sealed = seal_from(seal) if seal.strip() else None
    entries = Entry.objects.filter(workspace_id=workspace_id)
    newest = entries.order_by("-number").first()
    return LedgerProof(
        entries.count(),
        first_break(_chain(workspace_id), sealed),
        str(Seal(newest.number, bytes(newest.hash))) if newest else "",
    )


def _chain(workspace_id: int) -> Iterator[tuple[Line, bytes, bytes]]:
    for e in Entry.objects.filter(workspace_id=workspace_id).order_by("number").iterator(chunk_size=5000):
        line = Line(
            e.workspace_id,
            e.number,
            e.at,
            e.actor_kind,
            e.actor_name,
            e.actor_version,
            e.member_id,
            e.verb,
            e.subject_kind,
            e.subject_id,
            e.facts,
        )
        yield line, bytes(e.previous_hash), bytes(e.hash)


def get_receipt(workspace_id: int, key: str) -> Receipt:
    receipt = Receipt.objects.filter(workspace_id=workspace_id, key=key).first()
    if receipt is None:
        raise NotFound(
            Sentence("No receipt %(key)s in this workspace.", key=key),
            Sentence("Copy the key shown beside the number."),
        )
    return receipt


def latest_receipts(workspace_id: int, subject_kind: str, subject_ids: Sequence[str]) -> dict[str, dict[str, Receipt]]:
    """The newest receipt of each metric: {subject id: {metric id: receipt}}."""
    rows = (
        Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=subject_ids)
        .order_by("subject_id", "metric", "-computed_at", "-pk")
        .distinct("subject_id", "metric")
    )
    found: dict[str, dict[str, Receipt]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.metric] = row
    return found


SourceReader = Callable[[int, Sequence[str]], Mapping[str, float | None]]
_readers: dict[str, SourceReader] = {}


def read_sources_with(kind: str, reader: SourceReader) -> None:
    """Say who can re-read inputs of a kind: called once per kind, in `front/wiring.py`."""
    _readers[kind] = reader


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a receipt found. `changed` are inputs whose source now says something else or is gone."""

    receipt: Receipt
    is_intact: bool
    recomputed: float | None
    changed: tuple[str, ...]
    unread: int  # inputs that point to no row that can be read again

    @property
    def holds(self) -> bool:
        return self.is_intact and self.recomputed == self.receipt.value and not self.changed


def verify_receipt(workspace_id: int, key: str) -> Verification:
    """Recompute a receipt from its inputs, check its hash, and read the inputs' sources again."""
    row = get_receipt(workspace_id, key)
    inputs = receipts.inputs_from_json(row.inputs)
    metric = receipts.metric_of(row.metric, row.version)
    if metric is None:
        raise NotFound(
            Sentence(
                "This version of Sillage does not know %(metric)s version %(row_version)s.",
                metric=row.metric,
                row_version=row.version,
            ),
            Sentence("Verify it with the version that computed it: %(code_version)s.", code_version=row.code_version),
        )
    digest = receipts.receipt_hash(
        f"{row.subject_kind}:{row.subject_id}",
        metric,
        row.value,
        inputs,
        row.source_class,
        row.n,
        row.computed_at,
        row.code_version,
    )
    changed, unread = _changed_inputs(workspace_id, inputs)
    return Verification(row, digest == bytes(row.hash), receipts.recomputed(metric, inputs), changed, unread)


def _changed_inputs(workspace_id: int, inputs: Mapping[str, receipts.Input]) -> tuple[tuple[str, ...], int]:
    changed: list[str] = []
    unread = 0
    for given in inputs.values():
        values = given.value if isinstance(given.value, list) else [given.value] * len(given.refs)
        if len(values) != len(given.refs):
            unread += len(given.refs)
            continue
        by_kind: dict[str, dict[str, object]] = {}
        for ref, value in zip(given.refs, values, strict=True):
            by_kind.setdefault(ref.partition(":")[0], {})[ref] = value
        for kind, expected in by_kind.items():
            reader = _readers.get(kind)
            if reader is None:
                unread += len(expected)
                continue
            found = reader(workspace_id, list(expected))
            changed += [ref for ref, value in expected.items() if found.get(ref) != value]
    return tuple(changed), unread


def find_answer(workspace_id: int, key: str) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(workspace_id=workspace_id, key=key).first()
