"""One reading of one file for an import: what it converts ahead, remembers and tells."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from sillage.catalogue.actions.storing import Ingested, staged_or_refused
from sillage.catalogue.engine.kinds import Settings
from sillage.catalogue.engine.mapping import REQUIRED, Mapping
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.engine.rows import Rows, convert_rows
from sillage.catalogue.engine.staged import Clash, Owner, Staged
from sillage.catalogue.models import Import
from sillage.catalogue.reading import Chunk, Reject, TableFile
from sillage.catalogue.reading_csv import CsvFile, duplicated
from sillage.catalogue.reading_sheet import SheetFile
from sillage.catalogue.reading_typed import JsonLinesFile, ParquetFile
from sillage.lib.collector import collector_paused
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Listed, Sentence
from sillage.lib.text import shortened, without_controls

SHOWN_REJECTS = 1_000
SHOWN_COLUMNS = 60
_REMEMBERED_ACCOUNTS = 500_000
_READERS: dict[str, Callable[[Path, Mapping], TableFile]] = {
    "csv": CsvFile,
    "xlsx": SheetFile,
    "jsonl": JsonLinesFile,
    "parquet": ParquetFile,
}


class ColumnMissing(Malformed):
    """The mapping names a column that the file does not have."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: rows read and refused so far, and the share of the file that is read, 0 to 1."""

    rows: int
    refused: int
    share: float


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `is_dry_run` would do.

    `rejects` holds the first refused rows, `refused` how many there are; all stand in the file at `rejects_path`.
    """

    import_id: int | None
    rows: int
    refused: int
    done: Ingested
    rejects: tuple[Reject, ...]
    rejects_path: Path | None
    columns_absent: tuple[str, ...]
    columns_unused: tuple[str, ...]
    resumed_at: int = 0  # rows that an earlier, broken run had stored
    already_imported_at: datetime | None = None
    is_dry_run: bool = False
    first_rows: Batch = field(default_factory=Batch)
    sheet: str = ""  # that was read of a workbook
    sheets_left: tuple[str, ...] = ()  # others that hold something, where nobody named one

    @property
    def on_sheets(self) -> Sentence | None:
        """Which sheet of a workbook was read, where a person could have meant another."""
        if not self.sheets_left:
            return None
        return Sentence(
            "The sheet “%(sheet)s” was read. Others hold something too: %(others)s. To read one of them, name it.",
            sheet=self.sheet,
            others=Listed(self.sheets_left),
        )


class SheetsTold(TypedDict, total=False):
    """The part of a report that tells of a workbook's sheets."""

    sheet: str
    sheets_left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A chunk, what its rows became, and those rows made ready for the owner's catalogue."""

    chunk: Chunk
    rows: Rows
    owner: Owner
    staged: Staged

    def for_owner(self, owner: Owner) -> Work:
        """The same chunk, made ready again if somebody was forgotten since it was read."""
        if owner == self.owner:
            return self
        return replace(self, owner=owner, staged=staged_or_refused(self.rows.batch, owner))


