"""The lists of registrations and consents as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel

from app.domain.spreadsheets import guarded_cell

M = TypeVar("M", bound=BaseModel)


def csv_of(model: type[M], rows: Iterable[M]) -> bytes:
    """A column for each field of `model`, in their order."""
    columns = list(model.model_fields)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        told = row.model_dump(mode="json")
        cells = ("" if told[column] is None else str(told[column]) for column in columns)
        writer.writerow(guarded_cell(cell) for cell in cells)
    return text.getvalue().encode()
