"""Reads the files under `data/`, each when it is first asked for."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.measures.catalogue.benchmarks import YearBenchmarks
from app.measures.catalogue.definition import CodeList, DrugTable, MeasureDefinition
from app.measures.catalogue.edition_files import edition_files
from app.measures.catalogue.toml_files import DATA, read_toml
from app.measures.catalogue.year_rules import YearRules
from app.measures.scoring.year_scoring import ScoringRules

_Model = TypeVar("_Model", bound=BaseModel)


class DataFiles:
    """What is read once is kept: most editions hold for several years.

    Every method raises ValueError, naming the file, when one does not fit its model, is not named
    as what it holds, or names another that is not there.
    """

    def __init__(self, folder: Path = DATA) -> None:
        self._folder = folder
        self._kept: dict[tuple[type[BaseModel], str], BaseModel] = {}
        self._editions = edition_files(folder)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The performance years that have rules, in order."""
        return tuple(sorted(int(path.stem) for path in (self._folder / "years").glob("*.toml")))

    def year_rules(self, year: int) -> YearRules:
        return self._read(YearRules, "years", str(year), "performance_year")

    def benchmarks(self, year: int) -> YearBenchmarks:
        """A year may have none yet: CMS makes them known in the course of it."""
        if not (self._folder / "benchmarks" / f"{year}.toml").exists():
            return YearBenchmarks(performance_year=year, source="none yet")
        return self._read(YearBenchmarks, "benchmarks", str(year), "performance_year")

    def scoring(self, year: int) -> ScoringRules | None:
        """Return None for a year whose scores are not worked out."""
        if not (self._folder / "scoring" / f"{year}.toml").exists():
            return None
        return self._read(ScoringRules, "scoring", str(year), "performance_year")

    def edition(self, name: str) -> MeasureDefinition:
        return self._kept_or_checked(
            MeasureDefinition, name, "edition", lambda: self._editions.whole(name)
        )

    def code_list(self, name: str) -> CodeList:
        return self._read(CodeList, "code_lists", name, "list_id")

    def drug_table(self, name: str) -> DrugTable:
        return self._read(DrugTable, "drug_classes", name, "table_id")

    def _read(self, model: type[_Model], kind: str, name: str, id_field: str) -> _Model:
        file = self._folder / kind / f"{name}.toml"
        return self._kept_or_checked(model, name, id_field, lambda: read_toml(file))

    def _kept_or_checked(
        self,
        model: type[_Model],
        name: str,
        id_field: str,
        read: Callable[[], Mapping[str, Any]],
    ) -> _Model:
        known = self._kept.get((model, name))
        if isinstance(known, model):
            return known
        try:
            checked = model.model_validate(read())
        except ValidationError as error:
            raise ValueError(f"{name}.toml: {error}") from error
        if str(getattr(checked, id_field)) != name:
            raise ValueError(f"{name}.toml: {id_field} differs from the name of the file")
        self._kept[model, name] = checked
        return checked
