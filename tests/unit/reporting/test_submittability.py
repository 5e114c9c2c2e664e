"""Which results may be sent to CMS, and what speaks against the others."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reporting import (
    ConsentState,
    Registration,
    ReportingLevel,
    ReportingOption,
    Representative,
)
from app.reporting.submittability import (
    MeasureOwner,
    NotSubmittable,
    Standing,
    reasons_against,
)

TIN, OTHER_TIN = Tin("891234567"), Tin("897654321")
ROBIN, KIM, LEE = Npi("1234567893"), Npi("1987654328"), Npi("1679576722")
GROUP, INDIVIDUAL = ReportingLevel.GROUP, ReportingLevel.INDIVIDUAL
MIPS, QCDR, OTHER = MeasureOwner.MIPS, MeasureOwner.QCDR, MeasureOwner.OTHER
NO_LEVEL = NotSubmittable.LEVEL_NOT_REGISTERED
NOT_IN_OPTION = NotSubmittable.MEASURE_NOT_IN_OPTION


def registered(option: str, *, subgroups: tuple[UUID, ...] = ()) -> Registration:
    return Registration(
        practice_id=PracticeId("12345"),
        performance_year=2024,
        option=ReportingOption(option),
        is_renewal=True,
        representative=Representative(
            name="Robin Example", title="Medical director", signed_on=date(2024, 2, 1)
        ),
        registered_at=datetime(2024, 2, 1, tzinfo=UTC),
        subgroup_ids=subgroups,
    )


def against(
    standing: Standing,
    level: ReportingLevel,
    owner: MeasureOwner = MIPS,
    *,
    tin: Tin = TIN,
    npi: Npi | None = None,
    group_id: UUID | None = None,
) -> tuple[NotSubmittable, ...]:
    return reasons_against(standing, level, tin=tin, npi=npi, owner=owner, group_id=group_id)


OF_A_GROUP = [
    # option, level, whose measure, what speaks against it
    ("group_qcdr", GROUP, MIPS, ()),
    ("group_qcdr", GROUP, QCDR, ()),
    ("group_qr", GROUP, MIPS, ()),
    ("group_qr", GROUP, QCDR, (NOT_IN_OPTION,)),
    ("group_qcdr", GROUP, OTHER, (NotSubmittable.MEASURE_NOT_OF_MIPS,)),
    ("group_qr", INDIVIDUAL, QCDR, (NO_LEVEL, NOT_IN_OPTION)),
    ("individual_qcdr", GROUP, QCDR, (NO_LEVEL,)),
    ("individual_qr", GROUP, MIPS, (NO_LEVEL,)),
    ("group_qcdr", ReportingLevel.SUBGROUP, MIPS, (NO_LEVEL,)),
    ("group_qcdr", ReportingLevel.VIRTUAL_GROUP, MIPS, (NO_LEVEL,)),
]


@pytest.mark.parametrize(("option", "level", "owner", "expected"), OF_A_GROUP)
def test_an_option_has_a_level_and_its_measures(
    option: str,
    level: ReportingLevel,
    owner: MeasureOwner,
    expected: tuple[NotSubmittable, ...],
) -> None:
    npi = ROBIN if level is INDIVIDUAL else None
    standing = Standing(registration=registered(option))
    assert against(standing, level, owner, npi=npi) == expected


def test_without_a_registration_nothing_is_sent() -> None:
    assert against(Standing(registration=None), GROUP) == (NotSubmittable.NO_REGISTRATION,)


def test_with_the_registration_a_group_withdraws_its_consent() -> None:
    withdrawn = replace(registered("group_qcdr"), withdrawn_on=date(2024, 5, 1))
    assert against(Standing(registration=withdrawn), GROUP) == (
        NotSubmittable.REGISTRATION_WITHDRAWN,
    )


def test_of_those_who_report_one_by_one_each_signs() -> None:
    standing = Standing(
        registration=registered("individual_qcdr"),
        consents={ROBIN: ConsentState.SIGNED, KIM: ConsentState.WITHDRAWN},
    )
    found = [against(standing, INDIVIDUAL, npi=npi) for npi in (ROBIN, KIM, LEE)]
    assert found == [(), (NotSubmittable.CONSENT_WITHDRAWN,), (NotSubmittable.NO_CONSENT,)]


def test_a_subgroup_reports_when_it_is_registered() -> None:
    standing = Standing(registration=registered("group_qcdr", subgroups=(UUID(int=1),)))
    assert against(standing, ReportingLevel.SUBGROUP) == ()
    assert against(standing, ReportingLevel.SUBGROUP, group_id=UUID(int=1)) == ()
    assert against(standing, ReportingLevel.SUBGROUP, group_id=UUID(int=2)) == (NO_LEVEL,)


def test_a_tin_of_a_virtual_group_reports_with_it_and_not_by_itself() -> None:
    standing = Standing(registration=registered("group_qr"), virtual_tins=frozenset({TIN}))
    assert against(standing, ReportingLevel.VIRTUAL_GROUP) == ()
    assert against(standing, GROUP) == (NO_LEVEL,)
    assert against(standing, GROUP, tin=OTHER_TIN) == ()
