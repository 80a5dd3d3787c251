"""The port: what Sillage asks of a language model. It answers with text and can do nothing else."""

from __future__ import annotations

from typing import Protocol


class LanguageModel(Protocol):
    """`name` and `version` are what the mark of its output says."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def answer(self, *, system: str, user: str) -> str:
        """Return the answer, a JSON object as text that nobody has checked yet.

        `system` holds Sillage's instructions, `user` the material. Raises OutsideError when the server fails.
        """
        ...
