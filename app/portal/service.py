"""What the portal hands out about a version. Made once per version and kept: it never changes."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.domain.errors.intake import SchemaVersionUnknown
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown
from app.xsd.changes import Change, changes_between
from app.xsd.flatten import flattened
from app.xsd.samples import sample_case_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`tag` changes with the content."""

    content: bytes
    tag: str


def version_of(version_id: str, schemas: SchemaCatalogue) -> SchemaVersion:
    """Raises: SchemaVersionUnknown."""
    try:
        return schemas.get(version_id)
    except VersionUnknown:
        raise SchemaVersionUnknown("GET /v1/schemas lists the versions.") from None


def predecessor_of(version: SchemaVersion, schemas: SchemaCatalogue) -> SchemaVersion | None:
    """Return the version that its senders used before, with the order of sections as it is here.

    The first version in any order follows the one in fixed order.
    """
    versions = schemas.versions()
    earlier = versions[: versions.index(version)]
    alike = [each for each in earlier if each.any_order == version.any_order]
    candidates = alike or earlier
    return candidates[-1] if candidates else None


def newest_open(schemas: SchemaCatalogue, day: date) -> SchemaVersion:
    """Return the newest version that may be submitted on `day`, with its sections in fixed order
    where there is a choice; without any the newest of all.
    """
    versions = schemas.versions()
    candidates = [each for each in versions if each.accepts_on(day)] or versions
    return max(candidates, key=lambda each: (each.year, not each.any_order))


@cache
def xsd_of(version: SchemaVersion) -> Document:
    return document_of(flattened(version.xsd))


@cache
def sample_of(version: SchemaVersion) -> Document:
    return document_of(sample_case_file(version))


@cache
def changes_of(older: SchemaVersion, newer: SchemaVersion) -> tuple[Change, ...]:
    return tuple(changes_between(older.model, newer.model))


def document_of(content: bytes) -> Document:
    return Document(content=content, tag=hashlib.sha256(content).hexdigest()[:32])
