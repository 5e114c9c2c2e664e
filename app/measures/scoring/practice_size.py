"""How large a practice is, as far as the registry knows: small ones are scored more kindly."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.identifiers import Tin
from app.domain.roster import is_small_practice


class SizeSource(StrEnum):
    """`ROSTER`: the employments of the year. `TOLD`: the number that the practice tells of itself.

    `ASKED`: whoever asks says it. `UNKNOWN`: the rules of large practices are used, which give
    never more points.
    """

    ROSTER = "roster"
    TOLD = "told"
    ASKED = "asked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSize:
    """`clinicians` is None when nobody says how many there are."""

    clinicians: int | None
    source: SizeSource
    is_small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSizes:
    """The sizes of the TINs of a practice in a year.

    `employed`: clinicians with an employment under the TIN in the year. `told`: the number that the
    practice tells, used for a TIN without employments.
    """

    employed: Mapping[Tin, int]
    told: int | None = None
    asked_small: bool | None = None

    def of(self, tin: Tin | None) -> PracticeSize:
        """None stands for the TINs of a virtual group, whose clinicians nobody counts together."""
        found = None if tin is None else self.employed.get(tin)
        source = SizeSource.ROSTER
        if found is None and tin is not None:
            found, source = self.told, SizeSource.TOLD
        if self.asked_small is not None:
            return PracticeSize(
                clinicians=found, source=SizeSource.ASKED, is_small=self.asked_small
            )
        if found is None:
            return PracticeSize(clinicians=None, source=SizeSource.UNKNOWN, is_small=False)
        return PracticeSize(clinicians=found, source=source, is_small=is_small_practice(found))
