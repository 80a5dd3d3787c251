"""Affinity, and the protocol that asks whether it finds a creator by what they write."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sillage.discovery.engine.affinity import Background, background, count_words, fused, lexical_share
from sillage.discovery.evaluation.affinity import AffinityDifference, AffinityEvaluation, evaluate_affinity, held_out
from sillage.discovery.evaluation.full_text import bm25
from sillage.discovery.evaluation.report import as_markdown
from sillage.discovery.evaluation.systems import DENSE, FULL_TEXT, FUSED, LEXICAL
from sillage.discovery.evaluation.videos import COLUMNS, TIKTOK_COLUMNS, read_videos, without_name
from sillage.lib.errors import Malformed, NotFound

# The formula


def test_affinity_is_the_sum_of_its_parts_in_deviations_of_the_background() -> None:
    parts = fused(
        [0.3, 0.1],
        [0.5, 0.1],
        lexical_background=Background(0.1, 0.05),
        dense_background=Background(0.1, 0.2),
        share=0.25,
    )
    assert parts.lexical == pytest.approx([1.0, 0.0])
    assert parts.dense == pytest.approx([1.5, 0.0])
    assert parts.total == pytest.approx([2.5, 0.0])


def test_without_dense_vectors_the_words_decide_alone() -> None:
    parts = fused([0.3], None, lexical_background=Background(0.1, 0.1), dense_background=None, share=lexical_share(2))
    assert parts.total == pytest.approx([2.0])


def test_words_weigh_more_the_more_of_them_there_are() -> None:
    shares = lexical_share([0, 7, 18, 60])
    assert shares[0] == 0
    assert shares[2] == pytest.approx(0.5)
    assert (np.diff(shares) > 0).all()
    assert shares[3] < 1
    assert count_words("Clean beauty, à 2 pas !") == 3


def test_a_background_that_does_not_vary_and_a_share_beyond_one_are_errors() -> None:
    assert background([0.0, 0.2]) == Background(0.1, 0.1)
    for constant in ([], [0.5, 0.5]):
        with pytest.raises(ValueError, match="does not vary"):
            background(constant)
    one = Background(0, 1)
    with pytest.raises(ValueError, match="a share outside"):
        fused([0.1], [0.1], lexical_background=one, dense_background=one, share=1.5)


# The baseline


def test_full_text_search_prefers_the_rare_word_and_the_short_text_and_ignores_stop_words() -> None:
    documents = ["serum review", "serum review and a long walk in the park with music", "football park", "the and of"]
    scores = bm25(["the serum", "football review"], documents)
    assert scores.shape == (2, 4)
    assert scores[0, 0] > scores[0, 1] > 0 == scores[0, 2] == scores[0, 3]
    assert scores[1, 2] > scores[1, 0]
    idf = np.log1p((4 - 2 + 0.5) / (2 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 2 / np.mean([2, 6, 2, 0]))
    assert scores[0, 0] == pytest.approx(idf * 2.2 / (1 + norm))


# The data


WORDS = {
    "Cook With Ada": "recipe kitchen sauce pasta oven baking dinner lemon butter garlic",
    "RunBruno": "marathon training running shoes trail stretch interval race coach knee",
    "Chiara Beauty": "serum skincare cream routine makeup lipstick mascara glow foundation brush",
    "Dario Plays": "game console boss level speedrun controller quest multiplayer patch loot",
    "Eva Reads": "novel chapter library author bookshelf poetry plot review ending sequel",
    "Farid Drives": "engine motor garage tyres turbo brakes gearbox highway diesel clutch",
}


def _write(path: Path, videos: int) -> Path:
    rng = np.random.default_rng(1)
    with gzip.open(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for category, (channel, words) in enumerate(WORDS.items()):
            for number in range(videos):
                chosen = list(rng.permutation(words.split())[:5])
                title = f"{channel} talks about the {' and the '.join(chosen[:3])} today"
                writer.writerow([f"{category}-{number}", title, channel, category // 2, "|".join(chosen[3:])])
        writer.writerow(["0-0", "Seen a second time on another day", "Cook With Ada", 0, "[none]"])
        writer.writerow(["9", "Ma routine du soir pour une peau apaisée", "Gaëlle", 1, "soin|visage"])
    return path


class WordVectors:
    """An embedder for tests: each word of WORDS is a direction of its own."""

    name, version = "word vectors", "1"
    vocabulary = " ".join(WORDS.values()).split()
    dims = len(vocabulary)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([[text.count(word) for word in self.vocabulary] for text in texts], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    _write(folder / "USvideos.csv.gz", videos=6)
    return folder


@pytest.fixture(scope="module")
def evaluation(data: Path) -> AffinityEvaluation:
    return evaluate_affinity(data, WordVectors(), seed=1)


def test_a_video_counts_once_in_english_and_without_its_channel_s_name(data: Path) -> None:
    videos = read_videos(data, seed=1)
    assert len(videos.titles) == 36
    assert set(videos.channels) == set(WORDS)
    assert not any("ada" in title.lower().split() for title in videos.titles)
    assert read_videos(data, seed=1) == videos
    assert read_videos(data, seed=2).titles != videos.titles


def test_names_are_taken_out_however_they_are_written() -> None:
    assert without_name("Émile et EMILE: emile123, TheEllenShow, ellen", "Émile").split() == [
        *("et", ":", "emile123,", "TheEllenShow,", "ellen")
    ]
    assert without_name("ellen and the Show by TheEllenShow", "TheEllenShow").split() == ["and", "by"]


def test_captions_are_read_without_their_tags_and_asked_of_everybody(tmp_path: Path) -> None:
    with (tmp_path / "trending_min.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*TIKTOK_COLUMNS, "likes"])
        for author, words in WORDS.items():
            for number in range(4):
                one, other, *tags = words.split()[number : number + 4]
                text = f"This is about the {one} and the {other} #{tags[0]} @somebody"
                writer.writerow([f"{author}-{number}", text, author, "|".join(tags), 3])
            writer.writerow([f"{author}-none", "#fyp", author, "fyp", 3])
    videos = read_videos(tmp_path, seed=1)
    assert len(videos.titles) == 24 and videos.categories is None
    assert not any("#" in title or "somebody" in title for title in videos.titles)

    evaluation = evaluate_affinity(tmp_path, WordVectors(), seed=1)
    assert {row.task for row in evaluation.rows} == {
        f"{task}, {words}" for task in ("profile", "post") for words in ("captions + hashtags", "captions")
    }
    assert {row.channels for row in evaluation.rows} == {6}
    assert "questions about all channels on which nothing was chosen" in as_markdown(evaluation)


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        read_videos(tmp_path, seed=1)
    foreign = tmp_path / "other.csv"
    foreign.write_text("a,b\n1,2\n")
    with pytest.raises(Malformed, match="not a table of trending videos"):
        read_videos(foreign, seed=1)


# The protocol


def test_every_system_answers_every_task_with_an_interval_around_its_figure(evaluation: AffinityEvaluation) -> None:
    assert len(evaluation.rows) == 2 * 5 * 4
    assert {row.system for row in evaluation.rows} == {FUSED, LEXICAL, DENSE, FULL_TEXT}
    for row in evaluation.rows:
        assert 0 <= row.low <= row.value <= row.high <= 1
        assert row.channels == 3
        assert row.n == {"prof": 3 * 40, "post": 18, "topi": 18}[row.task[:4]]


def test_channels_with_words_of_their_own_are_found(evaluation: AffinityEvaluation) -> None:
    profile = {row.system: row.value for row in evaluation.rows if row.task == "profile, titles + tags"}
    assert profile == dict.fromkeys(profile, 1.0)


def test_another_run_with_the_same_seed_gives_the_same_figures(data: Path, evaluation: AffinityEvaluation) -> None:
    assert evaluate_affinity(data, WordVectors(), seed=1) == evaluation


def test_questions_come_from_the_half_on_which_nothing_was_chosen() -> None:
    channels = [f"channel {number}" for number in range(101)]
    assert len(held_out(channels)) == 51
    assert held_out(channels) == held_out(channels[::-1] * 2)


def test_another_full_text_engine_can_take_the_baseline_s_place(data: Path) -> None:
    def blind(queries: Sequence[str], documents: Sequence[str]) -> np.ndarray:
        return np.zeros((len(queries), len(documents)))

    rows = evaluate_affinity(data, WordVectors(), seed=1, full_text=blind).rows
    post = {row.system: row.value for row in rows if (row.task, row.metric) == ("post, titles", "hit@1")}
    assert post[FULL_TEXT] < post[FUSED]


def test_a_difference_wins_or_loses_only_when_its_interval_excludes_nothing() -> None:
    verdicts = [
        AffinityDifference("post", "hit@1", LEXICAL, 0.0, low, high).verdict
        for low, high in ((0.01, 0.2), (-0.1, 0.1), (-0.2, -0.01))
    ]
    assert verdicts == ["wins", "ties", "loses"]


def test_the_page_shows_every_figure_and_what_it_ran_on(evaluation: AffinityEvaluation) -> None:
    page = as_markdown(evaluation)
    assert "36 English videos of 6 channels" in page
    assert "affinity/1" in page
    assert page.count("\n| ") == 10 + 10 + 2
    assert "| profile, titles + tags | hit@1 | 120 (3) | 1.000 [1.000, 1.000] |" in page
