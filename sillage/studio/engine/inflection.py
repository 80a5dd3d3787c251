"""Other forms of a French word, guessed from its endings and kept only when the dictionary has them with the reading wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sillage.studio.engine.words import (
    CELLS,
    CONDITIONAL,
    FINITE,
    INFINITIVE,
    NAMED,
    PARTICIPLE,
    TAGS,
    tags_of,
)

VOWELS = frozenset("aeiouyàâéèêëîïôûùœ")
Groups = Mapping[str, str | None]
# Feminine and plural endings with the masculine singular ones that they may come from; the longest first.
_BACK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("trices", ("teur",)), ("trice", ("teur",)), ("euses", ("eux", "eur")), ("euse", ("eux", "eur")), ("ives", ("if",)),
    ("ive", ("if",)), ("elles", ("el", "eau")), ("elle", ("el", "eau")), ("ennes", ("en",)), ("enne", ("en",)),
    ("onnes", ("on",)), ("onne", ("on",)), ("ères", ("er",)), ("ère", ("er",)), ("ettes", ("et",)), ("ette", ("et",)),
    ("ètes", ("et",)), ("ète", ("et",)), ("ches", ("c", "che")), ("che", ("c",)), ("ques", ("c",)), ("que", ("c",)),
    ("gues", ("g",)), ("gue", ("g",)), ("sses", ("s",)), ("sse", ("s", "x")), ("èches", ("ec",)), ("èche", ("ec",)),
    ("aux", ("al", "ail", "au")), ("ces", ("x",)), ("ce", ("x",)), ("es", ("", "e")), ("e", ("",)), ("s", ("",)), ("x", ("",)),
)  # fmt: skip
_ON: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("teur", ("trice", "teuse")), ("eux", ("euse",)), ("eur", ("euse", "eure")), ("if", ("ive",)), ("eau", ("elle",)),
    ("el", ("elle",)), ("en", ("enne",)), ("on", ("onne",)), ("er", ("ère",)), ("et", ("ette", "ète")), ("ec", ("èche",)),
    ("c", ("che", "que", "cque")), ("g", ("gue",)), ("s", ("sse", "se")), ("x", ("ce", "sse", "se")), ("il", ("ille",)),
)  # fmt: skip
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "1s": ("", "e", "s", "x", "is", "ais", "ai"),
    "2s": ("s", "es", "x", "is", "ais", "as"),
    "3s": ("", "e", "t", "it", "d", "ait", "a"),
    "1p": ("ons", "ions", "issons", "ssons", "sons", "nons"),
    "2p": ("z", "ez", "iez", "issez", "ssez", "sez", "nez"),
    "3p": ("nt", "ent", "aient", "issent", "ssent", "sent", "nent", "tent", "vent", "ont"),
}
_PERSONS = ("1s", "2s", "3s", "1p", "2p", "3p")
_IRREGULAR: tuple[tuple[str, ...], ...] = tuple(
    tuple(row.split())
    for row in (
        "suis es est sommes êtes sont", "ai as a avons avez ont", "vais vas va allons allez vont",
        "fais fais fait faisons faites font", "peux peux peut pouvons pouvez peuvent", "veux veux veut voulons voulez veulent",
        "dois dois doit devons devez doivent", "sais sais sait savons savez savent", "viens viens vient venons venez viennent",
        "étais étais était étions étiez étaient",
        "aurai auras aura aurons aurez auront", "serai seras sera serons serez seront",
        "prends prends prend prenons prenez prennent",
        "dis dis dit disons dites disent", "crois crois croit croyons croyez croient",
    )
)  # fmt: skip
_IMPERFECT = {
    "au": "av", "se": "ét", "pour": "pouv", "voud": "voul", "dev": "dev", "fe": "fais", "i": "all", "viend": "ven",
    "sau": "sav", "ver": "voy", "prend": "pren", "met": "mett", "tiend": "ten",
}  # fmt: skip


def agreeing(word: str, cell: str, kinds: int = NAMED) -> list[str]:
    """Forms of a noun, adjective or participle in a cell: "ms", "mp", "fs", "fp"."""
    wanted = CELLS[cell] & kinds
    low = word.lower()
    found = dict.fromkeys(form for base in _bases(low) for form in _made(base, cell) if tags_of(form) & wanted)
    return [form for form in found if form != low]


def _bases(word: str) -> Iterator[str]:
    yield word
    for ending, backs in _BACK:
        if word.endswith(ending):
            for back in backs:
                base = word[: len(word) - len(ending)] + back
                if len(base) > 1 and tags_of(base) & (CELLS["ms"] | CELLS["fs"]):
                    yield base


def _made(base: str, cell: str) -> Iterator[str]:
    ones = [base]
    if cell[0] == "f" and not tags_of(base) & CELLS["fs"]:
        ones = [base + "e", base]
        for ending, feminine in _ON:
            if base.endswith(ending):
                ones = [base[: len(base) - len(ending)] + one for one in feminine] + ones
                break
    for one in ones:
        if cell[1] == "s":
            yield one
            continue
        if one.endswith("al"):
            yield one[:-2] + "aux"
        if one.endswith(("eau", "eu", "au")):
            yield one + "x"
        yield from (one + "s", one)


def conjugated(word: str, person: str) -> list[str]:
    """Forms of the same verb in a person ("1s" … "3p"), nearest first."""
    low = word.lower()
    at = _PERSONS.index(person)
    for row in _IRREGULAR:
        if low in row:
            return [row[at]] if row[at] != low else []
    tag, kept = TAGS[f"verb_{person}"], tags_of(low) & CONDITIONAL
    least = 2 if tags_of(low) & INFINITIVE and not tags_of(low) & FINITE else 0
    for cut in range(least, min(5, len(low) - 2) + 1):
        stem = low[: len(low) - cut]
        for ending in _ENDINGS[person]:
            form = stem + ending
            tags = tags_of(form)
            if form != low and tags & tag and tags & CONDITIONAL == kept and form[:2] == low[:2]:
                return [form]
    return []


def _participle(words: str, _groups: Groups) -> list[str]:
    low = words.lower()
    form = low[:-2] + "é" if low.endswith(("er", "ez")) else low
    return [form] if tags_of(form) & PARTICIPLE else []


def _infinitive(words: str, _groups: Groups) -> list[str]:
    low = words.lower()
    form = low.rstrip("es").removesuffix("é") + "er" if "é" in low[-3:] else low[:-1] + "r"
    return [form] if tags_of(form) & INFINITIVE else []


def _imperfect(words: str, _groups: Groups) -> list[str]:
    low = words.lower()
    for ending in ("rais", "rait", "rions", "riez", "raient"):
        if low.endswith(ending):
            stem = low[: len(low) - len(ending)]
            bare = _IMPERFECT.get(stem, stem.removesuffix("e"))
            form = bare + ending[1:]
            return [form] if tags_of(form) & FINITE and not tags_of(form) & CONDITIONAL else []
    return []


def _elided(words: str, _groups: Groups) -> list[str]:
    return [words[:-1] + "’"]


def _liaison(words: str, _groups: Groups) -> list[str]:
    pairs = {"ma": "mon", "ta": "ton", "sa": "son", "nouveau": "nouvel", "beau": "bel", "vieux": "vieil"}
    return [pairs[words.lower()]] if words.lower() in pairs else []


def _hyphen(words: str, _groups: Groups) -> list[str]:
    return ["-".join(words.split())]


def _inverted(_words: str, groups: Groups) -> list[str]:
    return [f"{groups['verb']}-t-{groups['who']}"]


def _unsaid(words: str, _groups: Groups) -> list[str]:
    return [words[:-1]] if tags_of(words[:-1].lower()) & FINITE else []


def _negated(words: str, _groups: Groups) -> list[str]:
    return [f"n’{words}" if words[:1].lower() in VOWELS else f"ne {words}"]


# What stands in braces in a rule’s proposals.
MAKERS: Mapping[str, Callable[[str, Groups], list[str]]] = {
    "participle": _participle,
    "infinitive": _infinitive,
    "imperfect": _imperfect,
    "elided": _elided,
    "liaison": _liaison,
    "hyphen": _hyphen,
    "inverted": _inverted,
    "unsaid": _unsaid,
    "negated": _negated,
}
