"""Themes over time as a picture: one stack per month, a post counted once, under its strongest theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

THEMES_DRAWN = 5
MONTHS_DRAWN = 24
OTHERS, NONE = "+", ""  # themes that have no colour of their own; posts without a theme
HEIGHT = 220  # pixels of the plot
TEXT = 13  # pixels


@dataclass(frozen=True, slots=True)
class Ground:
    """What the picture lies on: colours as #rrggbb. `tones` has one for each drawn theme, in order."""

    surface: str
    ink: str
    soft: str
    line: str
    tones: tuple[str, ...]
    others: str
    none: str


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """Posts of one month ("2026-03") by drawn theme, with OTHERS and NONE."""

    month: str
    posts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ThemesOverTime:
    """`themes` in the order in which they are stacked, the most frequent first; months without gaps."""

    themes: tuple[str, ...]
    months: tuple[MonthCounts, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """The themes, and OTHERS and NONE where there are such posts."""
        rest = [name for name in (OTHERS, NONE) if any(m.posts.get(name) for m in self.months)]
        return (*self.themes, *rest)


def themes_over_time(by_month: Mapping[str, Mapping[str, int]]) -> ThemesOverTime:
    """The last MONTHS_DRAWN months of {month: {theme or "": posts}}, with the THEMES_DRAWN most frequent themes."""
    if not by_month:
        return ThemesOverTime((), ())
    months = list(_months(min(by_month), max(by_month)))[-MONTHS_DRAWN:]
    totals: Counter[str] = Counter()
    for month in months:
        totals.update(by_month.get(month, {}))
    del totals[NONE]
    themes = tuple(t for t, _n in sorted(totals.items(), key=lambda x: (-x[1], x[0]))[:THEMES_DRAWN])
    return ThemesOverTime(themes, tuple(_counts(month, by_month.get(month, {}), themes) for month in months))


def _counts(month: str, posts: Mapping[str, int], themes: Sequence[str]) -> MonthCounts:
    counted: Counter[str] = Counter()
    for theme, number in posts.items():
        counted[theme if theme == NONE or theme in themes else OTHERS] += number
    return MonthCounts(month, dict(counted))


def _months(first: str, last: str) -> Iterator[str]:
    year, month = (int(part) for part in first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def theme_chart(
    shown: ThemesOverTime,
    *,
    width: int,
    ground: Ground,
    names: Mapping[str, str],
    month_name: Callable[[str], str],
    posts_word: str,
) -> dict[str, Any]:
    """The picture as a Vega-Lite specification, `width` pixels wide in all. `names` has every series."""
    series = shown.series
    labels = [month_name(m.month) for m in shown.months]
    rest = {OTHERS: ground.others, NONE: ground.none}
    colours = [*ground.tones[: len(shown.themes)], *(rest[s] for s in series if s in rest)]
    rows = [
        {"month": label, "theme": names[s], "rank": rank, "posts": month.posts[s]}
        for label, month in zip(labels, shown.months, strict=True)
        for rank, s in enumerate(series)
        if month.posts.get(s)
    ]
    most = max((sum(m.posts.values()) for m in shown.months), default=1)
    chart = (
        alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]
        .mark_bar(stroke=ground.surface, strokeWidth=1)
        .encode(
            x=alt.X("month:O", title=None, sort=None, scale=alt.Scale(domain=labels, paddingInner=0.25)),
            y=alt.Y("posts:Q", title=posts_word, stack="zero", axis=alt.Axis(tickCount=min(4, most), format="d")),
            color=alt.Color(
                "theme:N",
                title=None,
                scale=alt.Scale(domain=[names[s] for s in series], range=colours),
                legend=_legend(width),
            ),
            order=alt.Order("rank:Q"),
        )
        .properties(width=width, height=HEIGHT, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    )
    return _dressed(chart, ground).to_dict()


def _legend(width: int) -> alt.Legend:
    columns = max(1, width // 240)
    return alt.Legend(orient="bottom", columns=columns, labelLimit=220, columnPadding=32, rowPadding=6, offset=14)


def _dressed(chart: alt.Chart, ground: Ground) -> alt.Chart:
    dressed: alt.Chart = (
        chart.configure(
            background="transparent",
            font="Inter, system-ui, sans-serif",
            padding={"left": 2, "top": 4, "right": 16, "bottom": 2},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=ground.soft,
            titleColor=ground.soft,
            labelFontSize=TEXT,
            titleFontSize=TEXT,
            titleFontWeight="normal",
        )
        .configure_axisX(labelAngle=0, labelOverlap=True, domainColor=ground.line, ticks=False, labelPadding=8)
        .configure_axisY(domain=False, ticks=False, gridColor=ground.line, labelPadding=8, titlePadding=12)
        .configure_legend(labelColor=ground.ink, labelFontSize=TEXT, symbolType="square", symbolSize=110)
    )
    return dressed
