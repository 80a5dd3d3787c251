"""Shapes that the API of every room shares. What is typed in is strict: an unknown field is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

T = TypeVar("T")

LARGEST_EXACT = 2**53 - 1  # whole numbers that every JSON reader keeps exactly

BigId = Annotated[
    str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value), Field(pattern="^[0-9]{1,19}$")
]
"""The id of an account or a post: 63 bits, so a string in JSON."""

Limit = Annotated[int, Field(ge=1, le=200)]


class Given(Schema):
    """A body that a program sends."""

    model_config = ConfigDict(extra="forbid")


class Rows(Schema, Generic[T]):
    """One page of a list; `next_cursor` is null at the end."""

    items: list[T]
    next_cursor: str | None = None


def rows(items: Iterable[Any], next_cursor: str | None = None) -> dict[str, Any]:
    return {"items": list(items), "next_cursor": next_cursor}


def exact(value: Any) -> Any:
    """Plain data with whole numbers that some JSON readers would round written as strings."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_EXACT:
        return str(value)
    if isinstance(value, Mapping):
        return {name: exact(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [exact(inner) for inner in value]
    return value
