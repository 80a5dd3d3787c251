"""BERTopic on the texts and vectors that `bench/topics.py` wrote; run by the Python that has it, not by Sillage's.

`python topics_peer.py FOLDER SEED OUT`: FOLDER holds texts.json (tokens, stop words, order) and vectors.npy; OUT gets labels,
the topics' words, seconds, seconds of CPU and the peak of memory. BERTopic's defaults, but for UMAP's seed and a
vectoriser that reads the same tokens and leaves out the same stop words.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from bertopic import BERTopic
from sklearn.feature_extraction.text import CountVectorizer
from umap import UMAP

WORDS = 10


def main() -> None:
    folder, seed, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    given = json.loads((folder / "texts.json").read_text(encoding="utf8"))
    order = np.array(
        json.loads((folder / sys.argv[4]).read_text()) if len(sys.argv) > 4 else range(len(given["texts"]))
    )
    texts = [given["texts"][i] for i in order]
    vectors = np.load(folder / "vectors.npy")[order]
    UMAP(n_neighbors=5, n_components=5, metric="cosine", random_state=seed).fit(
        vectors[:300]
    )  # compiled before the clock
    started, busy = time.perf_counter(), time.process_time()
    model = BERTopic(
        embedding_model=None,
        umap_model=UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed
        ),
        vectorizer_model=CountVectorizer(
            tokenizer=str.split, token_pattern=None, lowercase=False, stop_words=given["stop"]
        ),
    )
    found, _ = model.fit_transform(texts, vectors)
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    labels = np.full(len(given["texts"]), -1)
    labels[order] = found
    words = {int(t): [w for w, _ in (model.get_topic(t) or []) if w][:WORDS] for t in set(found) if t >= 0}
    answer = {
        "labels": labels.tolist(),
        "words": list(words.values()),
        "seconds": seconds,
        "cpu": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    out.write_text(json.dumps(answer), encoding="utf8")


if __name__ == "__main__":
    main()
