"""Transcripts of interviews, from the files that the field has: plain text, SRT, WebVTT, JSON of whisper and of OpenAI.

Every format becomes segments (who, from when to when, words), and segments become turns: what one person says before
another one does. Where a file names nobody, turns are cut at pauses and after a while; a person names the speakers.

SRT has no standard; WebVTT: https://www.w3.org/TR/webvtt1/. JSON: `segments` with start and end in seconds (whisper,
OpenAI's verbose_json), `transcription` with offsets in milliseconds (whisper.cpp).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Decimals, Grouped, Sentence
from sillage.lib.text import without_controls

MOST_BYTES = 5_000_000
MOST_TURNS = 5_000
LONGEST_SPEAKER = 40
PAUSE_S = 2.0  # of silence between two segments that nobody is named for: a new turn
LONGEST_TURN_S = 45.0  # of a speaker whom nobody named; cut at the end of a sentence
LONGEST_TURN = 900  # characters, where there are no times

_STAMP = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"\s*({_STAMP})\s+-->\s+({_STAMP})(?:\s.*)?")
_TAGS = re.compile(r"<[^>\n]{0,80}>")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>\n]{1,80})>")
_AT = re.compile(rf"\s*[\[(]({_STAMP})[\])]\s*")
_NAME = r"[^\W\d_](?:[\w.’'-]*)(?: [\w.’'-]+){0,3}"
_NAMED = re.compile(rf"({_NAME})\s?:(?:\s+|$)")
_NAMED_AT = re.compile(rf"({_NAME})\s+[\[(]?({_STAMP})[\])]?\s*(?::\s*|$)")  # “Ada [00:15]: …”, “Ada 0:15” on a line
_ENDS = (".", "!", "?", "…", "»", "”")


class TranscriptMalformed(Malformed):
    """The file is no transcript that can be read. `place` is file:line."""

    title = "Malformed transcript"


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said. `starts` and `ends` in seconds, None where there are no times; `speaker` as the file calls them."""

    speaker: str
    text: str
    starts: float | None = None
    ends: float | None = None

    def kept(self) -> dict[str, Any]:
        return {"speaker": self.speaker, "text": self.text, "starts": self.starts, "ends": self.ends}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Turn:
        """From `kept`."""
        return cls(kept["speaker"], kept["text"], kept["starts"], kept["ends"])


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns in order, and the format that they were read from."""

    turns: tuple[Turn, ...]
    format: str

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those whom the file names, in the order in which they speak."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))


def read_transcript(name: str, data: bytes) -> Transcript:
    """The transcript in a file, told by its content. `name` is for places only. Raises TranscriptMalformed."""
    text = _decoded(name, data)
    start = text.lstrip()
    if start.startswith("WEBVTT"):
        found, read = "vtt", _cues(name, text, is_vtt=True)
    elif start.startswith(("{", "[{")):
        found, read = "json", _from_json(name, text)
    elif any(_TIMING.fullmatch(line) for line in text.splitlines()[:8]):
        found, read = "srt", _cues(name, text, is_vtt=False)
    else:
        found, read = "text", _from_text(name, text)
    turns = tuple(turn for turn in read if turn.text) if found == "text" else turns_of(tuple(read))
    if not turns:
        raise TranscriptMalformed(
            Sentence("Nobody says anything in this file."), Sentence("Send a transcript with words."), f"{name}:1"
        )
    if len(turns) > MOST_TURNS:
        raise TranscriptMalformed(
            Sentence("%(turns_count)s turns are too many.", turns_count=Grouped(len(turns))),
            Sentence("Cut it into parts of %(most_turns)s.", most_turns=Grouped(MOST_TURNS)),
            name,
        )
    return Transcript(turns, found)


def _decoded(name: str, data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise TranscriptMalformed(
            Sentence("The transcript has %(data_count)s MB.", data_count=Decimals(len(data) / 1e6)),
            Sentence("Up to %(most_bytes)s MB are read.", most_bytes=f"{MOST_BYTES / 1000000.0:.0f}"),
            name,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TranscriptMalformed(
            Sentence("The file is not text in UTF-8."), Sentence("Save it as UTF-8."), f"{name}:{line}"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


# -- SRT and WebVTT --------------------------------------------------------------------------------------------------


def _cues(name: str, text: str, *, is_vtt: bool) -> Iterator[Turn]:
    """The cues of a subtitle file, block by block. Times do not go back."""
    last, before = 0.0, Turn("", "")
    for at, block in _blocks(text):
        if is_vtt and (block[0].startswith(("WEBVTT", "NOTE", "STYLE", "REGION")) or "-->" not in "".join(block[:2])):
            continue
        place = next((i for i, line in enumerate(block[:2]) if "-->" in line), None)
        if place is None:
            raise TranscriptMalformed(
                Sentence("“%(block)s” has no times.", block=block[0][:40]),
                Sentence("Write 00:00:01,000 --> 00:00:02,000 above it."),
                f"{name}:{at}",
            )
        timed = _TIMING.fullmatch(block[place])
        if timed is None:
            raise TranscriptMalformed(
                Sentence("The times “%(block)s” cannot be read.", block=block[place][:40]),
                Sentence("Write 00:00:01,000 --> 00:00:02,000."),
                f"{name}:{at + place}",
            )
        starts, ends = (seconds_of(stamp) for stamp in timed.groups())
        if ends < starts or starts < last - PAUSE_S:
            raise TranscriptMalformed(
                Sentence("Time runs backwards at %(timed)s.", timed=timed[1]),
                Sentence("Correct the times."),
                f"{name}:{at + place}",
            )
        last = max(last, starts)
        for turn in _spoken(block[place + 1 :], starts, ends):
            before = _same_speaker(before, turn)
            yield before


def _same_speaker(before: Turn, turn: Turn) -> Turn:
    """A cue that names nobody goes on with whom the cue before it names, unless it begins with a dash or after a pause."""
    goes_on = turn.starts is not None and before.ends is not None and turn.starts - before.ends < PAUSE_S
    if turn.speaker or not goes_on or turn.text.startswith(("-", "–", "—")):
        return turn
    return replace(turn, speaker=before.speaker)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty lines, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _spoken(lines: Sequence[str], starts: float, ends: float) -> Iterator[Turn]:
    """The words of one cue; a voice tag, or “NAME: ” at the beginning of a line, says whose they are."""
    speaker, said = "", ""
    for line in lines:
        voice = _VOICE.search(line)
        plain = _plain(line)
        named = None if voice else _named(plain)
        if (voice or named) and said:
            yield Turn(speaker, said, starts, ends)
            said = ""
        if voice:
            speaker = _speaker(_plain(voice[1]))
        elif named:
            speaker, plain = named
        said = f"{said} {plain}".strip()
    if said:
        yield Turn(speaker, said, starts, ends)


def _plain(line: str) -> str:
    return " ".join(without_controls(unescape(_TAGS.sub("", line))).split())


def _speaker(name: str) -> str:
    return " ".join(name.split())[:LONGEST_SPEAKER]


def seconds_of(stamp: str) -> float:
    """“01:02:03,5” or “02:03” as seconds."""
    whole, _, part = stamp.replace(",", ".").partition(".")
    seconds = 0
    for field in whole.split(":"):
        seconds = 60 * seconds + int(field)
    return seconds + float(f"0.{part or 0}")


# -- JSON ------------------------------------------------------------------------------------------------------------


def _from_json(name: str, text: str) -> Iterator[Turn]:
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptMalformed(
            Sentence("The file is not JSON: %(error)s.", error=error.msg),
            Sentence("Send what the program wrote, unchanged."),
            f"{name}:{error.lineno}",
        ) from error
    except RecursionError as error:
        raise TranscriptMalformed(
            Sentence("The JSON is too deep."), Sentence("Send what the program wrote, unchanged."), name
        ) from error
    given = read if isinstance(read, list) else read.get("segments", read.get("transcription"))
    if given is None and isinstance(read, Mapping) and isinstance(read.get("text"), str):
        given = [{"text": read["text"]}]
    if not isinstance(given, list):
        raise TranscriptMalformed(
            Sentence("There are no segments in this JSON."),
            Sentence("It needs `segments`, `transcription` or `text`."),
            f"{name}:1",
        )
    for number, segment in enumerate(given, 1):
        yield _segment(segment, f"{name}: segment {number}")


def _segment(given: Any, place: str) -> Turn:
    if not isinstance(given, Mapping) or not isinstance(given.get("text"), str):
        raise TranscriptMalformed(
            Sentence("A segment has no text."), Sentence("Each segment has text, and start and end in seconds."), place
        )
    offsets = given.get("offsets")
    if isinstance(offsets, Mapping):
        starts, ends = (_seconds(offsets.get(key), 1000, place) for key in ("from", "to"))
    else:
        starts, ends = (_seconds(given.get(key), 1, place) for key in ("start", "end"))
    speaker = given.get("speaker", "")
    return Turn(_speaker(_plain(speaker)) if isinstance(speaker, str) else "", _plain(given["text"]), starts, ends)


def _seconds(value: Any, per: int, place: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value / per < 1e6:
        raise TranscriptMalformed(
            Sentence("“%(value)s” is no time.", value=value), Sentence("Times are numbers of seconds."), place
        )
    return round(value / per, 3)


# -- plain text ------------------------------------------------------------------------------------------------------


def _from_text(name: str, text: str) -> Iterator[Turn]:
    """Lines “NAME: words”, with [00:01:02] before the name or behind it; without a name they go on with the turn before.

    A name is up to four words before a colon. One that comes once, between speakers who come again and again, is part of a
    sentence (“One thing: …”), unless it is written in capitals.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1)]
    names = _names_in([line for _, line in lines])
    turn: Turn | None = None
    last = 0.0
    is_apart = False
    for number, line in lines:
        at, rest = _timed(line)
        if at is not None and at < last:
            raise TranscriptMalformed(
                Sentence(
                    "Time runs backwards: %(clock_of)s after %(clock_of_2)s.",
                    clock_of=clock_of(at),
                    clock_of_2=clock_of(last),
                ),
                Sentence("Correct the times."),
                f"{name}:{number}",
            )
        last = at if at is not None else last
        named = _named(rest)
        if named and named[0] in names:
            inner, words = _timed(named[1])
            at = at if at is not None else inner
            turn = yield from _next(turn, Turn(named[0], words, at))
        elif rest and (turn is None or at is not None or (is_apart and not names)):
            turn = yield from _next(turn, Turn(turn.speaker if turn and names else "", rest, at))
        elif rest and turn is not None:
            turn = replace(turn, text=f"{turn.text} {rest}".strip())
        is_apart = not line.strip()
    if turn is not None and turn.text:
        yield turn


