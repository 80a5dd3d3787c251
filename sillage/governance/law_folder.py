"""Law packs in folders of the installation: reading them, and copying a shipped one to change it."""

from __future__ import annotations

from pathlib import Path

from sillage.governance.engine.law_reading import CASES_FILE, PACK_FILE, PackText, shipped_texts
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class LawPackMissing(Refusal):
    """There is no law pack in this place, or none of this name."""

    title = "No law pack"


class LawPackExists(Refusal):
    """The folder already holds something: nothing is written over it."""

    title = "Folder in use"


def read_pack_folder(folder: Path) -> PackText:
    """The pack of one folder. Raises LawPackMissing."""
    if not (folder / PACK_FILE).is_file():
        raise LawPackMissing(
            Sentence("There is no %(pack_file)s in %(folder)s.", pack_file=PACK_FILE, folder=folder),
            Sentence("Give a pack's folder; `sillage law copy fr FOLDER` makes one."),
        )
    cases = folder / CASES_FILE
    text = cases.read_text(encoding="utf8") if cases.is_file() else ""
    return PackText(str(folder), (folder / PACK_FILE).read_text(encoding="utf8"), text)


def read_pack_folders(root: Path) -> list[PackText]:
    """The packs below a folder, by name; a folder without a pack in it is passed over. Raises LawPackMissing."""
    if not root.is_dir():
        raise LawPackMissing(
            Sentence("SILLAGE_LAW_PACKS names %(root)s, which is no folder.", root=root),
            Sentence("Make it, or unset the setting."),
        )
    return [read_pack_folder(folder) for folder in sorted(root.iterdir()) if (folder / PACK_FILE).is_file()]


def copy_pack(pack_id: str, root: Path) -> Path:
    """Copy a shipped pack below a folder, one version further so that it replaces the shipped one. The copy's folder.

    Raises LawPackMissing and LawPackExists.
    """
    shipped = shipped_texts().get(pack_id)
    if shipped is None:
        raise LawPackMissing(
            Sentence("Sillage ships no law pack “%(pack_id)s”.", pack_id=pack_id),
            Sentence("There are %(shipped_texts)s.", shipped_texts=", ".join(shipped_texts())),
        )
    folder = root / pack_id
    if folder.exists():
        raise LawPackExists(
            Sentence("%(folder)s is there already.", folder=folder),
            Sentence("Change the pack in it, or choose another folder."),
        )
    version = shipped.read().version
    folder.mkdir(parents=True)
    text = shipped.pack.replace(f'version = "{version}"', f'version = "{version}.1"', 1)
    (folder / PACK_FILE).write_text(text, encoding="utf8")
    (folder / CASES_FILE).write_text(shipped.cases, encoding="utf8")
    return folder
