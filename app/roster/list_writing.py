"""Writes the provider list as CSV that a spreadsheet opens and `read_provider_list` reads back."""

import csv
import io
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from app.domain.roster import Clinician, Employment
from app.domain.spreadsheets import guarded_cell
from app.roster.list_lines import COLUMNS

_BYTE_ORDER_MARK: Final = "\ufeff"  # without it Excel takes UTF-8 for something else


def write_provider_list(
    clinicians: Iterable[Clinician], employments: Iterable[Employment]
) -> bytes:
    """Return one line for each clinician and employment, ordered by NPI, TIN and first day."""
    by_clinician: dict[UUID, list[Employment]] = {}
    for employment in employments:
        by_clinician.setdefault(employment.clinician_id, []).append(employment)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for clinician in sorted(clinicians, key=lambda each: each.npi):
        jobs = sorted(by_clinician.get(clinician.id, []), key=lambda job: (job.tin, job.starts_on))
        places = [_where(job) for job in jobs] or [("", "", "")]
        for place in places:
            writer.writerow(guarded_cell(cell) for cell in (*_who(clinician), *place))
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def _who(clinician: Clinician) -> tuple[str, ...]:
    years = " ".join(map(str, clinician.asa_member_years))
    return clinician.npi, clinician.name, clinician.credentials.value, years


def _where(job: Employment) -> tuple[str, ...]:
    ends_on = "" if job.ends_on is None else job.ends_on.isoformat()
    return job.tin, job.starts_on.isoformat(), ends_on
