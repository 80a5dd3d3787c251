"""Ten thousand variants of an ad: `python bench/variants.py [--n 10000] [--rounds 5]`.

Measured in one run: seconds to make, check and rank them (median of rounds, one thread), what was left out and why; then,
outside of the time, that it holds: every text judged whole by the law packs, near-duplicates counted by an independent
MinHash (rensa) over runs of characters and exactly over runs of words, and the similarity of the twelve shown.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import date
from functools import partial
from itertools import combinations

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")

import django
import numpy as np

BRIEF = {
    "title": "Sérum Aube (invented)",
    "idea": "Une peau calme vaut mieux qu’une peau parfaite",
    "audience": "celles et ceux qui ont la peau sensible",
    "brand": "Aube",
    "product": "le sérum Aube",
    "link": "aube.example/serum",
    "code": "AUBE10",
    "label": "Publicité",
    "facts": [
        "La formule compte onze ingrédients.",
        {"text": "Aucun parfum n’est ajouté.", "source": "liste INCI du produit"},
        "Le flacon en verre se recharge en boutique.",
        "Le sérum est fabriqué à Grasse.",
    ],
    "never": ["miracle", "anti-âge"],
    "must": ["Aube"],
    "shortest": 120,
    "longest": 420,
    "law_packs": ["fr", "eu"],
    "consideration": "own_brand",
}
ON = date(2026, 6, 15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    django.setup()

    from sillage.studio.engine.brief import writing_brief
    from sillage.studio.engine.gallery import gallery
    from sillage.studio.engine.lawful import judged, packs_of, stopping
    from sillage.studio.engine.variants import SAME, Held, make_variants
    from sillage.understanding.engine.originality import alike

    brief = writing_brief(BRIEF)
    packs = packs_of(brief)
    seconds = []
    for _ in range(args.rounds):
        start = time.perf_counter()
        made = make_variants(brief, args.n, stopping=partial(stopping, brief, packs=packs, on=ON))
        chosen = gallery(brief, made)
        seconds.append(time.perf_counter() - start)
    texts = [variant.text for variant in made.variants]
    held = Held.of(made.options, made.places)
    nearest = max(float(held.similarities(row, among=row).max()) for row in range(1, len(texts)))
    stopped = sum(any(f.verdict.stops for f in judged(brief, text, packs, ON)) for text in texts)
    characters = [pair.similarity for pair in alike(texts)]
    pairs = [float(held.similarities(a)[b]) for a, b in combinations(chosen.rows, 2)]
    print(f"| asked | made | possible | s, median of {args.rounds} | s, slowest |\n|---:|---:|---:|---:|---:|")
    print(f"| {args.n:,} | {len(texts):,} | {made.possible:,} | {np.median(seconds):.2f} | {max(seconds):.2f} |\n")
    print("| | |\n|---|---:|")
    for reason, n in made.left_out.items():
        print(f"| left out: {reason} | {n:,} |")
    print(f"| texts that a law pack stops when judged whole | {stopped} |")
    print(f"| largest Jaccard of two, runs of three words | {nearest:.3f} |")
    print(f"| pairs at {SAME} or more, runs of three words | {0 if nearest < SAME else 'some'} |")
    print(f"| pairs at {SAME} or more, runs of five characters (rensa) | {sum(s >= SAME for s in characters):,} |")
    print(f"| largest Jaccard of two of the {len(chosen.rows)} shown | {max(pairs):.3f} |")


if __name__ == "__main__":
    main()
