"""How an entity stands among its peers, as JSON. Percentages with two decimals."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.json_numbers import JsonNumber
from app.measures.peers.comparing import CutComparison
from app.measures.peers.cuts import Cut, Withheld
from app.measures.peers.statistics import AmongOthers
from app.measures.results.levels import Level
from app.measures.results.rates import to_places
from app.storage.figures.peer_store import KeptComparison

_PLACES: Final = 2


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class PeerFigures(_Wire):
    """Of the peers without the entity itself."""

    mean: JsonNumber
    lower_quartile: JsonNumber
    median: JsonNumber
    upper_quartile: JsonNumber
    rank_percentile: JsonNumber = Field(
        description="Share of the peers that the entity is better than, those with the same value"
        " counted by half. Higher is better, of inverse measures too."
    )

    @classmethod
    def of(cls, among: AmongOthers) -> Self:
        return cls(
            mean=_shown(among.mean),
            lower_quartile=_shown(among.lower_quartile),
            median=_shown(among.median),
            upper_quartile=_shown(among.upper_quartile),
            rank_percentile=_shown(among.rank_percentile),
        )


class PeerCut(_Wire):
    """Figures are null where `withheld` says why they are not shown."""

    cut: Cut
    withheld: Withheld | None
    peers: int | None = Field(description="How many there are, without the entity itself.")
    performance_rate: PeerFigures | None
    data_completeness: PeerFigures | None


class NotCompared(StrEnum):
    """Why an entity is not compared at all."""

    OPTED_OUT = "opted_out"
    NOT_YET = "not_yet"
    LEFT_OUT = "left_out"


class PeerComparison(_Wire):
    """`performance_rate` and `data_completeness` are those of the entity as of then.

    `not_compared`: the practice has opted out; no comparison was made yet for the year; or the
    entity had fewer cases than the case minimum, or no rate.
    """

    as_of: datetime | None
    not_compared: NotCompared | None
    performance_rate: JsonNumber | None
    data_completeness: JsonNumber | None
    cuts: tuple[PeerCut, ...]

    @classmethod
    def of(cls, kept: KeptComparison, as_of: datetime) -> Self:
        return cls(
            as_of=as_of,
            not_compared=None,
            performance_rate=_shown(kept.performance_rate),
            data_completeness=_shown(kept.data_completeness),
            cuts=_cuts(kept),
        )

    @classmethod
    def none(cls, why: NotCompared, as_of: datetime | None) -> Self:
        return cls(
            as_of=as_of,
            not_compared=why,
            performance_rate=None,
            data_completeness=None,
            cuts=(),
        )


class ComparedEntity(_Wire):
    """One measure and stratum of a clinician, a TIN or a group, among its peers."""

    measure_id: str
    stratum: str | None
    tin: str | None
    npi: str | None
    subgroup_id: UUID | None
    virtual_group_id: UUID | None
    inverse: bool = Field(description="A lower rate is better.")
    performance_rate: JsonNumber
    data_completeness: JsonNumber
    cuts: tuple[PeerCut, ...]

    @classmethod
    def of(cls, kept: KeptComparison, *, inverse: bool) -> Self:
        return cls(
            measure_id=kept.measure_id,
            stratum=kept.stratum or None,
            tin=kept.tin,
            npi=kept.npi,
            subgroup_id=kept.group_id if kept.level == "subgroup" else None,
            virtual_group_id=kept.group_id if kept.level == "virtual_group" else None,
            inverse=inverse,
            performance_rate=_shown(kept.performance_rate),
            data_completeness=_shown(kept.data_completeness),
            cuts=_cuts(kept),
        )


_FIGURES: Final[JsonDict] = {
    "mean": 88.17,
    "lower_quartile": 81.4,
    "median": 90.0,
    "upper_quartile": 95.25,
    "rank_percentile": 64.29,
}
_EXAMPLE: Final[JsonDict] = {
    "practice_id": "12345",
    "performance_year": 2024,
    "level": "group",
    "as_of": "2026-11-21T10:47:00Z",
    "opted_out": False,
    "items": [
        {
            "measure_id": "404",
            "stratum": None,
            "tin": "891234567",
            "npi": None,
            "subgroup_id": None,
            "virtual_group_id": None,
            "inverse": False,
            "performance_rate": 92.5,
            "data_completeness": 99.51,
            "cuts": [
                {
                    "cut": "national",
                    "withheld": None,
                    "peers": 14,
                    "performance_rate": _FIGURES,
                    "data_completeness": _FIGURES,
                },
                {
                    "cut": "same_size",
                    "withheld": "too_few_peers",
                    "peers": None,
                    "performance_rate": None,
                    "data_completeness": None,
                },
            ],
        }
    ],
    "next_cursor": None,
}


class PeerComparisons(_Wire):
    """`as_of` is null before comparisons of the year were first made."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _EXAMPLE})

    practice_id: str
    performance_year: int
    level: Level
    as_of: datetime | None
    opted_out: bool
    items: tuple[ComparedEntity, ...]
    next_cursor: None = None


def shown_cut(compared: CutComparison) -> PeerCut:
    rate, completeness = compared.rate, compared.completeness
    return PeerCut(
        cut=compared.cut,
        withheld=compared.withheld,
        peers=None if rate is None else rate.count,
        performance_rate=None if rate is None else PeerFigures.of(rate),
        data_completeness=None if completeness is None else PeerFigures.of(completeness),
    )


def _cuts(kept: KeptComparison) -> tuple[PeerCut, ...]:
    return tuple(_cut(each) for each in kept.cuts)


def _cut(kept: Mapping[str, object]) -> PeerCut:
    return PeerCut.model_validate(kept)


def _shown(value: Decimal) -> Decimal:
    return to_places(value, _PLACES)
