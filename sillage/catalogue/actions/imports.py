"""Importing a file of rows through a mapping: chunk by chunk, so that a killed import goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sillage.catalogue.actions.import_run import ImportReport, ImportRun, Progress, Work
from sillage.catalogue.actions.ingest import refuse_stranger
from sillage.catalogue.actions.storing import Ingested, find_owner, keep_rows
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.records import Batch
from sillage.catalogue.engine.staged import Owner
from sillage.catalogue.models import Import
from sillage.catalogue.reading import FileEmpty, Reject, inspect_file
from sillage.catalogue.rejects import append_rejects
from sillage.governance.actions import record
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence

SHOWN_ROWS = 5


class ImportRunning(Refusal):
    """Another process is importing the same file."""


def import_file(
    *,
    workspace_id: int,
    path: Path,
    mapping: Mapping,
    actor: Actor,
    now: datetime,
    on_progress: Callable[[Progress], None] | None = None,
    on_reject: Callable[[Reject], None] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Import a file; a refused row is set aside and the rest comes in.

    Each chunk is a transaction of its own that also moves the import's row on; the ledger gets one entry, at the end.
    The same file through the same mapping changes nothing the second time.
    """
    refuse_stranger(workspace_id, actor)
    owner = find_owner(workspace_id)
    inspected = inspect_file(path, mapping)
    run = ImportRun(path, inspected.format, mapping, on_progress, on_reject)
    if not run.has_rows():
        raise FileEmpty(
            Sentence("%(path)s has columns and no rows.", path=path.name),
            Sentence("Export it again."),
            f"{path.name}:1:1",
        )
    if dry_run:
        return _tried(run, owner, now)
    row = _opened(workspace_id, path, mapping, inspected.digest, now)
    if row.finished_at is not None:
        return run.report(row, already_imported_at=row.finished_at)
    resumed_at = row.rows_done
    with closing(run.work(resumed_at, owner, row.started_at)) as works:
        for work in works:
            row = _keep_chunk(row, run, work, now)
            run.tell(row.rows_done, row.rows_refused, work.chunk.share)
    return _finished(row, run, resumed_at, actor, now)


def _opened(workspace_id: int, path: Path, mapping: Mapping, digest: str, now: datetime) -> Import:
    """The row of this file through this mapping: a new one, or that of an earlier run."""
    row, _ = Import.objects.get_or_create(
        workspace_id=workspace_id,
        file_digest=digest,
        mapping_digest=mapping.digest,
        defaults={"file_name": path.name[:500], "mapping_name": mapping.name[:200], "started_at": now},
    )
    if not row.rejects_path:
        row.rejects_path = str(settings.SILLAGE.data / "rejects" / f"import-{row.pk}.jsonl")
        row.save(update_fields=["rejects_path"])
    return row


@transaction.atomic
def _keep_chunk(before: Import, run: ImportRun, coming: Work, now: datetime) -> Import:
    """Store a chunk and move the import on, both or neither."""
    row = Import.objects.select_for_update().get(pk=before.pk)
    if row.rows_done != before.rows_done or row.finished_at is not None:
        raise ImportRunning(
            Sentence("%(file_name)s is being imported by another process.", file_name=row.file_name),
            Sentence("Let it end; then import again to see its result."),
        )
    work = coming.for_owner(find_owner(row.workspace_id))
    done, clashes = keep_rows(rows=work.staged, owner=work.owner, now=now)
    rejects = run.refused(work, clashes)
    length = append_rejects(Path(row.rejects_path), rejects, row.counts.get("rejects_bytes", 0))
    row.rows_done += work.chunk.consumed
    row.rows_refused += len(rejects)
    row.counts = {**(Ingested.from_facts(row.counts) + done).facts(), "rejects_bytes": length}
    row.save(update_fields=["rows_done", "rows_refused", "counts"])
    run.show(rejects)
    return row


@transaction.atomic
def _finished(before: Import, run: ImportRun, resumed_at: int, actor: Actor, now: datetime) -> ImportReport:
    row = Import.objects.select_for_update().get(pk=before.pk)
    if row.finished_at is not None:
        return run.report(row, already_imported_at=row.finished_at)
    row.finished_at = now
    row.save(update_fields=["finished_at"])
    record(
        verb="catalogue.imported",
        subject_kind="import",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={
            "file": row.file_name,
            "digest": row.file_digest,
            "mapping": row.mapping_name,
            "rows": row.rows_done,
            "refused": row.rows_refused,
            **Ingested.from_facts(row.counts).facts(),
        },
    )
    return run.report(row, resumed_at=resumed_at)


@transaction.atomic
def _tried(run: ImportRun, owner: Owner, now: datetime) -> ImportReport:
    """Store the whole file and take it back: what is told is what would come in."""
    consumed = refused = 0
    done = Ingested()
    first: Batch | None = None
    with closing(run.work(0, owner, now)) as works:
        for work in works:
            kept, clashes = keep_rows(rows=work.staged, owner=owner, now=now)
            rejects = run.refused(work, clashes)
            run.show(rejects)
            consumed += work.chunk.consumed
            refused += len(rejects)
            done += kept
            first = first or _beginning(work.rows.batch)
            run.tell(consumed, refused, work.chunk.share)
    transaction.set_rollback(True)
    absent, unused = run.columns()
    return ImportReport(
        import_id=None,
        rows=consumed,
        refused=refused,
        done=done,
        rejects=tuple(run.rejects),
        rejects_path=None,
        columns_absent=absent,
        columns_unused=unused,
        is_dry_run=True,
        first_rows=first or Batch(),
        **run.sheets(),
    )


def _beginning(batch: Batch) -> Batch:
    return Batch(
        accounts=batch.accounts[:SHOWN_ROWS],
        posts=batch.posts[:SHOWN_ROWS],
        comments=batch.comments[:SHOWN_ROWS],
        observations=batch.observations[:SHOWN_ROWS],
    )
