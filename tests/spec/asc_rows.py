"""Cases of surgical centers in 2025 and where each lands, with what its chart says."""

from typing import Any, Final

from app.domain.asc import Landing
from tests.asc_files import GENERAL, MONITORED, NEURAXIAL

OUT: Final = Landing.NOT_IN_DENOMINATOR
EXCLUDED: Final = Landing.EXCLUDED
NUMERATOR: Final = Landing.NUMERATOR
DENOMINATOR: Final = Landing.DENOMINATOR_ONLY
UNDETERMINED: Final = Landing.UNDETERMINED

HOSPITAL = "Short term general hospital for inpatient care"
INPATIENT = "Admitted as an inpatient to this hospital"
HOME = "Home or self care (routine discharge)"

EVENTS = [
    # measure, why, facts, lands in
    ("ASC-1", "a burn", {"events": [12]}, NUMERATOR),
    ("ASC-2", "a burn is no fall", {"events": [12]}, DENOMINATOR),
    ("ASC-3", "a burn is no wrong site", {"events": [12]}, DENOMINATOR),
    ("ASC-4", "a burn is no transfer", {"events": [12]}, DENOMINATOR),
    ("ASC-1", "no burn", {"not_occurred": [12]}, DENOMINATOR),
    ("ASC-1", "of a child, too", {"events": [12], "age": 3}, NUMERATOR),
    ("ASC-1", "a fire: nobody says whether the patient was burned", {"events": [59]}, UNDETERMINED),
    ("ASC-1", "a fire and a burn", {"events": [59, 12]}, NUMERATOR),
    ("ASC-1", "a burn a week later", {"events": [(12, "7 Days")]}, DENOMINATOR),
    ("ASC-1", "a burn within a month", {"events": [(12, "30 Days")]}, DENOMINATOR),
    ("ASC-1", "reported on the claim", {"procedures": ["47562", "G8908"]}, NUMERATOR),
    ("ASC-1", "reported that there was none", {"procedures": ["47562", "G8907"]}, DENOMINATOR),
    ("ASC-2", "a fall", {"events": [35]}, NUMERATOR),
    ("ASC-1", "a fall is no burn", {"events": [35]}, DENOMINATOR),
    ("ASC-2", "a fall before surgery", {"events": [(35, "PreOp")]}, NUMERATOR),
    ("ASC-2", "a fall in the PACU", {"events": [(35, "PACU")]}, NUMERATOR),
    ("ASC-2", "a fall the day after", {"events": [(35, "24 Hour")]}, DENOMINATOR),
    ("ASC-2", "a fall within a year", {"events": [(35, "1 Year")]}, DENOMINATOR),
    ("ASC-3", "the wrong patient", {"events": [98]}, NUMERATOR),
    ("ASC-3", "the wrong procedure", {"events": [99]}, NUMERATOR),
    ("ASC-3", "a block at the wrong site", {"events": [100]}, NUMERATOR),
    ("ASC-3", "surgery at the wrong site", {"events": [101]}, NUMERATOR),
    ("ASC-3", "found out a day later", {"events": [(101, "24 Hour")]}, NUMERATOR),
    ("ASC-4", "admitted, unplanned", {"events": [88]}, NUMERATOR),
    ("ASC-4", "to intensive care, unplanned", {"events": [90]}, NUMERATOR),
    ("ASC-4", "discharged to a hospital", {"discharge": HOSPITAL}, NUMERATOR),
    ("ASC-4", "discharged as an inpatient", {"discharge": INPATIENT}, NUMERATOR),
    ("ASC-4", "discharged home", {"discharge": HOME}, DENOMINATOR),
    ("ASC-4", "admitted two days later", {"events": [(88, "48 Hour")]}, DENOMINATOR),
    ("ASC-4", "admitted two months later", {"events": [(88, "60 Days")]}, DENOMINATOR),
    ("ASC-4", "stopped before surgery, and admitted", {"events": [(88, "PreOp")]}, NUMERATOR),
    ("ASC-4", "at the outpatient hospital", {"place": 22, "events": [88]}, OUT),
    ("ASC-4", "at a place that is not told", {"place": None, "events": [88]}, OUT),
]

SCREENING = {"procedures": ["45378"], "diagnoses": ["Z12.11"], "age": 60}
TEN = {"follow_up_interval": "10 years"}


