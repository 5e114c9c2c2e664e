"""What is made for the Quality Payment Program (QPP) of CMS, and what became of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.audit import Actor
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reporting import ReportingLevel

ID_AT_CMS: Final = r"^[A-Za-z0-9-]{1,100}$"
"""What an id that CMS gave may look like (assumed: those of its samples do)."""


def parse_id_at_cms(text: str) -> str:
    """Raises: ValueError, naming the rule."""
    if not re.fullmatch(ID_AT_CMS, text):
        raise ValueError("an id of CMS has letters, digits and hyphens, at most 100 of them")
    return text


class CmsCategory(StrEnum):
    """Those that a registry sends from here. Source: QPP submissions API, `category`."""

    QUALITY = "quality"
    IMPROVEMENT_ACTIVITIES = "ia"


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsEntity:
    """Whose figures a document tells.

    A group has a `tin`, an individual an `npi` besides; a subgroup or virtual group is a
    `group_id` of the roster and has, once CMS gave it one, an `entity_id`.
    """

    level: ReportingLevel
    tin: Tin | None = None
    npi: Npi | None = None
    group_id: UUID | None = None
    group_name: str | None = None
    entity_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A measure or activity that is in no document, and every reason."""

    category: CmsCategory
    measure_id: str
    reasons: tuple[str, ...]


class DocumentRule(StrEnum):
    """What a document is held against; published words."""

    NOTHING_TO_SEND = "nothing_to_send"
    ENTITY = "entity"
    YEAR = "year"
    CATEGORY = "category"
    SUBMISSION_METHOD = "submission_method"
    PROGRAM = "program"
    PERIOD = "period"
    SET_TWICE = "set_twice"
    MEASURE_TWICE = "measure_twice"
    MEASURE_UNKNOWN = "measure_unknown"
    VALUE_SHAPE = "value_shape"
    COUNTS = "counts"
    EXCLUSION = "exclusion"
    PERFORMANCE_RATE = "performance_rate"
    STRATA = "strata"
    VENDOR = "vendor"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFault:
    """What CMS would refuse. `path` is a JSON path, `$.measurementSets[0].category`."""

    rule: DocumentRule
    path: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentToCms:
    """Somebody uploaded the document by hand; `id_at_cms` is the id that CMS gave it."""

    on: date
    id_at_cms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsSubmission:
    """All that was made of a practice and year at once, a document for each entity.

    `catalogue_version` None: the cases of the year stood under several versions, or there are none.
    """

    practice_id: PracticeId
    id: UUID
    performance_year: int
    made_at: datetime
    made_by: Actor
    catalogue_version: str | None
    documents: int
    ready: int


@dataclass(frozen=True, kw_only=True)
class CmsDocument:
    """The submission of one entity and year; `sha256` is over its bytes.

    `measures` and `activities`: how many are in it. `faults` were there when it was made,
    `overtaken` came since. With either it is not handed out.
    """

    practice_id: PracticeId
    id: UUID
    cms_submission_id: UUID
    performance_year: int
    entity: CmsEntity
    sha256: str
    measures: int
    activities: int
    left_out: tuple[LeftOut, ...]
    faults: tuple[DocumentFault, ...]
    sent: SentToCms | None = None
    overtaken: tuple[DocumentFault, ...] = ()

    @property
    def withheld_for(self) -> tuple[DocumentFault, ...]:
        return (*self.faults, *self.overtaken)

    @property
    def is_ready(self) -> bool:
        return not self.withheld_for
