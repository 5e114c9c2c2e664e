"""The rules of a year about scores, as a request names it."""

from app.domain.errors.measures import ScoringUnknown
from app.domain.errors.requests import InvalidRequest
from app.measures.catalogue.catalogue import Catalogue
from app.measures.scoring.inputs import TRADITIONAL_MIPS
from app.measures.scoring.year_scoring import ScoringRules


def scoring_rules_of(
    catalogue: Catalogue, performance_year: int, program: str = TRADITIONAL_MIPS
) -> ScoringRules:
    """Raises: ScoringUnknown for a year, InvalidRequest for a program that it does not have."""
    rules = catalogue.scoring_rules(performance_year)
    if rules is None:
        raise ScoringUnknown("How scores of this performance year come about is not known here.")
    if program not in (TRADITIONAL_MIPS, *rules.mvps):
        raise InvalidRequest("program: this performance year does not have it.")
    return rules
