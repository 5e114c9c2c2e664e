"""What a practice tells of itself as a form: name, addresses, contacts, size; its agreements."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import (
    Faults,
    ShownForm,
    form_of,
    nested,
    read_as,
    seen_version,
)
from app.domain.errors.requests import ChangedMeanwhile
from app.domain.roster import Agreement, AgreementKind, PracticeDetails, missing_agreements
from app.roster.practice_service import change_practice
from app.roster.practice_wire import Address, Contact, PracticeRequest, details_asked
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/details", route_class=PageRoute
)

_INVALID: Final = 422
_SINGLE: Final = ("name", "clinicians")
_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "addresses": tuple(Address.model_fields),
    "contacts": tuple(Contact.model_fields),
}
_EMPTY_ROWS: Final = 2
_MOST_ROWS: Final = 50


@router.get("")
def details_page(desk: AtDesk) -> Response:
    done = desk.member.request.query_params.get("done")
    return _page(desk, _as_it_is(desk.practice), done=done)


@router.post("")
def change_details(desk: AtDesk, form: SignedInLongForm) -> Response:
    desk.require(Right.CHANGE_ROSTER)
    asked, faults = _read(form)
    if asked is None:
        return _page(desk, form, faults=faults)
    try:
        change_practice(
            details_asked(desk.id, asked),
            desk.caller.actor,
            seen=seen_version(form.get("version")),
            open_work=desk.open_work,
        )
    except ChangedMeanwhile as error:
        return _page(desk, form, refusal=error)
    return desk.go("/details", done="changed")


def _as_it_is(practice: PracticeDetails) -> LongForm:
    known: dict[str, object] = {
        "name": practice.name,
        "clinicians": practice.clinicians,
        "version": practice.version,
    }
    for kind in _ROWS:
        for place, row in enumerate(getattr(practice, kind)):
            known.update({f"{kind}.{place}.{name}": value for name, value in row.items()})
    return form_of(known)


def _read(form: LongForm) -> tuple[PracticeRequest | None, Faults]:
    """Rows that are left empty are left out."""
    told: dict[str, Any] = nested(form, _SINGLE)
    places = {}
    for kind in _ROWS:
        places[kind] = [place for place in range(_MOST_ROWS) if _row(form, kind, place)]
        told[kind] = [_row(form, kind, place) for place in places[kind]]
    asked, faults = read_as(PracticeRequest, told)
    return asked, dict(_at_their_rows(faults, places))


def _row(form: LongForm, kind: str, place: int) -> dict[str, str]:
    names = {name: form.get(f"{kind}.{place}.{name}").strip() for name in _ROWS[kind]}
    return {name: value for name, value in names.items() if value}


def _at_their_rows(faults: Faults, places: Mapping[str, list[int]]) -> Iterator[tuple[str, str]]:
    """`contacts.0.mail` is the first that was told, wherever it stands in the form."""
    for name, words in faults.items():
        kind, *rest = name.split(".")
        if kind in places and len(rest) > 1:
            yield f"{kind}.{places[kind][int(rest[0])]}.{rest[1]}", words
        else:
            yield name, words


def _shown_rows(form: LongForm, kind: str) -> range:
    used = [place for place in range(_MOST_ROWS) if _row(form, kind, place)]
    return range(min(_MOST_ROWS, max(used, default=-1) + 1 + _EMPTY_ROWS))


def _page(
    desk: Desk,
    form: LongForm,
    *,
    faults: Faults | None = None,
    refusal: ChangedMeanwhile | None = None,
    done: str | None = None,
) -> Response:
    agreements = desk.entries.page(Agreement, after=None, limit=None)
    status = _INVALID if faults else 200
    return desk.page(
        "practice/details.html",
        status_code=status if refusal is None else status_of(refusal),
        form=ShownForm(typed=form, faults=faults or {}),
        refusal=refusal,
        now=None if refusal is None else desk.practice,
        version=desk.practice.version if refusal is not None else form.get("version"),
        rows={kind: _shown_rows(form, kind) for kind in _ROWS},
        agreements=agreements,
        missing_agreements=missing_agreements(agreements, desk.day),
        kinds=list(AgreementKind),
        may_keep_agreements=desk.may(Right.KEEP_AGREEMENTS),
        done=done,
    )
