"""French agreement: determiner, noun, adjective, participle, verb. Only next to each other, where few words decide for sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sillage.studio.engine.grammar_fr_words import (
    ALL,
    BE,
    BEEN,
    BEFORE_SUBJECT,
    BETWEEN,
    CLITICS,
    COLLECTIVE,
    COLOURS,
    FEMININE_DETERMINERS,
    GOVERNING,
    HAVE,
    MASCULINE_DETERMINERS,
    MONTHS,
    NO_AGREEMENT,
    NUMERALS,
    OTHER_GENDER,
    PERSON,
    PLURAL_DETERMINERS,
    PRONOUNS_TOO,
    SINGULAR_DETERMINERS,
    SUBJECT_CELLS,
    TIMES,
)
from sillage.studio.engine.inflection import VOWELS, agreeing, conjugated
from sillage.studio.engine.slips import Slip
from sillage.studio.engine.tokens import Token
from sillage.studio.engine.words import (
    ADJECTIVE,
    ADVERB,
    CELLS,
    FEMININE,
    FINITE,
    GERUND,
    INFINITIVE,
    MASCULINE,
    NAMED,
    NOUN,
    PARTICIPLE,
    PLURAL,
    SINGULAR,
    SMALL,
    TAGS,
    tags_of,
)


def slips(tokens: Sequence[Token]) -> Iterator[Slip]:
    """What the functions below find, rule by rule."""
    for at in range(len(tokens)):
        yield from _determiner(tokens, at)
        yield from _adjective(tokens, at)
        yield from _attribute(tokens, at)
        yield from _pronoun_verb(tokens, at)
        yield from _noun_verb(tokens, at)
        yield from _participle_before(tokens, at)


def _tags(token: Token) -> int:
    return tags_of(token.word, "fr")


def _joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word stands right behind the one before it: a blank between, or an elision."""
    return 0 < at < len(tokens) and tokens[at].gap in (" ", "\u00a0", "\u202f", "") and not tokens[at].opens


def _cells(tags: int, kinds: int = NAMED) -> set[str]:
    return {cell for cell in ALL if tags & CELLS[cell] & kinds}


def _asked_cells(determiner: str) -> set[str]:
    """The cells that a determiner leaves open."""
    numbers = "p" if determiner in PLURAL_DETERMINERS else "s"
    genders = "m" if determiner in MASCULINE_DETERMINERS else "f" if determiner in FEMININE_DETERMINERS else "mf"
    return {g + n for g in genders for n in numbers}


def _slip(rule: str, token: Token, fixes: Sequence[str]) -> Iterator[Slip]:
    cased = [fix[:1].upper() + fix[1:] if token.word[:1].isupper() else fix for fix in fixes]
    if cased:
        yield Slip(rule, token.start, token.end, tuple(cased[:3]))


