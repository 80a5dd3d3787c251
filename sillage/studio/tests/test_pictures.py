"""Templates, single pictures and batches: what is kept and what is not, races, kills, another workspace."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from PIL import Image

from sillage.adapters import blobs
from sillage.adapters.credentials import CertificateRefused, make_certificate, read_credentials
from sillage.adapters.pictures import FontRefused
from sillage.governance.actions.retaining import count_retained, retain
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions import picture_batches as batches
from sillage.studio.actions import pictures as actions
from sillage.studio.actions.picture_certificates import CertificateEnded, install_certificate, picture_certificate
from sillage.studio.engine.digital_source import Elements
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.picture_batch import PORTION, TableMalformed, file_names, read_table
from sillage.studio.engine.provenance import platform_fields
from sillage.studio.engine.svg_reading import SvgRefused
from sillage.studio.engine.svg_template import ValueMissing, read_template
from sillage.studio.models import BrandFont, Picture, PictureBatch, PictureCertificate, PicturePart, PictureTemplate
from sillage.studio.queries import pictures as queries
from sillage.studio.queries.provenance import find_picture, history_of_picture, law_on
from sillage.studio.tests.drawing import CARD, card, font_bytes, photo, renamed_font, verified

pytestmark = pytest.mark.django_db
VALUES = {"first_name": "Léa", "code": "LEA10"}
MODEL = MadeBy(Origin.MODEL, "some-image-model", "3")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})


@pytest.fixture
def template(ada, noon):
    return actions.add_template(data=CARD.encode(), file_name="card.svg", actor=ada, now=noon)


def with_photo(data):
    import base64

    said = base64.b64encode(data).decode()
    text = '<text font-size="40" data-box="10 10 500 200">{{ first_name }}</text>'
    return card(f'<image width="99" height="99" href="data:image/png;base64,{said}"/>{text}')


def table(n, missing=()):
    rows = ["first_name,code"] + [f"Name{i},{'' if i in missing else f'C{i}'}" for i in range(1, n + 1)]
    return "\n".join(rows).encode()


def opened(template, actor, now, n=3, missing=()):
    return batches.open_batch(
        template_id=template.pk, table=table(n, missing), table_name="people.csv", actor=actor, now=now
    )


def kept_files(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def stored_anywhere(words, tmp_path):
    """Whether words stand in any file of the data folder or any row of the room."""
    in_files = any(words.encode() in path.read_bytes() for path in kept_files(tmp_path))
    tables = (PictureTemplate, PictureBatch, PicturePart, Picture, Entry)
    return in_files or any(words in str(list(model.objects.values())) for model in tables)


# -- templates and fonts ---------------------------------------------------------------------------------------------


def test_a_template_is_kept_as_it_came_with_a_proposed_alt_text(template, ada):
    assert template.name == "Card for first_name"
    assert [v["name"] for v in template.variables] == ["first_name", "ground", "code"]
    assert template.alt == "Card for {{ first_name }}" and template.alt_confirmed_at is None
    assert queries.file_of(template) == CARD.encode()


def test_a_template_with_a_font_that_is_not_here_is_refused_with_those_that_are(ada, noon):
    with pytest.raises(SvgRefused, match="Maison") as caught:
        svg = CARD.replace("sans-serif", "Maison Text")
        actions.add_template(data=svg.encode(), file_name="card.svg", actor=ada, now=noon)

    assert caught.value.place.startswith("card.svg:5")
    assert "DejaVu Sans" in caught.value.hint


def test_a_brands_font_is_taken_with_the_brands_word_for_it(ada, dario, noon):
    with pytest.raises(FontRefused, match="may be used"):
        actions.add_font(data=renamed_font(), file_name="m.ttf", licence=" ", actor=ada, now=noon)
    font = actions.add_font(data=renamed_font(), file_name="m.ttf", licence="OFL 1.1", actor=ada, now=noon)
    with pytest.raises(actions.FontThere):
        actions.add_font(data=renamed_font(), file_name="m.ttf", licence="OFL 1.1", actor=ada, now=noon)

    svg = CARD.replace("sans-serif", "Maison Text").encode()
    made = actions.add_template(data=svg, file_name="card.svg", actor=ada, now=noon)
    assert actions.export_picture(template_id=made.pk, values=VALUES, actor=ada, now=noon).data
    with pytest.raises(SvgRefused):
        actions.add_template(data=svg, file_name="card.svg", actor=dario, now=noon)
    with pytest.raises(NotFound):
        actions.remove_font(font_id=font.pk, actor=dario, now=noon)

    actions.remove_font(font_id=font.pk, actor=ada, now=noon)
    assert not BrandFont.objects.exists()
    with pytest.raises(SvgRefused, match="No font"):
        actions.export_picture(template_id=made.pk, values=VALUES, actor=ada, now=noon)


def test_who_changes_an_old_template_is_told(template, ada, noon):
    actions.confirm_alt(template_id=template.pk, alt="A card", seen=1, actor=ada, now=noon)

    with pytest.raises(actions.TemplateNewer):
        actions.confirm_alt(template_id=template.pk, alt="Another", seen=1, actor=ada, now=noon)


def test_another_drawing_takes_the_confirmation_away(template, ada, noon):
    actions.confirm_alt(template_id=template.pk, alt="A card for {{ first_name }}", seen=1, actor=ada, now=noon)

    data = CARD.replace("Card for", "Carte pour").encode()
    made = actions.replace_template(template_id=template.pk, data=data, file_name="b.svg", seen=2, actor=ada, now=noon)

    assert made.alt == "Carte pour {{ first_name }}" and made.alt_confirmed_at is None and made.version == 3


def test_an_alt_text_names_only_what_is_filled_in(template, ada, noon):
    with pytest.raises(ValueMissing, match="surname"):
        actions.confirm_alt(template_id=template.pk, alt="For {{ surname }}", seen=1, actor=ada, now=noon)
    with pytest.raises(actions.TemplateMalformed):
        actions.confirm_alt(template_id=template.pk, alt="  ", seen=1, actor=ada, now=noon)


def test_a_template_that_was_put_away_makes_nothing(template, ada, noon):
    actions.archive_template(template_id=template.pk, actor=ada, now=noon)

    with pytest.raises(actions.TemplateArchived):
        actions.export_picture(template_id=template.pk, values=VALUES, actor=ada, now=noon)
    assert queries.list_templates(ada.workspace_id) == []


def test_only_who_runs_campaigns_makes_pictures_and_nobody_of_another_workspace(template, ada, rita, dario, noon):
    batch = opened(template, ada, noon)
    with pytest.raises(NotAllowed):
        actions.export_picture(template_id=template.pk, values=VALUES, actor=rita, now=noon)
    for attempt in (
        lambda: actions.export_picture(template_id=template.pk, values=VALUES, actor=dario, now=noon),
        lambda: opened(template, dario, noon),
        lambda: batches.make_batch(batch_id=batch.pk, actor=dario, now=noon),
        lambda: batches.erase_batch(batch_id=batch.pk, actor=dario, now=noon),
        lambda: actions.archive_template(template_id=template.pk, actor=dario, now=noon),
    ):
        with pytest.raises(NotFound):
            attempt()


# -- one picture -----------------------------------------------------------------------------------------------------


def test_a_picture_is_signed_and_only_its_hash_is_kept(template, ada, noon, tmp_path):
    before = set(kept_files(tmp_path))
    made = actions.export_picture(template_id=template.pk, values=VALUES, actor=ada, now=noon)

    found = verified(made.data)
    assert found["leaf"].subject.rfc4514_string() == "CN=Sillage pictures,O=Harbour"
    assert Image.open(io.BytesIO(made.data)).size == (600, 300)
    assert set(kept_files(tmp_path)) == before
    assert not stored_anywhere("Léa", tmp_path) and not stored_anywhere("LEA10", tmp_path)
    assert find_picture(ada.workspace_id, made.sha256).source == "dataDrivenMedia"
    entry = Entry.objects.filter(verb="studio.picture_exported").get()
    assert entry.facts["sha256"] == made.sha256 and entry.facts["alt_confirmed"] is False


def test_an_svg_is_signed_too_and_draws_the_same_without_the_font(template, ada, noon):
    made = actions.export_picture(template_id=template.pk, values=VALUES, as_svg=True, actor=ada, now=noon)

    told = read_credentials(made.data, "image/svg+xml")
    assert told is not None and told["validation_state"] == "Valid"
    assert b"@font-face" in made.data and "dataDrivenMedia" in made.data.decode()


def test_a_workspace_signs_with_one_certificate_until_it_ends_or_the_brands_own_is_installed(template, ada, rita, noon):
    export = {"template_id": template.pk, "values": VALUES, "actor": ada}
    actions.export_picture(**export, now=noon)
    actions.export_picture(**export, now=noon)
    assert PictureCertificate.objects.count() == 1

    own = make_certificate("Maison Terre SAS", noon)
    with pytest.raises(NotAllowed):
        install_certificate(chain=own.chain, key=own.key, actor=rita, now=noon)
    with pytest.raises(CertificateRefused):
        install_certificate(chain=own.chain, key=b"", actor=ada, now=noon)
    install_certificate(chain=own.chain, key=own.key, actor=ada, now=noon)
    made = actions.export_picture(**export, now=noon)
    assert verified(made.data)["leaf"].subject.rfc4514_string().endswith("O=Maison Terre SAS")
    assert own.key not in bytes(PictureCertificate.objects.get(is_own=True).private_sealed)


def test_a_certificate_that_was_made_here_is_made_anew_when_it_has_ended_and_the_brands_own_is_asked_for(ada, noon):
    first, later = picture_certificate(ada.workspace_id, noon), noon + timedelta(days=5_000)
    assert picture_certificate(ada.workspace_id, noon).name == first.name
    assert picture_certificate(ada.workspace_id, later).ends_at > later

    own = make_certificate("Maison Terre SAS", noon)
    install_certificate(chain=own.chain, key=own.key, actor=ada, now=noon)
    with pytest.raises(CertificateEnded, match="2031"):
        picture_certificate(ada.workspace_id, later)


# -- where it comes from ---------------------------------------------------------------------------------------------


def history_of(template, actor, now, **more):
    made = actions.export_picture(template_id=template.pk, values={"first_name": "L"}, actor=actor, now=now, **more)
    return history_of_picture(find_picture(actor.workspace_id, made.sha256))


def test_what_a_person_says_of_the_pictures_in_a_template_decides_what_platforms_are_told(ada, noon):
    template = actions.add_template(data=with_photo(photo()), file_name="p.svg", actor=ada, now=noon)
    unknown = history_of(template, ada, noon)
    assert unknown.source == "composite" and unknown.is_generated is None
    assert platform_fields(unknown)["instagram"] == {"is_ai_generated": None}
    assert {f.verdict.value for f in law_on(unknown, (), noon.date())} == {"ask"}

    describe = {"template_id": template.pk, "name": "P", "actor": ada, "now": noon}
    actions.describe_template(**describe, made_by=BY_A_PERSON, elements=Elements.CAPTURED, seen=1)
    taken = history_of(PictureTemplate.objects.get(), ada, noon)
    assert taken.source == "humanEdits" and platform_fields(taken)["x"] == {"made_with_ai": False}
    assert law_on(taken, (), noon.date()) == []

    actions.describe_template(**describe, made_by=MODEL, elements=Elements.CAPTURED, seen=2)
    drawn = history_of(PictureTemplate.objects.get(), ada, noon)
    assert drawn.source == "compositeSynthetic" and drawn.models == (MODEL,)
    assert platform_fields(drawn)["youtube"] == {"status.containsSyntheticMedia": True}
    passed = {f.rule for f in law_on(drawn, (), date(2026, 9, 1)) if f.verdict.value == "pass"}
    assert "AI-50-2" in passed, "the file says it to machines"


def test_words_by_a_model_make_the_picture_partly_generated(template, ada, noon):
    made = actions.export_picture(template_id=template.pk, values=VALUES, words_by_model=True, actor=ada, now=noon)

    assert find_picture(ada.workspace_id, made.sha256).source == "compositeSynthetic"
    assert b"compositeSynthetic" in made.data


def test_a_picture_that_says_a_machine_made_it_is_believed_over_a_person(ada, noon):
    said = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x>trainedAlgorithmicMedia</x>")
    Image.new("RGB", (9, 9)).save(said, "PNG", pnginfo=info)

    made = actions.add_template(
        data=with_photo(said.getvalue()), file_name="p.svg", elements=Elements.CAPTURED, actor=ada, now=noon
    )

    assert made.elements == "generated"


def test_credentials_in_a_template_survive_in_every_picture(template, ada, noon):
    first = actions.export_picture(template_id=template.pk, values=VALUES, actor=ada, now=noon)
    before = verified(first.data)["manifests"]
    made = actions.add_template(data=with_photo(first.data), file_name="p.svg", actor=ada, now=noon)

    again = actions.export_picture(template_id=made.pk, values={"first_name": "M"}, actor=ada, now=noon)

    assert made.has_credentials
    assert before.items() <= verified(again.data)["manifests"].items()


def test_the_hash_of_a_file_that_was_changed_or_is_anothers_finds_nothing(template, ada, dario, noon):
    made = actions.export_picture(template_id=template.pk, values=VALUES, actor=ada, now=noon)

    for workspace_id, sha256 in (
        (dario.workspace_id, made.sha256),
        (ada.workspace_id, "00" * 32),
        (ada.workspace_id, "x"),
    ):
        with pytest.raises(NotFound, match="left this workspace"):
            find_picture(workspace_id, sha256)


# -- batches ---------------------------------------------------------------------------------------------------------


def test_a_table_becomes_pictures_with_a_manifest(template, ada, noon):
    batch = opened(template, ada, noon, n=3, missing={2})
    done = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert (done.state, done.done, done.failed) == ("done", 3, 1)
    assert done.faults == [{"row": 2, "variable": "code", "said": "“code” has no value.", "do": "Give it one."}]
    with queries.batch_as_zip(done) as file, zipfile.ZipFile(file) as archive:
        names = sorted(archive.namelist())
        told = json.loads(archive.read("manifest.json"))
        assert names == ["card-for-first-name-1.png", "card-for-first-name-3.png", "manifest.json"]
        for one in told["pictures"]:
            data = archive.read(one["file"])
            verified(data)
            assert find_picture(ada.workspace_id, one["sha256"]).batch_id == batch.pk
    assert [one["alt"] for one in told["pictures"]] == ["Card for Name1", "Card for Name3"]
    assert told["faults"][0]["row"] == 2 and "not confirmed" in told["alt_text"]
    assert told["digital_source_type"] == "dataDrivenMedia"


def test_the_table_is_sealed_and_forgotten_when_the_pictures_are_made(template, ada, noon, tmp_path):
    batch = opened(template, ada, noon)
    assert batch.values_sha256 and not stored_anywhere("Name2", tmp_path)
    sealed = blobs.path_of(ada.workspace_id, batch.values_sha256)

    done = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert done.values_sha256 == "" and sealed not in map(str, kept_files(tmp_path))
    assert Entry.objects.filter(verb="studio.picture_batch_made").count() == 1


def test_a_batch_goes_on_where_it_stopped(template, ada, noon):
    batch = opened(template, ada, noon, n=PORTION + 5)
    first = batches.make_batch(batch_id=batch.pk, most=PORTION, actor=ada, now=noon)
    assert (first.state, first.done) == ("making", PORTION)
    parts = list(PicturePart.objects.values_list("sha256", flat=True))

    done = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert (done.state, done.done) == ("done", PORTION + 5)
    assert list(PicturePart.objects.order_by("starts").values_list("sha256", flat=True))[:1] == parts
    assert [told["row"] for told, _ in queries.pictures_of(done)] == list(range(1, PORTION + 6))
    again = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)
    assert again.state == "done" and Entry.objects.filter(verb="studio.picture_batch_made").count() == 1


def test_a_run_that_was_killed_between_the_last_portion_and_the_end_is_ended_by_the_next(template, ada, noon):
    batch = opened(template, ada, noon)
    batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)
    PictureBatch.objects.update(state="making", values_sha256="00" * 32)  # the table was forgotten, the row was not

    assert batches.make_batch(batch_id=batch.pk, actor=ada, now=noon).state == "done"


def test_of_two_that_draw_the_same_portion_one_counts(template, ada, noon, monkeypatch, tmp_path):
    batch = opened(template, ada, noon)
    store = batches._store

    def meanwhile(held, portion, names, now):
        monkeypatch.setattr(batches, "_store", store)
        batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)
        return store(held, portion, names, now)

    monkeypatch.setattr(batches, "_store", meanwhile)
    done = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert (done.state, done.done) == ("done", 3)
    assert PicturePart.objects.count() == 1 and Picture.objects.count() == 3
    named = {PicturePart.objects.get().sha256, template.sha256}
    assert {path.name for path in kept_files(tmp_path) if re.fullmatch(r"[0-9a-f]{64}", path.name)} == named


def test_a_batch_keeps_to_the_template_as_it_was(template, ada, noon):
    batch = opened(template, ada, noon)
    data = CARD.replace('width="600"', 'width="300"').encode()
    actions.replace_template(template_id=template.pk, data=data, file_name="b.svg", seen=1, actor=ada, now=noon)

    done = batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert {Image.open(io.BytesIO(data)).size for _, data in queries.pictures_of(done)} == {(600, 300)}


def test_erasing_a_batch_leaves_the_hashes_and_no_name(template, ada, noon, tmp_path):
    batch = opened(template, ada, noon)
    batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)
    hashes = set(Picture.objects.values_list("sha256", flat=True))
    assert stored_anywhere("Name2", tmp_path), "in the pictures’ own alt text, until they are erased"

    batches.erase_batch(batch_id=batch.pk, actor=ada, now=noon)

    assert not stored_anywhere("Name2", tmp_path)
    assert set(Picture.objects.values_list("sha256", flat=True)) == hashes and len(hashes) == 3
    with pytest.raises(NotFound) as caught:
        queries.get_batch(ada.workspace_id, batch.pk)
    assert "erased" in caught.value.hint


def test_batches_are_gone_after_a_month(template, ada, noon, tmp_path):
    batch = opened(template, ada, noon)
    batches.make_batch(batch_id=batch.pk, actor=ada, now=noon)
    later = noon + timedelta(days=32)
    fresh = opened(template, ada, later - timedelta(days=1))

    assert count_retained(ada.workspace_id, later)["picture-batches"] == 1
    assert retain(actor=ada, now=later)["picture-batches"] == 1
    assert [one.pk for one in queries.list_batches(ada.workspace_id)] == [fresh.pk]
    assert not stored_anywhere("Name2", tmp_path)


# -- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says", "place"),
    [
        (b"", "no rows", "t.csv:1:1"),
        (b"first_name,code\n", "no rows", "t.csv:1:1"),
        (b"name,code\nA,B\n", "no column “first_name”", "t.csv:1:1"),
        (b"first_name,first_name,code\nA,B,C\n", "Two columns", "t.csv:1:2"),
        (b'first_name,code\n"A,B\n', "not CSV", "t.csv:"),
        (b"first_name,code\n" + b"a,b\n" * 10_001, "10,001 rows", "t.csv"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(data, says, place):
    with pytest.raises(TableMalformed) as caught:
        read_table(data, "t.csv", read_template(CARD.encode(), "card.svg"))

    assert says in caught.value.message and caught.value.place.startswith(place)


def test_tables_come_as_spreadsheets_write_them():
    template = read_template(CARD.encode(), "card.svg")
    for data in (
        "\ufeffFirst name;Code;Notes\r\nLéa;A1;x\r\n;;\r\n".encode(),
        "first_name\tcode\nLéa\tA1\n".encode(),
        'first_name,code\n"Léa",A1'.encode("cp1252"),
    ):
        (row,) = read_table(data, "t.csv", template)
        assert (row["first_name"], row["code"]) == ("Léa", "A1")


def test_files_are_called_by_the_table_or_by_the_template_never_twice():
    assert file_names([{"file": "../Léa D."}, {"file": "lea d"}, {}], "Été") == [
        "lea-d-1.png",
        "lea-d-2.png",
        "ete-3.png",
    ]


def test_a_font_that_is_broken_is_refused_before_anything_is_kept(ada, noon, tmp_path):
    before = kept_files(tmp_path)
    with pytest.raises(FontRefused):
        actions.add_font(data=font_bytes()[:5_000], file_name="x.ttf", licence="OFL", actor=ada, now=noon)

    assert kept_files(tmp_path) == before
