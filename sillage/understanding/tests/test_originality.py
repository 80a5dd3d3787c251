"""Texts that say nearly the same are found, whoever published them first; an archive counts too."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.catalogue.models import Account, Brand
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.understanding.actions.archiving import BrandUnknown, archive_texts, empty_archive
from sillage.understanding.actions.originality import measure_originality
from sillage.understanding.engine.archive_file import ArchiveMalformed, texts_in
from sillage.understanding.engine.originality import alike, families, plain_text, uniqueness
from sillage.understanding.models import AccountSignal, ArchivedText

SOAP = "Trois ans que je cherche un savon qui ne tire pas la peau, et voilà : celui-ci sent le foin et la pluie."
SURF = "Session de surf ce matin à Hossegor, les vagues étaient parfaites et l'eau enfin à dix-huit degrés."
BREAD = "Le pain du dimanche : levain de la veille, farine de Gascogne, et surtout une longue nuit au frais."


def test_a_copy_is_a_copy_whatever_is_put_around_it():
    copies = [
        SOAP,
        f"🔥🔥 {SOAP} 🔥",
        f"{SOAP} @marque https://example.org/x?u=1",
        SOAP.upper(),
        SOAP.replace("savon", "sa\u200bvon"),
    ]
    found = alike([*copies, SURF])
    assert {p.second for p in found} == {1, 2, 3, 4}
    assert all(p.first == 0 and p.similarity == 1.0 for p in found)


def test_a_lightly_edited_copy_is_found_with_its_similarity_and_another_text_is_not():
    found = alike([SOAP, SURF, SOAP.replace("le foin", "la menthe"), BREAD])
    assert [(p.first, p.second) for p in found] == [(0, 2)]
    assert 0.7 <= found[0].similarity < 1


def test_short_texts_are_alike_by_chance_and_not_compared():
    assert alike(["Bonjour !", "Bonjour !", "🔥🔥🔥", "🔥🔥🔥", "", ""]) == []


def test_ten_thousand_copies_are_no_hundred_million_pairs():
    assert len(alike([SOAP] * 10_000)) == 9_999


@pytest.mark.parametrize("text", ["", "\u200b" * 50, "<script>alert(1)</script>" * 40, "مرحبا " * 4_000, "x" * 20_000])
def test_any_text_can_be_compared(text):
    assert len(alike([text, text])) in (0, 1)
    assert plain_text(plain_text(text)) == plain_text(text)


def test_families_join_what_is_alike_through_others():
    found = alike([SOAP, SURF, SOAP + " Bravo", SURF + " Voilà", SOAP + " Merci"])
    assert families(found) == [[0, 2, 4], [1, 3]]


def test_who_speaks_unlike_the_theme_is_the_farthest_from_it():
    rows = np.zeros((8, 6))
    rows[:7, :2] = [[1, 0.1 * i] for i in range(7)]
    rows[7, 5] = 1.0
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found = uniqueness(csr_matrix(unit))
    assert found[7].percentile == 1.0 and found[7].distance == pytest.approx(1.0)
    assert all(f.distance < 0.2 and f.n == 7 for f in found[:7])


def test_too_few_others_give_no_percentile():
    assert uniqueness(csr_matrix(np.eye(5))) == [None] * 5


def test_an_account_without_words_has_no_distance():
    rows = np.vstack([np.eye(6), np.zeros((1, 6))])
    assert uniqueness(csr_matrix(rows))[6] is None


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "Un\nseul\n\nDeux\n\n\nDeux"),
        ("a.csv", "id;caption\n1;Un\nseul\n2;Deux".replace("Un\nseul", '"Un\nseul"')),
        ("a.jsonl", '{"text": "Un\\nseul"}\n\n{"text": "Deux", "id": 3}'),
    ],
)
def test_texts_are_read_from_paragraphs_tables_and_lines(name, data):
    assert texts_in(name, data.encode()) == ["Un\nseul", "Deux"]


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("a.txt", b"  \n\n ", "a.txt"),
        ("a.txt", b"\xff\xfe\x00", "a.txt"),
        ("a.csv", b"id,name\n1,x", "a.csv:1"),
        ("a.jsonl", b'{"text": "x"}\n{"text": 3}', "a.jsonl:2"),
        ("a.jsonl", b"{", "a.jsonl:1:2"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(name, data, place):
    with pytest.raises(ArchiveMalformed) as refusal:
        texts_in(name, data)
    assert refusal.value.place == place and refusal.value.hint


# -- actions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(noon):
    """`written(actor, {handle: [(days ago, text)]})` brings posts in; handles with the same first letter are one creator's."""

    def write(actor, texts):
        accounts = tuple(AccountRecord("instagram", h, h, creator_key=h[0]) for h in texts)
        posts = tuple(
            PostRecord("instagram", h, f"{h}{i}", noon - timedelta(days=days), text=text, format="image")
            for h, own in texts.items()
            for i, (days, text) in enumerate(own)
        )
        ingest(workspace_id=actor.workspace_id, batch=Batch(accounts, posts), actor=actor, now=noon)

    return write


