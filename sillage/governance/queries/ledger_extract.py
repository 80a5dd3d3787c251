"""The entries of some subjects, to hand over."""

from __future__ import annotations

from collections.abc import Iterable

from sillage.governance.engine.ledger import GENESIS, Line
from sillage.governance.engine.ledger_extract import Extract, Head, extract_line
from sillage.governance.models import Entry
from sillage.governance.queries.approvals import about, requests_about


def ledger_extract(workspace_id: int, subjects: Iterable[tuple[str, str]]) -> Extract:
    """The entries about the subjects (kind, id) and about the approvals asked for them, in the ledger's order."""
    wanted = list(subjects)
    approvals = requests_about(workspace_id, wanted).values_list("pk", flat=True)
    subjects_of = about([*wanted, *(("approval", str(key)) for key in approvals)])
    entries = Entry.objects.filter(workspace_id=workspace_id).order_by("number")
    head = entries.last()
    lines = [
        extract_line(Line(**{name: getattr(e, name) for name in Line.__slots__}), bytes(e.previous_hash), bytes(e.hash))
        for e in entries.filter(subjects_of)
    ]
    last = Head(number=head.number, hash=bytes(head.hash).hex()) if head else Head(number=0, hash=GENESIS.hex())
    return Extract(head=last, entries=lines)
