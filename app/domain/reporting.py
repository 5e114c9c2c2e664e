"""How a practice reports to CMS in a performance year, and what its clinicians have signed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import Npi, PracticeId


class ReportingOption(StrEnum):
    """Published words. QR: as a qualified registry; QCDR: as a qualified clinical data registry."""

    GROUP_QR = "group_qr"
    GROUP_QCDR = "group_qcdr"
    INDIVIDUAL_QR = "individual_qr"
    INDIVIDUAL_QCDR = "individual_qcdr"

    @property
    def is_individual(self) -> bool:
        return self in (ReportingOption.INDIVIDUAL_QR, ReportingOption.INDIVIDUAL_QCDR)

    @property
    def is_of_a_qcdr(self) -> bool:
        return self in (ReportingOption.GROUP_QCDR, ReportingOption.INDIVIDUAL_QCDR)


class ReportingLevel(StrEnum):
    """Whose result it is. Source: QPP submissions API, `entityType`."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    SUBGROUP = "subgroup"
    VIRTUAL_GROUP = "virtualGroup"


class MipsStanding(StrEnum):
    """What the low-volume criteria make of a practice."""

    REQUIRED = "required"
    MAY_OPT_IN = "may_opt_in"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True, slots=True, kw_only=True)
class LowVolume:
    """Which of the three criteria of MIPS are exceeded: Medicare Part B, in a year.

    Source: CMS, low-volume threshold since 2019; AQI registration form of 2024.
    """

    over_90000_usd: bool
    over_200_patients: bool
    over_200_services: bool

    @property
    def standing(self) -> MipsStanding:
        exceeded = sum((self.over_90000_usd, self.over_200_patients, self.over_200_services))
        if exceeded == 3:
            return MipsStanding.REQUIRED
        return MipsStanding.MAY_OPT_IN if exceeded else MipsStanding.VOLUNTARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Who may sign for the practice, and did."""

    name: str
    title: str
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class Registration:
    """The registration of a practice for a performance year; of a group it is the consent too.

    `mvp` is the id of a MIPS Value Pathway. `subgroup_ids` and `virtual_group_id` are entries of
    the roster. `low_volume` None: not told. `withdrawn_on`: from this day on it holds no more.
    """

    practice_id: PracticeId
    performance_year: int
    option: ReportingOption
    is_renewal: bool
    representative: Representative
    registered_at: datetime
    version: int = 1
    mvp: str | None = None
    subgroup_ids: tuple[UUID, ...] = ()
    cms_registration_acknowledged: bool = False
    virtual_group_id: UUID | None = None
    low_volume: LowVolume | None = None
    opts_in: bool = False
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """`on` is the first day without the consent."""

    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A clinician lets the registry send their results of a performance year to CMS.

    `npi` is theirs as it was at the signature. `evidence` says where the signed document is.
    """

    practice_id: PracticeId
    id: UUID
    performance_year: int
    clinician_id: UUID
    npi: Npi
    signer: str
    signed_on: date
    evidence: str
    recorded_at: datetime
    withdrawal: Withdrawal | None = None


class ConsentState(StrEnum):
    """Of a clinician in a year; published words."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianConsent:
    """A clinician who works for the practice in a year, and the newest consent of theirs."""

    clinician_id: UUID
    npi: Npi
    name: str
    state: ConsentState
    consent_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRegistration:
    """A practice in a performance year: how it is registered, if it is, and how many signed."""

    practice_id: PracticeId
    name: str
    option: ReportingOption | None
    withdrawn_on: date | None
    clinicians: int
    signed: int

    @property
    def is_registered(self) -> bool:
        return self.option is not None and self.withdrawn_on is None

    @property
    def missing(self) -> int:
        """How many consents are needed and not there: of a group none is."""
        needs = self.is_registered and self.option is not None and self.option.is_individual
        return self.clinicians - self.signed if needs else 0
