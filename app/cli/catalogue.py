"""The commands about the catalogue of measures. They ask neither service nor database."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import orjson
import typer

from app.cli.catalogue_format import CatalogueFormat
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE
from app.domain.errors.measures import MeasureUnknown
from app.measures.catalogue.catalogue import load_catalogue
from app.measures.catalogue.version import catalogue_version
from app.measures.changes.asked_changes import measure_changes
from app.measures.changes.change_words import value_in_words
from app.measures.changes.official_comparison import Difference, differences
from app.measures.changes.official_files import (
    OfficialFileUnreadable,
    official_years,
    read_official_year,
)
from app.measures.changes_wire import ChangeDetail, MeasureChanges


def print_changes(since: int, until: int, format_: CatalogueFormat) -> int:
    """Print the changes, as JSON in the shape of `GET /v1/measures/changes`."""
    catalogue = load_catalogue()
    try:
        changes = measure_changes(catalogue, since, until)
    except MeasureUnknown:
        first, last = catalogue.performance_years[0], catalogue.performance_years[-1]
        return _refused("diff", f"measures are known for the performance years {first} to {last}")
    if format_ is CatalogueFormat.JSON:
        typer.echo(changes.model_dump_json(indent=2))
    else:
        typer.echo("\n".join(_changes_as_text(changes)))
    return NO_ERROR


def _changes_as_text(changes: MeasureChanges) -> Iterable[str]:
    yield f"{changes.since} to {changes.until}"
    if not changes.items:
        yield "Nothing changed."
    for measure_id, of_one in groupby(changes.items, key=lambda change: change.measure_id):
        found: list[ChangeDetail] = list(of_one)
        yield ""
        yield "The year" if measure_id is None else f"{measure_id}  {found[0].title}"
        yield from (f"  {change.message}" for change in found)


def print_versions() -> None:
    """Print a version a line, the oldest year first."""
    catalogue = load_catalogue()
    for year in catalogue.performance_years:
        typer.echo(catalogue_version(catalogue, year))


def print_differences(folder: Path, years: Sequence[int], format_: CatalogueFormat) -> int:
    """Print how the files of CMS differ from the catalogue. Nothing is changed."""
    catalogue = load_catalogue()
    known = catalogue.register.years
    asked = years or [year for year in official_years(folder) if year in known]
    if not asked:
        return _refused("import", f"{folder} holds no year of {known[0]} to {known[-1]}")
    if min(asked) < known[0]:
        return _refused("import", f"the catalogue begins with {known[0]}")
    computed = catalogue.performance_years
    try:
        found = [
            each
            for year in asked
            for each in differences(
                catalogue, read_official_year(folder, year, with_benchmarks=year in computed)
            )
        ]
    except OfficialFileUnreadable as error:
        return _refused("import", str(error))
    if format_ is CatalogueFormat.JSON:
        body = {"years": list(asked), "differences": [asdict(each) for each in found]}
        typer.echo(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo("\n".join(_differences_as_text(asked, found)))
    return ERRORS_FOUND if found else NO_ERROR


def _differences_as_text(years: Sequence[int], found: list[Difference]) -> Iterable[str]:
    for each in found:
        shipped, official = value_in_words(each.shipped), value_in_words(each.official)
        yield (
            f"{each.performance_year} {each.measure_id} {each.fact}: "
            f"shipped {shipped}, official {official}"
        )
    count = {0: "no difference", 1: "1 difference"}.get(len(found), f"{len(found)} differences")
    yield f"{', '.join(map(str, years))}: {count}"


def _refused(command: str, why: str) -> int:
    typer.echo(f"nacor catalogue {command}: {why}", err=True)
    return UNREADABLE
