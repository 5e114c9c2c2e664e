"""The versions of the schema: each a folder in `schemas/xsd/` and an entry in `versions.toml`."""

import threading
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from app.xsd.model import ElementModel
from app.xsd.parsing import new_parser

DEFAULT_FOLDER = Path(__file__).parents[2] / "schemas" / "xsd"
_ENTRY_FILE = "AnesthesiaRecords.xsd"


class VersionUnknown(LookupError):
    """No schema of this id is shipped."""


@dataclass(frozen=True, kw_only=True)
class SchemaVersion:
    """One version. `accepted_from` and `accepted_until` bound the days of submission, both in."""

    id: str
    year: int
    any_order: bool
    is_open: bool
    accepted_from: date | None
    accepted_from_assumed: bool
    accepted_until: date | None
    accepted_until_assumed: bool
    required_from: date | None
    required_from_assumed: bool
    notes: tuple[str, ...]
    source: str
    folder: Path

    @property
    def xsd(self) -> Path:
        return self.folder / _ENTRY_FILE

    def accepts_on(self, day: date) -> bool:
        """Whether case files of this version may be submitted on `day`."""
        if not self.is_open:
            return False
        began = self.accepted_from is None or day >= self.accepted_from
        ended = self.accepted_until is not None and day > self.accepted_until
        return began and not ended

    @cached_property
    def model(self) -> ElementModel:
        from app.xsd.model_loader import load_model  # see there why it is loaded this late

        return load_model(self.xsd)


class SchemaCatalogue:
    """All versions, oldest first. Compiled schemas are per thread: libxml2's error log is shared
    by all users of one schema object and wrong when two threads validate at once.
    """

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = folder
        entries = tomllib.loads((folder / "versions.toml").read_text(encoding="utf-8"))
        self._versions = {id_: _version(id_, entry, folder) for id_, entry in entries.items()}
        self._compiled = threading.local()

    def versions(self) -> list[SchemaVersion]:
        return list(self._versions.values())

    def open_ids(self, day: date) -> tuple[str, ...]:
        return tuple(v.id for v in self._versions.values() if v.accepts_on(day))

    def get(self, version_id: str) -> SchemaVersion:
        """Raises: VersionUnknown."""
        try:
            return self._versions[version_id]
        except KeyError:
            raise VersionUnknown(version_id) from None

    def compiled(self, version: SchemaVersion) -> etree.XMLSchema:
        """The compiled schema of `version` for the calling thread."""
        cache: dict[str, etree.XMLSchema] = self._compiled.__dict__.setdefault("schemas", {})
        if version.id not in cache:
            tree = etree.parse(str(version.xsd), new_parser(keep_blanks=False))
            cache[version.id] = etree.XMLSchema(tree)
        return cache[version.id]


@cache
def shipped_schemas() -> SchemaCatalogue:
    return SchemaCatalogue()


def _version(id_: str, entry: dict[str, Any], folder: Path) -> SchemaVersion:
    return SchemaVersion(
        id=id_,
        year=entry["year"],
        any_order=entry["order"] == "any",
        is_open=entry["status"] == "open",
        accepted_from=entry.get("accepted_from"),
        accepted_from_assumed=entry.get("accepted_from_assumed", False),
        accepted_until=entry.get("accepted_until"),
        accepted_until_assumed=entry.get("accepted_until_assumed", False),
        required_from=entry.get("required_from"),
        required_from_assumed=entry.get("required_from_assumed", False),
        notes=tuple(entry.get("notes", ())),
        source=entry["source"],
        folder=folder / id_,
    )
