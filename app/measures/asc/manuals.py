"""The manuals that are shipped, each read when its year is first asked for."""

from functools import cache

from pydantic import ValidationError

from app.measures.asc.definition import AscManual
from app.measures.catalogue.toml_files import DATA, read_toml

_FOLDER = DATA / "asc"


@cache
def manual_years() -> tuple[int, ...]:
    """The years of encounters that are specified, in order."""
    return tuple(sorted(int(path.stem) for path in _FOLDER.glob("*.toml")))


@cache
def manual_for(year: int) -> AscManual | None:
    """Return the manual for encounters of `year`, or None when no source says what holds.

    Raises: ValueError, naming the file.
    """
    if year not in manual_years():
        return None
    content = read_toml(_FOLDER / f"{year}.toml")
    try:
        manual = AscManual.model_validate(content)
    except ValidationError as error:
        raise ValueError(f"asc/{year}.toml: {error}") from error
    if manual.year != year:
        raise ValueError(f"asc/{year}.toml: it is of {manual.year}")
    return manual
