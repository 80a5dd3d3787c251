"""What a person reads when a mapping is wrong: where, what, and what would have been valid."""

from __future__ import annotations

from textwrap import dedent

import pytest

from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.engine.mapping_text import MappingMalformed
from sillage.catalogue.engine.shipped import shipped_mappings

GOOD = """\
[account]
network = { constant = "tiktok" }
network_id = "author"
handle = "author"

[post]
network_id = "id"
published_at = { column = "time", time = "unix" }
"""


def error_of(text: str) -> MappingMalformed:
    with pytest.raises(MappingMalformed) as caught:
        parse_mapping(text, "mine.toml")
    return caught.value


def shown(error: MappingMalformed) -> str:
    return f"{error.place}: {error.message}\n{error.hint}"


GOLDEN = {
    "a line that is not TOML": (
        GOOD.replace('network_id = "id"', "network_id = id"),
        """\
        mine.toml:7:14: This is not TOML: Invalid value.
           7 | network_id = id
                            ^
        See https://toml.io.""",
    ),
    "an unknown field": (
        GOOD + 'titel = "title"\n',
        """\
        mine.toml:9:1: “titel” means nothing in [post].
           9 | titel = "title"
               ^^^^^
        Did you mean “title”? Valid: network_id, published_at, title, text, hashtags, format, url, language, \
paid_label, duration_s.""",
    ),
    "an unknown network": (
        GOOD.replace("tiktok", "tiktoc"),
        """\
        mine.toml:2:13: “tiktoc” is no network.
           2 | network = { constant = "tiktoc" }
                           ^^^^^^^^
        Valid: bluesky, facebook, instagram, mastodon, rss, snapchat, tiktok, twitch, x, youtube.""",
    ),
    "a missing required field": (
        GOOD.replace('network_id = "id"\n', ""),
        """\
        mine.toml:6:1: [post] says nothing of “network_id”.
           6 | [post]
               ^^^^^^
        It needs network_id, published_at.""",
    ),
    "an unknown key of a rule": (
        GOOD.replace("time = ", "tiem = "),
        """\
        mine.toml:8:35: “tiem” means nothing in the rule of “published_at”.
           8 | published_at = { column = "time", tiem = "unix" }
                                                 ^^^^
        Did you mean “time”? Valid: column, constant, missing, missing_if, strip_prefix, replace, split, strip, map, \
hash, time, timezone.""",
    ),
    "a measure that nobody measures, in the second block": (
        GOOD
        + """
[[observation]]
measure = "likes"
value = "likes"
api_field = "likes"
source_class = "public"

[[observation]]
measure = "smiles"
value = "smiles"
api_field = "smiles"
source_class = "public"
""",
        """\
        mine.toml:17:1: “smiles” is no measure.
          17 | measure = "smiles"
               ^^^^^^^
        Valid: followers, following, posts, views, likes, dislikes, comments, shares, saves, reach.""",
    ),
    "a rule with neither column nor constant": (
        GOOD.replace('"author"\n\n', "{ strip = '@' }\n\n"),
        """\
        mine.toml:4:1: “handle” needs a column or a constant, one of the two.
           4 | handle = { strip = '@' }
               ^^^^^^
        For example { column = "username" } or { constant = "tiktok" }.""",
    ),
    "a time format without a day": (
        GOOD.replace('"unix"', '"%Y-%m"'),
        """\
        mine.toml:8:35: “%Y-%m” does not say which day.
           8 | published_at = { column = "time", time = "%Y-%m" }
                                                 ^^^^
        Write "iso", "unix", "unix_ms" or a format such as "%d/%m/%Y %H:%M".""",
    ),
    "no account": (
        '[post]\nnetwork_id = "id"\n',
        """\
        mine.toml:1:1: The mapping has no [account] section.
           1 | [post]
               ^
        Every row belongs to an account: say which columns name it.""",
    ),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_the_error_points_at_its_place_and_says_what_is_valid(case: str) -> None:
    text, golden = GOLDEN[case]
    assert shown(error_of(text)) == dedent(golden)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ('[source]\nseparator = ";;"\n', "not one character"),
        ('[source]\nencoding = "utf-9"\n', "no encoding"),
        ('[source]\nformat = "xls"\n', "no format"),
        ('[[observation]]\nmeasure = "likes"\n', "says nothing of “value”"),
        (
            '[[observation]]\nmeasure = "likes"\nvalue = "l"\napi_field = "l"\nsource_class = "guessed"\n',
            "is no source_class",
        ),
        ('[comment]\ntext = "c"\n', "says nothing of “post_network_id”"),
        ('[observation]\nmeasure = "likes"\n', "Observations are blocks"),
        ('[source]\nseparator = "\\n"\n', "not one character"),
        ('[source]\nquote = ","\n', "are the same"),
        ('[source]\nencoding = "punycode"\n', "no encoding"),
        ('[source]\nencoding = "undefined"\n', "no encoding"),
        ('[source]\nencoding = "a\\u0000b"\n', "no encoding"),
        ('[source]\ncolumns_may_be_absent = "yes"\n', "is not true or false"),
        (
            '[[observation]]\nmeasure = "likes"\nvalue = "l"\napi_field = ""\nsource_class = "public"\n',
            "“api_field” has 0 characters",
        ),
    ],
)
def test_other_wrong_mappings_are_refused(change: str, part: str) -> None:
    error = error_of(f"{GOOD}\n{change}")
    assert part in error.message
    assert error.place.startswith("mine.toml:1") and error.hint


@pytest.mark.parametrize("zone", ["Paris", "Europe", "x" * 5_000, "", "../../etc/passwd"])
def test_a_wrong_time_zone_is_refused(zone: str) -> None:
    assert "no time zone" in error_of(GOOD.replace('"unix"', f'"iso", timezone = "{zone}"')).message


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ('text = { constant = "a\\u0000b" }', "a control character"),
        ('language = { constant = "français" }', "is not a language's code"),
        ('paid_label = { constant = "perhaps" }', "neither yes nor no"),
        ('hashtags = { column = "tags", split = "" }', "“split” is empty"),
    ],
)
def test_what_no_row_could_make_right_is_refused_with_the_mapping(line: str, part: str) -> None:
    error = error_of(f"{GOOD}{line}\n")
    assert part in error.message and error.place.startswith("mine.toml:9:")


def test_a_mapping_may_begin_with_a_byte_order_mark_and_one_nested_without_end_is_refused() -> None:
    assert parse_mapping(f"\ufeff{GOOD}", "mine.toml").post is not None
    assert "Nested too deep" in error_of(f"a = {'[' * 5_000}{']' * 5_000}").message


def test_the_digest_of_a_mapping_covers_its_text() -> None:
    assert parse_mapping(GOOD, "a.toml").digest != parse_mapping(GOOD + "# changed\n", "a.toml").digest


def test_every_shipped_mapping_is_well_formed_and_named_as_its_file() -> None:
    mappings = shipped_mappings()
    assert set(mappings) >= {"youtube-trending", "tiktok-trending", "sillage-posts", "sillage-creators"}
    assert all(mapping.title for mapping in mappings.values())


def test_the_agency_spreadsheet_mapping_reads_no_contact_data() -> None:
    columns = shipped_mappings()["sillage-creators"].columns
    assert not {"email", "e-mail", "phone", "telephone", "address"} & set(columns)
