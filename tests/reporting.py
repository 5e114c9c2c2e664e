"""A practice that reports to CMS, as its staff register it over HTTP."""

from typing import Any

from httpx import Response

from tests.registry import PRACTICE, Caller
from tests.rosters import ROSTER

CONSENTS = f"{ROSTER}/consents"
SIGNED: dict[str, Any] = {
    "name": "Robin Example",
    "title": "Medical director",
    "signed_on": "2024-02-01",
}


def registration_path(year: int = 2024, practice: str = PRACTICE) -> str:
    return f"/v1/practices/{practice}/registrations/{year}"


def try_to_register(
    caller: Caller, option: str, *, year: int = 2024, seen: str | None = None, **differently: Any
) -> Response:
    asked = {"option": option, "is_renewal": True, "representative": SIGNED, **differently}
    headers = {} if seen is None else {"If-Match": seen}
    return caller.ask("PUT", registration_path(year), json=asked, headers=headers)


def register(caller: Caller, option: str, **asked: Any) -> Any:
    answer = try_to_register(caller, option, **asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


def try_to_sign(caller: Caller, clinician: Any, **differently: Any) -> Response:
    asked = {
        "performance_year": 2024,
        "clinician_id": clinician["id"],
        "signer": clinician["name"],
        "signed_on": "2024-02-01",
        "evidence": "signed form, folder 2024-17",
        **differently,
    }
    return caller.ask("POST", CONSENTS, json=asked)


def sign(caller: Caller, clinician: Any, **differently: Any) -> Any:
    answer = try_to_sign(caller, clinician, **differently)
    assert answer.status_code == 201, answer.text
    return answer.json()


def withdraw(caller: Caller, consent: Any, on: str = "2024-05-01") -> Any:
    asked = {"withdrawn_on": on, "reason": "Reports with another practice."}
    answer = caller.ask("POST", f"{CONSENTS}/{consent['id']}/withdraw", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()
