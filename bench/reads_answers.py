"""Whole answers about a practice and year, as the interface makes them: results, peers, scores."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final

from app.domain.identifiers import Npi, Tin
from app.measures.catalogue.catalogue import Catalogue, load_catalogue
from app.measures.peers.service import peer_comparisons
from app.measures.results.levels import Level, ResultsQuestion
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring_service import ScoreQuestion, practice_scores
from app.measures.service import measure_results
from bench.reads_questions import Ask, Subject

_AFTER_THE_YEARS: Final = date(2026, 1, 1)
"""The benchmarks of each year are known by then."""
_MVP: Final = "G0059"


def answers(about: Subject) -> Iterator[tuple[str, Ask]]:
    """Yield what is asked, and how."""
    yield "results by TIN", _results(about, "group")
    yield "results by TIN, with peers", _results(about, "group", with_peers=True)
    yield "results of a subgroup", _results(about, "subgroup")
    yield "results of a TIN and NPI", _results(about, "individual", tin=about.tin, npi=about.npi)
    yield "peers of each TIN", _peers(about)
    yield "scores of each TIN", _scores(about, "group")
    yield "score of a TIN", _scores(about, "group", tin=about.tin)
    yield "score of a TIN and NPI", _scores(about, "individual", tin=about.tin, npi=about.npi)
    yield "score of a subgroup", _scores(about, "subgroup", program=_MVP)


def _results(
    of: Subject,
    level: Level,
    *,
    tin: Tin | None = None,
    npi: Npi | None = None,
    with_peers: bool = False,
) -> Ask:
    asked = ResultsQuestion(
        practice=of.practice, performance_year=of.year, level=level, tin=tin, npi=npi
    )
    return lambda work: measure_results(
        asked,
        reaches=of.practice.__eq__,
        sandbox=False,
        with_peers=with_peers,
        day=_AFTER_THE_YEARS,
        catalogue=_catalogue(),
        work=work,
    ).model_dump_json()


def _peers(of: Subject) -> Ask:
    asked = ResultsQuestion(practice=of.practice, performance_year=of.year)
    return lambda work: peer_comparisons(
        asked, reaches=of.practice.__eq__, sandbox=False, catalogue=_catalogue(), work=work
    ).model_dump_json()


def _scores(
    of: Subject, level: Level, *, tin: Tin | None = None, npi: Npi | None = None, program: str = ""
) -> Ask:
    question = ScoreQuestion(
        results=ResultsQuestion(
            practice=of.practice, performance_year=of.year, level=level, tin=tin, npi=npi
        ),
        inputs=ScoreInputs(program=program) if program else ScoreInputs(),
    )
    return lambda work: practice_scores(
        question,
        reaches=of.practice.__eq__,
        sandbox=False,
        day=_AFTER_THE_YEARS,
        catalogue=_catalogue(),
        work=work,
    ).model_dump_json()


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()
