"""Reads from the roster how large the TINs of a practice are in a year."""

from app.domain.identifiers import PracticeId
from app.measures.scoring.practice_size import PracticeSizes
from app.storage.unit_of_work import UnitOfWork


def practice_sizes(
    practice: PracticeId, year: int, work: UnitOfWork, *, asked_small: bool | None = None
) -> PracticeSizes:
    """`asked_small`: what whoever asks says of every TIN, if anything."""
    known = work.roster.clinician_counts(practice, year)
    return PracticeSizes(employed=known.by_tin, told=known.told, asked_small=asked_small)
