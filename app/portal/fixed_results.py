"""Results for the files of this service: samples and examples, each checked once and kept."""

from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Final

from app.checking.report import validate_case_file
from app.checking.standards import Standards
from app.portal.result_view import COUNTED, Result, result_of

_KEPT: Final = 256  # more than there are, for a day


@lru_cache(maxsize=_KEPT)
def fixed_result(content: bytes, file_name: str, standards: Standards, day: date) -> Result:
    report = validate_case_file(BytesIO(content), standards, day=day, max_findings=COUNTED)
    return result_of(report, content, file_name)
