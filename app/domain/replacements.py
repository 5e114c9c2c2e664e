"""The replacement of a period by a file that is the whole truth about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.periods import Period

CONFIRMABLE_FOR: Final = timedelta(days=7)
UNDOABLE_FOR: Final = timedelta(days=30)


class ReplacementEnd(StrEnum):
    """What became of a replacement whose file was not refused."""

    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would happen, as of `made_at`.

    `fingerprint` is that of all that would happen to which version of which case: two previews
    with the same one do the same. `max_share` of the cases may disappear without further ado.
    """

    stored_now: int
    would_delete: int
    created: int
    replaced: int
    unchanged: int
    held: int
    rejected: int
    fingerprint: str
    max_share: float
    made_at: datetime

    @property
    def records(self) -> int:
        return self.created + self.replaced + self.unchanged + self.held + self.rejected

    @property
    def share(self) -> float:
        return self.would_delete / self.stored_now if self.stored_now else 0.0

    @property
    def is_above_limit(self) -> bool:
        return self.share > self.max_share

    @property
    def expires_at(self) -> datetime:
        return self.made_at + CONFIRMABLE_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCounts:
    """`restored` had disappeared, `reverted` had been replaced, `removed` had been created.

    `conflicts` stay as they are: they were changed since, or what they were cannot be read.
    """

    restored: int
    reverted: int
    removed: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """`counts` None: it waits for a worker."""

    asked_at: datetime
    done_at: datetime | None = None
    counts: UndoCounts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """`preview` None: the file is not read yet, or was refused.

    `deleted_at` marks the tombstones of what disappeared.
    """

    period: Period
    preview: Preview | None = None
    confirmed_at: datetime | None = None
    above_limit: bool = False
    end: ReplacementEnd | None = None
    deleted_at: datetime | None = None
    undo: Undo | None = None
