"""What the page of feedback reports lists: those that are made, those that are not, and groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from app.access.rights import require_figures
from app.dashboard.boards.feedback_request_view import RequestView
from app.dashboard.frame.desks import Desk
from app.domain.feedback import FeedbackLevel, FeedbackReport, Quarter
from app.domain.identifiers import Npi
from app.domain.roster import Clinician, Subgroup, VirtualGroup
from app.feedback.shown import of_whom
from app.storage.feedback.feedback_store import ReportsQuestion
from app.web.paging import Paging

_GROUP_LEVELS: Final[tuple[FeedbackLevel, ...]] = ("subgroup", "virtual_group")
_ON_A_PAGE: Final = 50
_REMEMBERED: Final = timedelta(days=7)
"""So long it is told that a report failed."""


@dataclass(frozen=True, kw_only=True)
class ListedReport:
    made: FeedbackReport
    of: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """`more`: where the list of clinicians goes on."""

    of_tins: list[ListedReport]
    of_groups: list[ListedReport]
    of_clinicians: list[ListedReport]
    more: str | None

    @property
    def is_empty(self) -> bool:
        return not (self.of_tins or self.of_groups or self.of_clinicians)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChoice:
    level: FeedbackLevel
    id: UUID
    name: str
    performance_year: int

    @property
    def value(self) -> str:
        return f"{self.level}:{self.id}"

    @property
    def words(self) -> str:
        kind = self.level.replace("_", " ").capitalize()
        return f"{kind} {self.name}, {self.performance_year}"


def listed_reports(desk: Desk, quarter: Quarter | None, cursor: str | None) -> Listed:
    """Those of TINs and groups on the first page alone, and to a clinician none."""
    whose = require_figures(desk.caller, desk.id, None)
    paged = Paging(_ON_A_PAGE, cursor)
    before = paged.uuid("before")
    is_first = before is None and whose is None
    with desk.open_work() as work:

        def newest(*levels: FeedbackLevel) -> list[FeedbackReport]:
            asked = ReportsQuestion(practice=desk.id, levels=levels, quarter=quarter)
            return work.feedback.listed(asked, before=None, limit=_ON_A_PAGE) if is_first else []

        names = {each.npi: each.name for each in work.roster.all(Clinician, desk.id)}
        of_tins, of_groups = newest("group"), newest(*_GROUP_LEVELS)
        of_clinicians = work.feedback.listed(
            ReportsQuestion(practice=desk.id, levels=("individual",), quarter=quarter, npi=whose),
            before=before,
            limit=paged.with_next,
        )
    shown, more = paged.cut(of_clinicians, key_of=lambda each: {"before": each.id})
    return Listed(
        of_tins=_named(of_tins, names),
        of_groups=_named(of_groups, names),
        of_clinicians=_named(shown, names),
        more=more,
    )


def not_done(desk: Desk) -> list[RequestView]:
    """To a clinician their own alone."""
    whose = require_figures(desk.caller, desk.id, None)
    with desk.open_work() as work:
        found = work.feedback_requests.not_done(
            desk.id, since=datetime.now(UTC) - _REMEMBERED, npi=whose
        )
    return [RequestView(request=each) for each in found]


def groups_to_ask_for(desk: Desk) -> list[GroupChoice]:
    """Of the roster, virtual groups once they are confirmed; the newest year first."""
    with desk.open_work() as work:
        subgroups = work.roster.all(Subgroup, desk.id)
        virtual = work.roster.all(VirtualGroup, desk.id)
    found = [
        *(_choice("subgroup", each) for each in subgroups),
        *(_choice("virtual_group", each) for each in virtual if each.confirmed_at is not None),
    ]
    return sorted(found, key=lambda each: (-each.performance_year, each.words))


def _choice(level: FeedbackLevel, group: Subgroup | VirtualGroup) -> GroupChoice:
    return GroupChoice(
        level=level, id=group.id, name=group.name, performance_year=group.performance_year
    )


def _named(reports: Iterable[FeedbackReport], names: dict[Npi, str]) -> list[ListedReport]:
    return [
        ListedReport(
            made=report,
            of=of_whom(report.entity, report.entity.npi and names.get(report.entity.npi)),
        )
        for report in reports
    ]
