"""Topics of 50,000 posts: time, memory, coherence and stability, with BERTopic beside it in one run.

`python bench/topics.py --data FOLDER [--data FOLDER ...] [--posts 50000] [--peer-python PATH] [--peer-posts 50000]`

Posts are taken from the text files of the folders: lines of *text*.txt and *.toks, `text` of *.jsonl, `text`, `content` or
`title` with `tags` of *.csv and *.csv.gz; each wording once, in an order drawn with the seed. Where there are too few, more
are put together from halves of two posts, and the output says how many. BERTopic is never a dependency of Sillage:
PATH is the Python of an environment of its own (bertopic, umap-learn and hdbscan installed without torch); without
it Sillage is measured alone. Each measured run is a process of its own with one thread.

- NPMI: normalised pointwise mutual information of the 10 strongest single words of each topic, on co-occurrence in the
  same posts (G. Bouma, 2009), -1 for words that never meet; mean over pairs, then over topics.
- Noise: posts that are in no topic. Stability: adjusted Rand index of the strongest topics of all posts, noise being one
  group, between two seeds (Sillage has none: two runs), between two orders of the same posts, and, on their common posts,
  between all posts and nine in ten of them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
SEED, OTHER_SEED = 7, 8
WORDS = 10
COLUMNS = ("text", "content", "CONTENT", "tweet")


def posts_in(folder: Path) -> Iterator[str]:
    """Every text of a folder's files, in the order of their names."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.name.removesuffix(".gz")
        with gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8") as file:
            if name.endswith(".toks") or (name.endswith(".txt") and "text" in name):
                yield from (line.strip() for line in file)
            elif name.endswith(".jsonl"):
                yield from (str(json.loads(line).get("text", "")) for line in file)
            elif name.endswith(".csv"):
                for row in csv.DictReader(file):
                    title = " ".join(row[c] for c in ("title", "tags") if row.get(c))
                    yield title or next((row[c] for c in COLUMNS if row.get(c)), "")


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


def measured(folder: Path, order: str | None) -> dict[str, Any]:
    """Sillage's topics of the posts in texts.json, as one process of its own finds them."""
    from sillage.understanding.engine.counting import count_by_rules
    from sillage.understanding.engine.summary import summarise
    from sillage.understanding.engine.topics import SetText, find_topics, fit_topics

    given = json.loads((folder / "texts.json").read_text(encoding="utf8"))["posts"]
    places = json.loads((folder / order).read_text()) if order else list(range(len(given)))
    texts = [
        SetText(f"post:{i % 997}:{i}", given[i], date(2026, 1, 1) + timedelta(days=i % 240), i % 997) for i in places
    ]
    started, busy = time.perf_counter(), time.process_time()
    find_topics(texts)
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    summarise([(t.ref, t.text) for t in texts])
    count_by_rules([(t.ref, t.text) for t in texts])
    whole = time.perf_counter() - started
    fit = fit_topics([t.text for t in texts])
    labels = [-1] * len(given)
    for place, row in zip(places, fit.strengths, strict=True):
        labels[place] = int(row.argmax()) if row.any() else -1
    single = [i for i, term in enumerate(fit.terms) if " " not in term]
    words = [[fit.terms[single[i]] for i in (-row[single]).argsort(kind="stable")[:WORDS]] for row in fit.weights]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"labels": labels, "words": words, "seconds": seconds, "cpu": cpu, "whole": whole, "peak_mb": peak}


