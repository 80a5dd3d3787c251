"""Words that no dictionary has and the workspace accepts for everybody: added and taken away, never by the check itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import folded
from sillage.studio.engine.spelling import is_known
from sillage.studio.engine.tokens import tokens_of
from sillage.studio.engine.words import LANGUAGES
from sillage.studio.models import AcceptedWord
from sillage.studio.queries.comments import name_of
from sillage.studio.queries.words import accepted_words, get_accepted

LONGEST_WORD, MOST_AT_ONCE, MOST_ACCEPTED = 40, 200, 5_000


class WordMalformed(Malformed):
    """An accepted word is one word, of a language that is checked."""

    title = "Malformed word"


class WordsAccepted(Refusal):
    """Every one of these words passes the check already."""


class TooManyWords(Refusal):
    """A workspace accepts a bounded number of words."""


@transaction.atomic
def accept_words(*, words: Sequence[str], language: str, actor: Actor, now: datetime) -> list[AcceptedWord]:
    """Let words pass the spelling check for everybody in the workspace. Those that pass already are left out.

    Raises WordMalformed, WordsAccepted where none is left, TooManyWords.
    """
    require(actor, Right.CAMPAIGN)
    said = _read(words, language)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)  # of two who add the same, one does
    known = accepted_words(actor.workspace_id, language)
    new = {plain: word for plain, word in said.items() if plain not in known and not is_known(word, language)}
    if not new:
        raise WordsAccepted(
            Sentence("“%(words)s”: the check accepts this already.", words=", ".join(said.values())[:100]),
            Sentence("Nothing is to be done."),
        )
    _refuse_more(len(known), len(new))
    made = AcceptedWord.objects.bulk_create(
        AcceptedWord(
            workspace_id=actor.workspace_id,
            language=language,
            word=word,
            folded=plain,
            member_id=actor.member_id,
            who=name_of(actor),
            added_at=now,
        )
        for plain, word in new.items()
    )
    governance.record(
        verb="studio.words_accepted",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"language": language, "words": [row.word for row in made]},
    )
    return made


def _read(words: Sequence[str], language: str) -> dict[str, str]:
    """{folded: word}, each once."""
    if language not in LANGUAGES:
        raise WordMalformed(
            Sentence("Spelling in “%(language)s” is not checked.", language=language[:10]),
            Sentence("Choose %(languages)s.", languages=" or ".join(LANGUAGES)),
            "language",
        )
    said: dict[str, str] = {}
    for given in words:
        if word := given.strip().replace("'", "’"):
            _refuse_odd(word, language)
            said.setdefault(folded(word), word)
    if not said or len(said) > MOST_AT_ONCE:
        raise WordMalformed(
            Sentence("%(n)s words were given.", n=len(said)),
            Sentence("Give from 1 to %(most)s of them.", most=MOST_AT_ONCE),
            "words",
        )
    return said


def _refuse_more(known: int, new: int) -> None:
    if known + new > MOST_ACCEPTED:
        raise TooManyWords(
            Sentence("%(n)s words are accepted.", n=Grouped(known)),
            Sentence("Take some away: up to %(most)s are accepted in a language.", most=Grouped(MOST_ACCEPTED)),
        )


def _refuse_odd(word: str, language: str) -> None:
    if len(word) > LONGEST_WORD or [token.word for token in tokens_of(word, language)] != [word]:
        raise WordMalformed(
            Sentence("“%(word)s” is not one word.", word=word[:60]),
            Sentence("Give words one by one, of up to %(longest)s letters.", longest=LONGEST_WORD),
            "words",
        )


@transaction.atomic
def take_word_away(*, word_id: int, actor: Actor, now: datetime) -> None:
    """From now on the check remarks on the word again."""
    require(actor, Right.CAMPAIGN)
    row = get_accepted(actor.workspace_id, word_id, lock=True)
    row.delete()
    governance.record(
        verb="studio.word_taken_away",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"language": row.language, "word": row.word},
    )
