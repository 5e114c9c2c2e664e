"""What decides what goes to CMS of a practice in a performance year: pure facts, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.measures.activities.inventory import Inventory
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.scoring.inputs import TRADITIONAL_MIPS
from app.reporting.submittability import Standing


@dataclass(frozen=True, kw_only=True)
class CmsYear:
    """`program` is that of traditional MIPS, or the MVP that the practice is registered for.

    `facts` are the measures that MIPS has for anesthesia in the year, `computed` those with
    results. `has_vendor_id`: CMS knows the registry as a QCDR. `day`: today. `is_settled`: every
    case of the year stands under the same rules, of other practices in a virtual group too.
    """

    performance_year: int
    standing: Standing
    facts: tuple[RegisteredMeasure, ...]
    computed: frozenset[str]
    inventory: Inventory
    has_vendor_id: bool
    day: date
    is_settled: bool

    @property
    def program(self) -> str:
        registration = self.standing.registration
        mvp = None if registration is None else registration.mvp
        return mvp or TRADITIONAL_MIPS

    @property
    def is_mvp(self) -> bool:
        return self.program != TRADITIONAL_MIPS

    @property
    def first_day(self) -> date:
        return date(self.performance_year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.performance_year, 12, 31)

    @cached_property
    def measures(self) -> Mapping[str, RegisteredMeasure]:
        return {facts.measure_id: facts for facts in self.facts}

    def has_in_program(self, facts: RegisteredMeasure) -> bool:
        """Traditional MIPS takes every measure of the year. Source: QPP measures data."""
        return not self.is_mvp or self.program in facts.mvps_in(self.performance_year)
