"""What takes long to load is loaded when it is used, and those who check types and floors see it all the same."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, dotted, origins, product

SLOW = (
    "scipy",
    "sklearn",
    "lightgbm",
    "onnx",
    "onnxruntime",
    "openpyxl",
    "polars",
    "pyarrow",
    "tokenizers",
    "xlsxwriter",
)
BY_NAME = ("adapters.embedders.graph", "adapters.embedders.minilm", "adapters.embedders.onnx_folder")  # late themselves
WITH_LATE = [m for m in product() if any(dotted(c.func, origins(m)).endswith("late.Late") for c in m.calls())]


def _seen_by_checkers(module: Module) -> list[ast.If]:
    """The module's `if TYPE_CHECKING:` statements."""
    tests = (node for node in module.tree.body if isinstance(node, ast.If))
    return [node for node in tests if dotted(node.test, origins(module)) == "typing.TYPE_CHECKING"]


def _imported(body: list[ast.stmt]) -> dict[str, str]:
    """{name: dotted name of the module} of imports."""
    found: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names}
    return found


def _late(body: list[ast.stmt]) -> dict[str, str]:
    """{name: dotted name of the module} of `name = Late("module")`."""
    return {
        node.targets[0].id: node.value.args[0].value
        for node in body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.args[0], ast.Constant)
    }


def test_a_library_that_takes_long_to_load_is_taken_from_lib_late() -> None:
    wrong = []
    for module in product():
        if module.name in BY_NAME:
            continue
        for_checkers = {inner for node in _seen_by_checkers(module) for one in node.body for inner in ast.walk(one)}
        imports = [n for n in module.nodes if isinstance(n, ast.Import | ast.ImportFrom) and n not in for_checkers]
        wrong += [
            f"{module.at(node)} imports {name}: take it from sillage.lib.late"
            for node in imports
            for name in _imported([node]).values()
            if name.partition(".")[0] in SLOW
        ]
    assert not wrong


@pytest.mark.parametrize("module", WITH_LATE, ids=lambda m: m.name)
def test_each_late_module_stands_beside_the_import_that_checkers_see(module: Module) -> None:
    seen = _seen_by_checkers(module)
    pairs = [(_imported(node.body), _late(node.orelse)) for node in seen]
    made = [c for c in module.calls() if dotted(c.func, origins(module)).endswith("late.Late")]
    assert made and len(made) == sum(len(late) for _, late in pairs)
    for imported, late in pairs:
        assert imported == late
