"""What an evaluation found, and how it is told: one table of figures with intervals, baselines and published results."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `low` and `high` are its 95 % interval; `baseline` and `published` say their system's name.

    `split` names the part of the data that was asked, on which nothing was chosen.
    """

    task: str
    split: str
    n: int
    metric: str
    system: str
    value: float
    low: float | None = None
    high: float | None = None
    baseline: str = ""
    published: str = ""


@dataclass(slots=True)
class Cost:
    """Seconds of the clock and of this process's CPU, and its highest memory, in MB."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation's answer. `remarks` are sentences that a reader needs, the weak results first."""

    name: str
    title: str
    data: str
    licence: str
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()
    cost: Cost = field(default_factory=Cost)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`run(folder, seed)` measures on the data in a folder; `about` says in one line what and on which files."""

    name: str
    about: str
    run: Callable[[Path, int], Report]


@contextmanager
def costing() -> Iterator[Cost]:
    """What happens inside is counted into the yielded cost."""
    cost = Cost()
    clock, cpu = time.perf_counter(), time.process_time()
    yield cost
    cost.seconds, cost.cpu_seconds = time.perf_counter() - clock, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost.peak_mb = peak / (2**20 if sys.platform == "darwin" else 2**10)


def interval(
    metric: Callable[[NDArray[np.int64]], float], n: int, *, seed: int, groups: NDArray[np.int64] | None = None
) -> tuple[float, float]:
    """95 % percentile bootstrap of `metric(rows)` over n rows, or over whole groups of rows (Efron, 1979)."""
    draw = np.random.default_rng(seed)
    members = [np.arange(n)[:, None][i] for i in range(n)] if groups is None else _members(groups)
    values = []
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, len(members), len(members))
        rows = chosen if groups is None else np.concatenate([members[i] for i in chosen])
        values.append(metric(rows))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def _members(groups: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(groups == group) for group in np.unique(groups)]


def as_markdown(report: Report) -> str:
    """The report as a section of docs/evaluation.md, without its heading."""
    lines = [f"{report.data} Licence: {report.licence}.", ""]
    lines += [
        "| Task | Split | n | Metric | System | Figure | Baseline | Published |",
        "|---|---|---:|---|---|---:|---|---|",
    ]
    lines += [_row(figure) for figure in report.figures]
    lines += [
        "",
        f"{report.cost.seconds:.0f} s ({report.cost.cpu_seconds:.0f} s of CPU), {report.cost.peak_mb:.0f} MB.",
    ]
    if report.remarks:
        lines += ["", *(f"- {remark}" for remark in report.remarks)]
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    value = f"{figure.value:.3f}"
    if figure.low is not None and figure.high is not None:
        value += f" [{figure.low:.3f}, {figure.high:.3f}]"
    cells: Sequence[str] = (
        figure.task,
        figure.split,
        str(figure.n),
        figure.metric,
        figure.system,
        value,
        figure.baseline or "-",
        figure.published or "-",
    )
    return f"| {' | '.join(cells)} |"


def written_into(page: str, name: str, section: str) -> str:
    """The page with what stands between `<!-- evaluate:NAME -->` and `<!-- /evaluate:NAME -->` replaced.

    Raises ValueError when the page has no such place.
    """
    opening, closing = f"<!-- evaluate:{name} -->", f"<!-- /evaluate:{name} -->"
    before, found, rest = page.partition(opening)
    _, ended, after = rest.partition(closing)
    if not found or not ended:
        raise ValueError(f"there is no place for “{name}”")
    return f"{before}{opening}\n{section.strip()}\n{closing}{after}"