def value_of(handle, workspace_id):
    account = Account.objects.get(handle=handle, workspace_id=workspace_id)
    return AccountSignal.objects.get(account=account, enricher="originality").value


def test_who_publishes_later_echoes_and_who_was_first_is_followed(ada, noon, written):
    written(ada, {"mona": [(30, SOAP), (20, BREAD)], "noe": [(10, SOAP + " 🔥"), (5, SURF)]})
    assert measure_originality(actor=ada, now=noon) == 2
    noe, mona = value_of("noe", ada.workspace_id), value_of("mona", ada.workspace_id)
    assert (noe["read"], noe["others"], noe["followed"]) == (2, 1, 0)
    assert (mona["others"], mona["followed"]) == (0, 1)
    assert noe["examples"][0]["days"] == 20
    assert not {SOAP, "foin"} & set(str(noe).split()), "texts are not kept in signals"


def test_a_creator_s_own_accounts_are_no_others(ada, noon, written):
    written(ada, {"mona": [(30, SOAP)], "mona2": [(10, SOAP)]})
    measure_originality(actor=ada, now=noon)
    found = value_of("mona2", ada.workspace_id)
    assert (found["own"], found["others"]) == (1, 0)


def test_another_workspace_s_posts_are_not_compared(ada, dario, noon, written):
    written(ada, {"mona": [(30, SOAP)]})
    written(dario, {"noe": [(10, SOAP)]})
    measure_originality(actor=dario, now=noon)
    assert value_of("noe", dario.workspace_id)["others"] == 0
    assert not AccountSignal.objects.filter(account__workspace_id=ada.workspace_id).exists()


def test_a_second_run_changes_nothing_and_enters_nothing(ada, noon, written):
    written(ada, {"mona": [(30, SOAP)], "noe": [(10, SOAP)]})
    measure_originality(actor=ada, now=noon)
    assert measure_originality(actor=ada, now=noon + timedelta(days=1)) == 0
    assert Entry.objects.filter(verb="understanding.originality_measured").count() == 1


def test_a_text_of_the_brand_s_archive_is_recognised(ada, noon, written):
    Brand.objects.create(workspace_id=ada.workspace_id, key="savonneau", name="Savonneau")
    assert archive_texts(brand_key="savonneau", texts=[SOAP, BREAD], actor=ada, now=noon) == 2
    assert archive_texts(brand_key="savonneau", texts=[SOAP], actor=ada, now=noon) == 0
    written(ada, {"noe": [(10, SOAP), (9, SURF)]})
    measure_originality(actor=ada, now=noon)
    found = value_of("noe", ada.workspace_id)
    assert found["archive"] == 1 and found["examples"][0]["brand"] == "savonneau"
    assert empty_archive(brand_key="savonneau", actor=ada, now=noon) == 2
    assert not ArchivedText.objects.exists()


def test_an_archive_is_of_a_known_brand_of_this_workspace(ada, dario, noon):
    Brand.objects.create(workspace_id=ada.workspace_id, key="savonneau", name="Savonneau")
    with pytest.raises(BrandUnknown) as refusal:
        archive_texts(brand_key="savonneau", texts=[SOAP], actor=dario, now=noon)
    assert refusal.value.hint


def test_a_reader_compares_nothing(rita, noon):
    with pytest.raises(NotAllowed):
        measure_originality(actor=rita, now=noon)
