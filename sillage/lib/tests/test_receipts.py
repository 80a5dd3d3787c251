"""A number comes with what proves it, and missing is never 0."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sillage.lib.receipts import (
    FormulaMalformed,
    Input,
    Metric,
    inputs_as_json,
    inputs_from_json,
    receipt_hash,
    receipt_of,
    register,
    weakest_class,
)

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def _metric(formula: str, version: int = 1) -> Metric:
    return Metric("test.rate", version, formula, "ratio", "up", frozenset({"public"}), "this test")


def _receipt(formula: str, **inputs: object):
    given = {name: Input(value, (), "public") for name, value in inputs.items()}
    return receipt_of(_metric(formula), given, subject="account:1", n=1, computed_at=NOON, code_version="t")


@pytest.mark.parametrize(
    ("formula", "inputs", "value"),
    [
        ("likes / followers", {"likes": 30, "followers": 1000}, 0.03),
        ("median(rates) * 100", {"rates": [0.1, 0.5, 0.2]}, 20.0),
        ("sum(parts) - penalty", {"parts": [1.5, 2.5], "penalty": 1}, 3.0),
        ("median(ratios(likes, views))", {"likes": [1, 4], "views": [10, 10]}, 0.25),
        ("-a + 2", {"a": 1}, 1.0),
    ],
)
def test_a_formula_is_computed(formula, inputs, value):
    assert _receipt(formula, **inputs).value == pytest.approx(value)


def test_whatever_touches_a_missing_input_is_missing():
    assert _receipt("likes / followers", likes=None, followers=10).value is None


@pytest.mark.parametrize("formula", ["likes / followers", "mean(xs) / followers"])
def test_a_division_by_zero_is_missing_not_infinite(formula):
    assert _receipt(formula, likes=1, xs=[1], followers=0).value is None


def test_the_median_of_nothing_is_missing():
    assert _receipt("median(xs)", xs=[]).value is None


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os')",
        "likes.real",
        "[x for x in likes]",
        "open(likes)",
        "likes ** 9",
        "'a' + likes",
        "likes +",
    ],
)
def test_only_arithmetic_is_allowed(formula):
    with pytest.raises(FormulaMalformed):
        _receipt(formula, likes=1)


def test_one_name_and_version_has_one_definition():
    register(_metric("a / b", version=7))
    register(_metric("a / b", version=7))
    with pytest.raises(FormulaMalformed, match="registered twice"):
        register(_metric("b / a", version=7))


def test_the_hash_covers_value_inputs_and_time():
    first, other = _receipt("a / b", a=1, b=2), _receipt("a / b", a=1, b=4)
    assert first.hash != other.hash
    again = inputs_from_json(inputs_as_json(first.inputs))
    assert first.hash == receipt_hash("account:1", _metric("a / b"), first.value, again, "public", 1, NOON, "t")
    assert first.hash != receipt_hash("account:1", _metric("a / b"), 0.51, again, "public", 1, NOON, "t")


def test_an_estimate_makes_the_whole_number_an_estimate():
    assert weakest_class(["public", "estimated", "authenticated"]) == "estimated"
    assert weakest_class(["authenticated", "public"]) == "public"
    assert weakest_class([]) == "derived"


def test_the_same_number_about_two_subjects_has_two_receipts():
    inputs = {"a": Input(1), "b": Input(2)}
    made = [
        receipt_of(_metric("a / b"), inputs, subject=subject, n=1, computed_at=NOON, code_version="t")
        for subject in ("account:1", "account:2")
    ]
    assert made[0].key != made[1].key
