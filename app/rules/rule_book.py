"""The rules of a deployment, held against one record after the other."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from app.domain.findings import Severity
from app.measures.catalogue.register import MeasureRegister
from app.rules.definition import RecordFacts, Remark, Rule

MOST_REMARKS: Final = 100


class RuleBook:
    """The rules that are switched on, in the order of their codes."""

    def __init__(self, rules: Sequence[Rule], measures: MeasureRegister) -> None:
        self.rules = tuple(rules)
        self.measures = measures
        self._by_year: dict[int, tuple[Rule, ...]] = {}

    def remarks(self, facts: RecordFacts) -> Sequence[tuple[Rule, Remark]]:
        """Return what the rules say of a record, each fault said once.

        Of more than `MOST_REMARKS` of one rule the rest is left out: to find the place of one takes
        longer the larger the record is, and a hostile one would keep the service busy.
        """
        remarks = [
            (rule, remark)
            for rule in self._rules_of(facts.case.performance_year)
            for remark in islice(rule.check(facts, rule.given), MOST_REMARKS)
        ]
        return remarks if len(remarks) < 2 else _without_echoes(remarks)

    def _rules_of(self, year: int) -> tuple[Rule, ...]:
        rules = self._by_year.get(year)
        if rules is None:
            rules = tuple(rule for rule in self.rules if rule.holds_in(year))
            self._by_year[year] = rules
        return rules


def _without_echoes(remarks: Sequence[tuple[Rule, Remark]]) -> Sequence[tuple[Rule, Remark]]:
    causes = {rule.code for rule, remark in remarks if remark.severity is not Severity.INFO}
    return [(rule, remark) for rule, remark in remarks if not rule.echo_of & causes]