def npmi(topics: Sequence[Sequence[str]], normals: Sequence[str]) -> float:
    """Mean over topics of the mean NPMI of their words' pairs, over co-occurrence in `normals`."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    wanted = sorted({word for words in topics for word in words})
    counter = CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, vocabulary=wanted, binary=True)
    rows = csr_matrix(counter.transform(normals), dtype=np.int64)
    together, alone, n = (rows.T @ rows).toarray(), np.asarray(rows.sum(axis=0)).ravel(), rows.shape[0]
    place = {word: i for i, word in enumerate(wanted)}

    def pair(a: int, b: int) -> float:
        both = together[a, b] / n
        return -1.0 if both == 0 else float(np.log(both * n * n / (alone[a] * alone[b])) / -np.log(both))

    means = [
        np.mean([pair(place[a], place[b]) for a, b in combinations(words, 2)]) for words in topics if len(words) > 1
    ]
    return float(np.mean(means))


def ours(folder: Path, _seed: int, order: str | None = None) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", str(folder), *([order] if order else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def peer(python: str, folder: Path, seed: int, order: str | None = None) -> dict[str, Any]:
    out = folder / "peer.json"
    program = Path(__file__).with_name("topics_peer.py")
    command = [python, str(program), str(folder), str(seed), str(out), *([order] if order else [])]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"NUMBA_NUM_THREADS": "1"})
    answer: dict[str, Any] = json.loads(out.read_text(encoding="utf8"))
    return answer


def row(name: str, n: int, runs: dict[str, dict[str, Any]], normals: Sequence[str]) -> str:
    from sklearn.metrics import adjusted_rand_score

    one = runs["first"]
    noise = sum(label < 0 for label in one["labels"]) / n
    seeds, orders = (adjusted_rand_score(one["labels"], runs[k]["labels"]) for k in ("seed", "order"))
    common = runs["part"]["places"]
    parts = adjusted_rand_score([one["labels"][i] for i in common], [runs["part"]["labels"][i] for i in common])
    return (
        f"| {name} | {n:,} | {len(one['words'])} | {one['seconds']:.1f} | {one['cpu']:.1f} | {one['peak_mb']:.0f}"
        f" | {npmi(one['words'], normals):.3f} | {noise:.3f} | {seeds:.3f} | {orders:.3f} | {parts:.3f} |"
    )


def prepare(folder: Path, posts: Sequence[str]) -> list[str]:
    """Write what both systems read; returns the posts as their tokens."""
    from sillage.understanding.engine.stop_words import STOP_WORDS
    from sillage.understanding.engine.topic_words import normal

    normals = [normal(post) for post in posts]
    given = {"posts": list(posts), "texts": normals, "stop": sorted(STOP_WORDS)}
    (folder / "texts.json").write_text(json.dumps(given), encoding="utf8")
    order = list(range(len(posts)))
    random.Random(OTHER_SEED).shuffle(order)
    (folder / "order.json").write_text(json.dumps(order))
    (folder / "part.json").write_text(json.dumps(sorted(order[: len(order) * 9 // 10])))
    return normals


def embed(folder: Path, posts: Sequence[str]) -> float:
    """Write vectors.npy, of the embedder that Sillage uses; returns the seconds that it took."""
    import numpy as np

    from sillage.adapters.embedders.minilm import minilm

    started = time.perf_counter()
    np.save(folder / "vectors.npy", minilm(folder / "models", threads=2, max_tokens=64).embed(posts))
    return time.perf_counter() - started


def all_runs(run: Any, folder: Path) -> dict[str, dict[str, Any]]:
    part = run(SEED, "part.json") | {"places": json.loads((folder / "part.json").read_text())}
    return {"first": run(SEED), "seed": run(OTHER_SEED), "order": run(SEED, "order.json"), "part": part}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--peer-python")
    parser.add_argument("--peer-posts", type=int)
    given = parser.parse_args()
    posts, made = set_of(given.data, given.posts)
    print(f"{len(posts):,} posts, {made:,} of them put together from halves of others.\n")
    lines, whole = [], 0.0
    for n in dict.fromkeys((given.posts, given.peer_posts or given.posts)):
        with tempfile.TemporaryDirectory() as made_for_it:
            folder = Path(made_for_it)
            normals = prepare(folder, posts[:n])
            runs = all_runs(partial(ours, folder), folder)
            whole = whole or runs["first"]["whole"]
            lines.append(row("Sillage, NMF over TF-IDF", n, runs, normals))
            if given.peer_python and n == (given.peer_posts or given.posts):
                seconds = embed(folder, posts[:n])
                print(f"The vectors for BERTopic took {seconds:.0f} s, which its row does not count.\n")
                runs = all_runs(partial(peer, given.peer_python, folder), folder)
                lines.append(row("BERTopic, UMAP and HDBSCAN", n, runs, normals))
    print(
        "| System | Posts | Topics | s | CPU s | Peak MB | NPMI | Noise | ARI, two seeds | ARI, two orders | ARI, nine in ten |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    print("\n".join(lines))
    print(f"\nWith summary and counts the first row took {whole:.1f} s.")
    if not given.peer_python:
        print("BERTopic was not measured: give --peer-python.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.path.insert(0, str(Path(__file__).parents[1]))
        print(json.dumps(measured(Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)))
    else:
        main()
