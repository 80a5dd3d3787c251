"""The closed lists of French grammar, and what a group of an expression in `grammar_rules/fr.toml` asks of its word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sillage.studio.engine.inflection import VOWELS
from sillage.studio.engine.words import (
    ADJECTIVE,
    ADVERB,
    CELLS,
    CONDITIONAL,
    FINITE,
    INFINITIVE,
    NAMED,
    NOUN,
    PARTICIPLE,
    PLURAL,
    SINGULAR,
    SMALL,
    TAGS,
    tags_of,
)

ALL = ("ms", "mp", "fs", "fp")
PLURAL_DETERMINERS = frozenset(
    [
        "les",
        "des",
        "mes",
        "tes",
        "ses",
        "nos",
        "vos",
        "leurs",
        "ces",
        "plusieurs",
        "quelques",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "dix",
        "douze",
        "quinze",
        "vingt",
    ]
)
MASCULINE_DETERMINERS = frozenset(["un", "le", "ce", "cet"])
FEMININE_DETERMINERS = frozenset(["une", "la", "cette", "ma", "ta", "sa"])
SINGULAR_DETERMINERS = frozenset(
    [
        "un",
        "une",
        "le",
        "la",
        "l’",
        "mon",
        "ma",
        "ton",
        "ta",
        "son",
        "sa",
        "notre",
        "votre",
        "ce",
        "cet",
        "cette",
        "chaque",
        "aucun",
        "aucune",
    ]
)
PRONOUNS_TOO = frozenset(["le", "la", "les", "l’", "ce", "leur"])
NUMERALS = frozenset(["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "douze", "quinze", "vingt"])
MONTHS = frozenset(
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
)
OTHER_GENDER = {
    "un": "une",
    "une": "un",
    "le": "la",
    "la": "le",
    "ce": "cette",
    "cet": "cette",
    "cette": "ce",
    "ma": "mon",
    "ta": "ton",
    "sa": "son",
}
BE = frozenset(
    [
        "suis",
        "es",
        "est",
        "sommes",
        "êtes",
        "sont",
        "étais",
        "était",
        "étions",
        "étiez",
        "étaient",
        "sera",
        "serons",
        "serez",
        "seront",
        "serait",
        "seraient",
        "fut",
        "furent",
    ]
)
BEEN = frozenset(["a", "ont", "avait", "avaient", "aura", "auront", "aurait", "avons"])
HAVE = frozenset(
    [
        "ai",
        "as",
        "a",
        "avons",
        "avez",
        "ont",
        "avais",
        "avait",
        "avions",
        "aviez",
        "avaient",
        "aura",
        "auront",
        "aurait",
    ]
)
BETWEEN = frozenset(
    [
        "pas",
        "plus",
        "jamais",
        "très",
        "trop",
        "si",
        "bien",
        "vraiment",
        "toujours",
        "déjà",
        "aussi",
        "tout",
        "toute",
        "encore",
        "tellement",
        "plutôt",
        "enfin",
        "également",
        "maintenant",
        "souvent",
        "presque",
        "assez",
        "désormais",
        "particulièrement",
    ]
)
CLITICS = frozenset(
    ["ne", "n’", "me", "m’", "te", "t’", "se", "s’", "le", "la", "l’", "les", "lui", "leur", "y", "en", "nous", "vous"]
)
PERSON = {"je": "1s", "j’": "1s", "tu": "2s", "il": "3s", "elle": "3s", "on": "3s", "ils": "3p", "elles": "3p"}
SUBJECT_CELLS = {"il": ("ms",), "elle": ("fs",), "ils": ("mp",), "elles": ("fp",), "nous": ("mp", "fp")}
GOVERNING = frozenset(
    [
        "à",
        "de",
        "d’",
        "pour",
        "avec",
        "sans",
        "chez",
        "par",
        "sur",
        "sous",
        "dans",
        "entre",
        "vers",
        "contre",
        "selon",
        "comme",
        "que",
        "qu’",
        "et",
        "ou",
        "ni",
        "voici",
        "voilà",
        "malgré",
    ]
)
BEFORE_SUBJECT = frozenset(["si", "car", "puisque", "lorsque", "parce"])
COLLECTIVE = frozenset(
    [
        "majorité",
        "moitié",
        "plupart",
        "dizaine",
        "centaine",
        "foule",
        "série",
        "partie",
        "nombre",
        "tiers",
        "quart",
        "minorité",
        "ensemble",
    ]
)
TIMES = frozenset(
    [
        "air",
        "fois",
        "matin",
        "soir",
        "jour",
        "midi",
        "année",
        "semaine",
        "mois",
        "heure",
        "moment",
        "reste",
        "chose",
        "peu",
        "plus",
        "moins",
        "point",
    ]
)
COLOURS = frozenset(["bleu", "vert", "rouge", "noir", "blanc", "gris", "jaune", "rose", "brun", "violet", "beige"])
NO_AGREEMENT = frozenset(["pu", "dû", "voulu", "coûté", "duré", "vécu", "pesé", "mesuré", "couru", "fallu", "plu"])


def _tagged(word: str) -> int:
    return tags_of(word, "fr")


def _only(cells: Sequence[str], kinds: int) -> Callable[[str], bool]:
    """Words whose readings of these kinds are all in these cells, and that are nothing else."""
    wanted = sum(CELLS[cell] & kinds for cell in cells)

    def asked(word: str) -> bool:
        tags = _tagged(word)
        return (
            bool(tags & wanted)
            and not tags & NAMED & ~wanted & kinds
            and not tags & (SMALL | ADVERB | FINITE | INFINITIVE)
        )

    return asked


_MUTE_H = (
    "habi",
    "hygi",
    "hydr",
    "heure",
    "heureu",
    "huil",
    "homm",
    "humain",
    "humani",
    "humeur",
    "humid",
    "humour",
    "histo",
    "hiver",
    "honnê",
    "honneu",
    "honora",
    "horair",
    "horizon",
    "horlog",
    "hospit",
    "hôpit",
    "hôt",
    "hébe",
    "hérit",
    "hésit",
    "herb",
    "hormon",
    "habil",
    "hebdo",
    "harmon",
    "haleine",
    "hommage",
    "huître",
    "hectare",
)
_NO_LIAISON = frozenset(["onze", "onzième", "oui", "ouistiti", "ouais", "uhlan", "ululement", "iode", "ouate", "one"])


def is_vowel(word: str) -> bool:
    """Whether a vowel elides before the word."""
    low = word.lower()
    if low in _NO_LIAISON or word[0].isupper() or not _tagged(low):
        return False
    return low[0] in VOWELS - {"y"} or low.startswith(_MUTE_H)


def _has(wanted: int, away: int = 0) -> Callable[[str], bool]:
    return lambda word: bool(_tagged(word) & wanted) and not _tagged(word) & away


# What a group of an expression in the rules asks of its word.
CONDITIONS: Mapping[str, Callable[[str], bool]] = {
    "inf": _has(INFINITIVE, NOUN),
    "er": lambda word: word.lower().endswith("er") and bool(_tagged(word) & INFINITIVE) and not _tagged(word) & SMALL,
    "ez": lambda word: (
        word.lower() not in ("assez", "chez") and bool(_tagged(word) & FINITE) and not _tagged(word) & NOUN
    ),
    "made": lambda word: bool(_tagged(word) & PARTICIPLE) and not _tagged(word) & (NOUN | SMALL | ADVERB),
    "done": _has(PARTICIPLE, FINITE),
    "ppe": _has(PARTICIPLE, NOUN | FINITE),
    "part": _has(PARTICIPLE, NOUN | FINITE),
    "v3s": _has(TAGS["verb_3s"], NOUN | SMALL),
    "verb": _has(FINITE, NAMED | SMALL | ADVERB),
    "finite": _has(FINITE, SMALL),
    "noun": _has(NOUN, FINITE | INFINITIVE | SMALL | ADVERB),
    "name": _has(NOUN, FINITE | INFINITIVE | SMALL | ADVERB),
    "adjective": _has(ADJECTIVE | PARTICIPLE, NOUN | FINITE | SMALL | ADVERB),
    "pl": _has(PLURAL, SINGULAR | FINITE | SMALL),
    "sg": _has(SINGULAR, PLURAL | FINITE | SMALL | ADVERB | INFINITIVE),
    "nounpl": _only(("mp", "fp"), NAMED),
    "nounsg": _only(("ms", "fs"), NAMED),
    "femnoun": _only(("fs",), NAMED),
    "masnoun": _only(("ms",), NAMED),
    "femsg": _only(("fs",), NAMED),
    "massg": _only(("ms",), NAMED),
    "maspl": _only(("mp",), NAMED),
    "fempl": _only(("fp",), NAMED),
    "conditional": lambda word: bool(_tagged(word) & CONDITIONAL),
    "twoer": lambda word: (
        bool(_tagged(word) & TAGS["verb_2s"]) and not _tagged(word) & (NAMED | SMALL | ADVERB | TAGS["imperative"])
    ),
    "vowel": is_vowel,
    "vowelname": lambda word: is_vowel(word) and bool(_tagged(word) & NOUN) and not _tagged(word) & SMALL,
    "vowelmas": lambda word: (
        is_vowel(word) and bool(_tagged(word) & NOUN & CELLS["ms"]) and not _tagged(word) & (FINITE | SMALL)
    ),
    "masname": _has(NOUN & CELLS["ms"], SMALL),
    "consonant": lambda word: word[0].lower() not in VOWELS | {"h"} and bool(_tagged(word) & NOUN & CELLS["ms"]),
}
