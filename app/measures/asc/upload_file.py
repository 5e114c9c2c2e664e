"""The file that centers upload to CMS: one row a center, refused before CMS would reject it.

Source: ASCQR Specifications Manual, CSV chapter, for columns, their order and the file's name.
Assumed: column names in the first row, the checks of one figure against another, and that the
columns of the voluntary measure stay empty when nothing is entered.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.asc_figures import MeasureFigures
from app.domain.identifiers import Npi
from app.measures.asc.centers import Center
from app.measures.asc.definition import AscManual, EventMeasure
from app.measures.asc.results import CountedMeasure
from app.measures.asc.sampling import frequency_fault, sample_fault

_NPI: Final = "ASC_PROVIDER_NPI"
_PAYMENT_YEAR: Final = "ASC_PYR"
_COUNTED: Final = {"NUMERATOR": "numerator", "DENOMINATOR": "denominator"}
_SAMPLED: Final = {
    "POP_SIZE": "population",
    "SAMP_SIZE": "sample",
    "SAMP_FREQ": "frequency",
    **_COUNTED,
}
_ORDER: Final = ("ASC-1", "ASC-2", "ASC-3", "ASC-4", "ASC-9", "ASC-11", "ASC-13", "ASC-14")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFinding:
    """What makes a file invalid. `column` is None for what is wrong with the center as a whole."""

    facility_id: str | None
    column: str | None
    message: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """`content` is empty when there are findings."""

    name: str
    content: bytes
    findings: tuple[FileFinding, ...]


def upload_file(centers: Sequence[Center], manual: AscManual, *, day: date) -> UploadFile:
    """Return the file as it would be uploaded on `day`, or what is wrong with it."""
    rows: list[dict[str, str | int]] = []
    findings = list(_faults_of_all(centers))
    for center in centers:
        row = _Row(center, manual)
        rows.append(row.cells)
        findings += row.findings
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(manual))
    writer.writeheader()
    writer.writerows(rows)
    return UploadFile(
        name=f"ASC_WBM_PY{manual.payment_year.year}_{day:%m_%d_%Y}.csv",
        content=b"" if findings else text.getvalue().encode("ascii"),
        findings=tuple(findings),
    )


def columns(manual: AscManual) -> list[str]:
    """The names of the columns, in the order of the manual."""
    by_id = {measure.measure_id: measure for measure in manual.measures}
    parts = [
        f"{by_id[each].key}_{part}"
        for each in _ORDER
        for part in (_SAMPLED if by_id[each].sampled else _COUNTED)
    ]
    return [_NPI, _PAYMENT_YEAR, *parts]


def _faults_of_all(centers: Sequence[Center]) -> Iterator[FileFinding]:
    if not centers:
        yield FileFinding(
            facility_id=None,
            column=None,
            message="The practice has no surgical center.",
            mend="Add it to the roster with place_of_service 24.",
        )
    npis = Counter(_npi_of(center) for center in centers)
    for center in centers:
        if _npi_of(center) is not None and npis[_npi_of(center)] > 1:
            yield FileFinding(
                facility_id=center.facility_id,
                column=_NPI,
                message="Another center has the same NPI; a file has one row for each.",
                mend="Correct the NPI in the roster.",
            )


def _npi_of(center: Center) -> Npi | None:
    return None if center.entry is None else center.entry.npi


class _Row:
    """The cells of one center, and what is wrong with them."""

    def __init__(self, center: Center, manual: AscManual) -> None:
        self._center = center
        self._manual = manual
        self.findings: list[FileFinding] = []
        self.cells: dict[str, str | int] = {_PAYMENT_YEAR: manual.payment_year.year}
        self._tell_npi()
        for counted in center.measures:
            if counted.measure.sampled:
                self._tell_sampled(counted)
            else:
                self._tell_counted(counted)

    def _tell_npi(self) -> None:
        entry = self._center.entry
        if entry is None:
            self._find(None, "The roster has no such facility.", "Add it to the roster.")
        elif entry.place_of_service != self._manual.place_of_service:
            self._find(
                None,
                "Its cases are at a surgical center, and the roster says another place.",
                f"Give the facility place_of_service {self._manual.place_of_service}.",
            )
        elif entry.npi is None:
            self._find(_NPI, "The center has no NPI.", "Give the facility its NPI in the roster.")
        else:
            self.cells[_NPI] = entry.npi

    def _tell_counted(self, counted: CountedMeasure) -> None:
        figures, entered = self._center.figures, self._entered(counted)
        is_event = isinstance(counted.measure, EventMeasure)
        admissions = None if figures is None else figures.admissions
        denominator = admissions if is_event else entered.denominator
        told = MeasureFigures(numerator=entered.numerator, denominator=denominator)
        if not self._tell(counted, told, _COUNTED):
            return
        name = "admissions" if is_event else "denominator"
        self._at_least(counted, "DENOMINATOR", denominator, counted.counts.denominator, name)
        if is_event:
            known = counted.counts.numerator
            self._at_least(counted, "NUMERATOR", entered.numerator, known, "numerator")

    def _tell_sampled(self, counted: CountedMeasure) -> None:
        measure, entered = counted.measure, self._entered(counted)
        if entered == MeasureFigures():
            if measure.voluntary:
                self.cells |= {f"{measure.key}_{part}": "" for part in _SAMPLED}
                return
            if measure.numerator_from_files and not counted.counts.undetermined:
                entered = self._from_cases(counted)
        if self._tell(counted, entered, _SAMPLED):
            self._hold_against_sampling(counted, entered)

    def _entered(self, counted: CountedMeasure) -> MeasureFigures:
        figures = self._center.figures
        return MeasureFigures() if figures is None else figures.of(counted.measure.measure_id)

    def _from_cases(self, counted: CountedMeasure) -> MeasureFigures:
        """Every case that came in was looked at: not sampled."""
        counts, meaning = counted.counts, self._manual.sampling.meaning
        population = counts.denominator
        return MeasureFigures(
            numerator=counts.numerator,
            denominator=population,
            population=population,
            sample=population,
            frequency=meaning.not_sampled if population else meaning.not_required,
        )

    def _tell(self, counted: CountedMeasure, told: MeasureFigures, parts: dict[str, str]) -> bool:
        """Whether every figure is there, and the numerator is part of the denominator."""
        before = len(self.findings)
        for part, name in parts.items():
            column = f"{counted.measure.key}_{part}"
            value: int | None = getattr(told, name)
            if value is None:
                self._find(column, f"{name} is missing. {_why(counted)}".strip(), _ENTER)
            else:
                self.cells[column] = value
        if len(self.findings) == before and (told.numerator or 0) > (told.denominator or 0):
            self._wrong(counted, "NUMERATOR", "the numerator is more than the denominator")
        return len(self.findings) == before

    def _hold_against_sampling(self, counted: CountedMeasure, told: MeasureFigures) -> None:
        population, sample, frequency = told.population, told.sample, told.frequency
        assert population is not None, "every figure is there"
        assert sample is not None, "every figure is there"
        assert frequency is not None, "every figure is there"
        assert told.denominator is not None, "every figure is there"
        table = self._manual.sampling
        for part, fault in (
            ("SAMP_FREQ", frequency_fault(population, frequency, table)),
            ("SAMP_SIZE", sample_fault(population, sample, frequency, table)),
        ):
            if fault is not None:
                self._wrong(counted, part, fault)
        if told.denominator > sample:
            self._wrong(counted, "DENOMINATOR", "the denominator is more than the sample")

    def _at_least(
        self, counted: CountedMeasure, part: str, told: int | None, known: int, name: str
    ) -> None:
        if told is not None and told < known:
            self._wrong(
                counted, part, f"{name}: fewer were entered than the cases sent here have ({known})"
            )

    def _wrong(self, counted: CountedMeasure, part: str, message: str) -> None:
        capital = message[0].upper() + message[1:]
        self._find(f"{counted.measure.key}_{part}", f"{capital}.", "Correct what was entered.")

    def _find(self, column: str | None, message: str, mend: str) -> None:
        self.findings.append(
            FileFinding(
                facility_id=self._center.facility_id, column=column, message=message, mend=mend
            )
        )


_ENTER: Final = "Enter it as the figures of the center for the year."


def _why(counted: CountedMeasure) -> str:
    if counted.measure.numerator_from_files and counted.counts.undetermined:
        return (
            f"Of {counted.counts.undetermined} cases nobody can say if they are in the numerator."
        )
    return ""
