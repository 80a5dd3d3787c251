"""Does a follower's profile look like a person's? Learnt from labelled profiles; fields of the profile only, no content.

No model of it is shipped: a network gives nobody's follower lists to strangers, and what is learnt on one network and year
does not hold on another. It is here so that whoever has labelled followers can train and measure it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import ensemble, linear_model, metrics, model_selection, pipeline, preprocessing

FOLDS = 5
CUTS = tuple(np.round(np.arange(0.2, 0.71, 0.05), 2))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FollowerProfile:
    posts: int
    following: int
    followers: int
    has_picture: bool
    is_private: bool
    name_length: int
    name_digits: int


def features_of(profiles: Sequence[FollowerProfile]) -> Floats:
    """float64 (profiles, 14): sizes as logarithms, how they relate, and what the name is made of."""
    p, f, w = (
        np.array([getattr(one, name) for one in profiles], dtype=np.float64)
        for name in ("posts", "following", "followers")
    )
    length = np.array([one.name_length for one in profiles], dtype=np.float64)
    digits = np.array([one.name_digits for one in profiles], dtype=np.float64)
    picture = np.array([one.has_picture for one in profiles], dtype=np.float64)
    private = np.array([one.is_private for one in profiles], dtype=np.float64)
    log_p, log_f, log_w = np.log1p(p), np.log1p(f), np.log1p(w)
    return np.column_stack(
        [
            *(log_p, log_f, log_w, log_f - log_w, log_p - log_w, log_p - log_f, log_f + log_w - 2 * log_p),
            *(p == 0, picture, private, length, digits, digits / np.maximum(length, 1), picture + private + (p > 0)),
        ]
    )


@dataclass(frozen=True, eq=False)
class FollowerModel:
    """The mean probability of its members; `cut` is the probability from which a profile is called fake."""

    members: tuple[object, ...]
    names: tuple[str, ...]
    cut: float

    def probabilities(self, features: Floats) -> Floats:
        """Of being fake, float64 (profiles,)."""
        each = [member.predict_proba(features)[:, 1] for member in self.members]  # type: ignore[attr-defined]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)


def train_followers(features: Floats, is_fake: NDArray[np.bool_], *, seed: int) -> FollowerModel:
    """Choose among kinds of classifiers and their mean, and the cut, by cross-validation inside these examples only."""
    kinds = _kinds(seed)
    within = {name: _held_out(name, features, is_fake, seed) for name in kinds}
    choices: list[tuple[str, ...]] = [*((name,) for name in kinds), tuple(kinds), ("forest", "extra")]
    best = max(choices, key=lambda names: _precision(names, within, is_fake))
    scores = np.mean([within[name] for name in best], axis=0)
    cut = max(CUTS, key=lambda c: (float(np.mean((scores >= c) == is_fake)), -abs(c - 0.4)))
    members = tuple(_kinds(seed)[name].fit(features, is_fake) for name in best)  # type: ignore[attr-defined]
    return FollowerModel(members, best, float(cut))


def _kinds(seed: int) -> dict[str, object]:
    return {
        "forest": ensemble.RandomForestClassifier(400, min_samples_leaf=2, max_features=0.4, random_state=seed),
        "extra": ensemble.ExtraTreesClassifier(400, min_samples_leaf=2, max_features=0.5, random_state=seed),
        "boosting": ensemble.HistGradientBoostingClassifier(
            max_iter=120, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=2.0, random_state=seed
        ),
        "line": pipeline.make_pipeline(
            preprocessing.StandardScaler(), linear_model.LogisticRegression(C=1.0, max_iter=2_000)
        ),
    }


def _held_out(name: str, features: Floats, is_fake: NDArray[np.bool_], seed: int) -> Floats:
    scores = np.zeros(len(is_fake))
    for fit, ask in model_selection.StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, is_fake):
        model = _kinds(seed)[name].fit(features[fit], is_fake[fit])  # type: ignore[attr-defined]
        scores[ask] = model.predict_proba(features[ask])[:, 1]
    return scores


def _precision(names: tuple[str, ...], within: dict[str, Floats], is_fake: NDArray[np.bool_]) -> float:
    return float(metrics.average_precision_score(is_fake, np.mean([within[name] for name in names], axis=0)))
