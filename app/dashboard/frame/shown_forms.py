"""Forms whose fields are named as the API names them: `ordered_by.mail`, `contacts.0.name`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from app.dashboard.frame.dependencies import LongForm
from app.domain.errors import RegistryError
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest
from app.web.invalid_input import described

M = TypeVar("M", bound=BaseModel)

Faults = Mapping[str, str]
"""What is wrong with a form, by the name of the field."""
_BETWEEN_FAULTS: Final = "; "
_BEHIND_NAME: Final = ": "


@dataclass(frozen=True, kw_only=True)
class ShownForm:
    """A form as it is shown: what was typed, or what it begins with, and what is wrong with it."""

    typed: LongForm
    faults: Faults = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.typed.get(name)

    def has(self, name: str, value: str) -> bool:
        return value in self.typed.all(name)

    def fault(self, name: str) -> str | None:
        return self.faults.get(name)

    def kept(self) -> list[tuple[str, str]]:
        """What goes along when the form is shown once more before it is sent for good."""
        return [pair for pair in self.typed.pairs if pair[0] not in ("form_token", "once")]


def form_of(values: Mapping[str, object], **several: Iterable[object]) -> LongForm:
    """A form that begins with these values; None is left empty."""
    single = [(name, str(value)) for name, value in values.items() if value is not None]
    many = [(name, str(each)) for name, each_value in several.items() for each in each_value]
    return LongForm(pairs=(*single, *many))


def seen_version(text: str) -> int:
    """Return the version that a form was made from. Raises: ChangedMeanwhile for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise ChangedMeanwhile("The form does not say which version it was made from.")
    return int(text)


def nested(form: LongForm, names: Iterable[str]) -> dict[str, Any]:
    """The fields of these names as JSON would hold them; what is left empty is left out."""
    told: dict[str, Any] = {}
    for name in names:
        value = form.get(name).strip()
        if not value:
            continue
        *above, last = name.split(".")
        place = told
        for each in above:
            place = place.setdefault(each, {})
        place[last] = value
    return told


def read_as(model: type[M], told: Mapping[str, Any]) -> tuple[M | None, Faults]:
    """Return what is told as the API would take it, or what is wrong with it."""
    try:
        return model.model_validate(told), {}
    except ValidationError as error:
        return None, dict(map(_told, reversed(error.errors())))


def placed(refusal: RegistryError, names: Iterable[str]) -> tuple[Faults, RegistryError | None]:
    """Return what a refusal says of fields of a form, or the refusal if it is about none of them.

    What is wrong with a request is told as `name: what; name: what.`
    """
    if not isinstance(refusal, InvalidRequest):
        return {}, refusal
    faults: dict[str, str] = {}
    known, name = frozenset(names), ""
    for each in str(refusal).removesuffix(".").split(_BETWEEN_FAULTS):
        begins, behind, words = each.partition(_BEHIND_NAME)
        if behind and begins in known:
            name, faults[begins] = begins, words
        elif name:
            faults[name] += _BETWEEN_FAULTS + each
    return faults, None if faults else refusal


def _told(fault: Any) -> tuple[str, str]:  # noqa: ANN401 - as pydantic gives it
    name = ".".join(map(str, fault["loc"]))
    return name, described({**fault, "loc": ("body", name)})["message"]