class ImportRun:
    """One reading of one file."""

    def __init__(
        self,
        path: Path,
        file_format: str,
        mapping: Mapping,
        on_progress: Callable[[Progress], None] | None,
        on_reject: Callable[[Reject], None] | None,
    ) -> None:
        self.path, self.mapping = path, mapping
        self.table = _READERS[file_format](path, mapping)
        refuse_missing_columns(path, mapping, self.table.names)
        self._on_progress, self._on_reject = on_progress, on_reject
        self._accounts: dict[tuple[str, str], AccountRecord] = {}
        self.rejects: list[Reject] = []

    def has_rows(self) -> bool:
        return next(self.table.chunks(self.mapping.columns, 0), None) is not None

    def work(self, skip: int, owner: Owner, began_at: datetime) -> Generator[Work]:
        """The chunks after the first `skip` rows; the next is made ready while the database writes this one."""
        settings = Settings.of(owner.salt, began_at)
        chunks = self.table.chunks(self.mapping.columns, skip)

        def read() -> Work | None:
            chunk = next(chunks, None)
            if chunk is None:
                return None
            rows = convert_rows(self.mapping, dict(chunk.columns), chunk.rows, began_at, settings)
            return Work(chunk, rows, owner, staged_or_refused(self._news(rows.batch, owner), owner))

        with collector_paused(), ThreadPoolExecutor(1, "read") as ahead:
            coming = ahead.submit(read)
            while (ready := coming.result()) is not None:
                coming = ahead.submit(read)
                yield ready

    def _news(self, batch: Batch, owner: Owner) -> Batch:
        """The batch without accounts that came in just so before: a file of posts repeats them on every line.

        Forgotten ones never came in: each batch names them again, because it may take a handle to know them.
        """
        if len(self._accounts) > _REMEMBERED_ACCOUNTS:
            self._accounts.clear()
        news = tuple(a for a in batch.accounts if self._accounts.get((a.network, a.network_id)) != a)
        kept = {
            (a.network, a.network_id): a for a in news if not owner.has_forgotten(a.network, a.network_id, a.handle)
        }
        self._accounts.update(kept)
        return replace(batch, accounts=news)

    def refused(self, work: Work, clashes: Sequence[Clash]) -> list[Reject]:
        """The chunk's refused rows in file order. Of a forgotten person's rows nothing is kept aside."""
        chunk, rows, owner = work.chunk, work.rows, work.owner
        values = [
            chunk.reject(r.index, r.column, r.field, r.reason, self.path.name, r.account)
            for r in rows.refused
            if r.account is None or not owner.has_forgotten(*r.account, r.handle)
        ]
        rejects = [*chunk.rejects, *values, *self._clashing(chunk, rows, clashes)]
        return sorted(rejects, key=lambda reject: (reject.line, reject.column))

    def _clashing(self, chunk: Chunk, rows: Rows, clashes: Sequence[Clash]) -> list[Reject]:
        """Numbers of rows that came in, each refused because another is kept for its instant."""
        found = []
        for clash in clashes:
            o = rows.batch.observations[clash.index]
            column = next((r.value.column for r in self.mapping.observations if r.api_field == o.api_field), None)
            reason = Sentence(
                "is %(value)s, and %(kept)s is kept for %(moment)s UTC: an observation is never overwritten",
                value=Grouped(o.value),
                kept=Grouped(clash.kept),
                moment=f"{o.observed_at:%Y-%m-%d %H:%M}",
            )
            account = (o.network, o.account_network_id)
            index = rows.observation_rows[clash.index]
            found.append(chunk.reject(index, column, f"observation.{o.measure}", reason, self.path.name, account))
        return found

    def tell(self, rows: int, refused: int, share: float) -> None:
        if self._on_progress is not None:
            self._on_progress(Progress(rows, refused, share))

    def show(self, rejects: list[Reject]) -> None:
        self.rejects += rejects[: SHOWN_REJECTS - len(self.rejects)]
        if self._on_reject is not None:
            for reject in rejects:
                self._on_reject(reject)

    def report(self, row: Import, resumed_at: int = 0, already_imported_at: datetime | None = None) -> ImportReport:
        """What the import's row says now."""
        absent, unused = self.columns()
        return ImportReport(
            import_id=row.pk,
            rows=row.rows_done,
            refused=row.rows_refused,
            done=Ingested.from_facts(row.counts),
            rejects=tuple(self.rejects),
            rejects_path=Path(row.rejects_path) if row.rows_refused else None,
            columns_absent=absent,
            columns_unused=unused,
            resumed_at=resumed_at,
            already_imported_at=already_imported_at,
            **self.sheets(),
        )

    def sheets(self) -> SheetsTold:
        """Of a workbook which sheet was read, and which hold something besides, where nobody named one."""
        if not isinstance(self.table, SheetFile):
            return {}
        left = () if self.mapping.source.sheet else self.table.others()
        return {"sheet": self.table.sheet, "sheets_left": left}

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Columns that the mapping reads and the file lacks, and those that stand in the file and are not read."""
        names, wanted = self.table.names, self.mapping.columns
        return tuple(n for n in wanted if n not in names), tuple(n for n in names if n not in wanted)


def refuse_missing_columns(path: Path, mapping: Mapping, names: tuple[str, ...]) -> None:
    """Refuse the whole file where it lacks a column that it must have, or has one twice."""
    place = f"{path.name}:1:1"
    wanted = _required_columns(mapping) if mapping.source.columns_may_be_absent else mapping.columns
    absent = [name for name in wanted if name not in names]
    if absent:
        raise ColumnMissing(
            Sentence(
                "%(path)s has no column “%(absent)s”, which the mapping %(mapping)s reads.",
                path=path.name,
                absent=absent[0],
                mapping=mapping.name,
            ),
            _columns_there_are(names),
            place,
        )
    twice = duplicated(names) & set(mapping.columns)
    if twice:
        raise ColumnMissing(
            Sentence("%(path)s has the column “%(twice)s” more than once.", path=path.name, twice=min(twice)),
            Sentence("Rename one of them."),
            place,
        )


def _columns_there_are(names: tuple[str, ...]) -> Sentence:
    """A single column is often several whose separator is another."""
    listed = ", ".join(shortened(without_controls(name), 60) for name in names[:SHOWN_COLUMNS])
    if len(names) > SHOWN_COLUMNS:
        listed += ", …"
    if len(names) == 1:
        return Sentence(
            "The only column there is: %(name)s. Check separator and encoding in the mapping's [source].", name=listed
        )
    return Sentence("Columns there are: %(names)s. Change the mapping, or the header.", names=listed)


def _required_columns(mapping: Mapping) -> list[str]:
    sections = {"account": mapping.account, "post": mapping.post, "comment": mapping.comment}
    rules = [section[name] for key, section in sections.items() if section is not None for name in REQUIRED[key]]
    return [rule.column for rule in rules if rule.column is not None]
