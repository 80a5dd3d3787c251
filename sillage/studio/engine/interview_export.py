"""An interview as a file: plain text, Markdown with its quotes, subtitles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.engine.interview_summary import Quote
from sillage.studio.engine.transcripts import Turn, clock_of

FORMATS = ("txt", "md", "srt")
LAST_S = 5.0  # how long the last subtitle stands where nobody knows when it ends
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")


class NoTimes(Refusal):
    """Subtitles need times, and this transcript has none."""


def as_text(turns: Sequence[Turn]) -> str:
    """“[0:12] Ada: …”, a turn per paragraph; `read_transcript` reads it again."""
    return "\n\n".join(_line(turn) for turn in turns) + "\n"


def _line(turn: Turn) -> str:
    at = f"[{_full_clock(turn.starts)}] " if turn.starts is not None else ""
    return f"{at}{turn.speaker + ': ' if turn.speaker else ''}{turn.text}"


def as_markdown(title: str, turns: Sequence[Turn], quotes: Sequence[Quote], made_by: str, summed_by: str = "") -> str:
    """Title, who made the words, the quotes with their times, the turns."""
    lines = [f"# {_plain(title)}", "", f"*{_plain(made_by)}*", ""]
    if quotes:
        lines += ["## Quotes" if not summed_by else f"## Quotes ({_plain(summed_by)})", ""]
        lines += [f"> {_plain(quote.text)}  \n> {_source(quote)}\n" for quote in quotes]
    lines += ["## Transcript", ""]
    for turn in turns:
        at = f" ({clock_of(turn.starts)})" if turn.starts is not None else ""
        lines += [f"**{_plain(turn.speaker) or '—'}**{at}: {_plain(turn.text)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _source(quote: Quote) -> str:
    at = f", {clock_of(quote.starts)}" if quote.starts is not None else ""
    return f"— {_plain(quote.speaker) or '—'}{at}"


def _plain(text: str) -> str:
    """Words in which no mark of Markdown acts."""
    return _MARKS.sub(r"\\\1", text)


def as_srt(turns: Sequence[Turn]) -> str:
    """A subtitle per turn, with who speaks. Raises NoTimes."""
    timed = [turn for turn in turns if turn.starts is not None]
    if len(timed) < len(turns) or not timed:
        raise NoTimes(
            Sentence("Not every turn of this transcript has a time."),
            Sentence("Export it as text, or bring in one with times."),
        )
    blocks = []
    for place, turn in enumerate(turns):
        starts = turn.starts or 0.0
        following = turns[place + 1].starts if place + 1 < len(turns) else None
        ends = turn.ends if turn.ends is not None else following
        blocks.append(
            f"{place + 1}\n{_stamp(starts)} --> {_stamp(max(starts, ends or starts + LAST_S))}\n{_spoken(turn)}\n"
        )
    return "\n".join(blocks)


def _spoken(turn: Turn) -> str:
    return f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02},{whole % 1000:03}"


def _full_clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
