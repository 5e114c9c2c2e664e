"""What the measures of a case cost, beside all else that a process does with its record."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.settling import settle_process
from app.checking.standards import Standards, load_standards
from app.domain.cases import AnesthesiaCase
from app.domain.roster import RegisteredTins
from app.intake.preparing import Terms, prepare
from app.measures.asc.deciding import asc_outcomes_for
from app.measures.catalogue.catalogue import Catalogue, load_catalogue
from app.measures.evaluation.engine import outcomes_for
from bench.files import CaseFile, case_file
from bench.fixed import PRACTICE
from bench.measured import DECIDING_TARGET, Comparison
from bench.pairs import alternate, spread
from bench.setting import Setting

_RECORDS: Final = 2_000
_DAY: Final = date(2026, 1, 1)
_TERMS: Final = Terms(tins=RegisteredTins({}))  # all are held then, and rows are made all the same


def compare_deciding(setting: Setting) -> Comparison:
    """In CPU seconds of our own process: nothing else runs in it."""
    setting.say("the measures of a case beside the rest that is done with its record")
    standards, measures = load_standards(), load_catalogue()
    file = case_file(_RECORDS)
    cases = [_case_of(checked) for checked in _checked(file, standards)]
    settle_process()
    pairs = alternate(
        lambda: _take_in(file, standards, measures),
        lambda: _decide(cases, measures),
        setting.sizes.pairs,
    )
    return Comparison(
        what="measures of a case",
        against="reading, checking and preparing it",
        records=_RECORDS,
        ours=[sum(seconds) for _, seconds in pairs],
        yardstick=[seconds for seconds, _ in pairs],
        parts={
            "measures of its year": spread([mips for _, (mips, _) in pairs]).median,
            "measures of surgery centers": spread([asc for _, (_, asc) in pairs]).median,
        },
        target=DECIDING_TARGET,
    )


def _take_in(file: CaseFile, standards: Standards, measures: Catalogue) -> float:
    """Read, check and decode every record, decide its measures, make and compress its rows."""
    began = time.process_time()
    for checked in _checked(file, standards):
        prepare(checked, measures=measures, terms=_TERMS)
    return time.process_time() - began


def _decide(cases: Sequence[AnesthesiaCase], measures: Catalogue) -> tuple[float, float]:
    began = time.process_time()
    for case in cases:
        year = measures.for_year(case.performance_year)
        assert year is not None, "cases are of a year with measures"
        outcomes_for(case, year)
    decided = time.process_time()
    for case in cases:
        asc_outcomes_for(case)
    return decided - began, time.process_time() - decided


def _checked(file: CaseFile, standards: Standards) -> Iterator[CheckedRecord]:
    expectation = Expectation(day=_DAY, practice_id=PRACTICE)
    with file.path.open("rb") as source:
        for checked in check_case_file(source, standards, expectation):
            if isinstance(checked, CheckedRecord):
                yield checked


def _case_of(checked: CheckedRecord) -> AnesthesiaCase:
    assert checked.case is not None, "every generated record is valid"
    return checked.case
