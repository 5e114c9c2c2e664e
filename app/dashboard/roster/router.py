"""The roster of a practice as pages: for each kind of entry a list, and a form to add or change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel

from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import seen_version
from app.dashboard.roster.entry_forms import (
    Choices,
    Read,
    fields_for,
    name_of,
    read_form,
    values_of,
)
from app.dashboard.roster.entry_tables import TableRow, columns_of, job_text, rows_of
from app.domain.errors import RegistryError
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest
from app.domain.errors.roster import ProviderListLocked, RosterConflict
from app.domain.roster import Clinician, Employment, PracticeTin, RosterEntry
from app.roster.entry_kinds import ENTRY_KINDS, EntryKind
from app.web.paging import Cursor, Paging
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/roster/{path}",
    route_class=PageRoute,
)

_ON_A_PAGE: Final = 50
_INVALID: Final = 422
_KINDS: Final = {kind.path: kind for kind in ENTRY_KINDS}
_REFUSED: Final = (ChangedMeanwhile, InvalidRequest, RosterConflict, ProviderListLocked)


@dataclass(frozen=True, kw_only=True)
class EntryPages:
    """The pages of one kind of entry."""

    desk: Desk
    kind: EntryKind

    @property
    def path(self) -> str:
        return f"/roster/{self.kind.path}"

    def require_changing(self) -> None:
        """Raises: NotPermitted."""
        self.desk.require(self.kind.changing)

    def page(self, template: str, *, status_code: int = 200, **values: object) -> Response:
        return self.desk.page(
            template,
            status_code=status_code,
            kind=self.kind,
            here=self.desk.path(self.path),
            may_change_kind=self.desk.may(self.kind.changing),
            **values,
        )

    def rows(self, entries: Sequence[RosterEntry]) -> list[TableRow]:
        of_people = self.kind.entry in (Clinician, Employment)
        found = self.desk.entries
        clinicians = found.page(Clinician, after=None, limit=None) if of_people else []
        jobs = (
            found.page(Employment, after=None, limit=None) if self.kind.entry is Clinician else []
        )
        return rows_of(
            self.kind,
            entries,
            clinicians={each.id: each for each in clinicians},
            employments=jobs,
        )

    def choices(self) -> Choices:
        tins = self.desk.entries.page(PracticeTin, after=None, limit=None)
        people = (
            self.desk.entries.page(Clinician, after=None, limit=None)
            if self.kind.entry is Employment
            else []
        )
        return Choices(
            tins=[(each.tin, each.tin) for each in tins],
            clinicians=[(str(each.id), name_of(each)) for each in people],
        )

    def new_entry(self, asked: BaseModel) -> RosterEntry:
        return self.kind.entry(practice_id=self.desk.id, id=uuids.uuid7(), **dict(asked))


def _entry_pages(desk: AtDesk, path: str) -> EntryPages:
    if path not in _KINDS:
        raise HTTPException(404)
    return EntryPages(desk=desk, kind=_KINDS[path])


AtEntries = Annotated[EntryPages, Depends(_entry_pages)]


@router.get("")
def list_page(pages: AtEntries, cursor: Cursor = None) -> Response:
    paged = Paging(_ON_A_PAGE, cursor)
    found = pages.desk.entries.page(
        pages.kind.entry, after=paged.uuid("after"), limit=paged.with_next
    )
    shown, following = paged.cut(found, key_of=lambda entry: {"after": entry.id})
    return pages.page(
        "roster/entries.html",
        columns=columns_of(pages.kind),
        rows=pages.rows(shown),
        done=pages.desk.member.request.query_params.get("done"),
        following=following,
    )


@router.post("/search")
def search(pages: AtEntries, form: SignedInLongForm) -> Response:
    """By a form, as an NPI or a TIN that is looked for belongs in no address."""
    words = form.get("words").casefold().split()
    entries = pages.desk.entries.page(pages.kind.entry, after=None, limit=None)
    found = [row for row in pages.rows(entries) if row.has(words)]
    return pages.page(
        "roster/entries.html",
        columns=columns_of(pages.kind),
        rows=found[:_ON_A_PAGE],
        searched=form.get("words"),
        found=len(found),
    )


@router.get("/new")
def new_page(pages: AtEntries, clinician: UUID | None = None) -> Response:
    pages.require_changing()
    values = {} if clinician is None else {"clinician_id": str(clinician)}
    return _form_page(pages, None, LongForm(pairs=tuple(values.items())))


@router.post("/new")
def add(pages: AtEntries, form: SignedInLongForm) -> Response:
    pages.require_changing()
    read = read_form(pages.kind, form.last)
    if read.asked is None:
        return _form_page(pages, None, form, read=read)
    try:
        pages.desk.entries.add(pages.new_entry(read.asked))
    except _REFUSED as error:
        return _form_page(pages, None, form, refusal=error)
    return pages.desk.go(pages.path, done="added")


@router.get("/{entry_id}")
def entry_page(pages: AtEntries, entry_id: UUID) -> Response:
    pages.require_changing()
    return _form_page(pages, pages.desk.entries.get(pages.kind.entry, entry_id), None)


@router.post("/{entry_id}")
def change(pages: AtEntries, entry_id: UUID, form: SignedInLongForm) -> Response:
    pages.require_changing()
    read = read_form(pages.kind, form.last)
    entry = pages.desk.entries.get(pages.kind.entry, entry_id)
    if read.asked is None:
        return _form_page(pages, entry, form, read=read)
    asked = dict(read.asked)
    try:
        pages.desk.entries.change(
            pages.kind.entry,
            entry_id,
            seen=seen_version(form.get("version")),
            change=lambda before: replace(before, **asked),
        )
    except _REFUSED as error:
        return _form_page(pages, entry, form, refusal=error)
    return pages.desk.go(pages.path, done="changed")


@router.post("/{entry_id}/remove")
def remove(pages: AtEntries, entry_id: UUID, form: SignedInLongForm) -> Response:
    pages.require_changing()
    entry = pages.desk.entries.get(pages.kind.entry, entry_id)
    try:
        pages.desk.entries.remove(
            pages.kind.entry, entry_id, seen=seen_version(form.get("version"))
        )
    except _REFUSED as error:
        return _form_page(pages, entry, None, refusal=error)
    return pages.desk.go(pages.path, done="removed")


def _form_page(
    pages: EntryPages,
    entry: RosterEntry | None,
    form: LongForm | None,
    *,
    read: Read | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    """The form with what was typed, or of `entry` as it is; `entry` None: of a new one."""
    stored = {} if entry is None else values_of(pages.kind, entry)
    overtaken = isinstance(refusal, ChangedMeanwhile)
    fields = fields_for(
        pages.kind,
        stored if form is None else form.last,
        choices=pages.choices(),
        faults=None if read is None else read.faults,
        newest=stored if overtaken else None,
    )
    status = _INVALID if read is not None else 200
    return pages.page(
        "roster/entry.html",
        status_code=status if refusal is None else status_of(refusal),
        entry=entry,
        version=_version(entry) if form is None or overtaken else form.get("version"),
        fields=fields,
        refusal=refusal,
        jobs=_jobs(pages, entry),
    )


def _version(entry: RosterEntry | None) -> str:
    return "" if entry is None else str(entry.version)


def _jobs(pages: EntryPages, entry: RosterEntry | None) -> list[tuple[UUID, str]]:
    """Of a clinician, where they work."""
    if not isinstance(entry, Clinician):
        return []
    every = pages.desk.entries.page(Employment, after=None, limit=None)
    return [(each.id, job_text(each)) for each in every if each.clinician_id == entry.id]
