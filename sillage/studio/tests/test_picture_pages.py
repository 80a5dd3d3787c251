"""Pictures through the doors: pages, API and command line."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sillage.studio.actions import picture_batches as batches
from sillage.studio.actions import pictures as actions
from sillage.studio.cli.pictures import picture as command
from sillage.studio.models import Picture, PictureBatch, PictureTemplate
from sillage.studio.tests.drawing import CARD, card, renamed_font, verified

pytestmark = pytest.mark.django_db
AT = "/w/harbour/studio/pictures/"
API = "/api/v1/harbour/studio/"
VALUES = {"value_first_name": "Léa", "value_code": "LEA10", "value_ground": "#ff0000"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path, "workers": 1})


@pytest.fixture
def template(ada, noon):
    return actions.add_template(data=CARD.encode(), file_name="card.svg", actor=ada, now=noon)


def svg(data, name="card.svg"):
    return SimpleUploadedFile(name, data, "image/svg+xml")


def people(text="first_name,code\nLéa,A1\nZoë,\n"):
    return SimpleUploadedFile("people.csv", text.encode())


@pytest.fixture
def batch(template, ada, noon):
    return batches.open_batch(
        template_id=template.pk, table=people().read(), table_name="people.csv", actor=ada, now=noon
    )


# -- pages -----------------------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_to_do_and_begins_with_a_template_that_ships(ada, signed_in):
    browser = signed_in(ada)
    page = browser.get(AT, headers={"accept-language": "en"}).content.decode()
    assert "No template yet" in page and "No faces are generated here" in page

    answer = browser.post(f"{AT}copy/", {"shipped": "square"})

    made = PictureTemplate.objects.get()
    assert answer.url == f"{AT}{made.pk}/"
    assert "data:image/png;base64," in browser.get(answer.url).content.decode()
    thumb = browser.get(f"{AT}{made.pk}/thumb.png")
    assert Image.open(io.BytesIO(thumb.content)).size == (320, 320)


def test_a_file_that_is_refused_says_where(ada, signed_in):
    answer = signed_in(ada).post(f"{AT}add/", {"file": svg(card("<script/>"))}, headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert "card.svg:2:1" in answer.content.decode() and not PictureTemplate.objects.exists()
    assert signed_in(ada).post(f"{AT}add/", {}).status_code == 422


def test_the_preview_shows_what_is_typed_and_keeps_nothing(template, rita, signed_in):
    part = signed_in(rita).post(f"{AT}{template.pk}/preview/", VALUES, headers={"HX-Request": "true"}).content.decode()

    shown = base64.b64decode(part.split("base64,", 1)[1].split('"', 1)[0])
    assert Image.open(io.BytesIO(shown)).convert("RGB").getpixel((2, 2)) == (255, 0, 0)
    assert "<html" not in part and not Picture.objects.exists()
    whole = signed_in(rita).post(f"{AT}{template.pk}/preview/", VALUES).content.decode()
    assert "<html" in whole and 'value="Léa"' in whole


def test_a_preview_says_what_was_cut_and_what_is_wrong(template, ada, signed_in):
    def shown(**values):
        given = {"headers": {"HX-Request": "true", "accept-language": "en"}}
        return signed_in(ada).post(f"{AT}{template.pk}/preview/", VALUES | values, **given).content.decode()

    assert "Words were cut" in shown(value_code="Donaudampfschifffahrt" * 9)
    assert "No font has these letters" in shown(value_first_name="漢")
    assert "no colour" in shown(value_ground="red")
    assert "&lt;img src=x&gt;" in shown(value_first_name="<img src=x>")


def test_a_picture_is_downloaded_signed(template, ada, signed_in):
    answer = signed_in(ada).post(f"{AT}{template.pk}/export/", VALUES | {"as": "png"})

    assert answer["Content-Type"] == "image/png" and "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    verified(answer.content)
    drawing = signed_in(ada).post(f"{AT}{template.pk}/export/", VALUES | {"as": "svg"})
    assert drawing["Content-Type"] == "image/svg+xml" and "sandbox" in drawing["Content-Security-Policy"]


def test_a_missing_value_comes_back_with_the_form(template, ada, signed_in, english):
    answer = signed_in(ada).post(f"{AT}{template.pk}/export/", VALUES | {"value_code": ""})

    page = answer.content.decode()
    assert answer.status_code == 422 and "“code” has no value" in page and 'value="Léa"' in page


def test_an_unconfirmed_alt_text_warns_until_a_person_confirms_it(template, ada, signed_in):
    browser, english = signed_in(ada), {"accept-language": "en"}
    assert "Nobody has confirmed the alt text" in browser.get(f"{AT}{template.pk}/", headers=english).content.decode()

    stale = browser.post(f"{AT}{template.pk}/alt/", {"alt": "For {{ first_name }}", "seen": 9})
    assert stale.status_code == 409
    browser.post(f"{AT}{template.pk}/alt/", {"alt": "For {{ first_name }}", "seen": 1})

    page = browser.get(f"{AT}{template.pk}/", headers=english).content.decode()
    assert "Nobody has confirmed the alt text" not in page and "Ada" in page


@pytest.mark.usefixtures("english")
def test_origin_drawing_fonts_and_putting_away(template, ada, signed_in):
    browser = signed_in(ada)
    browser.post(f"{AT}{template.pk}/describe/", {"name": "Spring", "drawn_by": "model", "model": "m1", "seen": 1})
    browser.post(f"{AT}{template.pk}/replace/", {"file": svg(CARD.replace("600", "500").encode()), "seen": 2})
    made = PictureTemplate.objects.get()
    assert (made.name, made.made_by["name"], made.width) == ("Spring", "m1", 500)

    font = SimpleUploadedFile("m.ttf", renamed_font())
    browser.post(f"{AT}fonts/", {"file": font, "licence": "OFL"})
    page = browser.get(AT).content.decode()
    assert "Maison Text" in page
    browser.post(f"{AT}fonts/{ada_font()}/remove/")
    assert "Maison Text" not in browser.get(AT).content.decode()

    browser.post(f"{AT}{made.pk}/archive/")
    assert "Spring" not in browser.get(AT).content.decode().replace("“Spring”", "")


def ada_font():
    from sillage.studio.models import BrandFont

    return BrandFont.objects.get().pk


def test_a_batch_is_drawn_while_its_page_is_open_and_comes_out_as_a_zip(template, ada, signed_in):
    browser = signed_in(ada)
    answer = browser.post(f"{AT}{template.pk}/batch/", {"table": people()})
    batch = PictureBatch.objects.get()
    assert answer.url == f"{AT}batches/{batch.pk}/"
    page = browser.get(answer.url).content.decode()
    assert f'hx-post="{AT}batches/{batch.pk}/make/"' in page

    english = {"HX-Request": "true", "accept-language": "en"}
    part = browser.post(f"{AT}batches/{batch.pk}/make/", headers=english).content.decode()

    assert "hx-trigger" not in part, "once it is done the page asks no more"
    assert "1 row without a picture" in part and "<code>code</code>" in part and "Zoë" not in part
    archive = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{AT}batches/{batch.pk}/pictures.zip"))))
    assert sorted(archive.namelist()) == ["card-for-first-name-1.png", "manifest.json"]
    browser.post(f"{AT}batches/{batch.pk}/erase/")
    assert browser.get(f"{AT}batches/{batch.pk}/").status_code == 404


def test_a_table_without_a_column_is_refused_on_the_page(template, ada, signed_in):
    answer = signed_in(ada).post(f"{AT}{template.pk}/batch/", {"table": people("name\nLéa\n")})

    assert answer.status_code == 422 and "first_name" in answer.content.decode()


def test_a_file_is_traced_by_its_hash(template, ada, signed_in):
    browser, english = signed_in(ada), {"accept-language": "en"}
    made = browser.post(f"{AT}{template.pk}/export/", VALUES | {"as": "png"}).content

    def traced(data):
        given = {"file": SimpleUploadedFile("x.png", data)}
        return browser.post(f"{AT}trace/", given, headers=english)

    page = traced(made).content.decode()
    assert "dataDrivenMedia" in page and "made_with_ai = False" in page and "is_aigc" in page
    assert traced(made + b"x").status_code == 404


def test_readers_look_and_others_see_nothing(template, batch, rita, dario, signed_in):
    reader = signed_in(rita)
    for path in ("", f"{template.pk}/", f"{template.pk}/thumb.png", f"batches/{batch.pk}/"):
        assert reader.get(AT + path).status_code == 200
    for path in (f"{template.pk}/export/", f"{template.pk}/batch/", f"batches/{batch.pk}/make/", "copy/", "fonts/"):
        assert reader.post(AT + path).status_code == 403
    stranger = signed_in(dario)
    for path in (
        f"{template.pk}/",
        f"{template.pk}/thumb.png",
        f"batches/{batch.pk}/",
        f"batches/{batch.pk}/pictures.zip",
    ):
        assert stranger.get(AT.replace("harbour", "elsewhere") + path).status_code == 404


# -- API -------------------------------------------------------------------------------------------------------------


def test_the_api_makes_a_picture_and_says_what_platforms_are_told(template, ada, signed_in):
    client = signed_in(ada)
    given = {"values": {"first_name": "Léa", "code": "A"}, "as": "png"}
    said = client.post(
        f"{API}picture-templates/{template.pk}/picture", given, "application/json", **_csrf(client)
    ).json()

    data = base64.b64decode(said["data"])
    verified(data)
    assert said["alt"] == "Card for Léa" and said["alt_confirmed"] is False and said["warnings"]
    assert said["platform_fields"]["instagram"] == {"is_ai_generated": False}
    history = client.get(f"{API}pictures/{said['sha256']}/history").json()
    assert history["source"] == "dataDrivenMedia" and [step["note"] for step in history["steps"]] == ["drawn", "filled"]


def _csrf(client):
    client.get(AT)
    return {"headers": {"X-CSRFToken": client.cookies["csrftoken"].value}}


def test_the_api_refuses_with_the_place_and_the_variable(template, ada, signed_in):
    client = signed_in(ada)
    answer = client.post(
        f"{API}picture-templates/{template.pk}/picture",
        {"values": {"first_name": "L"}},
        "application/json",
        **_csrf(client),
    )
    assert answer.status_code == 422 and answer.json()["place"] == "code"
    answer = client.post(f"{API}picture-templates", {"file": svg(card("<script/>"))}, **_csrf(client))
    assert answer.status_code == 422 and answer.json()["place"] == "card.svg:2:1"


def test_the_api_carries_a_batch_from_a_table_to_a_zip(template, ada, signed_in):
    client = signed_in(ada)
    opened = client.post(f"{API}picture-templates/{template.pk}/batches", {"table": people()}, **_csrf(client))
    assert opened.status_code == 201 and opened.json()["total"] == 2
    at = f"{API}picture-batches/{opened.json()['id']}"

    made = client.post(f"{at}/make", **_csrf(client)).json()

    assert (made["state"], made["done"], made["failed"]) == ("done", 2, 1)
    assert made["faults"][0]["variable"] == "code" and client.get(at).json() == made
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(client.get(f"{at}/pictures.zip").content)).namelist()
    assert client.delete(at, **_csrf(client)).status_code == 204
    assert client.get(at).status_code == 404


# -- command line ----------------------------------------------------------------------------------------------------


def run(*args, code=0):
    answer = CliRunner().invoke(command, [str(one) for one in args])
    assert (answer.exit_code == 0) == (code == 0), answer.output + str(answer.exception)
    return answer


def test_the_command_line_makes_one_picture_and_tells_its_history(template, tmp_path):
    png, drawing = tmp_path / "out.png", tmp_path / "out.svg"
    answer = run(
        "render", template.name, "--value", "first_name=Léa", "--value", "code=A=1", "--png", png, "--svg", drawing
    )

    verified(png.read_bytes())
    assert "Alt text: Card for Léa" in answer.output and "Nobody has confirmed" in answer.output
    assert "A=1" in drawing.read_text()
    assert json.loads(run("history", png, "--json").output)["is_generated"] is False
    run("render", template.pk, "--value", "first_name=Léa", "--png", png, code=1)


def test_the_command_line_fills_a_folder_and_keeps_no_batch(template, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("first_name;code\nLéa;A1\nZoë;\nעדי;C3\n")

    answer = run("batch", template.pk, table, "--out", tmp_path / "out", "--json")

    said = json.loads(answer.stdout)
    assert said["pictures"] == 2 and said["faults"][0]["row"] == 2
    assert len(list((tmp_path / "out").glob("*.png"))) == 2
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["pictures"][1]["alt"] == "Card for עדי"
    assert not PictureBatch.objects.exists()


def test_an_interrupted_batch_is_listed_and_goes_on(batch, tmp_path):
    (listed,) = json.loads(run("batches", "--json").output)
    assert listed["done"] == 0

    run("resume", batch.pk, "--out", tmp_path / "out", "--keep")

    assert len(list((tmp_path / "out").glob("*.png"))) == 1
    assert json.loads(run("batches", "--json").output)[0]["state"] == "done"
    assert [one["id"] for one in json.loads(run("templates", "--json").output)] == [batch.template_id]
