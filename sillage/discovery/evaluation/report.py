"""The affinity evaluation as a page of Markdown."""

from __future__ import annotations

from sillage.discovery.evaluation.affinity import AffinityEvaluation, AffinityRow


def as_markdown(evaluation: AffinityEvaluation) -> str:
    """Two tables: every figure with its interval, and fused affinity against the best other system."""
    return "\n".join([*_introduction(evaluation), "", *_figures(evaluation), "", *_differences(evaluation), ""])


def _introduction(evaluation: AffinityEvaluation) -> list[str]:
    asked = "all channels" if evaluation.is_fresh else "the half of the channels"
    return [
        f"{evaluation.videos} English videos of {evaluation.channels} channels; questions about {asked} "
        f"on which nothing was chosen; {evaluation.affinity_version}, dense vectors "
        f"{evaluation.embedder}, seed {evaluation.seed}. In brackets: 95 % bootstrap intervals over channels."
    ]


def _figures(evaluation: AffinityEvaluation) -> list[str]:
    systems = list(dict.fromkeys(row.system for row in evaluation.rows))
    cells = {(row.task, row.metric, row.system): row for row in evaluation.rows}
    lines = [
        f"| Task | Metric | n (channels) | {' | '.join(systems)} |",
        f"|---|---|---:|{'---:|' * len(systems)}",
    ]
    for task, metric in dict.fromkeys((row.task, row.metric) for row in evaluation.rows):
        row = [cells[task, metric, system] for system in systems]
        figures = " | ".join(_cell(one) for one in row)
        lines.append(f"| {task} | {metric} | {row[0].n} ({row[0].channels}) | {figures} |")
    return lines


def _differences(evaluation: AffinityEvaluation) -> list[str]:
    lines = ["| Task | Metric | Best other | Fused minus it | Fused |", "|---|---|---|---:|---|"]
    for one in evaluation.differences:
        figure = f"{one.value:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"
        lines.append(f"| {one.task} | {one.metric} | {one.other} | {figure} | {one.verdict} |")
    return lines


def _cell(row: AffinityRow) -> str:
    return f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]"