def _next(turn: Turn | None, following: Turn) -> Generator[Turn, None, Turn]:
    """Hand over a turn that is complete; it ends where the following one starts."""
    if turn is not None and turn.text:
        yield replace(turn, ends=following.starts if turn.starts is not None else None)
    return following


def _timed(line: str) -> tuple[float | None, str]:
    found = _AT.match(line)
    if found:
        return seconds_of(found[1]), _plain(line[found.end() :])
    plain = _plain(line)
    behind = _NAMED_AT.match(plain)
    return (
        (seconds_of(behind[2]), f"{behind[1]}: {plain[behind.end() :]}")
        if behind and _is_name(behind[1])
        else (None, plain)
    )


def _named(line: str) -> tuple[str, str] | None:
    """Name and words of “NAME: words”."""
    found = _NAMED.match(line)
    return (found[1], line[found.end() :]) if found and _is_name(found[1]) else None


def _is_name(words: str) -> bool:
    """“Ada”, “Ada Lovelace”, “Speaker 2”; not “One thing”, not “On mange à”."""
    first, *others = words.split()
    return (
        len(words) <= LONGEST_SPEAKER and first[0].isupper() and all(w[0].isupper() or w[0].isdigit() for w in others)
    )


def _names_in(lines: Sequence[str]) -> frozenset[str]:
    counted = Counter(named[0] for line in lines if (named := _named(_timed(line)[1])) is not None)
    if max(counted.values(), default=0) < 2:
        return frozenset(counted) if _begins_named(lines) else frozenset()
    return frozenset(name for name, n in counted.items() if n > 1 or name.isupper())


def _begins_named(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return _named(_timed(first)[1]) is not None


# -- turns -----------------------------------------------------------------------------------------------------------


def turns_of(segments: Sequence[Turn]) -> tuple[Turn, ...]:
    """Segments put together to turns: by speaker; where nobody is named, until a pause, or a while at a sentence's end."""
    turns: list[Turn] = []
    for segment in segments:
        if not segment.text:
            continue
        if turns and _goes_on(turns[-1], segment):
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {segment.text}", ends=segment.ends)
        else:
            turns.append(segment)
    return tuple(turns)


def _goes_on(turn: Turn, segment: Turn) -> bool:
    if segment.speaker != turn.speaker or segment.starts is None or turn.ends is None or turn.starts is None:
        return False
    if segment.speaker:
        return segment.starts - turn.ends < 4 * PAUSE_S and len(turn.text) < LONGEST_TURN
    if segment.starts - turn.ends >= PAUSE_S:
        return False
    is_long = segment.starts - turn.starts >= LONGEST_TURN_S or len(turn.text) >= LONGEST_TURN
    return not (turn.text.endswith(_ENDS) and (is_long or turn.text.endswith("?")))


def clock_of(seconds: float) -> str:
    """“1:02:03”, or “2:03” below an hour."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