def screening(**other: Any) -> dict[str, Any]:
    return {**SCREENING, **other}


COLONOSCOPIES = [
    # why, facts, what the chart says, lands in
    ("45 is in", screening(age=45), TEN, NUMERATOR),
    ("44 is out", screening(age=44), TEN, OUT),
    ("75 is in", screening(age=75), TEN, NUMERATOR),
    ("76 is out", screening(age=76), TEN, OUT),
    ("nobody has looked into the chart", screening(), {}, UNDETERMINED),
    ("through a stoma", screening(procedures=["44388"]), TEN, NUMERATOR),
    ("G0121", screening(procedures=["G0121"]), TEN, NUMERATOR),
    ("with a biopsy", screening(procedures=["45380"]), TEN, OUT),
    ("with a polypectomy beside it", screening(procedures=["45378", "45385"]), TEN, OUT),
    ("reduced", screening(procedures=["45378-52"]), TEN, OUT),
    ("stopped", screening(procedures=["45378-53"]), TEN, OUT),
    ("stopped before anesthesia", screening(procedures=["45378-73"]), TEN, OUT),
    ("stopped after anesthesia", screening(procedures=["45378-74"]), TEN, OUT),
    ("a modifier of screening", screening(procedures=["45378-33"]), TEN, NUMERATOR),
    ("stopped was another procedure", screening(procedures=["45378", "43235-53"]), TEN, NUMERATOR),
    ("for bleeding", screening(diagnoses=["K92.1"]), TEN, OUT),
    *(
        (f"history: {code}", screening(diagnoses=["Z12.11", code]), TEN, OUT)
        for code in (
            *("Z83.710", "Z83.711", "Z83.718", "Z83.719"),
            *("Z86.010", "Z86.0100", "Z80.0", "Z85.038"),
        )
    ),
    ("history of something else", screening(diagnoses=["Z12.11", "Z80.1"]), TEN, NUMERATOR),
    ("a shorter interval, without a reason", screening(),
     {"follow_up_interval": "3 years"}, DENOMINATOR),
    ("a shorter interval and a medical reason", screening(),
     {"follow_up_interval": "3 years", "medical_reason": True}, EXCLUDED),
    ("a medical reason, and 10 years all the same", screening(),
     {**TEN, "medical_reason": True}, NUMERATOR),
    ("a range that includes 10 years", screening(),
     {"follow_up_interval": "7 to 10 years"}, DENOMINATOR),
    ("a range with a unit at each end, and a medical reason", screening(),
     {"follow_up_interval": "5 years to 10 years", "medical_reason": True}, DENOMINATOR),
    ("between two ends", screening(),
     {"follow_up_interval": "between 7 and 10 years"}, DENOMINATOR),
    ("10 years at most", screening(), {"follow_up_interval": "up to 10 years"}, DENOMINATOR),
    ("less than 10 years, and a medical reason", screening(),
     {"follow_up_interval": "less than 10 years", "medical_reason": True}, EXCLUDED),
    ("from 10 years on is a range too", screening(),
     {"follow_up_interval": "10 to 15 years"}, DENOMINATOR),
    ("60 months", screening(), {"follow_up_interval": "in 60 months"}, DENOMINATOR),
    ("a medical reason, and no interval under 10 years", screening(),
     {"medical_reason": True}, DENOMINATOR),
    ("5-10 years", screening(), {"follow_up_interval": "5-10 years"}, DENOMINATOR),
    ("120 months", screening(), {"follow_up_interval": "in 120 months"}, NUMERATOR),
    ("at least 10 years", screening(), {"follow_up_interval": "at least 10 years"}, NUMERATOR),
    ("as needed", screening(), {"follow_up_interval": "as needed"}, DENOMINATOR),
    ("many years", screening(), {"follow_up_interval": "many years"}, DENOMINATOR),
    ("no follow-up at 66", screening(age=66), {"no_follow_up_needed": True}, EXCLUDED),
    ("no follow-up at 65", screening(age=65), {"no_follow_up_needed": True}, DENOMINATOR),
    ("no follow-up, life expectancy under 10 years", screening(age=50),
     {"no_follow_up_needed": True, "life_expectancy_under_10_years": True}, EXCLUDED),
    ("at the outpatient hospital", screening(place=22), TEN, OUT),
]  # fmt: skip

