"""How the entities of a practice stand among their peers."""

from app.measures.catalogue.asked_measures import measure_of, year_of
from app.measures.catalogue.catalogue import Catalogue
from app.measures.peers.reading import kept_comparisons
from app.measures.peers.wire import ComparedEntity, PeerComparisons
from app.measures.results.levels import Reaches, ResultsQuestion, require_visible
from app.storage.unit_of_work import UnitOfWork


def peer_comparisons(
    asked: ResultsQuestion,
    *,
    reaches: Reaches,
    sandbox: bool,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> PeerComparisons:
    """Every entity at a level that is compared; none for a sandbox.

    Raises: as `measure_results`.
    """
    asked.require_fitting()
    year = year_of(catalogue, asked.performance_year)
    if asked.measure_id is not None:
        measure_of(year, asked.measure_id)
    require_visible(asked, reaches, work)
    kept = [] if sandbox else kept_comparisons(asked, work)
    return PeerComparisons(
        practice_id=asked.practice,
        performance_year=asked.performance_year,
        level=asked.level,
        as_of=work.peers.as_of(asked.performance_year),
        opted_out=work.peers.has_opted_out(asked.practice),
        items=tuple(
            ComparedEntity.of(each, inverse=measure.facts.inverse)
            for each in kept
            if (measure := year.measure(each.measure_id)) is not None
        ),
    )
