"""The examples of a finding, with what differs between the bad one and the good one."""

import pytest

from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.portal.snippet_marks import Marked, marked_pair, spread_out, template_parts

PAIRS = [each for each in finding_catalogue().values() if each.bad and each.good]


def test_only_what_differs_is_marked() -> None:
    bad, good = marked_pair("<PatientSex>F</PatientSex>", "<PatientSex>Female</PatientSex>")
    assert [part.text for part in bad if part.differs] == ["F"]
    assert [part.text for part in good if part.differs] == ["Female"]


@pytest.mark.parametrize("entry", PAIRS, ids=lambda entry: entry.code)
def test_the_parts_together_are_the_example(entry: FindingHelp) -> None:
    assert entry.bad is not None
    assert entry.good is not None
    bad, good = marked_pair(entry.bad, entry.good)
    assert "".join(part.text for part in bad) == entry.bad
    assert "".join(part.text for part in good) == entry.good
    assert any(part.differs for part in [*bad, *good])


def test_elements_beside_each_other_are_put_on_lines_of_their_own() -> None:
    assert spread_out("<A>1</A><B/><C>2</C></D>") == "<A>1</A>\n<B/>\n<C>2</C></D>"


def test_the_words_that_a_finding_fills_in_are_marked() -> None:
    assert template_parts("{element} must be {choices}.") == [
        Marked("element", True),
        Marked(" must be ", False),
        Marked("choices", True),
        Marked(".", False),
    ]
