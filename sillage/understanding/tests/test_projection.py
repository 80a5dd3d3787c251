"""Short vectors: a projection keeps the neighbours, a card answers a weighted question by one product."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sillage.understanding.engine.projection import (
    CARD_DIMS,
    DENSE_DIMS,
    LEXICAL_DIMS,
    THEME_DIMS,
    Projection,
    card_vector,
    fit_projection,
    query_vector,
    unit,
)

RNG = np.random.default_rng(3)


def _sample(rows: int, columns: int, rank: int) -> np.ndarray:
    return (RNG.normal(size=(rows, rank)) @ RNG.normal(size=(rank, columns))).astype(np.float32)


def test_cosines_survive_when_the_dimensions_suffice() -> None:
    sample = _sample(60, 200, rank=8)
    projection = fit_projection(sample, 8)
    assert projection.kept == pytest.approx(1, abs=1e-3)
    short = projection.transform(sample)
    full = unit(sample)
    assert short.shape == (60, 8)
    assert np.abs(short @ short.T - full @ full.T).max() < 0.01


def test_sparse_and_dense_samples_give_the_same_projection() -> None:
    sample = np.abs(_sample(40, 50, rank=5))
    assert fit_projection(csr_matrix(sample), 6).matrix == pytest.approx(fit_projection(sample, 6).matrix, abs=2e-3)


def test_a_sample_smaller_than_the_dimensions_leaves_the_rest_zero() -> None:
    projection = fit_projection(_sample(3, 20, rank=3), 10)
    assert projection.matrix.shape == (20, 10)
    assert not projection.matrix[:, 3:].any()


def test_centring_takes_the_common_direction_away_and_leaves_nothing_written_at_zero() -> None:
    sample = _sample(80, 12, rank=12) + np.float32(20)
    projection = fit_projection(sample, 12, centre=True)
    assert unit(sample)[:5].mean(axis=0) @ unit(sample)[5] > 0.8
    assert abs((projection.transform(sample) @ projection.transform(sample).T).mean()) < 0.1
    assert not projection.transform(np.zeros((1, 12), dtype=np.float32)).any()


@pytest.mark.parametrize("centre", [False, True])
def test_the_stored_projection_is_the_same_projection(centre: bool) -> None:
    sample = _sample(30, 20, rank=10)
    projection = fit_projection(sample, 5, centre=centre)
    again = Projection.from_bytes(projection.to_bytes())
    assert again.version == projection.version
    assert np.array_equal(again.transform(sample), projection.transform(sample))


def test_the_product_of_query_and_card_is_the_weighted_sum_of_three_cosines() -> None:
    widths = (THEME_DIMS, LEXICAL_DIMS, DENSE_DIMS)
    account = [RNG.normal(size=(4, width)).astype(np.float32) for width in widths]
    brief = [RNG.normal(size=width).astype(np.float32) for width in widths]
    weights = (0.5, 0.2, 0.3)
    cards = card_vector(*account)
    assert cards.shape == (4, CARD_DIMS) == (4, 384)
    cosines = [unit(rows) @ unit(block) for rows, block in zip(account, brief, strict=True)]
    expected = sum(weight * cosine for weight, cosine in zip(weights, cosines, strict=True))
    assert cards @ query_vector(*brief, weights=weights) == pytest.approx(expected, abs=1e-5)


def test_a_missing_block_adds_nothing_and_a_block_of_the_wrong_width_is_an_error() -> None:
    themes = np.eye(1, THEME_DIMS, dtype=np.float32)[0]
    nothing = np.zeros(LEXICAL_DIMS), np.zeros(DENSE_DIMS)
    card = card_vector(themes, *nothing)
    assert card @ query_vector(themes, *nothing, weights=(0.7, 1, 1)) == pytest.approx(0.7)
    with pytest.raises(ValueError, match="a block of 95"):
        card_vector(themes[:95], *nothing)
