"""What cannot be read is refused in one sentence with a hint, or set aside with its place; nothing is half written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sillage.catalogue.models import Account, Import, Observation, Post
from sillage.front.tests.terminal import Said, Terminal, terminal
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions import bring_up_to_date
from sillage.understanding.models import Profile

__all__ = ["terminal"]

HEADER = b"network,account_id,post_id,published_at,text,likes,observed_at\n"
GOOD = b"tiktok,bea,1,2026-06-01,Bonjour le potager,12,2026-06-02\n"
BRIEF = "Jardinage et potager, en France"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def importing(terminal: Terminal, ada: Actor, folder: Path) -> Callable[..., Said]:
    """`importing(content)` imports a file with these bytes through the program."""

    def run(content: bytes, *more: str, name: str = "posts.csv", mapping: str = "sillage-posts") -> Said:
        (folder / name).write_bytes(content)
        return terminal("import", folder / name, "--mapping", mapping, *more)

    return run


@pytest.fixture
def written() -> Callable[[], dict[str, int]]:
    """How many rows each table has."""

    def count() -> dict[str, int]:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            counts = {}
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counts[table] = cursor.fetchone()[0]
            return counts

    return count


def refused(said: Said, *words: str, code: int = 1) -> None:
    """One sentence and one hint on stderr, nothing on stdout, and no traceback."""
    assert said.code == code, said
    assert said.out == ""
    assert "Traceback" not in said.err
    lines = [line for line in said.err.strip().splitlines() if " Importing " not in line]
    sentence, *shown, hint = lines
    assert all(line.startswith("  ") for line in shown), said.err  # the line to blame, and a caret under it
    assert sentence.endswith(".") and hint.startswith("→ ") and hint.endswith((".", "`")), said.err
    for word in words:
        assert word in said.err, said.err


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("posts.csv", "empty")),
        (HEADER, ("posts.csv", "no rows")),
        ("network,account_id\nénorme".encode("latin-1"), ("posts.csv:", "utf-8", "byte 19")),
        (HEADER.replace(b"account_id", b"creator") + GOOD, ("posts.csv:1:1", "account_id")),
        (HEADER.replace(b"text", b"likes") + GOOD, ("posts.csv:1:1", "likes", "more than once")),
        (b"\x1f\x8b\x08\x00broken", ("posts.csv",)),
    ],
    ids=["empty", "only a header", "wrong encoding", "missing column", "column twice", "broken gzip"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    importing: Callable[..., Said], written: Callable[[], dict[str, int]], content: bytes, words: tuple[str, ...]
) -> None:
    before = written()
    refused(importing(content), *words)
    assert written() == before


def test_bytes_in_another_encoding_in_the_middle_of_a_file_are_told_with_their_place(
    importing: Callable[..., Said],
) -> None:
    said = importing(HEADER + GOOD + GOOD.replace(b"Bonjour", "déjà".encode("latin-1")))
    refused(said, "posts.csv", "utf-8", "byte 145")
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace(b"2026-06-01", b"2087-06-01"), "future"),
        (GOOD.replace(b",12,", b",-12,"), "-12"),
        (GOOD.replace(b"tiktok", b"friendster"), "friendster"),
        (GOOD.replace(b"2026-06-01", b"yesterday"), "yesterday"),
        (GOOD.replace(b",12,", b",a dozen,"), "a dozen"),
        (GOOD.replace(b"tiktok,bea", b"tiktok,"), "account.network_id is empty"),
        (GOOD.replace(b"Bonjour", b'"Bonjour' + b"x" * 11_000_000 + b'"'), "10"),
        (b"only,three,cells\n", "posts.csv:2"),
    ],
    ids=["future", "negative", "network", "no date", "no number", "no account", "10 MB line", "too few cells"],
)
def test_a_bad_row_is_set_aside_with_its_place_and_the_rest_comes_in(
    importing: Callable[..., Said], row: bytes, reason: str
) -> None:
    said = importing(HEADER + row + GOOD.replace(b",1,", b",2,"))
    assert said.code == 0, said.err
    assert "1 of 2 rows were set aside" in said.out
    assert "set aside posts.csv:2" in said.err and reason in said.err
    assert len(said.err) < 2_000 and "Traceback" not in said.err
    assert Post.objects.get().network_id == "2"
    assert Import.objects.get().rows_refused == 1


def test_nul_bytes_in_a_text_do_not_stop_the_import(importing: Callable[..., Said]) -> None:
    said = importing(HEADER + GOOD.replace(b"Bonjour", b"Bon\0jour") + GOOD.replace(b",1,", b",2,"))
    assert said.code == 0, said.err
    assert Post.objects.filter(network_id="2").exists()
    assert not [text for text in Post.objects.values_list("text", flat=True) if "\0" in text]


def test_the_same_id_twice_is_one_post(importing: Callable[..., Said]) -> None:
    said = importing(HEADER + GOOD + GOOD.replace(b"Bonjour", b"Bonsoir"))
    assert said.code == 0
    assert Post.objects.get().text.startswith("Bonsoir")
    assert Observation.objects.filter(measure="likes").count() == 1


def test_posts_of_emoji_alone_come_in_and_get_a_profile_without_words(
    importing: Callable[..., Said], terminal: Terminal, ada: Actor
) -> None:
    assert importing(HEADER + GOOD.replace(b"Bonjour le potager", "🌿🧴✨".encode())).code == 0
    said = terminal("enrich", "--workers", 1)
    assert (said.code, "Traceback" in said.err) == (0, False)
    profile = Profile.objects.get()
    assert (profile.themes, profile.languages, profile.posts_read) == ({}, {}, 1)
    assert terminal("enrich", "--workers", 1).out == "Everything has been read already.\n"


def test_text_written_from_right_to_left_is_kept_read_and_found(
    importing: Callable[..., Said], terminal: Terminal, ada: Actor
) -> None:
    text = "العناية بالبشرة ببساطة كل صباح"
    assert importing(HEADER + GOOD.replace(b"Bonjour le potager", text.encode())).code == 0
    assert Post.objects.get().text == text
    assert terminal("enrich", "--workers", 1).code == 0
    assert Profile.objects.get().languages == {"ar": 1.0}
    (found,) = terminal("creators", "list", "--words", "صباح", "--json").json
    assert found["account"] == "tiktok:bea"


def test_what_looks_like_markup_is_shown_as_it_is(importing: Callable[..., Said], terminal: Terminal) -> None:
    row = GOOD.replace(b"tiktok,bea", b"tiktok,[/bea]")
    said = importing(HEADER + row.replace(b",12,", b",[/12],") + row.replace(b",1,", b",2,"))
    assert said.code == 0 and "[/12]" in said.err
    terminal("enrich", "--workers", 1)
    assert "[/bea]" in terminal("creators", "list").out


@pytest.mark.parametrize(
    ("mapping", "content", "words"),
    [
        ("no-such-mapping", None, ("no-such-mapping", "sillage-posts")),
        ("mine.toml", b"name = ", ("mine.toml:1:",)),
        ("mine.toml", b"name = 'x'\n[acount]\nnetwork = 'n'\n", ("mine.toml:2", "acount")),
        ("mine.toml", "name = 'é'".encode("latin-1"), ("mine.toml", "UTF-8")),
    ],
    ids=["unknown", "no TOML", "unknown section", "wrong encoding"],
)
def test_a_mapping_that_cannot_be_read_is_refused(
    importing: Callable[..., Said],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    mapping: str,
    content: bytes,
    words: Any,
) -> None:
    monkeypatch.chdir(folder)
    if content is not None:
        Path(mapping).write_bytes(content)
    refused(importing(HEADER + GOOD, mapping=mapping), *words)
    assert not Account.objects.exists()


def test_a_file_that_is_not_there_is_a_misuse(terminal: Terminal, ada: Actor) -> None:
    said = terminal("import", "nowhere.csv", "--mapping", "sillage-posts")
    assert said.code == 2 and "nowhere.csv" in said.err and "Traceback" not in said.err


# -- briefs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"text = 'x'\nthemes = [", ("brief.toml:2:",)),
        (b"text = 'jardin'\nthemes = ['home.gardenning']", ("home.gardenning", "sillage themes list")),
        (b"text = 'jardin'\nunwanted_themes = ['nope']", ("nope",)),
        (b"text = 'jardin'\n[filters]\nnetwork = 'tiktok'", ("network", "networks")),
        (b"text = 'jardin'\n[filters]\nnetworks = ['friendster']", ("friendster", "bluesky")),
        (b"text = 'jardin'\n[filters]\nmin_followers = 9\nmax_followers = 3", ("9", "3")),
        (b"text = 'jardin'\n[weights]\nreach = 9", ("reach",)),
        (b"text = 'jardin'\nweights = 9", ("weights",)),
        (b"text = 'jardin'\nfilters = 'all'", ("filters",)),
        (b"text = 'jardin'\ncolour = 'green'", ("colour", "diversity")),
        (b"text = 3", ("text",)),
        (b"title = 'no text'", ("text",)),
        (b"text = 'jardin'\ndiversity = 7", ("diversity", "7")),
        (b"text = 'jardin'\nbudget = 'a lot'", ("budget", "a lot")),
        (b"text = 'jardin'\nbudget = nan", ("budget",)),
        (b"text = 'jardin'\nstarts_on = 2026-09-01\nends_on = 2026-08-01", ("ends before",)),
        (b"text = 'jardin'\nstarts_on = 2026-09-01T10:00:00Z\nends_on = '2026-08-01'", ("ends before",)),
        ("text = 'é'".encode("latin-1"), ("brief.toml", "UTF-8")),
        (b"text = 'jardin\0'", ("brief.toml:1:",)),
        (b"text = '" + b"a" * 10_001 + b"'", ("10,001", "10,000")),
    ],
)
def test_a_brief_file_that_cannot_be_read_is_refused(
    terminal: Terminal,
    ada: Actor,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: Callable[[], dict[str, int]],
    content: bytes,
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(folder)
    Path("brief.toml").write_bytes(content)
    before = written()
    refused(terminal("brief", "open", "brief.toml"), *words)
    assert written() == before


@pytest.mark.parametrize("text", ["", "   ", "\0\0"], ids=["empty", "blank", "only NUL"])
def test_a_brief_without_text_is_refused(terminal: Terminal, ada: Actor, text: str) -> None:
    refused(terminal("brief", "open", text), "no text")


def test_a_brief_of_10_001_characters_is_refused(terminal: Terminal, ada: Actor) -> None:
    refused(terminal("brief", "open", "a" * 10_001), "10,001")
    assert terminal("brief", "open", "potager " * 1_249).code == 0


def test_nul_bytes_in_a_brief_are_left_out(terminal: Terminal, ada: Actor) -> None:
    assert terminal("brief", "open", "Jardinage\0 et potager", "--json").json["text"] == "Jardinage et potager"


def test_a_brief_file_that_is_not_there_is_refused(terminal: Terminal, ada: Actor) -> None:
    refused(terminal("brief", "open", "nowhere.toml"), "nowhere.toml")


def test_a_brief_from_standard_input_is_refused_like_a_file(terminal: Terminal, ada: Actor) -> None:
    refused(terminal("brief", "open", "-", given="text = "), "standard input:1:")
    refused(terminal("brief", "open", "-", given='text = "caf\udce9"'), "standard input is not UTF-8: byte 11")


def test_a_brief_with_no_theme_in_it_is_kept_and_its_shortlist_is_refused_with_what_to_do(
    terminal: Terminal, ada: Actor, catalogue: None
) -> None:
    made = terminal("brief", "open", "Des gens formidables, s'il vous plaît", "--json").json
    assert made["themes"] == {}
    refused(terminal("brief", "shortlist", made["id"]), "No theme", "choose themes")


def test_filters_that_nobody_passes_are_told(terminal: Terminal, ada: Actor, catalogue: None, folder: Path) -> None:
    path = folder / "brief.toml"
    path.write_text(f'text = "{BRIEF}"\n[filters]\nnetworks = ["twitch"]\n')
    refused(terminal("brief", "shortlist", path), "No account", "Widen")


# -- the other commands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("creators", "list", "--network", "friendster"), ("friendster", "bluesky")),
        (("creators", "list", "--country", "France"), ("FRANCE", "FR")),
        (("creators", "list", "--language", "klingon!"), ("klingon!",)),
        (("creators", "list", "--search", "nope"), ("nope", "sillage searches list")),
        (("creators", "show", "tiktok:nobody"), ("tiktok:nobody",)),
        (("creators", "show", "9" * 30), ("9" * 30,)),
        (("creators", "forget", "tiktok:nobody"), ("tiktok:nobody",)),
        (("creators", "like", "tiktok:nobody"), ("tiktok:nobody",)),
        (("brief", "show", "9" * 18), ("9" * 18,)),
        (("brief", "show", "9" * 30), ("9" * 30,)),
        (("brief", "shortlist", "9" * 30), ("9" * 30,)),
        (("brief", "why", "1", "tiktok:nobody"), ("No brief 1",)),
        (("exclusions", "add", "list", "tiktok:nobody"), ("tiktok:nobody",)),
        (("exclusions", "remove", "list", "tiktok:nobody"), ("tiktok:nobody",)),
        (("searches", "save", "mine", "--filter", "colour=green"), ("colour", "networks")),
        (("searches", "save", "  "), ("name",)),
        (("searches", "drop", "nope"), ("nope",)),
        (("enrich", "--since", "last week"), ("last week", "2d")),
        (("receipt", "show", "0123"), ("0123",)),
        (("receipt", "verify", "0123"), ("0123",)),
        (("tokens", "revoke", "99"), ("99",)),
        (("members", "remove", "99"), ("99",)),
        (("ledger", "list", "--workspace", "nowhere"), ("workspace",)),
        (("database", "sql", "SELEC 1"), ("SELEC",)),
        (("database", "sql", "DELETE FROM governance_entry"), ("read-only transaction",)),
        (
            ("workspace", "open", "Not A Slug", "--owner", "x@example.org", "--password", "pelican-harbour-42"),
            ("Slug",),
        ),
        (("workspace", "open", "other", "--owner", "no-address", "--password", "pelican-harbour-42"), ("no-address",)),
        (("members", "add", "x@example.org", "--password", "12345"), ("password",)),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else None,
)
def test_a_refused_command_says_what_is_true_and_what_to_do(
    terminal: Terminal, ada: Actor, written: Callable[[], dict[str, int]], arguments: tuple[str, ...], words: Any
) -> None:
    before = written()
    refused(terminal(*arguments), *words)
    assert written() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("connect", "friendster", "x"),
        ("enrich", "--workers", "0"),
        ("enrich", "--workers", "-3"),
        ("enrich", "--only", "horoscope"),
        ("ledger", "list", "--limit", "-5"),
        ("tokens", "issue", "key", "--days", "999999999999"),
        ("tokens", "issue", "key", "--days", "0"),
        ("creators", "list", "--limit", "0"),
        ("creators", "list", "--min-followers", "many"),
        ("brief", "show", "first"),
        ("serve", "--port", "99999999"),
        ("nothing",),
    ],
    ids=" ".join,
)
def test_a_misused_command_ends_with_2_and_how_it_is_used(
    terminal: Terminal, ada: Actor, arguments: tuple[str, ...]
) -> None:
    said = terminal(*arguments)
    assert said.code == 2 and said.out == ""
    assert "Usage: " in said.err and "Traceback" not in said.err


def test_the_action_refuses_what_the_door_refuses(ada: Actor, noon: datetime) -> None:
    from sillage.discovery.actions import open_brief
    from sillage.discovery.engine.brief import BriefMalformed

    with pytest.raises(BriefMalformed):
        open_brief(given={"text": "a" * 10_001}, actor=ada, now=noon)
    with pytest.raises(BriefMalformed):
        open_brief(given={"text": BRIEF, "weights": 3}, actor=ada, now=noon)
    assert bring_up_to_date(actor=ada, now=noon).posts == 0  # and nothing to read is no error
