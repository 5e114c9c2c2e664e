"""What the API answers about changes between two years."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from app.measures.changes.change_words import in_words
from app.measures.changes.comparing import ChangeKind, MeasureChange


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class ChangeDetail(_Wire):
    """A change; `measure_id` is null for what the year decides for all. `message` says it whole."""

    measure_id: str | None
    title: str | None
    kind: ChangeKind
    detail: str | None
    before: str | bool | tuple[str, ...] | None
    after: str | bool | tuple[str, ...] | None
    message: str

    @classmethod
    def of(cls, change: MeasureChange) -> Self:
        return cls(
            measure_id=change.measure_id,
            title=change.title,
            kind=change.kind,
            detail=change.detail,
            before=change.before,
            after=change.after,
            message=in_words(change),
        )


class MeasureChanges(_Wire):
    since: int
    until: int
    items: tuple[ChangeDetail, ...]
    next_cursor: None = None

    @classmethod
    def of(cls, since: int, until: int, changes: Iterable[MeasureChange]) -> Self:
        return cls(
            since=since, until=until, items=tuple(ChangeDetail.of(change) for change in changes)
        )
