"""424, perioperative temperature: 35.5 C from 30 minutes before to 15 minutes after the end."""

from typing import Any

import pytest

from tests.factories import (
    BLOCK,
    GENERAL,
    INHALATIONAL,
    MONITORED,
    NEURAXIAL,
    a_case,
    a_method,
    a_temperature,
    clock,
    reported,
)
from tests.spec.landing import EXCEPTION, EXCLUSION, MET, NOT_ELIGIBLE, NOT_MET, codes_of, landing

codes = codes_of("MIPS424")

MINUTES_59 = [a_method(end="08:59")]
MINUTES_60 = [a_method(end="09:00")]
MINUTES_90 = [a_method(end="09:30")]
WARM = [a_temperature("36.5")]
COLD = [a_temperature("34.8")]
MAC_ONLY = [a_method(MONITORED)]

CASES: list[tuple[str, dict[str, Any], Any]] = [
    # why, facts (else: general anesthesia 08:00-10:00, CPT 00790, elective), lands in
    # --- denominator
    ("59 minutes are too short", {"methods": MINUTES_59, "temperatures": WARM}, NOT_ELIGIBLE),
    ("60 minutes are long enough", {"methods": MINUTES_60}, NOT_MET),
    ("60 minutes, 35.5 C two minutes before the end",
     {"methods": MINUTES_60, "temperatures": [a_temperature("35.5", "08:58")]}, MET),
    ("4255F does not lengthen the record's own 59 minutes",
     {"methods": MINUTES_59} | codes("4255F"), NOT_ELIGIBLE),
    ("4256F does not shorten the record's own two hours",
     {"temperatures": WARM} | codes("4256F"), MET),
    ("4256F, and the recorded spinal lasted an hour",
     {"methods": [a_method(NEURAXIAL, end="09:00")]} | codes("4256F"), NOT_MET),
    ("4256F, and the record's own times agree",
     {"methods": MINUTES_59} | codes("4256F"), NOT_ELIGIBLE),
    ("4256F, category unknown",
     {"methods": [a_method("Unknown")], "temperatures": WARM} | codes("4256F"), NOT_ELIGIBLE),
    ("4255F outweighs 4256F",
     {"temperatures": WARM} | codes("4255F", "4256F"), MET),
    ("a newborn counts", {"age": 0, "temperatures": WARM}, MET),
    ("no CPT code at all", {"anesthesia": (), "temperatures": WARM}, NOT_ELIGIBLE),
    ("labor epidural is not in the list",
     {"anesthesia": ("01967",), "methods": [a_method(NEURAXIAL, "02:00", "09:00", "Epidural")],
      "temperatures": [a_temperature("36.8", "08:50")]}, NOT_ELIGIBLE),
    ("the anesthesia code may stand among the surgical codes",
     {"anesthesia": (), "surgery": ("00790",), "temperatures": WARM}, MET),
    ("spine code 01937 from 2022 on",
     {"year": 2022, "anesthesia": ("01937",), "temperatures": WARM}, MET),
    ("spine code 01937 did not exist in 2021",
     {"year": 2021, "anesthesia": ("01937",), "temperatures": WARM}, NOT_ELIGIBLE),
    ("spine code 01935 before 2022",
     {"year": 2021, "anesthesia": ("01935",), "temperatures": WARM}, MET),
    ("monitored care alone", {"methods": MAC_ONLY, "temperatures": WARM}, NOT_ELIGIBLE),
    ("monitored care alone, G9654 without 4255F",
     {"methods": MAC_ONLY} | codes("G9654"), NOT_ELIGIBLE),
    ("two anesthetics of half an hour do not add up",
     {"methods": [a_method(end="08:30"), a_method(NEURAXIAL, "08:30", "09:00")],
      "temperatures": [a_temperature("36.5", "08:55")]}, NOT_ELIGIBLE),
    # --- exclusion
    ("monitored care alone, in by 4255F, out by G9654",
     {"methods": MAC_ONLY, "temperatures": WARM} | codes("4255F", "G9654"), EXCLUSION),
    ("monitored care alone, in by 4255F",
     {"methods": MAC_ONLY, "temperatures": WARM} | codes("4255F"), EXCLUSION),
    ("block alone, in by 4255F, out by G9770",
     {"methods": [a_method(BLOCK)]} | codes("4255F", "G9770"), EXCLUSION),
    ("block alone, in by 4255F",
     {"methods": [a_method(BLOCK)]} | codes("4255F"), EXCLUSION),
    ("monitored care and a block, in by 4255F",
     {"methods": [a_method(MONITORED), a_method(BLOCK)]} | codes("4255F"), EXCLUSION),
    ("exclusion goes before met",
     {"methods": MAC_ONLY} | codes("4255F", "G9654", "G9771"), EXCLUSION),
    ("G9654 does not take out a recorded general anesthetic of two hours",
     {"temperatures": WARM} | codes("G9654"), MET),
    ("nor one of an hour with monitored care before it",
     {"methods": [a_method(MONITORED, "07:00", "08:00"), a_method(end="09:00")]}
     | codes("G9654"), NOT_MET),
    ("G9770 does not take out a recorded general anesthetic with a block",
     {"methods": [a_method(), a_method(BLOCK, "07:40", "07:55")], "temperatures": WARM}
     | codes("4255F", "G9770"), MET),
    ("G9654 and a general anesthetic of 59 minutes",
     {"methods": MINUTES_59} | codes("4255F", "G9654"), NOT_ELIGIBLE),
    ("category unknown, in by 4255F, out by G9654",
     {"methods": [a_method("Unknown")], "temperatures": WARM} | codes("4255F", "G9654"), EXCLUSION),
    ("category unknown, in by 4255F, out by G9770",
     {"methods": [a_method("Unknown")], "temperatures": WARM} | codes("4255F", "G9770"), EXCLUSION),
    ("general anesthesia with a block stays",
     {"methods": [a_method(), a_method(BLOCK, "07:40", "07:55")], "temperatures": WARM}, MET),
    ("general anesthesia with monitored care stays",
     {"methods": [a_method(MONITORED, "07:00", "08:00"), a_method()], "temperatures": WARM}, MET),
    # --- the value
    ("35.5 C", {"temperatures": [a_temperature("35.5")]}, MET),
    ("35.50 C", {"temperatures": [a_temperature("35.50")]}, MET),
    ("35.4 C", {"temperatures": [a_temperature("35.4")]}, NOT_MET),
    ("35.49 C", {"temperatures": [a_temperature("35.49")]}, NOT_MET),
    ("95.9 F", {"temperatures": [a_temperature("95.9", unit="F")]}, MET),
    ("95.8 F", {"temperatures": [a_temperature("95.8", unit="F")]}, NOT_MET),
    ("degC", {"temperatures": [a_temperature("36", unit="degC")]}, MET),
    ("celsius", {"temperatures": [a_temperature("36", unit="celsius")]}, MET),
    ("FAHRENHEIT", {"temperatures": [a_temperature("95.8", unit="FAHRENHEIT")]}, NOT_MET),
    ("no unit, plausible as Celsius", {"temperatures": [a_temperature("36", unit=None)]}, MET),
    ("no unit, too cold in Celsius", {"temperatures": [a_temperature("35", unit=None)]}, NOT_MET),
    ("no unit, plausible as Fahrenheit", {"temperatures": [a_temperature("97", unit=None)]}, MET),
    ("no unit, too cold in Fahrenheit",
     {"temperatures": [a_temperature("95", unit=None)]}, NOT_MET),
    ("kelvin is not read", {"temperatures": [a_temperature("309", unit="K")]}, NOT_MET),
    ("one good reading is enough",
     {"temperatures": [a_temperature("35.0"), a_temperature("35.7", "10:10")]}, MET),
    ("nothing recorded", {"temperatures": []}, NOT_MET),
    # --- the window
    ("5 minutes before the end", {"temperatures": [a_temperature("36.1", "09:55")]}, MET),
    ("30 minutes before the end",
     {"methods": MINUTES_90, "temperatures": [a_temperature("35.6", "09:00")]}, MET),
    ("31 minutes before the end",
     {"methods": MINUTES_90, "temperatures": [a_temperature("36.5", "08:59")]}, NOT_MET),
    ("a second too early",
     {"methods": MINUTES_90, "temperatures": [a_temperature("36.5", "08:59:59")]}, NOT_MET),
    ("15 minutes after the end",
     {"methods": MINUTES_90, "temperatures": [a_temperature("35.5", "09:45")]}, MET),
    ("16 minutes after the end",
     {"methods": MINUTES_90, "temperatures": [a_temperature("36.5", "09:46")]}, NOT_MET),
    ("a reading without a time", {"temperatures": [a_temperature("36.5", at=None)]}, NOT_MET),
    ("across midnight",
     {"methods": [a_method(GENERAL, "23:30", clock("00:40", days_later=1))],
      "temperatures": [a_temperature("35.9", clock("00:50", days_later=1))]}, MET),
    ("spinal, then general: the end of either will do",
     {"methods": [a_method(NEURAXIAL, "08:00", "09:30", "Spinal"),
                  a_method(GENERAL, "09:30", "11:30", INHALATIONAL)],
      "temperatures": [a_temperature("36.0", "09:20")]}, MET),
    ("the end of a short anesthetic opens no window",
     {"methods": [a_method(NEURAXIAL, "08:00", "08:30"), a_method(GENERAL, "08:30", "11:30")],
      "temperatures": [a_temperature("36.0", "08:20")]}, NOT_MET),
    ("the end of a block opens no window",
     {"methods": [a_method(BLOCK, "08:00", "08:40"), a_method(GENERAL, "08:00", "11:30")],
      "temperatures": [a_temperature("36.0", "08:30")]}, NOT_MET),
    ("category unknown, in by 4255F: the recorded end counts",
     {"methods": [a_method("Unknown")], "temperatures": WARM} | codes("4255F"), MET),
    # --- reported codes
    ("G9771", codes("4255F", "G9771"), MET),
    ("G9773", codes("4255F", "G9773"), NOT_MET),
    ("G9772 in an emergency",
     {"asa": "IIIE", "status": "Emergency", "temperatures": COLD}
     | codes("4255F", "G9772"), EXCEPTION),
    ("an emergency alone is no exception",
     {"asa": "IIIE", "status": "Emergency", "temperatures": COLD}, NOT_MET),
    ("G9773 is heard before a warm reading",
     {"temperatures": WARM} | codes("G9773"), NOT_MET),
    ("G9772 excuses nothing when a reading was warm",
     {"temperatures": WARM} | codes("G9772"), MET),
    ("nor does G9773 beside it count then",
     {"temperatures": WARM} | codes("G9772", "G9773"), MET),
    ("of G9771 and G9773 met goes first",
     codes("G9773", "G9771"), MET),
    ("of G9772 and G9773 the exception goes first",
     codes("G9773", "G9772"), EXCEPTION),
    ("4559F", {"year": 2019, "quality": reported("PQRS424", "4255F", "4559F")}, MET),
    ("4559F 1P", {"year": 2019, "quality": reported("PQRS424", "4255F", "4559F-1P")}, EXCEPTION),
    ("4559F 3P", {"year": 2019, "quality": reported("PQRS424", "4255F", "4559F-3P")}, EXCEPTION),
    ("4559F 8P", {"year": 2019, "quality": reported("PQRS424", "4255F", "4559F-8P")}, NOT_MET),
    ("a code of another measure", {"quality": reported("MIPS430", "G9771")}, NOT_MET),
    ("among the surgical codes", {"surgery": ("47562", "G9771")}, MET),
    ("among the anesthesia codes, with its modifier",
     {"anesthesia": ("00790", "4559F-1P")}, EXCEPTION),
    ("another modifier changes nothing", {"surgery": ("4559F-59",)}, MET),
    ("the number alone names the measure", {"quality": reported("424", "G9772")}, EXCEPTION),
    ("QPP424", {"quality": reported("QPP424", "G9772")}, EXCEPTION),
    ("QID424", {"quality": reported("QID424", "G9772")}, EXCEPTION),
]  # fmt: skip


@pytest.mark.parametrize(("why", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_where_a_case_lands(why, facts, expected):
    assert landing("424", a_case(**facts)).population is expected


REASONS = [
    ({"temperatures": WARM}, "temperature:35.5C-in-window"),
    ({"temperatures": COLD}, "temperature:none-in-window"),
    ({}, "temperature:none-recorded"),
    (codes("G9771"), "code:G9771"),
    (codes("4559F-8P"), "code:4559F-8P"),
    ({"methods": MAC_ONLY} | codes("4255F"),
     "excluded:monitored-care-or-block-only"),
    ({"methods": MINUTES_59}, "not-eligible:duration"),
    ({"anesthesia": ("01967",)}, "not-eligible:cpt"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "reason"), REASONS)
def test_the_reason_that_is_given(facts, reason):
    assert landing("424", a_case(**facts)).reason == reason
