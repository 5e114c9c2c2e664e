"""Reads what CMS publishes about measures: the npm package qpp-measures-data, unpacked.

Shape: measures/<year>/measures-data.json, benchmarks/<year>.json and, from 2023 on,
mvp/<year>/mvp-enriched.json. Only what the catalogue holds is read; the rest is left alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

_FIRST_OF_MVPS: Final = 2023
_TOP_PERCENT: Final = 90

_Model = TypeVar("_Model")


class OfficialFileUnreadable(ValueError):
    """A file is not there or not of the shape it has at CMS; the text names it."""


class _Official(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Stratum(_Official):
    """Surveys of CMS have strata without a name."""

    name: str = ""


def _listed(value: object) -> object:
    return value or ()


def _decimals(value: object) -> object:
    """JSON numbers by the digits they are written with: 0.1 is not the float nearest to it."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _decimals(each) for key, each in value.items()}
    return [_decimals(each) for each in value] if isinstance(value, list) else value


class OfficialMeasure(_Official):
    """A quality measure of one year. Names of fields are those of CMS."""

    measure_id: str
    title: str
    measure_type: str | None = None
    is_high_priority: bool = False
    is_inverse: bool = False
    is_registry_measure: bool = False
    metric_type: str | None = None
    overall_algorithm: str | None = None
    primary_steward: Annotated[str, BeforeValidator(lambda value: value or "")] = ""
    strata: Annotated[tuple[_Stratum, ...], BeforeValidator(_listed)] = ()
    submission_methods: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    measure_sets: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    seven_point_cap_removed: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()

    @property
    def strata_names(self) -> tuple[str, ...]:
        return tuple(stratum.name for stratum in self.strata if stratum.name)


class OfficialBenchmark(_Official):
    """`deciles` to 2022, bounds from decile 2 on; `percentiles` later, 1, 10, 20 ... 90 and 99.

    `is_inverse` is None in files that leave it to the measure.
    """

    measure_id: str
    benchmark_year: int
    submission_method: str
    is_topped_out: Annotated[bool, BeforeValidator(bool)] = False
    is_topped_out_by_program: Annotated[bool, BeforeValidator(bool)] = False
    is_inverse: bool | None = None
    deciles: Annotated[tuple[Decimal, ...] | None, BeforeValidator(_decimals)] = None
    percentiles: Annotated[dict[int, Decimal] | None, BeforeValidator(_decimals)] = None
    average_performance_rate: Annotated[Decimal | None, BeforeValidator(_decimals)] = None

    @property
    def bounds(self) -> tuple[Decimal, ...]:
        """The bounds of the deciles, the last of them that of decile 10."""
        if self.percentiles is None:
            return self.deciles or ()
        by_percent = sorted(self.percentiles.items())
        return tuple(bound for percent, bound in by_percent if percent <= _TOP_PERCENT)

    @property
    def p99(self) -> Decimal | None:
        return None if self.percentiles is None else self.percentiles.get(99)


class _Mvp(_Official):
    mvp_id: str
    quality_measures: tuple[Any, ...] = Field(default=())

    @property
    def measure_ids(self) -> frozenset[str]:
        ids = (
            each["measureId"] if isinstance(each, dict) else each for each in self.quality_measures
        )
        return frozenset(map(str, ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialYear:
    """`mvps` is None for a year before them, and where the folder has no file of them."""

    year: int
    measures: Mapping[str, OfficialMeasure]
    benchmarks: tuple[OfficialBenchmark, ...]
    mvps: Mapping[str, frozenset[str]] | None


_MEASURES: Final = TypeAdapter(list[OfficialMeasure])
_BENCHMARKS: Final = TypeAdapter(list[OfficialBenchmark])
_MVPS: Final = TypeAdapter(list[_Mvp])


def official_years(folder: Path) -> tuple[int, ...]:
    """Return the years that have both measures and benchmarks in `folder`."""
    found = (path.parent.name for path in folder.glob("measures/*/measures-data.json"))
    years = sorted(int(name) for name in found if name.isdecimal())
    return tuple(year for year in years if _benchmark_file(folder, year).exists())


def read_official_year(folder: Path, year: int, *, with_benchmarks: bool = True) -> OfficialYear:
    """Return a year; without benchmarks one that CMS has none of yet, or that compares none.

    Raises: OfficialFileUnreadable.
    """
    entries = _json(folder / "measures" / str(year) / "measures-data.json")
    quality = [e for e in entries if isinstance(e, dict) and e.get("category") == "quality"]
    measures = _checked(_MEASURES, quality, f"measures of {year}")
    numbers = _json(_benchmark_file(folder, year)) if with_benchmarks else []
    mvp_file = folder / "mvp" / str(year) / "mvp-enriched.json"
    return OfficialYear(
        year=year,
        measures={measure.measure_id: measure for measure in measures},
        benchmarks=tuple(_checked(_BENCHMARKS, numbers, f"benchmarks of {year}")),
        mvps=_mvps(mvp_file, year) if year >= _FIRST_OF_MVPS and mvp_file.exists() else None,
    )


def _mvps(file: Path, year: int) -> dict[str, frozenset[str]]:
    found = _checked(_MVPS, _json(file), f"MVPs of {year}")
    return {mvp.mvp_id: mvp.measure_ids for mvp in found}


def _benchmark_file(folder: Path, year: int) -> Path:
    return folder / "benchmarks" / f"{year}.json"


def _json(file: Path) -> list[Any]:
    try:
        content = orjson.loads(file.read_bytes())
    except OSError:
        raise OfficialFileUnreadable(f"{file} cannot be read") from None
    except orjson.JSONDecodeError as error:
        raise OfficialFileUnreadable(f"{file}: {error}") from None
    if not isinstance(content, list):
        raise OfficialFileUnreadable(f"{file} holds no list")
    return content


def _checked(adapter: TypeAdapter[list[_Model]], content: list[Any], what: str) -> list[_Model]:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise OfficialFileUnreadable(f"{what}: {place}: {first['msg']}") from None
