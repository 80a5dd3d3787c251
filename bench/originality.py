"""Originality: a text of 2,000 characters placed against 50,000 posts, by words, by meaning and by runs of words.

`python bench/originality.py --data FOLDER [--data FOLDER ...] [--posts 50000] [--times 40]`

Posts are lines of *text*.txt, `text` of *.jsonl, the first of COLUMNS of *.csv and *.csv.gz in the folders, each wording once,
in an order drawn with the seed; where there are too few, more are put together from halves of two. Their vectors are drawn at
random (384 numbers of length 1), since time does not depend on what they say; those of the text's passages are made by the
embedder in the run. Cold is the indexing of the posts, once per process and change of the catalogue; warm is one placing:
cutting the text, embedding its passages, both measures, the nearest posts, common phrases. The database is not part of it: a
page adds the check that the index is current and the reading of the quoted posts.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import platform
import random
import resource
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from sillage.adapters.embedders import EmbedderSettings, embedder_from
from sillage.studio.engine.corpus import corpus_of
from sillage.studio.engine.placing import passages, placed

SEED = 7
CHARACTERS = 2_000
DIMENSIONS = 384
READ_TOKENS = 64
NAMES = ("a text of 2,000 characters placed, warm", "of it, without embedding", "its processor time")
COLUMNS = ("text", "content", "CONTENT", "tweet", "title")


def posts_in(folder: Path) -> Iterator[str]:
    """Every text of a folder's files, in the order of their names."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.name.removesuffix(".gz")
        with gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8") as file:
            if name.endswith(".txt") and "text" in name:
                yield from (line.strip() for line in file)
            elif name.endswith(".jsonl"):
                yield from (str(json.loads(line).get("text", "")) for line in file)
            elif name.endswith(".csv"):
                for row in csv.DictReader(file):
                    yield next((row[c] for c in COLUMNS if row.get(c)), "")


def set_of(folders: Sequence[Path], wanted: int) -> tuple[list[str], int]:
    """`wanted` different posts, and how many of them were put together from halves of others."""
    draw = random.Random(SEED)
    found = sorted({text for folder in folders for text in posts_in(folder) if len(text.split()) >= 3})
    draw.shuffle(found)
    posts, made = found[:wanted], 0
    while len(posts) < wanted:
        one, other = (draw.choice(found).split() for _ in range(2))
        posts.append(" ".join(one[: len(one) // 2] + other[len(other) // 2 :]))
        made += 1
    return posts, made


def drafts_of(posts: Sequence[str], n: int) -> list[str]:
    """Texts of CHARACTERS characters, put together from sentences of posts that stand in the corpus and of words of others."""
    draw = random.Random(SEED + 1)
    drafts = []
    for _ in range(n):
        text = ""
        while len(text) < CHARACTERS:
            words = draw.choice(posts).split()
            start = draw.randrange(max(1, len(words) - 6))
            text += " ".join(words[start : start + draw.randint(5, 18)]) + ". "
        drafts.append(text[:CHARACTERS])
    return drafts


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, action="append", required=True)
    asked.add_argument("--posts", type=int, default=50_000)
    asked.add_argument("--times", type=int, default=40)
    given = asked.parse_args()
    posts, made = set_of(given.data, given.posts)
    draw = np.random.default_rng(SEED)
    vectors = draw.standard_normal((len(posts), DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    began = time.perf_counter()
    corpus = corpus_of(
        [f"post:{i}:{i}" for i in range(len(posts))], [i % 4_000 for i in range(len(posts))], posts, vectors
    )
    cold = time.perf_counter() - began
    embedder = embedder_from(EmbedderSettings(kind="minilm", cache=Path("/tmp/models"), max_tokens=READ_TOKENS))
    whole, without, worked = [], [], []
    for text in drafts_of(posts, given.times + 3):
        began, worked_before = time.perf_counter(), time.process_time()
        made_vectors = embedder.embed(passages(text))
        embedded = time.perf_counter()
        placed(text, corpus, made_vectors)
        whole.append(1_000 * (time.perf_counter() - began))
        without.append(1_000 * (time.perf_counter() - embedded))
        worked.append(1_000 * (time.process_time() - worked_before))
    _show(len(posts), made, cold, {NAMES[0]: whole[3:], NAMES[1]: without[3:], NAMES[2]: worked[3:]})


def _show(n: int, made: int, cold: float, measured: Mapping[str, Sequence[float]]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n:,} posts ({made:,} from halves); {platform.processor() or platform.machine()},")
    print(f"load {os.getloadavg()[0]:.1f}; one thread; process {memory:,.0f} MB")
    print()
    print("| what | p50 / p95 ms |")
    print("|---|---|")
    for name, times in measured.items():
        print(f"| {name} | {statistics.median(times):.0f} / {sorted(times)[int(0.95 * (len(times) - 1))]:.0f} |")
    print(f"| the index of the posts, cold | {1_000 * cold:,.0f} |")


if __name__ == "__main__":
    main()
