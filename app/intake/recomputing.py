"""What stored records come to by the code and the measures of today, as if they came in now."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from app.domain.cases import AnesthesiaCase
from app.domain.roster import RegisteredTins
from app.intake.preparing import is_held, rows_of
from app.intake.stored_records import Unreadable, decode_stored
from app.measures.catalogue.catalogue import Catalogue, shipped_catalogue
from app.storage.cases.payloads import payload_codec
from app.storage.recomputing.derived_rows import DerivedRows
from app.storage.recomputing.recomputed import Page, RecomputedCase, RecomputedPage, StoredRecord
from app.xsd.parsing import PieceParser

_PAGE_CASES: Final = 1_000
_WORTH_SPREADING: Final = 20_000


class Spread(Protocol):
    """Does `work` on pages in other processes, and gives the results in the order of the pages."""

    def __call__(
        self, work: Callable[[Page], RecomputedPage], items: Iterable[Page]
    ) -> Iterator[RecomputedPage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputing:
    """`spread` is for practices of `worth_spreading` cases, by the measures of this release."""

    measures: Catalogue
    spread: Spread | None = None
    worth_spreading: int = _WORTH_SPREADING
    page_cases: int = _PAGE_CASES

    def pages(self, derived: DerivedRows, tins: RegisteredTins) -> Iterator[RecomputedPage]:
        """Recompute every case of a practice; `tins` are those registered for it."""
        pages = derived.pages(self.page_cases)
        if self.spread is not None and derived.count_cases() >= self.worth_spreading:
            return self.spread(partial(recompute_page_by_release, tins=tins), pages)
        return map(partial(recompute_page, measures=self.measures, tins=tins), pages)


def recompute_page(page: Page, *, measures: Catalogue, tins: RegisteredTins) -> RecomputedPage:
    """`tins` are those registered for the practice."""
    parser = PieceParser({})
    cases, unreadable = [], []
    for record in page.records:
        try:
            case = _case_of(record, parser)
        except Unreadable:
            unreadable.append(record.case_id)
        else:
            cases.append(_recomputed(record, case, measures, tins))
    return RecomputedPage(page=page, cases=tuple(cases), unreadable=tuple(unreadable))


def recompute_page_by_release(page: Page, *, tins: RegisteredTins) -> RecomputedPage:
    """Recompute in another process, which reads the measures first."""
    return recompute_page(page, measures=shipped_catalogue(), tins=tins)


def _case_of(record: StoredRecord, parser: PieceParser) -> AnesthesiaCase:
    """Raises: Unreadable."""
    if record.payload is None:
        raise Unreadable
    try:
        return decode_stored(payload_codec().restore(record.payload), parser)
    except Exception as error:  # of many kinds: a changed byte may break zstd, libxml2 or a value
        raise Unreadable from error


def _recomputed(
    record: StoredRecord, case: AnesthesiaCase, measures: Catalogue, tins: RegisteredTins
) -> RecomputedCase:
    status = "held" if is_held(case, tins) else "active"
    return RecomputedCase(
        case_id=record.case_id,
        anesthesia_record_id=case.anesthesia_record_id,
        status="deleted" if record.is_deleted else status,
        rows=rows_of(case, measures),
    )