CATARACT = {"procedures": ["66984"], "age": 70}
BOTH = {"both_surveys_completed": True}

CATARACTS = [
    # measure, why, facts, what the chart says, lands in
    ("ASC-14", "an unplanned vitrectomy", CATARACT, {"unplanned_vitrectomy": True}, NUMERATOR),
    ("ASC-14", "a plain cataract", CATARACT, {}, DENOMINATOR),
    ("ASC-14", "complex surgery", {"procedures": ["66982"]}, {}, DENOMINATOR),
    ("ASC-14", "66983", {"procedures": ["66983"]}, {}, DENOMINATOR),
    ("ASC-14", "66987 is not of this measure", {"procedures": ["66987"]}, {}, OUT),
    ("ASC-14", "a vitrectomy is coded", {"procedures": ["66984", "67005"]}, {}, UNDETERMINED),
    ("ASC-14", "a planned one", {"procedures": ["66984", "67010"]},
     {"unplanned_vitrectomy": False}, DENOMINATOR),
    ("ASC-11", "nobody has the surveys", CATARACT, {}, UNDETERMINED),
    ("ASC-11", "improved", CATARACT, {**BOTH, "sight_improved": True}, NUMERATOR),
    ("ASC-11", "not improved", CATARACT, {**BOTH, "sight_improved": False}, DENOMINATOR),
    ("ASC-11", "one survey only", CATARACT, {"both_surveys_completed": False}, EXCLUDED),
    ("ASC-11", "reported: improved", {"procedures": ["66984", "G0913"]}, {}, NUMERATOR),
    ("ASC-11", "reported: no survey", {"procedures": ["66984", "G0914"]}, {}, EXCLUDED),
    ("ASC-11", "18 is in", {**CATARACT, "age": 18}, {}, UNDETERMINED),
    ("ASC-11", "17 is out", {**CATARACT, "age": 17}, {}, OUT),
    ("ASC-11", "care after surgery only", {"procedures": ["66984-55"]}, {}, OUT),
    ("ASC-11", "90 days before the end of the year", {**CATARACT, "day": "2025-10-02"}, {},
     UNDETERMINED),
    ("ASC-11", "89 days before it", {**CATARACT, "day": "2025-10-03"}, {}, OUT),
]  # fmt: skip


def anesthesia(start: str, end: str, category: str = GENERAL) -> list[tuple[str, str, str]]:
    return [(category, start, end)]


def recovery(arrival: str, *temperatures: tuple[str | None, str, str | None]) -> dict[str, Any]:
    return {"milestones": [("PACU arrival", arrival)], "temperatures": temperatures}


TEN_TO_ELEVEN = {"methods": anesthesia("10:00", "11:00")}
WARM_IN_TIME = recovery("11:05", ("11:10", "36.9", "C"))

