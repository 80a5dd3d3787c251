"""Files from strangers: what is refused, what is cleaned, and that memory stays small."""

from __future__ import annotations

import hashlib
import tracemalloc
from io import BytesIO

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from PIL import Image

from sillage.adapters import blobs
from sillage.campaigns.actions.uploads import MOST_FILES, keep_file, keep_files, open_original
from sillage.campaigns.engine.films import read_film, renamed
from sillage.campaigns.engine.uploads import FileRefused, plain_name
from sillage.campaigns.tests import files
from sillage.front.uploads import UploadTooLarge
from sillage.governance.engine.sealing import SealBroken


def kept(workspace, data, name="photo.jpg"):
    file = keep_file(workspace.pk, name, BytesIO(data))
    return file, blobs.read(workspace.pk, file.sha256)


# -- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a page, a drawing or a program"),
        (b"<?xml version='1.0'?><svg/>", "a page, a drawing or a program"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a page, a drawing or a program"),
        (files.archive(), "an archive"),
        (b"%PDF-1.7\n1 0 obj", "application/pdf"),
        (b"MZ\x90\x00" + bytes(100), "executable"),
        (b"#!/bin/sh\nrm -rf /", "no picture and no film"),
        (b"", "it is empty"),
        (b"GIF89", "no picture and no film"),
    ],
)
def test_what_is_no_picture_and_no_film_is_refused_whatever_its_name(workspace, data, says):
    with pytest.raises(FileRefused) as refused:
        kept(workspace, data, "holiday.jpg")

    assert says in refused.value.message and refused.value.place == "holiday.jpg"


def test_a_page_behind_a_picture_s_first_bytes_is_refused(workspace):
    with pytest.raises(FileRefused):
        kept(workspace, b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>")


def test_a_picture_that_is_cut_off_is_refused(workspace):
    whole = files.picture(size=(640, 480))
    with pytest.raises(FileRefused):
        kept(workspace, whole[: len(whole) // 2])


@pytest.mark.parametrize(("side", "says"), [(8_000, "8000 × 8000"), (30_000, "more points than a computer holds")])
def test_a_small_picture_that_unpacks_to_gigabytes_is_refused_without_unpacking(workspace, side, says):
    data = files.bomb(side)
    tracemalloc.start()
    with pytest.raises(FileRefused) as refused:
        kept(workspace, data, "bomb.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert says in refused.value.message
    assert len(data) < 5_000 and peak < 20_000_000


def test_a_moving_picture_is_counted_with_all_its_frames(workspace):
    frames = [Image.new("P", (3000, 3000), n) for n in range(12)]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])

    with pytest.raises(FileRefused) as refused:
        kept(workspace, made.getvalue(), "party.gif")
    assert "12 frames" in refused.value.message


@pytest.mark.parametrize(
    "data",
    [
        files.film(more=files.archive()),
        files.film(more=files.box(b"free", files.archive())),
        files.box(b"ftyp", b"isom" + bytes(4)) + files.box(b"free", b"%PDF-1.4 ") + files.film()[24:],
        files.box(b"ftyp", b"isom" + bytes(4)) + files.box(b"free", b"<script>alert(1)</script>") + files.film()[24:],
    ],
    ids=["archive behind", "archive in a box", "document in the head", "script in the head"],
)
def test_a_film_that_is_something_else_as_well_is_refused(workspace, data):
    with pytest.raises(FileRefused):
        kept(workspace, data, "clip.mp4")


@pytest.mark.parametrize(
    "data",
    [
        files.film()[:-100],
        files.film(more=b"tail"),
        files.film(more=files.box(b"EVIL", b"x")),
        files.box(b"ftyp", b"isom" + bytes(4)),
        files.box(b"ftyp", b"heic" + bytes(4)) + bytes(100),
        files.box(b"ftyp", b"isom" + bytes(4)) + b"\x00\x00\x00\x02moov" + bytes(50),
    ],
    ids=["cut off", "bytes behind", "unknown box", "no film in it", "heif", "box smaller than its head"],
)
def test_a_film_that_is_not_whole_is_refused(workspace, data):
    with pytest.raises(FileRefused):
        kept(workspace, data, "clip.mp4")


def test_too_many_files_are_refused(workspace):
    with pytest.raises(FileRefused):
        keep_files(workspace.pk, [("a.jpg", BytesIO(files.picture()))] * (MOST_FILES + 1))


def test_a_file_above_the_setting_is_refused(workspace, monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "upload_mb", 1)
    with pytest.raises(FileRefused) as refused:
        kept(workspace, files.film(more=files.box(b"free", bytes(1_000_000))), "clip.mp4")
    assert "up to 1 MB" in refused.value.message


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Windows\\system32\\été.exe", "été.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ('x"; filename="evil.html', "x__ filename__evil.jpg"),
        ("a\r\nSet-Cookie: b=1", "aSet-Cookie_ b_1.jpg"),
        ("...", "file.jpg"),
        ("n" * 500, "n" * 80 + ".jpg"),
    ],
)
def test_a_name_is_shown_without_its_tricks(name, shown):
    assert plain_name(name, "image/jpeg") == shown


def test_a_file_is_called_by_its_hash_on_the_disk_whatever_its_name(workspace):
    file, data = kept(workspace, files.picture(), "../../../tmp/evil.jpg")

    assert file.name == "evil.jpg"
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    with pytest.raises(Exception, match="no kept file"):
        blobs.opened(workspace.pk, "../" + file.sha256)


# -- cleaned ---------------------------------------------------------------------------------------------------------


