"""How large a practice is taken to be, and who says so."""

import pytest

from app.domain.identifiers import parse_tin
from app.measures.scoring.practice_size import PracticeSizes, SizeSource

OF_THREE, OF_FORTY, OF_NOBODY = map(parse_tin, ("891234567", "892345678", "893456789"))
EMPLOYED = {OF_THREE: 3, OF_FORTY: 40}


@pytest.mark.parametrize(
    ("tin", "told", "asked", "expected", "why"),
    [
        (OF_THREE, 40, None, (3, SizeSource.ROSTER, True), "employments go before what is told"),
        (OF_FORTY, None, None, (40, SizeSource.ROSTER, False), "each TIN has its own"),
        (OF_NOBODY, 15, None, (15, SizeSource.TOLD, True), "15 are small"),
        (OF_NOBODY, 16, None, (16, SizeSource.TOLD, False), "16 are not"),
        (OF_NOBODY, None, None, (None, SizeSource.UNKNOWN, False), "unknown is large"),
        (OF_FORTY, None, True, (40, SizeSource.ASKED, True), "as CMS says, whoever works there"),
        (None, 10, None, (None, SizeSource.UNKNOWN, False), "no practice tells of a virtual group"),
        (None, 10, True, (None, SizeSource.ASKED, True), "whoever asks may know it"),
    ],
)
def test_the_size_of_a_tin(tin, told, asked, expected, why):
    size = PracticeSizes(employed=EMPLOYED, told=told, asked_small=asked).of(tin)
    assert (size.clinicians, size.source, size.is_small) == expected
