"""The clock of a generated case. Times are whole minutes after midnight of the date of service;
they may pass 1,440, never fall below 0.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.synthetic.chance import Chance
from app.synthetic.procedures import Procedure, Technique

MINUTES_A_DAY = 1440

# At night and at weekends a hospital does what cannot wait; a surgery list starts at seven.
_WEEKEND_SHARE = 0.3
_LIST_START, _LIST_LAST_START = 7 * 60, 15 * 60 + 30

# Minutes from anesthesia start to the end of induction, and from there to the incision.
_INDUCTION = {
    Technique.INHALATIONAL: (6, 14),
    Technique.TIVA: (6, 14),
    Technique.MAC: (2, 5),
    Technique.SPINAL: (9, 18),
    Technique.EPIDURAL: (12, 22),
    Technique.CSE: (12, 22),
    Technique.BLOCK: (10, 18),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    in_room: int
    start: int
    induction: int
    ready: int
    procedure_start: int
    procedure_end: int
    end: int
    recovery_end: int

    @property
    def anesthesia_minutes(self) -> int:
        return self.end - self.start

    @property
    def procedure_minutes(self) -> int:
        return self.procedure_end - self.procedure_start


class ServiceDays:
    """The days on which the practice works, from the start of a year to the `last` one."""

    def __init__(self, last: date) -> None:
        first = date(last.year, 1, 1)
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._weekdays = tuple(day for day in every if day.weekday() < 5)
        self._weekends = tuple(day for day in every if day.weekday() >= 5)

    def draw(self, chance: Chance, *, can_wait: bool) -> date:
        if not can_wait and chance.happens(_WEEKEND_SHARE):
            return chance.one_of(self._weekends)
        return chance.one_of(self._weekdays)


def draw_times(
    chance: Chance, procedure: Procedure, technique: Technique, *, can_wait: bool
) -> Times:
    start = _start(chance, can_wait=can_wait)
    shortest, longest = _INDUCTION[technique]
    induction = start + chance.between(1, 3)
    ready = induction + chance.between(shortest, longest)
    procedure_start = ready + chance.between(1, 4 if technique is Technique.MAC else 15)
    procedure_end = procedure_start + procedure.minutes.draw(chance)
    emergence = (4, 14) if technique.is_general else (2, 8)
    end = procedure_end + chance.between(*emergence)
    return Times(
        in_room=start - chance.between(0, 2),
        start=start,
        induction=induction,
        ready=ready,
        procedure_start=procedure_start,
        procedure_end=procedure_end,
        end=end,
        recovery_end=end + chance.between(25, 60 if technique is Technique.MAC else 150),
    )


def _start(chance: Chance, *, can_wait: bool) -> int:
    if can_wait:
        return chance.between(_LIST_START, _LIST_LAST_START)
    # Staff may sign in some minutes before the start: the date of service must stay theirs too.
    return chance.between(30, MINUTES_A_DAY - 1)
