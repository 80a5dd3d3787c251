"""Files of drafts on their way out: as an attachment, of the type that their bytes have, and nothing in them may act.

A picture or a film in a page is shown all the same: the address of an attachment is good for <img> and <video>.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from sillage.adapters import blobs
from sillage.campaigns.models import DraftFile

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE = 1 << 18


def file_answer(request: HttpRequest, workspace_id: int, file: DraftFile) -> HttpResponse:
    """The file, or the part of it that a player asks for (RFC 9110, 14.2; one range)."""
    opened = blobs.opened(workspace_id, file.sha256)
    part = _part_of(request.headers.get("Range", ""), file.size)
    answer: HttpResponseBase
    if part is None:
        answer = FileResponse(opened, content_type=file.media_type)
        answer["Content-Length"] = str(file.size)
    elif part[0] >= part[1]:
        opened.close()
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{file.size}"
    else:
        starts, ends = part
        answer = StreamingHttpResponse(_pieces(opened, starts, ends), status=206, content_type=file.media_type)
        answer["Content-Range"] = f"bytes {starts}-{ends - 1}/{file.size}"
        answer["Content-Length"] = str(ends - starts)
    return cast(HttpResponse, _harmless(answer, file))  # doors treat a streamed one alike


def _harmless(answer: HttpResponseBase, file: DraftFile) -> HttpResponseBase:
    extension = file.name.rpartition(".")[2]
    answer["Content-Disposition"] = f'attachment; filename="draft-{file.draft_id}-{file.position}.{extension}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["Accept-Ranges"] = "bytes"
    return answer


def _part_of(asked: str, size: int) -> tuple[int, int] | None:
    """[starts, ends) of the range; an empty one where there is nothing; None: the whole."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _pieces(file: BinaryIO, starts: int, ends: int) -> Iterator[bytes]:
    with file:
        file.seek(starts)
        left = ends - starts
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
