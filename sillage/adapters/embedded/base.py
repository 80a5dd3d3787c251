"""Django looks for `base.DatabaseWrapper` in the module that `ENGINE` names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from sillage.adapters.database import ensure_running


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL whose address is known only once it runs: `OPTIONS["data_folder"]` says where it lives."""

    def get_connection_params(self) -> dict[str, Any]:
        options = self.settings_dict["OPTIONS"]
        address = ensure_running(Path(options["data_folder"]), say=_say)
        self.settings_dict["HOST"] = address.host
        self.settings_dict["PORT"] = str(address.port or "")
        self.settings_dict["USER"] = address.user
        params: dict[str, Any] = super().get_connection_params()
        params.pop("data_folder", None)
        return params
