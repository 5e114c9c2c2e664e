"""What a registration may not be: pure questions, answered in words that say how to mend it."""

from collections.abc import Iterable, Iterator
from datetime import date

from app.domain.reporting import MipsStanding, Registration
from app.domain.roster import Subgroup, VirtualGroup
from app.reporting.reporting_years import Mvp


def faults_of(
    registration: Registration,
    *,
    day: date,
    mvps: Iterable[Mvp],
    subgroups: Iterable[Subgroup],
    virtual_groups: Iterable[VirtualGroup],
) -> list[str]:
    """Everything that is wrong with it on `day`; the groups are those of the practice's roster."""
    return [
        *_faults_of_mvp(registration, tuple(mvps)),
        *_faults_of_subgroups(registration, subgroups),
        *_faults_of_virtual_group(registration, virtual_groups),
        *_faults_of_opt_in(registration),
        *_faults_of_days(registration, day),
    ]


def _faults_of_mvp(registration: Registration, mvps: tuple[Mvp, ...]) -> Iterator[str]:
    if registration.mvp is None:
        return
    year = registration.performance_year
    known = [mvp for mvp in mvps if mvp.id == registration.mvp]
    if not known:
        names = ", ".join(mvp.id for mvp in mvps)
        yield f"mvp: it is none for anesthesia; name one of {names}, or leave it out"
    elif not any(mvp.first_year <= year <= mvp.last_year for mvp in known):
        years = f"{known[0].first_year} to {known[0].last_year}"
        yield f"mvp: it is known for {years}, not for {year}; leave it out"
    if not registration.cms_registration_acknowledged:
        yield (
            "cms_registration_acknowledged: an MVP and its subgroups are registered with CMS too;"
            " set it to true to say that you know"
        )


def _faults_of_subgroups(
    registration: Registration, subgroups: Iterable[Subgroup]
) -> Iterator[str]:
    if not registration.subgroup_ids:
        return
    if registration.mvp is None:
        yield "subgroup_ids: subgroups report an MVP; name it in mvp, or leave them out"
    if registration.option.is_individual:
        yield "subgroup_ids: clinicians who report one by one have none; choose a group option"
    of_year = {
        group.id for group in subgroups if group.performance_year == registration.performance_year
    }
    if not of_year.issuperset(registration.subgroup_ids):
        yield "subgroup_ids: there is one that the roster does not have in that year; add it first"


def _faults_of_virtual_group(
    registration: Registration, virtual_groups: Iterable[VirtualGroup]
) -> Iterator[str]:
    if registration.virtual_group_id is None:
        return
    if registration.option.is_individual:
        yield "virtual_group_id: a virtual group reports as a group; choose a group option"
    if not any(
        group.id == registration.virtual_group_id
        and group.performance_year == registration.performance_year
        for group in virtual_groups
    ):
        yield "virtual_group_id: the roster does not have it in that year; add it first"


def _faults_of_opt_in(registration: Registration) -> Iterator[str]:
    if not registration.opts_in:
        return
    if registration.low_volume is None:
        yield "low_volume: tell which criteria are exceeded; one or two of three allow an opt-in"
    elif registration.low_volume.standing is MipsStanding.REQUIRED:
        yield "opts_in: all three criteria are exceeded, so MIPS applies anyway; set it to false"
    elif registration.low_volume.standing is MipsStanding.VOLUNTARY:
        yield "opts_in: no criterion is exceeded, so results are voluntary; set it to false"


def _faults_of_days(registration: Registration, day: date) -> Iterator[str]:
    signed_on, withdrawn_on = registration.representative.signed_on, registration.withdrawn_on
    if signed_on > day:
        yield "representative.signed_on: it lies in the future; register once it is signed"
    if withdrawn_on is not None and withdrawn_on > day:
        yield "withdrawn_on: it lies in the future; withdraw on the day"
    if withdrawn_on is not None and withdrawn_on < signed_on:
        yield "withdrawn_on: it is before the signature"
