"""Files that come through the site: written to the disk as they come, and refused as soon as they are too large.

What the sender says of the length is believed only where it is too much; else what comes is counted. Memory holds one piece.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from sillage.adapters import passing
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence

TOGETHER = 2  # times the largest file: all files of one request


class UploadTooLarge(Refusal, SuspiciousOperation):
    """A file, or all files of a request, are larger than the site takes. To Django a suspicious operation: never a crash."""

    status = 413
    title = "Upload too large"


class BoundedUploads(TemporaryFileUploadHandler):
    """Django's handler that writes to temporary files, with an end: SILLAGE_UPLOAD_MB."""

    chunk_size = 256 * 1024

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most = int(settings.SILLAGE.upload_mb) * 1_000_000
        self._of_file = self._together = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803
        if content_length > TOGETHER * self._most + 1_000_000:
            raise self._too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        passing.folder()  # is there from the first upload on
        super().new_file(*args, **kwargs)
        self._of_file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._of_file += len(raw_data)
        self._together += len(raw_data)
        if self._of_file > self._most or self._together > TOGETHER * self._most:
            self.file.close()  # removes it
            raise self._too_large()
        super().receive_data_chunk(raw_data, start)

    def _too_large(self) -> UploadTooLarge:
        return UploadTooLarge(
            Sentence(
                "A file of up to %(most)s MB is taken, %(together)s MB in one go.",
                most=f"{self._most / 1000000.0:.0f}",
                together=f"{TOGETHER * self._most / 1000000.0:.0f}",
            ),
            Sentence("Send a smaller version, or fewer files at a time."),
        )
