"""How the fields of a roster are called on pages."""

from typing import Final

from pydantic.fields import FieldInfo

_LABELS: Final = {
    "tin": "TIN",
    "tins": "TINs",
    "npi": "NPI",
    "npis": "NPIs",
    "ccn": "CCN",
    "valid_from": "First day",
    "valid_until": "Last day",
    "starts_on": "First day",
    "ends_on": "Last day",
    "clinician_id": "Clinician",
    "facility_id": "Facility id",
    "asa_member_years": "Member of the ASA in",
}
_HINTS: Final = {
    "tin": "Nine digits.",
    "npi": "Ten digits.",
    "tins": "Nine digits each, with a space or a line between them.",
    "npis": "Ten digits each, with a space or a line between them. All are on the provider list.",
    "asa_member_years": "Years with a space between them: 2023 2024.",
    "ends_on": "The last day; empty while they still work there.",
}


def label_of(name: str) -> str:
    """Of a field, or of a word out of a closed list."""
    words = name.replace("_", " ")
    return _LABELS.get(name) or words[0].upper() + words[1:]


def hint_of(name: str, info: FieldInfo) -> str:
    return _HINTS.get(name) or (info.description or "").replace("null: ", "empty: ")
