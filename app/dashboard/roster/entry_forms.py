"""Forms for entries of a roster, made from what the API asks for each kind, and read by it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.dashboard.roster.entry_words import hint_of, label_of
from app.domain.roster import Clinician, Employment, RosterEntry, Subgroup
from app.roster.entry_kinds import EntryKind
from app.web.invalid_input import described

_BETWEEN: Final = re.compile(r"[\s,;]+")
_OF_REGISTERED_TINS: Final = (Employment, Subgroup)


class Control(StrEnum):
    TEXT = "text"
    DAY = "date"
    NUMBER = "number"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen where an entry names another: value and words."""

    tins: Sequence[tuple[str, str]] = ()
    clinicians: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """`now` is what the entry holds where somebody else has changed it meanwhile, else None."""

    name: str
    label: str
    hint: str
    control: Control
    is_required: bool
    value: str
    options: Sequence[tuple[str, str]] = ()
    fault: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a form says: `asked`, or what is wrong with it by the name of the field."""

    asked: BaseModel | None
    faults: Mapping[str, str]


def fields_for(
    kind: EntryKind,
    values: Mapping[str, str],
    *,
    choices: Choices,
    faults: Mapping[str, str] | None = None,
    newest: Mapping[str, str] | None = None,
) -> list[FormField]:
    """Return the fields of a form that holds `values`. `newest`: what the entry holds by now."""
    return [
        FormField(
            name=name,
            label=label_of(name),
            hint=hint_of(name, info),
            control=_control(kind, name, info),
            is_required=info.is_required(),
            value=values.get(name, ""),
            options=_options(kind, name, info, choices),
            fault=(faults or {}).get(name),
            now=_changed(name, values, newest),
        )
        for name, info in kind.asked.model_fields.items()
    ]


def read_form(kind: EntryKind, typed: Mapping[str, str]) -> Read:
    """Return what was typed as the API would take it; a field left empty has its default."""
    told = {
        name: _split(typed[name]) if _control(kind, name, info) is Control.LIST else typed[name]
        for name, info in kind.asked.model_fields.items()
        if typed.get(name, "").strip()
    }
    try:
        return Read(asked=kind.asked.model_validate(told), faults={})
    except ValidationError as error:
        return Read(asked=None, faults=dict(map(_told, reversed(error.errors()))))


def values_of(kind: EntryKind, entry: RosterEntry) -> dict[str, str]:
    """Return what a form of the entry holds before anybody types."""
    return {name: as_text(getattr(entry, name)) for name in kind.asked.model_fields}


def as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case tuple() | list():
            return " ".join(str(each) for each in value)
        case _:
            return str(value)


def name_of(clinician: Clinician) -> str:
    """Somebody whom a confirmed case has brought in may have no name yet."""
    return f"{clinician.name or 'Without a name'}, {clinician.npi}"


def _told(fault: Any) -> tuple[str, str]:  # noqa: ANN401 - as pydantic gives it
    """Of a list the fault is told without the place in it."""
    name = str(fault["loc"][0])
    return name, described({**fault, "loc": ("body", name)})["message"]


def _changed(name: str, values: Mapping[str, str], newest: Mapping[str, str] | None) -> str | None:
    if newest is None or newest[name] == values.get(name, ""):
        return None
    return newest[name] or "empty"


def _split(text: str) -> list[str]:
    return [each for each in _BETWEEN.split(text) if each]


def _options(
    kind: EntryKind, name: str, info: FieldInfo, choices: Choices
) -> Sequence[tuple[str, str]]:
    meant = _meant(info.annotation)
    if meant is UUID:
        return choices.clinicians
    if name == "tin" and kind.entry in _OF_REGISTERED_TINS:
        return choices.tins
    if isinstance(meant, type) and issubclass(meant, StrEnum):
        return [(each.value, label_of(each.value)) for each in meant]
    return ()


def _control(kind: EntryKind, name: str, info: FieldInfo) -> Control:
    meant = _meant(info.annotation)
    if meant is tuple:
        return Control.LIST
    if meant is UUID or (name == "tin" and kind.entry in _OF_REGISTERED_TINS):
        return Control.CHOICE
    if isinstance(meant, type) and issubclass(meant, StrEnum):
        return Control.CHOICE
    return {date: Control.DAY, int: Control.NUMBER}.get(meant, Control.TEXT)


def _meant(annotation: Any) -> Any:  # noqa: ANN401 - a type in any of its shapes
    """The type behind a union with None and the constraints; of a tuple of values, tuple."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _meant(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _meant(next(each for each in get_args(annotation) if each is not type(None)))
    return origin or annotation
