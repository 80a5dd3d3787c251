"""Remarks while somebody types: `python bench/spelling.py [--rounds 30]`.

Measured in one process, one thread, in time of the CPU: the first use of a language (with its memory), a look-up, a proposal,
and all remarks on 2,000 characters: warm (the same words were seen before) and with a new word in each round, as one types.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")

import django

CHARACTERS = 2_000
TEXTS = {
    "fr": "Merci a toutes les clientes qui on testé notre nouvelle creme : elle est adapté aux peaux sensibles, et le flacon"
    " en verre se recharge en boutique. Afin de vous aider, nos équipe répondent à vos question du lundi au samedi."
    " N'hésites pas ! ",
    "en": "Thanks alot to everybody who tested our new creme : it have a light texture, and the bottle can be refilled in"
    " store. In order to help, our team answer your questions from monday to saturday, and their is many informations"
    " on our site. ",
}
UNUSUAL = {"fr": "hydrattatnion", "en": "moistrurisation"}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ms(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    django.setup()

    from sillage.studio.engine.human_flags import human_flags
    from sillage.studio.engine.remarks import remarks_on
    from sillage.studio.engine.spelling import is_known, proposals, warm
    from sillage.studio.engine.words import words_of

    print("| | French | English |\n|---|---:|---:|")
    told: dict[str, dict[str, str]] = {}
    for language, sentence in TEXTS.items():
        text = (sentence * (CHARACTERS // len(sentence) + 1))[:CHARACTERS]
        before = _memory()
        loading = _ms(partial(warm, language))
        memory = _memory() - before
        words = words_of(language)
        assert words is not None
        forms = [words.word(at) for at in range(0, len(words.forms), len(words.forms) // 2_000)]
        lookup = statistics.median(_ms(partial(is_known, form, language)) for form in forms)
        slips = [form[:2] + form[3:] for form in forms if len(form) > 5][:200]
        proposed = sorted(_ms(partial(proposals, slip, language)) for slip in slips)
        first = _ms(partial(remarks_on, text, language))
        warm_ms = sorted(_ms(partial(remarks_on, text, language)) for _ in range(args.rounds))
        news = [text[:-20] + UNUSUAL[language] + "abcdefgh"[n % 8] * (n // 8) for n in range(args.rounds)]
        typed = sorted(_ms(partial(remarks_on, new, language)) for new in news)
        flags = sorted(_ms(partial(human_flags, text, language)) for _ in range(args.rounds))
        rows = {
            "forms in the list": f"{len(words.forms):,}",
            "first use, ms (once per process)": f"{loading:.0f}",
            "memory of the list, MB": f"{memory:.0f}",
            "a look-up not yet kept, ms, median": f"{lookup:.3f}",
            "three proposals for an unknown word, ms, median": f"{statistics.median(proposed):.1f}",
            "the same, slowest of 200": f"{proposed[-1]:.1f}",
            f"remarks on {CHARACTERS:,} characters, ms, first": f"{first:.0f}",
            "the same, warm, median": f"{statistics.median(warm_ms):.0f}",
            "the same, warm, slowest": f"{warm_ms[-1]:.0f}",
            "the same, with a new unknown word, median": f"{statistics.median(typed):.0f}",
            "what a person should judge, ms, median": f"{statistics.median(flags):.1f}",
        }
        for name, value in rows.items():
            told.setdefault(name, {})[language] = value
    for name, values in told.items():
        print(f"| {name} | {values['fr']} | {values['en']} |")


if __name__ == "__main__":
    main()
