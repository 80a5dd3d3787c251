"""English forms: which word is a verb, which a noun, and their other forms, from the dictionary and the usual endings."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources

from sillage.studio.engine.words import words_of

FORMS = "sillage.studio.grammar_rules"
Groups = Mapping[str, str | None]
_VOWELS = frozenset("aeiou")


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files(FORMS).joinpath("en_forms.toml").read_text(encoding="utf8"))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_data()["lists"][name].split())


@lru_cache(maxsize=20_000)
def _common(word: str) -> int:
    """How common a form is (engine/words.py); -1 for unknown ones."""
    words = words_of("en")
    if words is None:
        return -1
    place = int(words.places([word])[0])
    return int(words.common[place]) if place >= 0 else -1


def _bases(word: str) -> Iterator[str]:
    """Verbs that an inflected form may come from."""
    for ending, back in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            base = word[: len(word) - len(ending)] + back
            yield base
            if ending in ("ed", "ing") and len(base) > 2 and base[-1] == base[-2]:
                yield base[:-1]


def is_base(word: str) -> bool:
    """Whether it is the base of a verb that is no more common as something else."""
    return word in _list("verbs") or word in set(_data()["past"].values())


def third_of(base: str) -> str:
    """go: goes."""
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in _VOWELS else base + "s"


def base_of(form: str) -> str | None:
    """goes: go; went: go; made: make; None for what is no form of a known verb."""
    low = form.lower()
    if low in _data()["past"]:
        return _data()["past"][low]
    return next((base for base in _bases(low) if is_base(base)), None)


def plural_of(noun: str) -> str | None:
    """reason: reasons; None for what has no plural in the dictionary, or is one."""
    low = noun.lower()
    if low in _data()["plural"]:
        return _data()["plural"][low]
    form = third_of(low).replace("oes", "oes")
    return form if _common(form) > 0 else low + "s" if _common(low + "s") > 0 else None


def is_single(word: str) -> bool:
    """A noun in the singular with a plural, and no more common as something else."""
    low = word.lower()
    if low in _list("not_nouns") or low.endswith(("s", "ing", "ed", "ly", "er", "est")) or len(low) < 3:
        return low in _data()["plural"]
    return low in _data()["plural"] or (plural_of(low) is not None and _common(low) > 0)


def single_of(noun: str) -> str | None:
    low = noun.lower()
    for one, many in _data()["plural"].items():
        if many == low:
            return one
    for ending, back in (("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if low.endswith(ending):
            form = low[: len(low) - len(ending)] + back
            return form if _common(form) > 10 and form not in _list("not_nouns") else None
    return None


def is_plural(word: str) -> bool:
    low = word.lower()
    return low not in _list("singular_in_s") and not low.endswith(("ss", "us", "is")) and single_of(low) is not None


def _sounds_like_vowel(word: str) -> bool | None:
    """None where it cannot be said: letters, names, unknown words."""
    low = word.lower()
    if len(low) < 2 or word.isupper() or _common(low) < 0:
        return None
    if low.startswith(tuple(_list("consonant_first"))):
        return False
    return low[0] in _VOWELS or low.startswith(tuple(_list("mute_h")))


def _gerund(base: str) -> str:
    """make: making; get: getting."""
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1] + "ing"
    return base + ("ting" if base in ("get", "let", "put", "set", "cut", "sit") else "ing")


def _one(form: str | None) -> list[str]:
    return [form] if form else []


MAKERS: Mapping[str, Callable[[str, Groups], list[str]]] = {
    "third": lambda words, _groups: [third_of(words.lower())],
    "base": lambda words, _groups: _one(base_of(words)),
    "plural": lambda words, _groups: _one(plural_of(words)),
    "single": lambda words, _groups: _one(single_of(words)),
    "nothing": lambda _words, _groups: [""],
    "counted": lambda words, _groups: _one(_data()["counted"].get(words.lower(), words[:-1])),
    "nearer": lambda words, _groups: ["this" if words.lower() == "these" else "that"],
    "contracted": lambda words, _groups: _one(_data()["contracted"].get(words.lower())),
    "capital": lambda words, _groups: ["I" + words[1:]],
    "firstword": lambda words, _groups: [words.split()[0]],
    "gerund": lambda words, _groups: [_gerund(words.lower())],
}  # fmt: skip

# What a group of an expression in the rules asks of its word.
CONDITIONS: Mapping[str, Callable[[str], bool]] = {
    "vowelsound": lambda word: _sounds_like_vowel(word) is True,
    "consonantsound": lambda word: _sounds_like_vowel(word) is False,
    "noun": lambda word: is_single(word) or is_plural(word),
    "single": is_single,
    "plural": is_plural,
    "base": lambda word: is_base(word) and word not in _data()["past"] and word not in _list("past_like_base"),
    "thirdverb": lambda word: any(is_base(base) and third_of(base) == word for base in _bases(word)),
    "pastverb": lambda word: (word in _data()["past"] or word.endswith("ed")) and base_of(word) not in (None, word),
}  # fmt: skip
