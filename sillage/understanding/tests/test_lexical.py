"""Lexical vectors: fitted on a corpus, kept without pickle, near where the words are near."""

from __future__ import annotations

import io

import numpy as np
import pytest

from sillage.understanding.engine.lexical import LexicalModel, fit_lexical, min_documents

CORPUS = [
    "Ma routine beauté du soir : sérum et crème de nuit",
    "Crème hydratante et sérum, mon avis honnête",
    "Recette de tarte aux pommes facile",
    "La tarte au citron de ma grand-mère",
    "Entraînement de course à pied, dix kilomètres",
]


@pytest.fixture(scope="module")
def model() -> LexicalModel:
    return fit_lexical(CORPUS)


def test_a_text_is_nearest_to_the_one_that_shares_its_words(model: LexicalModel) -> None:
    products = (model.transform(CORPUS) @ model.transform(["sérum et crème"]).T).toarray().ravel()
    assert set(np.argsort(-products)[:2]) == {0, 1}
    assert products[4] < 0.1


def test_the_product_of_a_text_with_itself_is_one(model: LexicalModel) -> None:
    rows = model.transform(CORPUS)
    assert rows.shape == (5, model.width)
    assert rows.dtype == np.float32
    assert rows.multiply(rows).sum(axis=1) == pytest.approx(np.ones((5, 1)), abs=1e-5)


def test_accents_case_links_and_small_misspellings_do_not_separate(model: LexicalModel) -> None:
    clean, same, misspelt = model.transform(
        ["crème hydratante", "CREME HYDRATANTE https://example.org/tarte", "creme hydratente"]
    ).toarray()
    assert clean @ same == pytest.approx(1, abs=1e-5)
    assert 0.4 < clean @ misspelt < 1


def test_a_text_of_unknown_words_is_a_row_of_zeros(model: LexicalModel) -> None:
    assert model.transform(["", "😀😀", "ζζζζ"]).nnz == 0
    assert model.transform([]).shape == (0, model.width)


def test_the_stored_model_is_the_same_model_and_holds_no_pickle(model: LexicalModel) -> None:
    data = model.to_bytes()
    again = LexicalModel.from_bytes(data)
    assert (again.version, again.documents) == (model.version, 5)
    assert (again.transform(CORPUS) != model.transform(CORPUS)).nnz == 0
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} == {"f", "u"}


def test_the_version_follows_the_corpus(model: LexicalModel) -> None:
    assert fit_lexical(CORPUS).version == model.version
    assert fit_lexical([*CORPUS, "Course de côte"]).version != model.version


def test_caps_keep_the_most_frequent_terms() -> None:
    small = fit_lexical(CORPUS, word_cap=3, character_cap=7)
    assert len(small.words) == 3
    assert len(small.characters) == 7
    assert "de" in small.words
    assert [small.term(column) for column in (0, 3)] == [small.words[0], small.characters[0]]


def test_rare_terms_are_dropped_in_a_large_corpus_only() -> None:
    assert [min_documents(corpus) for corpus in (5, 1_999, 2_000, 60_000)] == [1, 1, 2, 3]
