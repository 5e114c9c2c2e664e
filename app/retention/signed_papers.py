"""Registrations and consents go when the years are over for which they are kept."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.days import today
from app.domain.identifiers import PracticeId
from app.reporting.registration_service import REGISTRATION_KIND
from app.reporting.reporting_years import keep_until, last_year_over
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_WORKER = Actor(kind=ActorKind.WORKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPapers:
    open_work: OpenWork
    day: Callable[[], date] = today

    def remove_over(self) -> int:
        """Remove what is over of every practice that is not on hold; return how many papers.

        Each practice in a transaction of its own: where one fails tonight, the others do not.
        """
        with self.open_work() as work:
            concerned = work.reporting.practices_with_papers(until=last_year_over(self.day()))
        return sum(self._turn(practice) for practice in concerned)

    def _turn(self, practice: PracticeId) -> int:
        try:
            with self.open_work() as work:
                work.retention.lock(practice)
                if work.retention.is_on_hold(practice):
                    return 0
                removed = self._remove(practice, work)
                work.commit()
            return removed
        except Exception as error:
            fields = log_fields(practice=practice, **error_fields(error))
            _log.warning("consents are left for the next night", extra=fields)
            return 0

    def _remove(self, practice: PracticeId, work: UnitOfWork) -> int:
        day = self.day()
        consents = [each for each in work.reporting.consents(practice) if keep_until(each) < day]
        years = [
            each.performance_year
            for each in work.reporting.registrations(practice)
            if keep_until(each) < day
        ]
        if not consents and not years:
            return 0
        work.reporting.remove_consents(practice, [each.id for each in consents])
        for year in years:
            work.reporting.remove_registration(practice, year)
            work.roster_history.forget_year(practice, REGISTRATION_KIND, year)
        work.exports.expire_all(practice, at=datetime.now(UTC))  # they hold what is removed
        work.audit.record(
            _WORKER,
            AuditAction.CONSENTS_REMOVED,
            practice=practice,
            consents=len(consents),
            registrations=len(years),
        )
        return len(consents) + len(years)
