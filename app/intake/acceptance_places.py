"""The places that a finding can be accepted at: those of the elements of the open versions."""

from collections.abc import Collection

from app.checking.acceptance import place_at
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.suggestions import closest


def check_place(place: str, schemas: SchemaCatalogue) -> None:
    """Raises: ValueError, naming the place that was probably meant and never the value."""
    known = _known_places(schemas)
    if place not in known:
        meant = _meant(place, known)
        hint = f"; did you mean {meant}?" if meant else ""
        raise ValueError(f"no open version of the schema has an element there{hint}")


def _known_places(schemas: SchemaCatalogue) -> dict[str, None]:
    """Without twins, and in document order: the same fault gets the same suggestion."""
    return {
        place_at(path): None
        for version in schemas.versions()
        if version.is_open
        for path, _ in version.model.walk()
    }


def _meant(place: str, known: Collection[str]) -> str | None:
    """The only place with this end, as of a bare name of an element, else the closest."""
    ends = [each for each in known if each.endswith(f"/{place}")]
    return ends[0] if len(ends) == 1 else closest(place, known)
