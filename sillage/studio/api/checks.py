"""Checks over the API: remarks on any words, what a person should judge in a text, who was asked and what they said."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.studio.actions import human_checks as actions
from sillage.studio.actions import judging
from sillage.studio.actions import words as word_actions
from sillage.studio.engine.human_flags import FLAGS, HumanFlag
from sillage.studio.engine.remarks import remarks_on
from sillage.studio.models import HumanCheck
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.human_checks import (
    answered,
    awaiting,
    awaiting_others,
    flag_lines,
    last_judges,
    named_judges,
)
from sillage.studio.queries.texts import get_text
from sillage.studio.queries.words import accepted_words, list_accepted
from sillage.studio.told.checks import remark_told

router = Router()
LONGEST_WORDS, MOST_LISTED = 20_000, 200


class WordsToCheck(Given):
    """Words to check. `language` fr or en; of others only lengths and doubled words are looked at."""

    text: Annotated[str, Field(max_length=LONGEST_WORDS)]
    language: Annotated[str, Field(max_length=3)] = "fr"
    brief_id: int | None = None


class RemarkFound(Schema):
    """A remark on text[start:end] (0, 0: on all of it). `fixes` are proposals; `why` is said by rules of grammar."""

    kind: str
    rule: str
    start: int
    end: int
    words: str
    fixes: list[str]
    soft: bool
    why: dict[str, str]


class HumanFlagShape(Schema):
    """What a person should judge, and why; `check_id` where somebody was asked."""

    flag: str
    reason: str
    words: str
    start: int
    end: int
    why: dict[str, str]
    made_by: str
    check_id: int | None


class HumanCheckShape(Schema):
    """A human check: which words of which version, who was asked, what was answered (empty: nothing yet)."""

    id: int
    text_id: int
    number: int
    flag: str
    words: str
    reason: str
    made_by: str
    asked_of_id: int | None
    asked_by_id: int | None
    asked_at: datetime
    answer: str
    answer_reason: str
    answered_by_id: int | None
    answered_at: datetime | None


class HumanCheckGiven(Given):
    """Ask a member to judge words of a text; none: all of it."""

    member_id: int
    flag: Annotated[str, Field(max_length=20)]
    reason: Annotated[str, Field(max_length=300)]
    words: Annotated[str, Field(max_length=500)] = ""
    made_by: Annotated[str, Field(max_length=100)] = ""


class HumanCheckAnswer(Given):
    """`change` needs a reason."""

    answer: Literal["fine", "change"]
    reason: Annotated[str, Field(max_length=500)] = ""


class JudgeShape(Schema):
    """Who is proposed first for a flag (`named_id`), and who judged one last: proposed where nobody is named."""

    flag: str
    named_id: int | None
    last_id: int | None


class JudgeGiven(Given):
    """A member, or null: whoever judged last is proposed."""

    member_id: int | None


class AcceptedWordShape(Schema):
    """A word that the spelling check lets pass in every text of the workspace."""

    id: int
    language: str
    word: str
    who: str
    added_at: datetime


class AcceptedWordsGiven(Given):
    words: Annotated[
        list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=word_actions.MOST_AT_ONCE)
    ]
    language: Literal["fr", "en"]


def _flag_told(flag: HumanFlag, check: HumanCheck | None) -> dict[str, Any]:
    names = ("flag", "reason", "words", "start", "end", "made_by")
    return {
        **{name: getattr(flag, name) for name in names},
        "why": dict(flag.why),
        "check_id": check.pk if check else None,
    }


@router.post("/studio/checks", **allowed(Right.READ, kept=Kept.NEEDLESS), response=Rows[RemarkFound])
def check_words(request: Call, given: WordsToCheck) -> dict[str, Any]:
    """Remarks on words: spelling, grammar, typography, plain and inclusive wording, a brief’s wishes. Nothing is stored.

    Words that the workspace accepts pass.
    """
    actor = request.auth
    brief = content_of(get_brief(actor.workspace_id, given.brief_id)) if given.brief_id is not None else None
    accepted = accepted_words(actor.workspace_id, given.language)
    return rows([remark_told(remark) for remark in remarks_on(given.text, given.language, brief, accepted)])


@router.get("/studio/texts/{int:text_id}/flags", **allowed(Right.READ), response=Rows[HumanFlagShape])
def list_flags(request: Call, text_id: int) -> dict[str, Any]:
    """What a person should judge in a text as it stands: named by rules, decided by nobody."""
    text = get_text(request.auth.workspace_id, text_id)
    return rows([_flag_told(line.flag, line.check) for line in flag_lines(text, text.body)])


@router.get("/studio/human-checks", **allowed(Right.READ), response=Rows[HumanCheckShape])
def list_human_checks(request: Call, which: Literal["mine", "others", "answered"] = "mine") -> dict[str, Any]:
    """Human checks: those that await the caller, those that await others, or the answered ones."""
    workspace_id, member_id = request.auth.workspace_id, request.auth.member_id
    found = {
        "mine": lambda: awaiting(workspace_id, member_id),
        "others": lambda: awaiting_others(workspace_id, member_id),
        "answered": lambda: answered(workspace_id),
    }[which]()
    return rows(found[:MOST_LISTED])


@router.post("/studio/texts/{int:text_id}/human-checks", **allowed(Right.CAMPAIGN), response={201: HumanCheckShape})
def ask_person(request: Call, text_id: int, given: HumanCheckGiven) -> HumanCheck:
    """Ask a member to judge words of a text."""
    said = given.dict() | {"made_by": given.made_by or request.auth.name}
    return actions.ask_person(text_id=text_id, **said, actor=request.auth, now=timezone.now())


@router.post("/studio/human-checks/{int:check_id}/answer", **allowed(Right.READ), response=HumanCheckShape)
def answer_check(request: Call, check_id: int, given: HumanCheckAnswer) -> HumanCheck:
    """Answer a check that the caller was asked: fine, or change and why. An answer is not changed."""
    return actions.answer_check(check_id=check_id, **given.dict(), actor=request.auth, now=timezone.now())


def _judges(workspace_id: int) -> list[dict[str, Any]]:
    named, last = named_judges(workspace_id), last_judges(workspace_id, FLAGS)
    return [
        {
            "flag": flag,
            "named_id": named[flag].member_id if flag in named else None,
            "last_id": last[flag].pk if flag in last else None,
        }
        for flag in FLAGS
    ]


@router.get("/studio/judges", **allowed(Right.READ), response=Rows[JudgeShape])
def list_judges(request: Call) -> dict[str, Any]:
    """Who is proposed first to judge what."""
    return rows(_judges(request.auth.workspace_id))


@router.put("/studio/judges/{flag}", **allowed(Right.APPROVE), response=JudgeShape)
def name_judge(request: Call, flag: str, given: JudgeGiven) -> dict[str, Any]:
    """Propose a member first for a flag. Nobody is asked by it."""
    judging.name_judge(flag=flag, member_id=given.member_id, actor=request.auth, now=timezone.now())
    return next(line for line in _judges(request.auth.workspace_id) if line["flag"] == flag)


@router.get("/studio/accepted-words", **allowed(Right.READ), response=Rows[AcceptedWordShape])
def list_accepted_words(request: Call, language: Literal["", "fr", "en"] = "") -> dict[str, Any]:
    """Words that the workspace accepts, in the order of the alphabet."""
    return rows(list_accepted(request.auth.workspace_id, language))


@router.post("/studio/accepted-words", **allowed(Right.CAMPAIGN), response={201: Rows[AcceptedWordShape]})
def accept_words(request: Call, given: AcceptedWordsGiven) -> dict[str, Any]:
    """Let words pass the spelling check for everybody; the answer has those that did not pass before."""
    made = word_actions.accept_words(words=given.words, language=given.language, actor=request.auth, now=timezone.now())
    return rows(made)


@router.delete("/studio/accepted-words/{int:word_id}", **allowed(Right.CAMPAIGN), response={204: None})
def take_word_away(request: Call, word_id: int) -> None:
    """The check remarks on the word again."""
    word_actions.take_word_away(word_id=word_id, actor=request.auth, now=timezone.now())
