"""Numbers with receipts: a register of metrics, formulas as expressions, and the proof of one value.

A formula is a Python expression over named inputs (`likes / followers`), restricted to arithmetic and the functions of
`FUNCTIONS`. An input is a number, a list of numbers, or missing; whatever touches a missing input is missing.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import operator
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Number = float | int
Value = Number | list[Number] | None

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _ratios(numerators: list[Number], denominators: list[Number]) -> list[Number]:
    return [n / d for n, d in zip(numerators, denominators, strict=True)]


def _sums(first: list[Number], second: list[Number]) -> list[Number]:
    return [a + b for a, b in zip(first, second, strict=True)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": math.fsum,
    "count": len,
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "log10": math.log10,
    "ratios": _ratios,
    "sums": _sums,
}


class FormulaMalformed(Exception):
    """A defect of the code that registers a metric, not of a user's input."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number's definition. A change of formula is a new version; old receipts keep theirs."""

    id: str  # "account.engagement_rate"
    version: int
    formula: str
    unit: str  # "people", "ratio", "posts/week", "points" ...
    direction: str  # "up" is better, "down" is better, "none"
    source_classes: frozenset[str]
    reference: str  # where the definition comes from

    @property
    def inputs(self) -> tuple[str, ...]:
        names = {n.id for n in ast.walk(ast.parse(self.formula, mode="eval")) if isinstance(n, ast.Name)}
        return tuple(sorted(names - FUNCTIONS.keys()))


@dataclass(frozen=True, slots=True)
class Input:
    """One named input: its value, what it was read from, and how that was obtained."""

    value: Value
    refs: tuple[str, ...] = ()  # e.g. "observation:ACCOUNT:ID"
    source_class: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one value about one subject (“account:123”). `hash` covers everything else."""

    subject: str
    metric: str
    version: int
    formula: str
    value: float | None
    inputs: Mapping[str, Input]
    source_class: str
    n: int
    computed_at: datetime
    code_version: str
    hash: bytes

    @property
    def key(self) -> str:
        """What people type: the first 16 hexadecimal digits of the hash."""
        return self.hash.hex()[:16]


_REGISTER: dict[tuple[str, int], Metric] = {}


def register(metric: Metric) -> Metric:
    """Add a metric. Registering another definition under the same id and version is a defect."""
    _evaluated(metric.formula, dict.fromkeys(metric.inputs))
    known = _REGISTER.setdefault((metric.id, metric.version), metric)
    if known != metric:
        raise FormulaMalformed(f"{metric.id} version {metric.version} is registered twice with different definitions")
    return metric


def metrics() -> list[Metric]:
    return sorted(_REGISTER.values(), key=lambda m: (m.id, m.version))


def metric_of(metric_id: str, version: int) -> Metric | None:
    return _REGISTER.get((metric_id, version))


def receipt_of(
    metric: Metric, inputs: Mapping[str, Input], *, subject: str, n: int, computed_at: datetime, code_version: str
) -> Receipt:
    """Compute a metric and prove it. Missing inputs give a missing value, never 0."""
    value = _evaluated(metric.formula, {name: given.value for name, given in inputs.items()})
    source = weakest_class([i.source_class for i in inputs.values() if i.source_class])
    digest = receipt_hash(subject, metric, value, inputs, source, n, computed_at, code_version)
    return Receipt(
        subject,
        metric.id,
        metric.version,
        metric.formula,
        value,
        dict(inputs),
        source,
        n,
        computed_at,
        code_version,
        digest,
    )


def recomputed(metric: Metric, inputs: Mapping[str, Input]) -> float | None:
    """The value that the formula gives for these inputs now."""
    return _evaluated(metric.formula, {name: given.value for name, given in inputs.items()})


def weakest_class(classes: list[str]) -> str:
    """The class of a number made from several: estimated spoils public, public spoils authenticated."""
    for name in ("estimated", "public", "authenticated"):
        if name in classes:
            return name
    return "derived"


def receipt_hash(
    subject: str,
    metric: Metric,
    value: float | None,
    inputs: Mapping[str, Input],
    source_class: str,
    n: int,
    computed_at: datetime,
    code_version: str,
) -> bytes:
    document = {
        "subject": subject,
        "metric": [metric.id, metric.version, metric.formula],
        "value": value,
        "inputs": inputs_as_json(inputs),
        "source_class": source_class,
        "n": n,
        "computed_at": computed_at.isoformat(),
        "code_version": code_version,
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).digest()


def inputs_as_json(inputs: Mapping[str, Input]) -> dict[str, Any]:
    return {
        name: {"value": i.value, "refs": list(i.refs), "source": i.source_class} for name, i in sorted(inputs.items())
    }


def inputs_from_json(document: Mapping[str, Any]) -> dict[str, Input]:
    return {name: Input(d["value"], tuple(d["refs"]), d["source"]) for name, d in document.items()}


def _evaluated(formula: str, values: Mapping[str, Value]) -> float | None:
    """Raises FormulaMalformed for anything but arithmetic and FUNCTIONS. Division by zero is missing."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise FormulaMalformed(f"formula {formula!r}: {error.msg}") from error
    try:
        result = _node_value(tree, values, formula)
    except (ZeroDivisionError, statistics.StatisticsError):
        return None
    return None if result is None else float(result)


def _node_value(node: ast.expr, values: Mapping[str, Value], formula: str) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _node_value(operand, values, formula)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            a, b = _node_value(left, values, formula), _node_value(right, values, formula)
            return None if a is None or b is None else _BINARY[type(op)](a, b)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            given = [_node_value(a, values, formula) for a in args]
            return None if any(g is None for g in given) else FUNCTIONS[name](*given)
    raise FormulaMalformed(f"formula {formula!r}: {ast.dump(node)} is not allowed")