def test_places_makers_and_comments_leave_a_picture_and_its_colours_stay(workspace):
    file, data = kept(workspace, files.with_gps())
    seen = Image.open(BytesIO(data))

    assert file.removed == ("camera", "comment", "location")
    assert not seen.getexif() and "comment" not in seen.info
    assert b"Pomme" not in data and b"home" not in data
    assert seen.info["icc_profile"] == Image.open(BytesIO(files.with_gps())).info["icc_profile"]


def test_a_picture_that_lay_on_its_side_stands_upright(workspace):
    file, data = kept(workspace, files.with_gps(orientation=6))

    assert (file.width, file.height) == (48, 64) == Image.open(BytesIO(data)).size


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "GIF"])
def test_an_archive_or_a_page_behind_a_picture_is_gone(workspace, fmt):
    file, data = kept(workspace, files.picture(fmt) + files.archive() + b"<script>alert(1)</script>")

    assert "appended" in file.removed
    assert b"evil.sh" not in data and b"<script>" not in data
    assert Image.open(BytesIO(data)).size == (64, 48)


def test_texts_in_a_drawing_s_chunks_are_gone(workspace):
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    told.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>where</x:xmpmeta>")
    file, data = kept(workspace, files.picture("PNG", pnginfo=told))

    assert "description" in file.removed and b"<script>" not in data and b"xmpmeta" not in data


def test_a_moving_picture_moves_still_and_its_comment_is_gone(workspace):
    frames = [Image.new("P", (30, 20), n) for n in (0, 100, 200)]
    for n, frame in enumerate(frames):
        frame.putpalette([n * 80] * 768)
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], comment=b"secret place", duration=70, loop=0)
    _, data = kept(workspace, made.getvalue(), "wave.gif")

    assert Image.open(BytesIO(data)).n_frames == 3
    assert b"secret place" not in data


def test_the_same_picture_is_stored_once(workspace):
    one, _ = kept(workspace, files.with_gps(), "a.jpg")
    other, _ = kept(workspace, files.with_gps(), "b.png")

    assert one.sha256 == other.sha256 and other.name == "b.jpg"


def test_places_leave_a_film_and_nothing_else_of_it_moves(workspace):
    came = files.film()
    file, data = kept(workspace, came, "clip.mov")
    again = read_film(BytesIO(data), len(data), "clip")

    assert (file.media_type, file.seconds, file.width, file.height) == ("video/mp4", 2.0, 640, 360)
    assert file.removed == ("camera", "location_track")
    assert len(data) == len(came) and data.count(b"free") == 2 and b"udta" not in data
    assert again.renamed == () and again.seconds == 2.0


def test_names_are_written_over_wherever_a_piece_ends():
    data = bytes(range(256)) * 4
    for size in (1, 3, 4, 5, 7, 64, 2000):
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        made = b"".join(renamed(pieces, (0, 10, 63, 1020)))
        expected = bytearray(data)
        for place in (0, 10, 63, 1020):
            expected[place : place + 4] = b"free"
        assert made == bytes(expected)


# -- provenance ------------------------------------------------------------------------------------------------------


def test_a_picture_that_proves_its_making_is_kept_as_it_came_too_under_seal(workspace):
    came = files.with_credentials()
    file, data = kept(workspace, came)
    sealed = blobs.read(workspace.pk, file.sealed_sha256)

    assert "provenance" in file.removed and file.says_machine_made
    assert b"c2pa" not in data and b"c2pa" not in sealed
    assert b"".join(open_original(workspace.pk, file.sealed_sha256)) == came


def test_a_sealed_file_whose_pieces_were_moved_does_not_open(workspace, tmp_path):
    from sillage.campaigns.engine.sealed_files import opened_pieces, sealed_pieces

    key = bytes(32)
    written = list(sealed_pieces(key, [b"one", b"two"]))
    assert list(opened_pieces(key, BytesIO(b"".join(written)))) == [b"one", b"two"]
    for wrong in ([written[1], written[0], written[2]], written[:2], [written[0], written[2]]):
        with pytest.raises(SealBroken):
            list(opened_pieces(key, BytesIO(b"".join(wrong))))


# -- streams ---------------------------------------------------------------------------------------------------------


class Stream:
    """A body that goes on for ever, and counts what was read of it."""

    def __init__(self, head: bytes) -> None:
        self.head, self.read_so_far = BytesIO(head), 0

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "nobody reads to the end of what has none"
        piece = self.head.read(size) or b"\xff" * size
        self.read_so_far += len(piece)
        return piece


HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x.mp4"\r\nContent-Type: video/mp4\r\n\r\n'


def posted(stream: Stream, length: str) -> WSGIRequest:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
        "CONTENT_LENGTH": length,
        "wsgi.input": stream,
    }
    return WSGIRequest(environ)


def test_ten_gigabytes_are_refused_before_the_first_byte(monkeypatch):
    stream = Stream(HEAD)
    with pytest.raises(UploadTooLarge):
        posted(stream, str(10 * 10**9)).FILES  # noqa: B018
    assert stream.read_so_far == 0


def test_a_stream_that_lies_about_its_length_is_refused_where_the_limit_is_and_memory_stays_small(monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "upload_mb", 8)
    stream = Stream(HEAD)
    tracemalloc.start()
    with pytest.raises(UploadTooLarge):
        posted(stream, str(16 * 10**6)).FILES  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert 8_000_000 <= stream.read_so_far < 9_000_000
    assert peak < 4_000_000
