"""Links from a result to the page about the version of its file."""

from dataclasses import dataclass

from app.portal.schema_tree import nearest_anchor
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaPage:
    version: SchemaVersion

    @property
    def address(self) -> str:
        return f"/docs/schemas/{self.version.id}"

    def address_of(self, path: str) -> str:
        """Return the address of the element at the `path` of a finding, or of the nearest above."""
        return f"{self.address}#{nearest_anchor(path, self.version)}"


def schema_page_of(version_id: str | None, schemas: SchemaCatalogue) -> SchemaPage | None:
    """Return the page of the version that a file names, when there is such a version."""
    try:
        return SchemaPage(version=schemas.get(version_id or ""))
    except VersionUnknown:
        return None
