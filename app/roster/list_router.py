"""The provider list as a file: taken in from CSV, given out as CSV."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.exporting import ExportedList, record_export
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.roster.list_planning import ListPlan, Planned, PlannedAction
from app.roster.list_service import export_provider_list, import_provider_list
from app.web.dependencies import Today
from app.web.json_bodies import require_media_type, whole_body
from app.web.openapi import problem_response

router = APIRouter(
    prefix="/v1/practices/{practice_id}", tags=["clinicians"], route_class=KeepsAnswers
)

_MOST_BYTES: Final = 1 << 20
_CSV: Final = "text/csv"
_LISTED_AT_MOST: Final = 1_000


class ActionCounts(BaseModel):
    added: int
    changed: int
    ended: int
    unchanged: int

    @classmethod
    def of(cls, planned: list[Planned]) -> "ActionCounts":
        actions = [each.action for each in planned]
        return cls(**{action.value: actions.count(action) for action in PlannedAction})


class PlannedOut(BaseModel):
    """`columns` are the cells that differ from the list; of a new entry there are none."""

    line: int
    what: str
    action: PlannedAction
    columns: list[str]


class ImportOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "dry_run": True,
                "lines": 12,
                "clinicians": {"added": 1, "changed": 0, "ended": 0, "unchanged": 10},
                "employments": {"added": 1, "changed": 0, "ended": 1, "unchanged": 10},
                "not_in_file": 2,
                "changes": [
                    {"line": 4, "what": "employment", "action": "ended", "columns": ["ends_on"]}
                ],
            }
        }
    )

    dry_run: bool
    lines: int
    clinicians: ActionCounts
    employments: ActionCounts
    not_in_file: int
    changes: list[PlannedOut]

    @classmethod
    def of(cls, plan: ListPlan, *, dry_run: bool) -> "ImportOut":
        changes = [
            *(_shown(each, "clinician") for each in plan.clinicians),
            *(_shown(each, "employment") for each in plan.employments),
        ]
        told = [each for each in changes if each.action is not PlannedAction.UNCHANGED]
        return cls(
            dry_run=dry_run,
            lines=plan.lines,
            clinicians=ActionCounts.of(plan.clinicians),
            employments=ActionCounts.of(plan.employments),
            not_in_file=plan.not_in_file,
            changes=sorted(told, key=lambda each: each.line)[:_LISTED_AT_MOST],
        )


async def _csv_body(request: Request) -> bytes:
    require_media_type(request, _CSV)
    return await whole_body(request, at_most=_MOST_BYTES)


@router.post(
    "/clinicians/import",
    responses={
        409: problem_response("The provider list is locked."),
        422: problem_response(
            "`findings` say what is wrong, line by line; nothing was taken over."
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One line for each clinician and employment, as the export writes it.",
            "content": {_CSV: {"schema": {"type": "string"}}},
        }
    },
)
def import_clinicians(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    content: Annotated[bytes, Depends(_csv_body)],
    dry_run: Annotated[
        bool, Query(description="Say what would be added, changed and ended, and do nothing.")
    ] = False,
) -> ImportOut:
    """Take over a provider list from CSV, all of it or nothing.

    What the file does not name stays as it is: to end an employment, give it a last day.
    """
    require_practice(caller, Right.CHANGE_ROSTER, practice)
    require_registered(open_work, practice)
    plan = import_provider_list(
        content, practice, caller.actor, dry_run=dry_run, day=day, open_work=open_work
    )
    return ImportOut.of(plan, dry_run=dry_run)


@router.get(
    "/clinicians.csv",
    response_class=Response,
    responses={200: {"content": {_CSV: {"schema": {"type": "string"}}}}},
)
def export_clinicians(practice: PathPractice, caller: Caller, open_work: Work) -> Response:
    """The provider list as CSV, one line for each clinician and employment."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    record_export(ExportedList.PROVIDERS, practice, caller.actor, open_work=open_work)
    return Response(
        export_provider_list(practice, open_work=open_work),
        media_type=f"{_CSV}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="clinicians-{practice}.csv"'},
    )


def _shown(planned: Planned, what: str) -> PlannedOut:
    before, after = planned.before, planned.after
    was, is_now = vars(before or after), vars(after)
    columns = [column for column in is_now if was[column] != is_now[column] and column != "version"]
    return PlannedOut(line=planned.line, what=what, action=planned.action, columns=columns)