def _determiner(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    """Determiner and what follows: number, then gender."""
    determiner = tokens[at].low
    is_plural = determiner in PLURAL_DETERMINERS
    if not (is_plural or determiner in SINGULAR_DETERMINERS) or not _joined(tokens, at + 1):
        return
    if determiner in PRONOUNS_TOO and _joined(tokens, at) and tokens[at - 1].low in {*PERSON, "nous", "vous", "qui"}:
        return
    noun = tokens[at + 1]
    tags = _tags(noun)
    may_be_pronoun = determiner in PRONOUNS_TOO and not _is_subject(tokens, at)
    away = SMALL | ADVERB | INFINITIVE | (FINITE if may_be_pronoun else 0)
    if not tags & NAMED or tags & away or (noun.word[0].isupper() and not noun.word.isupper()):
        return
    if tags & GERUND or (determiner in NUMERALS and noun.low in MONTHS) or _is_pronoun(tokens, at):
        return
    wrong_number = not tags & (PLURAL if is_plural else SINGULAR)
    if wrong_number:
        wanted = [cell[0] + ("p" if is_plural else "s") for cell in _cells(tags)]
        fixes = [fix for cell in dict.fromkeys(wanted) for fix in agreeing(noun.low, cell, NAMED)[:1]]
        yield from _slip("determiner_number", noun, list(dict.fromkeys(fixes)))
    else:
        yield from _gender(tokens, at, tags)


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """“Le produit est…”: what opens a sentence and is followed by a verb of its own is an article and a noun."""
    if not tokens[at].opens or not _joined(tokens, at + 2):
        return False
    tags = _tags(tokens[at + 2])
    is_verb = bool(tags & FINITE and not tags & (ADJECTIVE | SMALL | ADVERB | INFINITIVE))
    return tokens[at + 2].low in BE or (is_verb and not (tags & NOUN and tokens[at + 2].low.endswith("s")))


def _is_pronoun(tokens: Sequence[Token], at: int) -> bool:
    """`un` and `deux` may stand for themselves: “l’un”, “tous deux”."""
    return at > 0 and _joined(tokens, at) and tokens[at - 1].low in ("l’", "tous", "toutes", "quelqu’")


def _gender(tokens: Sequence[Token], at: int, tags: int) -> Iterator[Slip]:
    determiner, noun = tokens[at], tokens[at + 1]
    other = OTHER_GENDER.get(determiner.low)
    if other is None:
        return
    is_feminine = determiner.low in FEMININE_DETERMINERS
    if tags & (FEMININE if is_feminine else MASCULINE):
        return
    following = _tags(tokens[at + 2]) if _joined(tokens, at + 2) else 0
    own = "fs" if is_feminine else "ms"
    if tags & ADJECTIVE and following & NOUN & CELLS[own] and not following & (FINITE | SMALL):
        yield from _slip("determiner_gender", noun, agreeing(noun.low, own, ADJECTIVE)[:1])
        return
    if is_feminine and noun.low[0] in VOWELS and other == "ce":
        other = "cet"
    yield from _slip("determiner_gender", determiner, [other])


def _noun_phrase(tokens: Sequence[Token], at: int) -> tuple[int, set[str]] | None:
    """(place behind it, cells) of a determiner, a noun and adjectives that agree with it, from `at` on."""
    determiner = tokens[at].low
    if determiner not in PLURAL_DETERMINERS | SINGULAR_DETERMINERS or not _joined(tokens, at + 1):
        return None
    asked, tags = _asked_cells(determiner), _tags(tokens[at + 1])
    if tags & ADJECTIVE and _joined(tokens, at + 2) and not tags & (SMALL | FINITE):
        after = _tags(tokens[at + 2])
        if after & NOUN and not after & (ADJECTIVE | PARTICIPLE | FINITE | SMALL | ADVERB):
            cells = _cells(after, NOUN) & asked & _cells(tags, ADJECTIVE)
            return (at + 3, cells) if cells else None
    verb_too = tags & (INFINITIVE | FINITE) and determiner in PRONOUNS_TOO and not tokens[at].opens
    if not tags & NOUN or tags & (SMALL | ADVERB) or verb_too:
        return None
    cells = _cells(tags, NOUN) & asked
    return (at + 2, cells) if cells else None


def _adjective(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    phrase = _noun_phrase(tokens, at)
    if phrase is None or tokens[at + 1].low in TIMES or _follows_and(tokens, at):
        return
    behind, cells = phrase
    while _joined(tokens, behind):
        adjective = tokens[behind]
        tags = _tags(adjective)
        if not tags & (ADJECTIVE | PARTICIPLE) or tags & (FINITE | SMALL | ADVERB | INFINITIVE):
            return
        if tags & GERUND and _joined(tokens, behind + 1):
            return
        if cells & _cells(tags, ADJECTIVE | PARTICIPLE):
            cells &= _cells(tags, ADJECTIVE | PARTICIPLE)
            behind += 1
            continue
        if tags & NOUN and not _same_number(tags, cells) and tags & PLURAL:
            return
        if adjective.low in COLOURS and _joined(tokens, behind + 1):
            return
        fixes = [fix for cell in sorted(cells) for fix in agreeing(adjective.low, cell, ADJECTIVE | PARTICIPLE)[:1]]
        yield from _slip("adjective", adjective, list(dict.fromkeys(fixes)))
        return


def _same_number(tags: int, cells: set[str]) -> bool:
    return bool({cell[1] for cell in cells} & {cell[1] for cell in _cells(tags)})


def _follows_and(tokens: Sequence[Token], at: int) -> bool:
    """“un pull et une veste noirs”: the adjective may speak of both."""
    return at > 0 and _joined(tokens, at) and tokens[at - 1].low in ("et", "ou", "ni")


def _starts_clause(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return (
        token.opens or "," in token.gap or tokens[at - 1].low in ("que", "qu’", "quand", "si", "car", "mais", "lorsque")
    )


def _attribute(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    """Subject, être, adjective or participle."""
    low = tokens[at].low
    if low in SUBJECT_CELLS:
        if at and _joined(tokens, at) and tokens[at - 1].low in (GOVERNING - {"que", "qu’", "et", "ou"}) | {low}:
            return
        behind, cells = at + 1, set(SUBJECT_CELLS[low])
    else:
        phrase = _noun_phrase(tokens, at) if at == 0 or _starts_clause(tokens, at) else None
        if phrase is None or tokens[at + 1].low in TIMES:
            return
        behind, cells = phrase
        behind = _behind_adjectives(tokens, behind, cells)
    behind = _behind_be(tokens, behind)
    while behind and _joined(tokens, behind) and tokens[behind].low in BETWEEN:
        behind += 1
    if not behind or not _joined(tokens, behind):
        return
    said = tokens[behind]
    tags = _tags(said)
    if not tags & (ADJECTIVE | PARTICIPLE) or tags & (SMALL | ADVERB | INFINITIVE | GERUND):
        return
    if low == "nous" and not tags & PLURAL and tags & SINGULAR and "sommes" in {t.low for t in tokens[at:behind]}:
        yield from _attributed(said, [cell for cell in ("mp", "fp") if tags & CELLS[cell[0] + "s"]])
    elif low != "nous" and not cells & _cells(tags, ADJECTIVE | PARTICIPLE):
        yield from _attributed(said, sorted(cells))


def _attributed(said: Token, cells: Sequence[str]) -> Iterator[Slip]:
    fixes = [fix for cell in cells for fix in agreeing(said.low, cell, ADJECTIVE | PARTICIPLE)[:1]]
    yield from _slip("attribute", said, list(dict.fromkeys(fixes)))


def _behind_adjectives(tokens: Sequence[Token], at: int, cells: set[str]) -> int:
    while _joined(tokens, at) and _tags(tokens[at]) & ADJECTIVE and not _tags(tokens[at]) & (FINITE | SMALL):
        if not cells & _cells(_tags(tokens[at]), ADJECTIVE):
            break
        at += 1
    return at


def _behind_be(tokens: Sequence[Token], at: int) -> int:
    """The place behind a form of être (or a été), 0 where there is none."""
    if _joined(tokens, at) and tokens[at].low in ("ne", "n’"):
        at += 1
    if not _joined(tokens, at):
        return 0
    if tokens[at].low in BE:
        return at + 1
    is_been = tokens[at].low in BEEN and _joined(tokens, at + 1) and tokens[at + 1].low == "été"
    return at + 2 if is_been else 0


def _pronoun_verb(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    """je, tu, il… and its verb; nous and vous only where they cannot be objects."""
    low = tokens[at].low
    person = PERSON.get(low)
    before = tokens[at - 1].low if at and _joined(tokens, at) else ""
    if low in ("nous", "vous"):
        if not (tokens[at].opens or before in BEFORE_SUBJECT):
            return
        person = "1p" if low == "nous" else "2p"
    if person is None or (low in ("elle", "elles") and before in GOVERNING - {"que", "qu’", "et", "ou"}):
        return
    behind = at + 1
    while _joined(tokens, behind) and tokens[behind].low in CLITICS and behind < at + 4:
        behind += 1
    if not _joined(tokens, behind):
        return
    verb = tokens[behind]
    tags = _tags(verb)
    if tags & TAGS[f"verb_{person}"] or tags & (SMALL | ADVERB) or not tags & (FINITE | INFINITIVE):
        return
    if tags & INFINITIVE and (behind > at + 1 or (tags & NAMED and low in ("nous", "vous"))):
        return
    if before in ("et", "ou", "ni") and low in ("elle", "elles", "lui"):
        return
    yield from _slip("subject_verb", verb, conjugated(verb.low, person))


def _noun_verb(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    """A sentence that begins with a noun, and its verb."""
    if not tokens[at].opens or tokens[at].low == "des":
        return
    phrase = _noun_phrase(tokens, at)
    if phrase is None or tokens[at + 1].low in COLLECTIVE | TIMES:
        return
    behind, cells = phrase
    behind = _behind_adjectives(tokens, behind, cells)
    if not _joined(tokens, behind):
        return
    verb = tokens[behind]
    tags = _tags(verb)
    is_plural = {cell[1] for cell in cells} == {"p"}
    person, other = ("3p", "3s") if is_plural else ("3s", "3p")
    if not tags & TAGS[f"verb_{other}"] or tags & TAGS[f"verb_{person}"] or tags & (SMALL | INFINITIVE):
        return
    is_followed = _joined(tokens, behind + 1) and bool(_tags(tokens[behind + 1]) & SMALL)
    if tags & NAMED and not is_followed and verb.low not in ("est", "a"):
        return
    yield from _slip("subject_verb", verb, conjugated(verb.low, person))


def _participle_before(tokens: Sequence[Token], at: int) -> Iterator[Slip]:
    """“les photos que j’ai prises”."""
    phrase = _noun_phrase(tokens, at)
    if phrase is None:
        return
    behind, cells = phrase
    behind = _behind_adjectives(tokens, behind, cells)
    if not (_joined(tokens, behind) and tokens[behind].low in ("que", "qu’")) or not _joined(tokens, behind + 3):
        return
    subject, have, said = tokens[behind + 1], tokens[behind + 2], tokens[behind + 3]
    if subject.low not in {*PERSON, "nous", "vous"} or have.low not in HAVE:
        return
    tags = _tags(said)
    following = _tags(tokens[behind + 4]) if _joined(tokens, behind + 4) else 0
    if not tags & PARTICIPLE or following & INFINITIVE or said.low in NO_AGREEMENT or cells & _cells(tags, PARTICIPLE):
        return
    fixes = [fix for cell in sorted(cells) for fix in agreeing(said.low, cell, PARTICIPLE)[:1]]
    yield from _slip("participle_before", said, list(dict.fromkeys(fixes)))
