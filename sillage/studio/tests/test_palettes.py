"""Palettes: colours of pictures, kept without the pictures, with the contrast of each pair."""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from sillage.campaigns.engine.uploads import FileRefused
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.lib.errors import NotFound
from sillage.studio.actions.palettes import (
    NoPicturesYet,
    PaletteMalformed,
    PaletteThere,
    make_palette,
    put_away_palette,
)
from sillage.studio.engine.picture_pixels import pixels_of, together
from sillage.studio.models import Palette
from sillage.studio.queries.ideas import get_palette, list_palettes
from sillage.studio.tests.bubble import a_campaign

__all__ = ["terminal"]


def picture(*colours, mode="RGB"):
    """A PNG of bars of equal width."""
    points = np.repeat(np.array([colours], dtype=np.uint8), 30, axis=0).repeat(20, axis=1)
    out = io.BytesIO()
    Image.fromarray(points, mode).save(out, "PNG")
    return out.getvalue()


RED_AND_NAVY = picture((200, 30, 40), (200, 30, 40), (20, 30, 60))


def _make(actor, now, **given):
    said = {"name": "Lumen", "source": "brand", "files": [("a.png", RED_AND_NAVY)], **given}
    return make_palette(**said, actor=actor, now=now)


def test_the_colours_of_a_picture_are_kept_and_the_picture_is_not(ada, noon):
    palette = _make(ada, noon)
    assert [c["code"] for c in palette.colours] == ["#c81e28", "#141e3c"]
    assert [round(c["share"], 2) for c in palette.colours] == [0.67, 0.33]
    assert palette.pictures[0]["name"] == "a.png" and len(palette.pictures[0]["sha256"]) == 64
    assert governance.list_entries(ada.workspace_id).items[0].verb == "studio.palette_made"


def test_a_large_picture_does_not_outweigh_a_small_one():
    large, small = np.full((9_000, 3), 250, np.uint8), np.full((10, 3), 10, np.uint8)
    points = together([large, small])
    assert (points == 250).all(axis=1).mean() == pytest.approx(0.5)


def test_what_is_see_through_has_no_colour():
    points = pixels_of(picture((200, 30, 40, 255), (0, 0, 0, 0), mode="RGBA"), "a.png")
    assert np.unique(points, axis=0).tolist() == [[200, 30, 40]]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, PaletteMalformed),
        ({"source": "guess"}, PaletteMalformed),
        ({"files": []}, PaletteMalformed),
        ({"files": [("a.png", RED_AND_NAVY)] * 31}, PaletteMalformed),
        ({"files": [("a.png", picture((0, 0, 0, 0), mode="RGBA"))]}, PaletteMalformed),
        ({"files": [("a.png", b"%PDF-1.7 nothing")]}, FileRefused),
        ({"files": [("a.png", RED_AND_NAVY[:60])]}, FileRefused),
        ({"source": "drafts"}, PaletteMalformed),
    ],
)
def test_what_cannot_be_a_palette_is_refused(ada, noon, given, refusal):
    with pytest.raises(refusal):
        _make(ada, noon, **given)
    assert not Palette.objects.exists()


def test_a_campaign_without_pictures_says_so(ada, noon):
    with pytest.raises(NoPicturesYet):
        _make(ada, noon, source="drafts", files=[], campaign_id=a_campaign(ada, noon).pk)


def test_a_name_stands_once_until_its_palette_is_put_away(ada, noon):
    palette = _make(ada, noon)
    with pytest.raises(PaletteThere):
        _make(ada, noon)
    put_away_palette(palette_id=palette.pk, actor=ada, now=noon)
    again = _make(ada, noon)
    assert [p.pk for p in list_palettes(ada.workspace_id)] == [again.pk]


def test_a_reader_makes_none_and_a_stranger_finds_none(ada, rita, dario, noon):
    palette = _make(ada, noon)
    with pytest.raises(NotAllowed):
        _make(rita, noon, name="Other")
    with pytest.raises(NotFound):
        get_palette(dario.workspace_id, palette.pk)
    with pytest.raises(NotFound):
        put_away_palette(palette_id=palette.pk, actor=dario, now=noon)


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_the_page_makes_a_palette_and_shows_what_can_be_read_on_what(visitor):
    assert "The catalogue keeps no pictures of posts" in visitor.get(url("palettes")).content.decode()
    file = SimpleUploadedFile("a.png", picture((255, 255, 255), (0, 0, 0), (250, 200, 60)))
    answer = visitor.post(url("make_palette"), {"name": "Lumen", "source": "performing", "pictures": [file]})
    html = visitor.get(answer.url).content.decode()
    assert "Pictures that a person says performed" in html and "#000000" in html and "21.00" in html
    assert "AAA" in html and "fails AA" in html and 'data-copy="#fac83c"' in html
    visitor.post(url("put_away_palette", Palette.objects.get().pk))
    assert "No palette yet" in visitor.get(url("palettes")).content.decode()


def test_the_page_says_why_a_file_is_no_picture(visitor):
    file = SimpleUploadedFile("a.png", b"%PDF-1.7 nothing")
    answer = visitor.post(url("make_palette"), {"name": "Lumen", "source": "brand", "pictures": [file]}, follow=True)
    assert "is no picture" in answer.content.decode() and not Palette.objects.exists()


def test_a_palette_through_the_api(ada, noon):
    palette = _make(ada, noon)
    found = program_of(ada).get(f"studio/palettes/{palette.pk}").json()
    assert found["pairs"][0]["aa_large"] is False or found["pairs"][0]["contrast"] >= 3
    assert [line["name"] for line in program_of(ada).get("studio/palettes").json()["items"]] == ["Lumen"]


def test_the_command_shows_colours_and_keeps_them_only_when_asked(terminal, ada, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(picture((255, 255, 255), (0, 0, 0)))
    shown = terminal("studio", "palette", path)
    assert shown.code == 0 and "#ffffff" in shown.out and "21.00" in shown.out and not Palette.objects.exists()
    found = terminal("studio", "palette", path, "--keep", "Lumen", "--json").json
    assert found["pairs"][0]["wcag"] == "AAA" and Palette.objects.get().name == "Lumen"
