"""Sketches of vectors keep the angle between them, whatever the vectors look like, and never change."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from sillage.catalogue.engine.sketch import BITS, sketches


def differing(one: np.ndarray, other: np.ndarray) -> float:
    first, second = (int(sketches(v[None, :].astype(np.float32))[0][1:], 16) for v in (one, other))
    return (first ^ second).bit_count() / BITS


def test_the_share_of_differing_bits_is_the_angle() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        one, other = rng.standard_normal((2, 384)) * (1 + np.arange(384)) ** -0.5
        other = one * rng.uniform(-1, 1) + other * rng.uniform(0, 1)
        angle = np.arccos(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
        assert abs(differing(one, other) - angle / np.pi) < 5 * 0.5 / np.sqrt(BITS)


def test_length_does_not_matter_and_opposites_differ_everywhere() -> None:
    vector = np.random.default_rng(2).standard_normal(384)
    assert differing(vector, 7 * vector) == 0
    assert differing(vector, -vector) == 1


def test_vectors_of_few_themes_are_told_apart_where_plain_signs_are_not() -> None:
    one, near, far = np.zeros((3, 384))
    one[[3, 5]], near[[3, 5, 9]], far[[30, 50]] = (0.9, 0.3), (0.8, 0.3, 0.2), (0.9, 0.3)
    assert differing(one, near) < 0.2 < 0.4 < differing(one, far) < 0.6


def test_a_stored_sketch_stays_readable_by_later_versions() -> None:
    vector = ((np.arange(384) * 37 % 101) - 50).astype(np.float32)
    assert (
        sha256(sketches(vector[None, :])[0].encode()).hexdigest()
        == "c2954b049de6f48f858c7965428dbec4eef9e0df8df5a6a417f1d922de266915"
    )
