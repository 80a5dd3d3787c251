"""A test in a browser waits for what it expects: a page may have begun to arrive when its first words are not there yet."""

from __future__ import annotations

import ast

from tests.house.source import every_module, origins

READS_AT_ONCE = (
    *("count", "inner_text", "inner_html", "text_content", "all_inner_texts", "all_text_contents"),
    *("get_attribute", "input_value", "is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked"),
)


def _reads_at_once(node: ast.AST) -> bool:
    """`page.locator(…).count()` and its like: what is there now, whether or not the page has come."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS_AT_ONCE):
        return False
    names = {part.attr for part in ast.walk(node.func.value) if isinstance(part, ast.Attribute)}
    return bool(names & {"locator", "get_by_role", "get_by_text", "get_by_label"}) or node.func.attr != "count"


def test_what_a_page_says_is_expected_and_not_asserted() -> None:
    wrong = [
        module.at(node)
        for module in every_module()
        if "playwright.sync_api.expect" in origins(module).values()
        for asserted in module.nodes
        if isinstance(asserted, ast.Assert)
        for node in ast.walk(asserted)
        if _reads_at_once(node)
    ]
    assert not wrong
