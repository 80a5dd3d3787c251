"""Pictures by the thousand: a table comes in, portions are drawn and kept, a killed run goes on where it stopped.

Files come before the rows that name them, and go before them too: what is on the disk without a row is at most the last
portion of a killed run, which the next one draws again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from sillage import __version__
from sillage.adapters import blobs
from sillage.campaigns.engine.sealed_files import sealed_pieces
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.queries.keys import sealing_key
from sillage.studio.actions.picture_certificates import picture_certificate
from sillage.studio.actions.pictures import picture_row, to_make
from sillage.studio.engine.picture_batch import (
    MOST_FAULTS,
    PORTION,
    BatchState,
    Fault,
    Statement,
    file_names,
    part_of,
    read_table,
    values_of,
)
from sillage.studio.models import Picture, PictureBatch, PicturePart
from sillage.studio.queries.pictures import (
    PART_LIST,
    SEALED_VALUES,
    content_of_template,
    font_files,
    get_batch,
    get_template,
    rows_of_batch,
    statement_of,
)
from sillage.studio.workers import MadePicture, Order, Row
from sillage.understanding.workers import Crew

MOST_SEALED = 40_000_000
Result = MadePicture | Fault


@transaction.atomic
def open_batch(
    *, template_id: int, table: bytes, table_name: str, actor: Actor, now: datetime, words_by_model: bool = False
) -> PictureBatch:
    """Take in a table (CSV, a column per variable). Nothing is drawn yet; `make_batch` does that. Raises TableMalformed."""
    require(actor, Right.CAMPAIGN)
    template = to_make(get_template(actor.workspace_id, template_id))
    rows = read_table(table, table_name[:120], content_of_template(template))
    sealed = sealed_pieces(sealing_key(actor.workspace_id, SEALED_VALUES), [json.dumps(rows).encode()])
    values_sha256, _ = blobs.keep(actor.workspace_id, sealed, limit=MOST_SEALED)
    batch = PictureBatch.objects.create(
        workspace_id=actor.workspace_id,
        template=template,
        template_sha256=template.sha256,
        state=BatchState.WAITING.value,
        values_sha256=values_sha256,
        total=len(rows),
        statement=statement_of(template, words_by_model=words_by_model).kept(),
        member_id=actor.member_id,
        made_at=now,
    )
    governance.record(
        verb="studio.picture_batch_opened",
        subject_kind="picture_batch",
        subject_id=batch.pk,
        actor=actor,
        now=now,
        facts={"template": template.pk, "rows": len(rows)},
    )
    return batch


def make_batch(
    *, batch_id: int, actor: Actor, now: datetime, most: int | None = None, workers: int = 1
) -> PictureBatch:
    """Draw what is not drawn yet, `most` rows of it at the most; a portion is committed with how far it is.

    The entry comes with the last row. Two that draw the same batch do no harm: the first one's portion counts.
    """
    require(actor, Right.CAMPAIGN)
    batch = get_batch(actor.workspace_id, batch_id)
    if batch.state == BatchState.DONE.value:
        return batch
    if batch.done < batch.total:
        _draw(batch, now, most, workers)
    return _finish(batch, actor, now)


def _draw(batch: PictureBatch, now: datetime, most: int | None, workers: int) -> None:
    rows = rows_of_batch(batch)
    end = batch.total if most is None else min(batch.total, batch.done + most)
    names = file_names(rows, batch.template.name)
    for portion in _portions(_results(batch, rows[:end], now, workers), batch.done, end):
        if not _store(batch, portion, names, now):
            break  # another run was first


def _results(
    batch: PictureBatch, rows: Sequence[Mapping[str, str]], now: datetime, workers: int
) -> Iterator[tuple[int, Result]]:
    order = Order(
        svg=blobs.read(batch.workspace_id, batch.template_sha256),
        file_name=batch.template.file_name,
        fonts=font_files(batch.workspace_id),
        statement=Statement.of(batch.statement),
        version=__version__,
        certificate=picture_certificate(batch.workspace_id, now),
    )
    work = ((number, (number, values_of(rows[number - 1]))) for number in range(batch.done + 1, len(rows) + 1))
    yield from Crew(Row, (order,), workers).results(work)


def _portions(results: Iterator[tuple[int, Result]], done: int, end: int) -> Iterator[list[tuple[int, Result]]]:
    """Results in the order of the table, some at a time: they come as processes finish them."""
    waiting: dict[int, Result] = {}
    for number, result in results:
        waiting[number] = result
        whole = [n for n in range(done + 1, min(done + PORTION, end) + 1) if n in waiting]
        if len(whole) == min(PORTION, end - done):
            done += len(whole)
            yield [(n, waiting.pop(n)) for n in whole]


def _store(batch: PictureBatch, portion: list[tuple[int, Result]], names: Sequence[str], now: datetime) -> bool:
    """Keep a portion: its file, then the rows. False where another run kept it meanwhile, or the batch was erased."""
    made = [(number, result) for number, result in portion if isinstance(result, MadePicture)]
    listed = [_listed(number, names[number - 1], one) for number, one in made]
    files = [(names[number - 1], one.data) for number, one in made]
    body = part_of([*files, (PART_LIST, json.dumps(listed, ensure_ascii=False).encode())])
    sha256, size = blobs.keep(batch.workspace_id, [body], limit=1 << 30)
    if not _counted(batch, portion, made, sha256, size, now):
        blobs.forget(batch.workspace_id, sha256)
        return False
    return True


def _listed(number: int, name: str, one: MadePicture) -> dict[str, object]:
    remarks = [{"kind": r.kind, "words": r.words, "shown": r.shown} for r in one.remarks]
    return {"row": number, "file": name, "sha256": one.sha256, "alt": one.alt, "remarks": remarks}


@transaction.atomic
def _counted(
    batch: PictureBatch,
    portion: list[tuple[int, Result]],
    made: list[tuple[int, MadePicture]],
    sha256: str,
    size: int,
    now: datetime,
) -> bool:
    locked = PictureBatch.objects.select_for_update().filter(pk=batch.pk).first()
    if locked is None or locked.done != portion[0][0] - 1:
        return False
    PicturePart.objects.create(batch=locked, starts=portion[0][0], rows=len(portion), sha256=sha256, size=size)
    statement = Statement.of(batch.statement)
    pictures = [picture_row(batch.template, statement, one, batch.member_id, now) for _, one in made]
    for picture in pictures:
        picture.batch, picture.template_sha256 = locked, batch.template_sha256
    Picture.objects.bulk_create(pictures)
    faults = [asdict(result) for _, result in portion if isinstance(result, Fault)]
    locked.faults = [*locked.faults, *faults][:MOST_FAULTS]
    locked.failed += len(faults)
    locked.remarks = [*locked.remarks, *({"row": n, "kind": r.kind} for n, one in made for r in one.remarks)][
        :MOST_FAULTS
    ]
    locked.done, locked.state = locked.done + len(portion), BatchState.MAKING.value
    locked.save(update_fields=["faults", "failed", "remarks", "done", "state"])
    return True


@transaction.atomic
def _finish(batch: PictureBatch, actor: Actor, now: datetime) -> PictureBatch:
    """Once all rows are dealt with the table is not needed any more."""
    locked = get_batch(batch.workspace_id, batch.pk, lock=True)
    if locked.done < locked.total or locked.state == BatchState.DONE.value:
        return locked
    blobs.forget(locked.workspace_id, locked.values_sha256)
    locked.state, locked.values_sha256, locked.finished_at = BatchState.DONE.value, "", now
    locked.save(update_fields=["state", "values_sha256", "finished_at"])
    governance.record(
        verb="studio.picture_batch_made",
        subject_kind="picture_batch",
        subject_id=locked.pk,
        actor=actor,
        now=now,
        facts={"pictures": locked.done - locked.failed, "faults": locked.failed, "template": locked.template_id},
    )
    return locked


@transaction.atomic
def erase_batch(*, batch_id: int, actor: Actor, now: datetime) -> None:
    """Erase the pictures and the table of a batch. That they were made, and the hashes of the files, stays known."""
    require(actor, Right.CAMPAIGN)
    batch = get_batch(actor.workspace_id, batch_id, lock=True)
    facts = {"pictures": batch.done - batch.failed, "template": batch.template_id}
    _forget(batch)
    governance.record(
        verb="studio.picture_batch_erased",
        subject_kind="picture_batch",
        subject_id=batch_id,
        actor=actor,
        now=now,
        facts=facts,
    )


def _forget(batch: PictureBatch) -> None:
    """Files first: if this stops half-way the row is still there to begin again from."""
    for sha256 in (*batch.parts.values_list("sha256", flat=True), batch.values_sha256):
        if sha256:
            blobs.forget(batch.workspace_id, sha256)
    batch.delete()


def count_due_batches(workspace_id: int, before: datetime) -> int:
    """Batches that were asked for before an instant, as part of retention."""
    return PictureBatch.objects.filter(workspace_id=workspace_id, made_at__lt=before).count()


def remove_due_batches(workspace_id: int, before: datetime, now: datetime, most: int) -> int:
    """Erase them with their files, as part of retention."""
    due = PictureBatch.objects.select_for_update().filter(workspace_id=workspace_id, made_at__lt=before)
    batches = list(due.order_by("pk")[:most])
    for batch in batches:
        _forget(batch)
    return len(batches)
