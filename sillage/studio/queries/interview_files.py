"""An interview's words as a file."""

from __future__ import annotations

from collections.abc import Mapping

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.interview_export import FORMATS, as_markdown, as_srt, as_text
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.models import Interview, InterviewStage
from sillage.studio.queries.interviews import newest_stage, quotes_in, told_turns, words_of

FILE_TYPES: Mapping[str, str] = {"txt": "text/plain", "md": "text/markdown", "srt": "application/x-subrip"}


def exported(interview: Interview, form: str, stage: InterviewStage | None = None) -> str:
    """The words of a stage, the newest ones if none is named, as one of FORMATS. Raises NotFound, StageMissing, NoTimes."""
    if form not in FORMATS:
        raise NotFound(
            Sentence("Interviews are not exported as “%(form)s”.", form=form[:20]),
            Sentence("Choose one of %(formats)s.", formats=", ".join(FORMATS)),
        )
    words = stage if stage is not None and StageKind(stage.kind).has_turns else words_of(interview)
    turns = told_turns(interview, words)
    if form == "srt":
        return as_srt(turns)
    if form == "txt":
        return as_text(turns)
    summary = newest_stage(interview, StageKind.SUMMARY)
    quotes = quotes_in(summary)[0] if summary else ()
    summed_by = f"picked by {_maker(summary)}" if summary else ""
    return as_markdown(interview.title, turns, quotes, f"{words.kind}, by {_maker(words)}", summed_by)


def _maker(stage: InterviewStage) -> str:
    """“rule cleaning cleaning/1”, “model whisper-1 (localhost)”, or the person."""
    if stage.actor == "person":
        return stage.actor_name
    return f"{stage.actor} {stage.actor_name} {stage.actor_version}".strip()
