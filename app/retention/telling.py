"""What is told of the retention of a practice, over HTTP and at the terminal alike."""

from datetime import date
from typing import Final

from app.domain.identifiers import PracticeId
from app.domain.retention import first_day_kept
from app.retention.holding import Retention
from app.retention.periods import shipped_periods
from app.retention.wire import PurgeOut, RetentionOut, told_periods

_PURGES_TOLD: Final = 50


def retention_told(practice: PracticeId, retention: Retention, *, day: date) -> RetentionOut:
    """Raises: PracticeUnknown."""
    policy = retention.policy(practice)
    with retention.open_work() as work:
        is_on_hold = work.retention.is_on_hold(practice)
        purges = work.retention.purges(practice, limit=_PURGES_TOLD)
    return RetentionOut(
        practice_id=practice,
        years=policy.years,
        at_least=retention.years,
        purges_by_itself=policy.purges_by_itself,
        first_day_kept=first_day_kept(policy.years, day),
        is_on_hold=is_on_hold,
        periods=told_periods(policy, shipped_periods()),
        purges=[PurgeOut.of(each) for each in purges],
    )
