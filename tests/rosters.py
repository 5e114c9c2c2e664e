"""The roster of a practice as its staff handle it over HTTP."""

from dataclasses import dataclass
from typing import Any

from httpx import Response

from tests.case_files import NPI, TIN
from tests.registry import PRACTICE, Caller, Registry

ROSTER = f"/v1/practices/{PRACTICE}"
ROBIN = {"npi": NPI, "name": "Robin Example", "credentials": "Anesthesiologist"}
CSV = {"Content-Type": "text/csv"}
_TOLD_ONLY = ("id", "version", "confirmed_at")


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Somebody who keeps the roster of a practice."""

    caller: Caller

    def try_to_add(self, what: str, **values: Any) -> Response:
        return self.caller.ask("POST", f"{ROSTER}/{what}", json=values)

    def add(self, what: str, **values: Any) -> Any:
        answer = self.try_to_add(what, **values)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def try_to_change(self, what: str, entry: Any, **values: Any) -> Response:
        """Change some values of an entry as it was read."""
        asked = {name: value for name, value in entry.items() if name not in _TOLD_ONLY}
        return self.caller.ask(
            "PUT", f"{ROSTER}/{what}/{entry['id']}", json=asked | values, headers=seen(entry)
        )

    def change(self, what: str, entry: Any, **values: Any) -> Any:
        answer = self.try_to_change(what, entry, **values)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def try_to_remove(self, what: str, entry: Any) -> Response:
        return self.caller.ask("DELETE", f"{ROSTER}/{what}/{entry['id']}", headers=seen(entry))

    def listed(self, what: str) -> Any:
        return self.caller.read(f"{ROSTER}/{what}")["items"]

    def employ(
        self, clinician: Any, *, tin: str = TIN, starts_on: str, ends_on: str | None = None
    ) -> Any:
        return self.add(
            "employments",
            clinician_id=clinician["id"],
            tin=tin,
            starts_on=starts_on,
            ends_on=ends_on,
        )

    def bring_in_robin(self) -> Any:
        """A clinician who works under the TIN of the practice since 2023."""
        robin = self.add("clinicians", **ROBIN)
        self.employ(robin, starts_on="2023-01-01")
        return robin


def confirm_group(
    registry: Registry, entry: Any, *, of: str = PRACTICE, word: str = "confirm"
) -> Any:
    """The staff of the registry say that a practice is in a virtual group, or no more."""
    path = f"/v1/practices/{of}/virtual-groups/{entry['id']}/{word}"
    answer = registry.internal().ask("POST", path, headers=seen(entry))
    assert answer.status_code == 200, answer.text
    return answer.json()


def seen(entry: Any) -> dict[str, str]:
    return {"If-Match": f'"{entry["version"]}"'}
