"""Who is compared with whom, and what each is told."""

from decimal import Decimal
from typing import Final

from app.domain.identifiers import parse_practice_id
from app.domain.populations import PopulationCounts
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.peers.comparing import Comparison, Entity, comparisons, entity_of
from app.measures.peers.cuts import Cut, Traits, Withheld
from app.measures.results.rates import rates_of

_YEAR: Final = shipped_catalogue().for_year(2024)
SMALL, LARGE = Traits(True, "MN"), Traits(False, "MN")


def entity(number: int, traits: Traits = SMALL, **counts: int) -> Entity[int] | None:
    assert _YEAR is not None
    rates = rates_of(PopulationCounts(**counts), _YEAR.rules)
    practices = frozenset([parse_practice_id(f"{10_000 + number}")])
    return entity_of(number, rates, practices=practices, traits=traits)


def peers(*met_of_a_hundred: int, traits: Traits = SMALL, first: int = 1) -> list[Entity[int]]:
    """Practices with a hundred cases each, so many of them met, and a tenth of that unreported."""
    found = [
        entity(
            number,
            traits,
            performance_met=met,
            performance_not_met=100 - met,
            unreported=met // 10,
        )
        for number, met in enumerate(met_of_a_hundred, first)
    ]
    return [each for each in found if each is not None]


def told(
    entities: list[Entity[int]], *, lower_is_better: bool = False
) -> dict[int, Comparison[int]]:
    return {
        each.entity.key: each for each in comparisons(entities, lower_is_better=lower_is_better)
    }


def test_whoever_has_too_few_cases_or_no_rate_is_left_out() -> None:
    assert entity(1, performance_met=19) is None
    assert entity(1, denominator_exception=30) is None
    found = entity(1, performance_met=15, performance_not_met=5, unreported=20)
    assert found is not None
    assert (found.key, found.practices, found.traits) == (1, {"10001"}, SMALL)
    assert (found.performance_rate, found.data_completeness) == (75, 50)


def test_each_is_told_how_it_stands_among_the_others() -> None:
    found = told(peers(50, 60, 70, 80, 90, 100))
    assert [each.cut for each in found[3].cuts] == list(Cut)
    for cut in found[3].cuts:  # all are small and of one state: each cut has the same five others
        assert cut.withheld is None
        assert cut.rate is not None
        assert (cut.rate.count, cut.rate.mean, cut.rate.median) == (5, 76, 80)
        assert cut.rate.rank_percentile == 40, "better than two of five"


def test_completeness_is_compared_too_and_higher_is_always_better() -> None:
    """Who has the lowest rate here has the most answers."""
    lowest = told(peers(50, 60, 70, 80, 90, 100), lower_is_better=True)[1].cuts[0]
    assert lowest.rate is not None
    assert lowest.completeness is not None
    assert lowest.rate.rank_percentile == 100
    assert lowest.completeness.rank_percentile == 100
    assert lowest.completeness.lower_quartile == Decimal(100 * 100) / 109


def mean(of: Comparison[int], cut: Cut) -> Decimal:
    (found,) = [each.rate for each in of.cuts if each.cut is cut]
    assert found is not None
    return found.mean


def test_each_cut_has_its_own_peers() -> None:
    small, large = (10, 20, 30, 40, 50, 60), (70, 75, 80, 85, 90, 95)
    found = told([*peers(*small), *peers(*large, traits=LARGE, first=7)])
    assert mean(found[1], Cut.NATIONAL) == Decimal(200 + sum(large)) / 11
    assert mean(found[7], Cut.NATIONAL) == Decimal(sum(small) + 425) / 11
    assert mean(found[1], Cut.SAME_SIZE) == 40
    assert mean(found[7], Cut.SAME_SIZE) == 85
    assert mean(found[7], Cut.SAME_STATE) == mean(found[7], Cut.NATIONAL)


def test_what_is_withheld_has_no_figures() -> None:
    found = told([*peers(10, 20, 30, 40, 50, 60), *peers(70, traits=Traits(), first=7)])
    unknown = found[7].cuts
    assert [cut.cut for cut in unknown] == list(Cut)
    assert [cut.withheld for cut in unknown] == [
        *(None, Withheld.SIZE_UNKNOWN, Withheld.STATE_UNKNOWN)
    ]
    assert [cut.rate is None and cut.completeness is None for cut in unknown] == [
        *(False, True, True)
    ]
