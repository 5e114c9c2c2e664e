"""Improvement activities: attested by a practice, changed by whoever saw the newest version."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.access.repeating import Repeatable, once
from app.domain.attestations import Attestation
from app.domain.audit import AuditAction
from app.domain.errors.measures import AttestationConflict, AttestationUnknown
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import Clinician, PracticeTin, Subgroup
from app.measures.activities.inventory import load_inventory
from app.measures.activities.planning import (
    conflict_of,
    impossible_clinicians,
    impossible_days,
)
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.practice_sizes import practice_sizes
from app.measures.scoring_rules import scoring_rules_of
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Attestations:
    """What one practice attests, for one who asks."""

    practice: PracticeId
    caller: Principal
    day: date
    catalogue: Catalogue
    open_work: OpenWork

    def page(self, performance_year: int, *, after: UUID | None, limit: int) -> list[Attestation]:
        with self.open_work() as work:
            return work.attestations.page(self.practice, performance_year, after=after, limit=limit)

    def get(self, attestation_id: UUID) -> Attestation:
        """Raises: AttestationUnknown."""
        with self.open_work() as work:
            return self._known(attestation_id, work)

    def add(self, attestation: Attestation, request: Repeatable) -> tuple[Attestation, bool]:
        """Return what was attested, and whether the same request had attested it before.

        Raises: InvalidRequest, AttestationConflict, ScoringUnknown, IdempotencyConflict;
        AttestationUnknown when it was removed since.
        """
        with self._changing() as work:

            def make(work: UnitOfWork) -> UUID:
                self._require_fitting(attestation, work)
                work.attestations.add(attestation)
                self._tell(AuditAction.ACTIVITY_ATTESTED, attestation, work)
                return attestation.id

            made, is_replay = once(work, request, make)
            added = self._known(made, work)
        return added, is_replay

    def change(
        self, attestation_id: UUID, *, seen: int, change: Callable[[Attestation], Attestation]
    ) -> Attestation:
        """`seen` is the version that whoever asks has seen.

        Raises: AttestationUnknown, ChangedMeanwhile, InvalidRequest, AttestationConflict,
        ScoringUnknown.
        """
        with self._changing() as work:
            before = self._seen(attestation_id, seen, work)
            after = replace(change(before), version=before.version + 1)
            self._require_fitting(after, work)
            work.attestations.replace(after)
            self._tell(AuditAction.ATTESTATION_CHANGED, after, work)
        return after

    def remove(self, attestation_id: UUID, *, seen: int) -> None:
        """Raises: AttestationUnknown, ChangedMeanwhile."""
        with self._changing() as work:
            attestation = self._seen(attestation_id, seen, work)
            work.attestations.remove(attestation)
            self._tell(AuditAction.ATTESTATION_REMOVED, attestation, work)

    @contextmanager
    def _changing(self) -> Iterator[UnitOfWork]:
        """One change at a time, beside no change of the roster that it is held against."""
        with self.open_work() as work:
            work.roster.lock(self.practice)
            yield work
            work.commit()

    def _known(self, attestation_id: UUID, work: UnitOfWork) -> Attestation:
        found = work.attestations.get(self.practice, attestation_id)
        if found is None:
            raise AttestationUnknown("The practice has attested nothing under this id.")
        return found

    def _seen(self, attestation_id: UUID, seen: int, work: UnitOfWork) -> Attestation:
        found = self._known(attestation_id, work)
        if found.version != seen:
            raise ChangedMeanwhile("Somebody has changed it since you read it. Read it again.")
        return found

    def _require_fitting(self, attestation: Attestation, work: UnitOfWork) -> None:
        year = attestation.performance_year
        rules = scoring_rules_of(self.catalogue, year).improvement_activities
        wrong = (
            _unknown_names(attestation, work)
            or impossible_days(attestation, rules, day=self.day)
            or impossible_clinicians(attestation, clinicians_of(attestation, work))
        )
        if wrong is not None:
            raise InvalidRequest(f"{wrong}.")
        conflict = conflict_of(attestation, work.attestations.of_year(self.practice, year))
        if conflict is not None:
            raise AttestationConflict(conflict)

    def _tell(self, action: AuditAction, attestation: Attestation, work: UnitOfWork) -> None:
        work.audit.record(
            self.caller.actor,
            action,
            practice=self.practice,
            about=("attestation", attestation.id),
            activity=attestation.activity_id,
            performance_year=attestation.performance_year,
        )


def attested_by(
    caller: Principal, asked: Mapping[str, Any], *, attestation_id: UUID, practice: PracticeId
) -> Attestation:
    """Return what is asked as an attestation of this moment."""
    return Attestation(
        practice_id=practice,
        id=attestation_id,
        attested_at=datetime.now(UTC),
        attested_by=caller.id,
        attested_by_label=caller.label,
        **asked,
    )


def clinicians_of(attestation: Attestation, work: UnitOfWork) -> int | None:
    """How many clinicians its group or subgroup has; None when nobody says."""
    practice, year = attestation.practice_id, attestation.performance_year
    if attestation.subgroup_id is not None:
        subgroup = work.roster.get(Subgroup, practice, attestation.subgroup_id)
        return None if subgroup is None else len(subgroup.npis)
    return practice_sizes(practice, year, work).of(attestation.tin).clinicians


def _unknown_names(attestation: Attestation, work: UnitOfWork) -> str | None:
    practice = attestation.practice_id
    if attestation.activity_id not in load_inventory().activities:
        return "activity_id: it is not an activity that is known here"
    if attestation.npi is not None and attestation.subgroup_id is not None:
        return "subgroup_id: an attestation is of a clinician or of a subgroup"
    if not work.roster.all(PracticeTin, practice, tin=attestation.tin):
        return "tin: it is not registered for the practice"
    if attestation.npi is not None and not work.roster.all(
        Clinician, practice, npi=attestation.npi
    ):
        return "npi: there is no clinician of it on the provider list"
    return _unknown_subgroup(attestation, work)


def _unknown_subgroup(attestation: Attestation, work: UnitOfWork) -> str | None:
    if attestation.subgroup_id is None:
        return None
    subgroup = work.roster.get(Subgroup, attestation.practice_id, attestation.subgroup_id)
    year = attestation.performance_year
    if subgroup is None or (subgroup.tin, subgroup.performance_year) != (attestation.tin, year):
        return "subgroup_id: the TIN has no such subgroup in the performance year"
    return None