NORMOTHERMIA = [
    # why, facts, what the chart says, lands in
    # --- the scenarios of the manual; the fifth has no end time, see below
    ("scenario 1: 36.0 C five minutes after arrival",
     {"age": 66, "methods": anesthesia("06:15", "07:20"),
      **recovery("07:25", ("07:30", "36.0", "C"))}, {}, NUMERATOR),
    ("scenario 2: the second reading counts",
     {"methods": anesthesia("10:00", "11:00", NEURAXIAL),
      **recovery("11:05", ("11:10", "96.5", "F"), ("11:15", "97.0", "F"))}, {}, NUMERATOR),
    ("scenario 3: 55 minutes",
     {"methods": anesthesia("07:30", "08:25"),
      **recovery("08:32", ("08:37", "97.8", "F"))}, {}, OUT),
    ("scenario 4: intended hypothermia",
     {"methods": anesthesia("08:00", "09:05", NEURAXIAL),
      "temperatures": [("09:20", "96.5", "F")]},
     {"hypothermia_documented_by": "advance practice nurse"}, EXCLUDED),
    # --- anesthesia
    ("59 minutes", {"methods": anesthesia("10:00", "10:59"), **WARM_IN_TIME}, {}, OUT),
    ("60 minutes", {**TEN_TO_ELEVEN, **WARM_IN_TIME}, {}, NUMERATOR),
    ("59 minutes and some seconds, 60 by the clock",
     {"methods": anesthesia("10:00:50", "11:00:10"), **WARM_IN_TIME}, {}, NUMERATOR),
    ("60 minutes less a second", {"methods": anesthesia("10:00:00", "10:59:59"), **WARM_IN_TIME},
     {}, OUT),
    ("sedation only", {"methods": anesthesia("10:00", "11:30", MONITORED), **WARM_IN_TIME}, {},
     OUT),
    ("a spinal, then general: an hour together",
     {"methods": [(NEURAXIAL, "10:00", "10:20"), (GENERAL, "10:20", "11:00")], **WARM_IN_TIME},
     {}, NUMERATOR),
    ("sedation does not lengthen a short general anesthetic",
     {"methods": [(MONITORED, "09:00", "10:20"), (GENERAL, "10:20", "11:00")], **WARM_IN_TIME},
     {}, OUT),
    ("a child", {"age": 2, **TEN_TO_ELEVEN, **WARM_IN_TIME}, {}, NUMERATOR),
    ("at the outpatient hospital", {"place": 22, **TEN_TO_ELEVEN, **WARM_IN_TIME}, {}, OUT),
    # --- intended hypothermia
    ("documented by a physician", {**TEN_TO_ELEVEN, **WARM_IN_TIME},
     {"hypothermia_documented_by": "physician"}, EXCLUDED),
    ("documented by a technician", {**TEN_TO_ELEVEN, **WARM_IN_TIME},
     {"hypothermia_documented_by": "technician"}, NUMERATOR),
    # --- the fifteen minutes
    ("at arrival", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:05", "36.0", "C"))}, {}, NUMERATOR),
    ("15 minutes after it", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:20", "36.0", "C"))}, {},
     NUMERATOR),
    ("16 minutes after it", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:21", "36.9", "C"))}, {},
     DENOMINATOR),
    ("15 minutes and 59 seconds, 15 by the clock",
     {**TEN_TO_ELEVEN, **recovery("11:05:30", ("11:20:59", "36.0", "C"))}, {}, NUMERATOR),
    ("a minute before arrival", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:04", "36.9", "C"))},
     {}, DENOMINATOR),
    ("nothing recorded", {**TEN_TO_ELEVEN, **recovery("11:35")}, {}, DENOMINATOR),
    ("warm, at a time that is not told",
     {**TEN_TO_ELEVEN, **recovery("11:05", (None, "36.9", "C"))}, {}, UNDETERMINED),
    # --- how warm
    ("96.8 F", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:10", "96.8", "F"))}, {}, NUMERATOR),
    ("96.7 F", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:10", "96.7", "F"))}, {}, DENOMINATOR),
    ("35.9 C", {**TEN_TO_ELEVEN, **recovery("11:05", ("11:10", "35.9", "C"))}, {}, DENOMINATOR),
    ("97 without a unit is Fahrenheit",
     {**TEN_TO_ELEVEN, **recovery("11:05", ("11:10", "97", None))}, {}, NUMERATOR),
    # --- arrival
    ("the milestone has another name",
     {**TEN_TO_ELEVEN, "milestones": [("Arrival in Recovery Room", "11:05")],
      "temperatures": [("11:10", "36.9", "C")]}, {}, NUMERATOR),
    ("leaving the PACU is no arrival",
     {**TEN_TO_ELEVEN, "milestones": [("PACU discharge", "11:05")],
      "temperatures": [("11:10", "36.9", "C")]}, {}, UNDETERMINED),
    ("no arrival, and never warm",
     {**TEN_TO_ELEVEN, "temperatures": [("11:10", "35.0", "C")]}, {}, DENOMINATOR),
    ("arrived twice: the first time counts",
     {**TEN_TO_ELEVEN, "milestones": [("PACU arrival", "12:05"), ("PACU arrival", "11:05")],
      "temperatures": [("12:10", "36.9", "C")]}, {}, DENOMINATOR),
]  # fmt: skip

ROWS: Final = [
    *((measure, why, facts, {}, lands) for measure, why, facts, lands in EVENTS),
    *(("ASC-9", why, facts, chart, lands) for why, facts, chart, lands in COLONOSCOPIES),
    *CATARACTS,
    *(("ASC-13", why, facts, chart, lands) for why, facts, chart, lands in NORMOTHERMIA),
]
