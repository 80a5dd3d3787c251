"""A person reads a module in one sitting and a function at one glance; a name says what is inside."""

from __future__ import annotations

import ast

from tests.house.source import every_module, product

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
SAYS_NOTHING = {
    "base",
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "service",
    "services",
    "util",
    "utils",
}
NAMED_BY_OTHERS = {"adapters.embedded.base": "Django looks for a database engine in this module"}
TESTS_MAY_BE_LONGER = 600  # a behaviour has more examples than code


def test_a_module_is_read_in_one_sitting() -> None:
    lengths = {
        m.name: (len(m.text.splitlines()), TESTS_MAY_BE_LONGER if m.is_test else LONGEST_MODULE) for m in every_module()
    }
    assert not {name: lines for name, (lines, most) in lengths.items() if lines > most}


def test_a_function_is_seen_at_one_glance() -> None:
    functions = [
        (f"{module.at(node)} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for module in product()
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > 1000
    assert not [f"{where}: {lines} lines" for where, lines in functions if lines > LONGEST_FUNCTION]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not {m.name for m in every_module() if SAYS_NOTHING & set(m.name.split("."))} - NAMED_BY_OTHERS.keys()


def test_every_module_of_the_product_says_what_it_is_for() -> None:
    silent = [
        m.name
        for m in product()
        if m.tree.body
        and ast.get_docstring(m.tree) is None
        and not m.name.endswith(".apps")  # Django's bare registration
    ]
    assert not silent
