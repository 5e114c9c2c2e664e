"""A line of XML in parts: nothing of it is lost, and each part is what it looks like."""

import pytest

from app.portal.xml_colors import Part, colored

LINES = [
    "      <PatientSex>Female</PatientSex>",
    '<Age xsi:nil="true"/>',
    "<!-- a note --><Age>46</Age>",
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<Age>46 < 47</Age",
    "</AnesthesiaRecord><AnesthesiaRecord>",
    "a <b",
    "<",
    "",
]


@pytest.mark.parametrize("line", LINES)
def test_the_parts_together_are_the_line(line: str) -> None:
    assert "".join(part.text for part in colored(line)) == line


def test_tags_values_and_comments_are_told_apart() -> None:
    assert colored('<Age unit="y">46</Age><!-- x -->') == [
        (Part.TAG, "<Age"),
        (Part.ATTRIBUTES, ' unit="y"'),
        (Part.TAG, ">"),
        (Part.TEXT, "46"),
        (Part.TAG, "</Age>"),
        (Part.COMMENT, "<!-- x -->"),
    ]
