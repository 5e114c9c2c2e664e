"""Whether a result may be sent to CMS: a pure question. Results are worked out all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import Npi, Tin
from app.domain.reporting import ConsentState, Registration, ReportingLevel


class MeasureOwner(StrEnum):
    """MIPS measures may be sent by every registry, those of a QCDR by a QCDR only."""

    MIPS = "mips"
    QCDR = "qcdr"
    OTHER = "other"


class NotSubmittable(StrEnum):
    """Why a result may not be sent; published words."""

    NO_REGISTRATION = "no_registration"
    REGISTRATION_WITHDRAWN = "registration_withdrawn"
    LEVEL_NOT_REGISTERED = "level_not_registered"
    MEASURE_NOT_IN_OPTION = "measure_not_in_option"
    MEASURE_NOT_OF_MIPS = "measure_not_of_mips"
    NO_CONSENT = "no_consent"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a practice is registered for in a year, and who has signed.

    `virtual_tins` are those of the virtual group that it reports in, once that is confirmed.
    """

    registration: Registration | None
    virtual_tins: frozenset[Tin] = frozenset()
    consents: Mapping[Npi, ConsentState] = field(default_factory=dict)


def reasons_against(
    standing: Standing,
    level: ReportingLevel,
    *,
    tin: Tin | None,
    npi: Npi | None,
    owner: MeasureOwner,
    group_id: UUID | None = None,
) -> tuple[NotSubmittable, ...]:
    """Every reason why the result may not be sent to CMS; none: it may.

    `npi` is that of an individual result, `group_id` the id of a subgroup or virtual group. A
    consent is asked for wherever individuals report.
    """
    registration = standing.registration
    if registration is None:
        return (NotSubmittable.NO_REGISTRATION,)
    if registration.withdrawn_on is not None:
        return (NotSubmittable.REGISTRATION_WITHDRAWN,)
    reasons: list[NotSubmittable] = []
    in_virtual_group = tin in standing.virtual_tins
    if not _is_registered(registration, level, group_id, in_virtual_group=in_virtual_group):
        reasons.append(NotSubmittable.LEVEL_NOT_REGISTERED)
    if owner is MeasureOwner.OTHER:
        reasons.append(NotSubmittable.MEASURE_NOT_OF_MIPS)
    elif owner is MeasureOwner.QCDR and not registration.option.is_of_a_qcdr:
        reasons.append(NotSubmittable.MEASURE_NOT_IN_OPTION)
    if npi is not None and registration.option.is_individual:
        reasons += _reasons_of_consent(standing.consents.get(npi, ConsentState.MISSING))
    return tuple(reasons)


def _is_registered(
    registration: Registration,
    level: ReportingLevel,
    group_id: UUID | None,
    *,
    in_virtual_group: bool,
) -> bool:
    """A TIN of a virtual group reports with it and not by itself."""
    match level:
        case ReportingLevel.INDIVIDUAL:
            return registration.option.is_individual
        case ReportingLevel.GROUP:
            return not registration.option.is_individual and not in_virtual_group
        case ReportingLevel.SUBGROUP:
            known = registration.subgroup_ids
            return bool(known) if group_id is None else group_id in known
        case ReportingLevel.VIRTUAL_GROUP:
            known_group = registration.virtual_group_id
            return in_virtual_group if group_id is None else group_id == known_group


def _reasons_of_consent(state: ConsentState) -> tuple[NotSubmittable, ...]:
    match state:
        case ConsentState.SIGNED:
            return ()
        case ConsentState.WITHDRAWN:
            return (NotSubmittable.CONSENT_WITHDRAWN,)
        case ConsentState.MISSING:
            return (NotSubmittable.NO_CONSENT,)
