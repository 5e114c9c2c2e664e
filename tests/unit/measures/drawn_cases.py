"""Cases of every kind, drawn at random: also ones that no practice would send."""

from hypothesis import strategies as st

from app.domain.cases import OutcomeEvent
from app.measures.catalogue.catalogue import shipped_catalogue
from tests.factories import (
    BLOCK,
    GENERAL,
    INHALATIONAL,
    MONITORED,
    NEURAXIAL,
    a_case,
    a_method,
    a_temperature,
    reported,
)

CATALOGUE = shipped_catalogue()

quality_code = st.sampled_from(
    sorted({code.token for y in CATALOGUE.years for m in y.measures for code in m.definition.codes})
)
PROCEDURES = ["00790", "00170", "01402", "01967", "33533", "00567", "36620", "36556", "99213"]
NAMES = ["MIPS404", "424", "PQRS430", "QID463", "QPP477", "AQI48", "AQI71", "AQI73", "ABG42"]
cases = st.builds(
    a_case,
    year=st.integers(2018, 2026),
    age=st.integers(0, 110),
    asa=st.sampled_from(["I", "IIE", "VI", "VIE", "Unknown"]),
    status=st.sampled_from(["Elective", "Emergency", "Urgent", "Unknown"]),
    anesthesia=st.lists(st.sampled_from(PROCEDURES), max_size=2),
    surgery=st.lists(st.sampled_from(PROCEDURES) | quality_code, max_size=4),
    diagnoses=st.lists(st.sampled_from(["F17.210", "I10", "E11.9"]), max_size=1),
    methods=st.lists(
        st.builds(
            a_method,
            st.sampled_from([GENERAL, NEURAXIAL, MONITORED, BLOCK, "Unknown"]),
            st.sampled_from(["08:00", "09:30"]),
            st.just("10:00"),
            st.sampled_from([None, INHALATIONAL]),
        ),
        max_size=3,
    ),
    temperatures=st.lists(
        st.builds(
            a_temperature,
            st.sampled_from(["34.9", "35.5", "97"]),
            st.sampled_from([None, "09:50", "11:00"]),
            st.sampled_from([None, "C", "F", "?"]),
        ),
        max_size=3,
    ),
    place=st.sampled_from([None, 2, 21, 24]),
    outcomes=st.lists(
        st.builds(OutcomeEvent, st.sampled_from([25, 97]), st.booleans()), max_size=2
    ),
    medications=st.none() | st.lists(st.sampled_from(["ondansetron", "dexamethasone", "saline"])),
    quality=st.builds(reported, st.sampled_from(NAMES), quality_code),
)
