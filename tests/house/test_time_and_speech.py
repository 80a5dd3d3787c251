"""Time is told to the product by its doors, it never sleeps, and it speaks only through doors."""

from __future__ import annotations

import ast
import fnmatch

import pytest

from tests.house.source import dotted, origins, product

# Who may name these. A door reads the clock once and hands `now` down; so do the front and what lets callers in.
DOORS = (
    *(
        "*.api",
        "*.api.*",
        "*.cli",
        "*.cli.*",
        "*.views",
        "*.views.*",
        "*.admin",
        "front.*",
        "governance.access",
        "governance.api_access",
    ),
    *("*.templatetags.*", "*.specimens"),
)
CONNECTING = "catalogue.actions.connecting"  # gives a connector the clock and the wait that tests replace
CLOCKS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "django.utils.timezone.now",
    "time.time",
)
FORBIDDEN = {
    **dict.fromkeys(CLOCKS, (*DOORS, "adapters.*", CONNECTING)),
    "django.utils.timezone.localdate": DOORS,
    "time.sleep": ("adapters.*", CONNECTING),
    "print": (),
    "breakpoint": (),
    "input": (),
}
TRANSLATED = ("gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "_")


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_only_the_outermost_code_touches(name: str) -> None:
    wrong = [
        module.at(node)
        for module in product()
        if not any(fnmatch.fnmatch(module.name, pattern) for pattern in FORBIDDEN[name])
        for node in module.nodes
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node, origins(module)) == name
    ]
    assert not wrong


def test_a_text_to_translate_is_a_constant() -> None:
    """A text put together before it is looked up is not in the catalogue of texts."""
    wrong = [
        module.at(call)
        for module in product()
        for call in module.calls()
        if dotted(call.func, origins(module)).rpartition(".")[2] in TRANSLATED
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not wrong
