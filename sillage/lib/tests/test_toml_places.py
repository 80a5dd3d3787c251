"""Where keys and values of a TOML text stand, whatever way they are written."""

from __future__ import annotations

import pytest

from sillage.lib.toml_places import excerpt, line_and_column, places_of

TEXT = '''# a comment with [brackets] and = signs
name = { en = "France", fr = "la France # no comment" }
tags = [
  "one", # remark ]
  'two',
]

[[rule]]
id = "A"
when = { image.retouched = true, image.depicts = ["face"] }

[[rule]]
"id" = "B"
note = """
[not a section]
id = 3
"""

[rule.given.clauses]
pay = { en = "Pay" }
'''


def _value(path) -> str:
    start, end = places_of(TEXT)[path].value
    return TEXT[start:end]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name", "fr"), '"la France # no comment"'),
        (("tags", 0), '"one"'),
        (("tags", 1), "'two'"),
        (("rule", 0, "id"), '"A"'),
        (("rule", 1, "id"), '"B"'),
        (("rule", 0, "when", "image", "retouched"), "true"),
        (("rule", 0, "when", "image", "depicts", 0), '"face"'),
        (("rule", 1, "given", "clauses", "pay", "en"), '"Pay"'),
    ],
)
def test_a_value_is_found_where_it_is_written(path, value):
    assert _value(path) == value


def test_a_key_is_found_with_its_quotes():
    start, end = places_of(TEXT)[("rule", 1, "id")].key
    assert TEXT[start:end] == '"id"'


def test_a_section_is_found_at_its_head():
    start, _ = places_of(TEXT)[("rule", 1)].key
    assert TEXT[start:].startswith('[[rule]]\n"id"')


def test_what_a_long_text_holds_is_no_key():
    assert ("rule", 1, "note") in places_of(TEXT) and ("not a section",) not in places_of(TEXT)


def test_a_place_is_counted_from_one_and_shown_with_a_caret():
    offset = TEXT.index('"A"')
    line, column = line_and_column(TEXT, offset)
    assert (line, column) == (9, 6)
    assert excerpt(TEXT, line, column, 3) == '   9 | id = "A"\n            ^^^'
