"""The reports of a quarter that is over: of every TIN and clinician with cases, made once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.audit import Actor, AuditAction
from app.domain.days import today
from app.domain.feedback import Quarter, last_due
from app.domain.identifiers import PracticeId
from app.feedback.making import made_report
from app.feedback.reading import FiguresReader
from app.feedback.reminding import line_up_reminders
from app.measures.catalogue.catalogue import Catalogue
from app.storage.unit_of_work import OpenWork
from app.web.logs import log_fields

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class QuarterlyReports:
    """Made `days` after the end of a quarter, if `is_on`. With `reminds` users are told."""

    open_work: OpenWork
    catalogue: Catalogue
    is_on: bool
    days: int
    reminds: bool
    day: Callable[[], date] = today
    now: Callable[[], datetime] = _now

    def make_due(self, by: Actor) -> int:
        """Make what is due and was not made yet; return how many reports there are more.

        Of quarters before the newest nothing is made up for: its figures are from the begin of the
        year on.
        """
        return self.make(last_due(self.day(), days=self.days), by) if self.is_on else 0

    def make(self, quarter: Quarter, by: Actor, *, only: PracticeId | None = None) -> int:
        """Make those of a quarter, of every practice that does not have them; return how many.

        `only`: of this practice, if it has cases and no reports yet.
        """
        if self.catalogue.for_year(quarter.performance_year) is None:
            return 0
        with self.open_work() as work:
            practices = work.feedback.practices_lacking(quarter)
        due = practices if only is None else [each for each in practices if each == only]
        return sum(self._make(practice, quarter, by) for practice in due)

    def _make(self, practice: PracticeId, quarter: Quarter, by: Actor) -> int:
        """Return 0 when they were made before. All of a practice are there at once, or none.

        They are read as of one moment, and written one by one meanwhile.
        """
        at = self.now()
        clinicians, reports = set(), 0
        with self.open_work() as work, self.open_work() as reading:
            if not work.feedback.begin_quarter(practice, quarter, at=at):
                return 0
            reading.show_one_moment()
            reader = FiguresReader(
                practice=practice,
                quarter=quarter,
                day=self.day(),
                catalogue=self.catalogue,
                work=reading,
            )
            for entity, feedback in reader.of_everybody():
                work.feedback.add(made_report(practice, quarter, entity, feedback, by, at=at))
                reports += 1
                if entity.npi is not None:
                    clinicians.add(entity.npi)
            reminded = (
                line_up_reminders(
                    practice, quarter, clinicians=frozenset(clinicians), at=at, work=work
                )
                if self.reminds
                else 0
            )
            work.audit.record(
                by,
                AuditAction.FEEDBACK_MADE,
                practice=practice,
                quarter=quarter.name,
                reports=reports,
                reminded=reminded,
            )
            work.commit()
        _log.info("made feedback reports", extra=log_fields(practice=practice, reports=reports))
        return reports
