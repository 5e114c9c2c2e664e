"""The form of a case file: its schema version and how much of each case it tells."""

from dataclasses import dataclass
from typing import Literal

Detail = Literal["full", "small"]

# The versions that a source confirms; see versions.toml of the schemas for the sources.
VERSIONS = (
    "2017V1.0",
    *(f"{year}V1.0{order}" for year in (2018, 2019, 2020, 2022, 2023) for order in ("", "R")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`small` files leave out what neither counts nor measures read."""

    version: str
    detail: Detail = "full"

    @property
    def year(self) -> int:
        return int(self.version[:4])

    @property
    def is_full(self) -> bool:
        return self.detail == "full"

    @property
    def sections_in_any_order(self) -> bool:
        return self.version.endswith("R")

    @property
    def has_vendor_set(self) -> bool:
        return self.year >= 2018

    @property
    def has_preoperative_risks(self) -> bool:
        return self.year <= 2017

    @property
    def has_procedure_name(self) -> bool:
        return self.year >= 2022

    @property
    def knows_dentist_anesthesiologists(self) -> bool:
        return self.year >= 2019

    @property
    def anesthesia_codes_name(self) -> str:
        return "CPTAnesSet" if self.year >= 2018 else "CPTAnessSet"

    @property
    def anesthesia_modifier_name(self) -> str:
        return "CPTAnesModifier" if self.year >= 2018 else "CPTAnesModifer"
