"""Make the studio's word lists anew from hunspell dictionaries: `python bench/word_lists.py FOLDER`.

FOLDER holds `fr.dic`, `fr.aff` (Dicollecte 7.0), `en_US.*`, `en_GB.*` as LibreOffice ships them, `Lexique383.txt` (of
lexique.org) and `frequency_en.txt` (word and count, of symspellpy). Affixes are applied here, once: the product needs no system
package, loads a list in a fraction of a second and keeps it in a few megabytes. Written: `sillage/studio/dictionaries/*.xz`.
"""

from __future__ import annotations

import io
import lzma
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sillage.studio.engine.words import LONGEST, TAGS, coded

TO = Path(__file__).resolve().parent.parent / "sillage" / "studio" / "dictionaries"
KEPT_PREFIXES = re.compile(r"['’]$")  # elisions are not words of the list
UNTOLD = "NOSUGGEST", "FORBIDDENWORD", "ONLYINCOMPOUND"


@dataclass
class Affix:
    strip: str
    add: str
    flags: frozenset[str]
    where: re.Pattern[str]
    told: tuple[str, ...]


@dataclass
class Rules:
    long: bool = False
    named: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, list[Affix]] = field(default_factory=lambda: defaultdict(list))
    suffixes: dict[str, list[Affix]] = field(default_factory=lambda: defaultdict(list))

    def flags(self, given: str) -> frozenset[str]:
        if self.long:
            return frozenset(given[at : at + 2] for at in range(0, len(given), 2))
        return frozenset(given)


def rules_of(path: Path) -> Rules:
    rules = Rules()
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for line in lines:
        parts = line.split()
        if len(parts) == 2 and parts[0] == "FLAG":
            rules.long = parts[1] == "long"
        elif len(parts) == 2 and parts[0] in (*UNTOLD, "NEEDAFFIX"):
            rules.named[parts[0]] = parts[1]
    for line in lines:
        parts = line.split()
        if len(parts) < 5 or parts[0] not in ("SFX", "PFX"):
            continue
        kind, flag, strip, added, where = parts[:5]
        add, _, flags = added.partition("/")
        add, strip = "" if add == "0" else add, "" if strip == "0" else strip
        pattern = re.compile(f"{where}$" if kind == "SFX" else f"^{where}")
        table = rules.suffixes if kind == "SFX" else rules.prefixes
        table[flag].append(Affix(strip, add, rules.flags(flags), pattern, tuple(parts[5:])))
    return rules


def forms(dic: Path, rules: Rules) -> Iterator[tuple[str, frozenset[str], tuple[str, ...]]]:
    """(form, its flags, what is told of it): of every entry, with every suffix and every prefix that is no elision."""
    untold = {rules.named[name] for name in UNTOLD if name in rules.named} - {"--"}
    for line in dic.read_text(encoding="utf-8-sig").splitlines()[1:]:
        entry, *told = line.split()
        stem, _, given = entry.partition("/")
        flags = rules.flags(given)
        if flags & untold or not stem:
            continue
        made = [(stem, flags, tuple(told))] if rules.named.get("NEEDAFFIX", "") not in flags or not flags else []
        for flag in flags:
            for affix in rules.suffixes.get(flag, ()):
                if stem.endswith(affix.strip) and affix.where.search(stem):
                    made.append((stem[: len(stem) - len(affix.strip)] + affix.add, affix.flags, (*told, *affix.told)))
        yield from made
        for flag in flags:
            for affix in rules.prefixes.get(flag, ()):
                if not KEPT_PREFIXES.search(affix.add) and stem.startswith(affix.strip) and affix.where.search(stem):
                    for form, more, said in made:
                        if not any(KEPT_PREFIXES.search(a.add) for a in rules.prefixes[flag]):
                            yield affix.add + form[len(affix.strip) :], more, said


def tag_of(told: tuple[str, ...], flags: frozenset[str]) -> int:
    """The bits of engine/words.py: TAGS, from hunspell-fr's morphology."""
    kinds = {item[3:] for item in told if item.startswith("po:")}
    ises = {item[3:] for item in told if item.startswith("is:")}
    genders = "m" if "mas" in ises else "f" if "fem" in ises else "mf"
    numbers = "s" if "sg" in ises else "p" if "pl" in ises else "sp"
    cells = [g + n for g in genders for n in numbers]
    names = set()
    for kind, base in (("nom", "noun"), ("adj", "adj"), ("ppas", "part"), ("npr", "noun"), ("loc.adj", "adj")):
        if kind in kinds:
            names |= {f"{base}_{cell}" for cell in cells}
    moods = {"ipre", "iimp", "ipsi", "ifut", "cond", "spre", "simp"} & kinds
    for person in ("1sg", "2sg", "3sg", "1pl", "2pl", "3pl"):
        if moods and any(k.startswith(person) for k in kinds):
            names.add(f"verb_{person[0]}{person[1]}")
    names |= {"conditional"} if moods == {"cond"} else set()
    names |= {"imperative"} if "impe" in kinds else set()
    names |= {"infinitive"} if "infi" in kinds else set()
    names |= {"gerund"} if "ppre" in kinds else set()
    names |= {"adverb"} if kinds & {"adv", "loc.adv", "advint", "adve"} else set()
    small = ("prep", "loc.prep", "conj", "cj", "mg", "interj", "nb", "pfx", "prn", "patr", "titr")
    names |= {"small"} if any(k.startswith((*small, "pro", "det", "neg")) for k in kinds) else set()
    return sum(TAGS[name] for name in names)


def write(name: str, table: dict[str, int]) -> list[str]:
    words = sorted((w for w in table if coded(w) is not None and len(w) <= LONGEST), key=lambda w: coded(w) or b"")
    out = io.BytesIO()
    np.save(out, np.array([coded(w) for w in words], dtype=f"S{LONGEST}"))
    np.save(out, np.array([table[w] for w in words], dtype=np.uint32))
    path = TO / f"{name}.xz"
    path.write_bytes(lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {len(words):,} forms of {len(table):,}, {path.stat().st_size:,} bytes")
    return words


def write_frequencies(name: str, words: list[str], counts: dict[str, float]) -> None:
    """One byte per form of the list: 0 unknown, else 1 + twice the binary logarithm of occurrences per hundred million."""
    found = [counts.get(w, counts.get(w.lower(), 0.0) if w.istitle() else 0.0) for w in words]
    levels = np.array([min(255, 1 + round(2 * math.log2(1 + n))) if n else 0 for n in found], dtype=np.uint8)
    out = io.BytesIO()
    np.save(out, levels)
    path = TO / f"{name}_frequencies.xz"
    path.write_bytes(lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {int((levels > 0).sum()):,} known, {path.stat().st_size:,} bytes")


def french(folder: Path) -> None:
    table: dict[str, int] = defaultdict(int)
    for form, flags, told in forms(folder / "fr.dic", rules_of(folder / "fr.aff")):
        table[form.replace("’", "'")] |= tag_of(told, flags)
    words = write("fr", table)
    counts: dict[str, float] = defaultdict(float)
    for line in (folder / "Lexique383.txt").read_text(encoding="latin-1").splitlines()[1:]:
        cells = line.split("\t")
        films, books = (float(cells[at].replace(",", ".") or 0) for at in (8, 9))
        counts[cells[0]] += (films + books) / 2 * 100
    write_frequencies("fr", words, counts)


def english(folder: Path) -> None:
    table: dict[str, int] = defaultdict(int)
    for name in ("en_US", "en_GB"):
        for form, _flags, _told in forms(folder / f"{name}.dic", rules_of(folder / f"{name}.aff")):
            table[form.replace("’", "'")] |= 0
    words = write("en", table)
    counts = {}
    for line in (folder / "frequency_en.txt").read_text(encoding="utf-8-sig").splitlines():
        word, n = line.split()
        counts[word] = float(n) / 1e12 * 1e8
    write_frequencies("en", words, counts)


if __name__ == "__main__":
    french(Path(sys.argv[1]))
    english(Path(sys.argv[1]))
