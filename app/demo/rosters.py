"""Practices with their TINs, facilities and providers, as their case files name them."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from app.access.operators import operator
from app.demo.client import DemoClient
from app.demo.plan import SEED, DemoPractice
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.roster import AgreementKind, Clinician, Credentials, Employment
from app.roster.list_writing import write_provider_list
from app.roster.service import register_practice
from app.storage.unit_of_work import OpenWork
from app.synthetic import practice as synthetic

_NAMES: Final = UUID("0f4a1c1e-6a53-4f0e-9a58-3d2b5b7f6a11")
_CREDENTIALS: Final = {
    synthetic.Role.ANESTHESIOLOGIST: Credentials.ANESTHESIOLOGIST,
    synthetic.Role.NURSE_ANESTHETIST: Credentials.NURSE_ANESTHETIST,
    synthetic.Role.ANESTHESIOLOGIST_ASSISTANT: Credentials.ANESTHESIOLOGIST_ASSISTANT,
    synthetic.Role.RESIDENT: Credentials.RESIDENT,
    synthetic.Role.STUDENT: Credentials.STUDENT_NURSE_ANESTHETIST,
    synthetic.Role.DENTIST: Credentials.DENTIST_ANESTHESIOLOGIST,
}


def register(practice: DemoPractice, *, open_work: OpenWork) -> None:
    tins = _known_tins(practice)
    register_practice(
        practice.id, name=practice.name, tins=tins, open_work=open_work, by=operator()
    )


def bring_roster(practice: DemoPractice, years: tuple[int, int], client: DemoClient) -> None:
    """Add what is not there yet, and take over the provider list."""
    root = f"/v1/practices/{practice.id}"
    _tell_details(practice, client)
    if not client.get(f"{root}/agreements")["items"]:
        for kind in AgreementKind:
            client.post(
                f"{root}/agreements",
                {"kind": kind, "valid_from": f"{years[0]}-01-01", "reference": "made up"},
            )
    there = {each["facility_id"] for each in client.get(f"{root}/facilities")["items"]}
    for facility in _facilities(practice.id):
        if facility["facility_id"] not in there:
            client.post(f"{root}/facilities", facility)
    client.send(f"{root}/clinicians/import", _provider_list(practice, years), "text/csv")


def _tell_details(practice: DemoPractice, client: DemoClient) -> None:
    path = f"/v1/practices/{practice.id}"
    known = client.get(path)
    if known["addresses"]:
        return
    address = {
        "purpose": "mail",
        "street": "1 Example Street",
        "city": practice.city,
        "state": practice.state,
        "zip_code": practice.zip_code,
    }
    told = {
        "name": practice.name,
        "addresses": [address],
        "contacts": [{"role": "quality", "name": "Quinn Example", "mail": practice.mail}],
        "clinicians": len(_clinicians(practice)),
    }
    client.put(path, told, seen=known["version"])


def a_physician(practice: PracticeId) -> Npi:
    """The NPI of an anesthesiologist of the practice who is on its list."""
    built = synthetic.build_practice(practice, SEED)
    return built.clinicians[synthetic.Role.ANESTHESIOLOGIST].choices[1].npi


def _clinicians(practice: DemoPractice) -> list[synthetic.Clinician]:
    """Those who bill under a TIN that is known."""
    known = _known_tins(practice)
    groups = synthetic.build_practice(practice.id, SEED).clinicians.values()
    return [each for group in groups for each in group.choices if each.tin in known]


def _known_tins(practice: DemoPractice) -> list[Tin]:
    tins = synthetic.practice_tins(practice.id, SEED)
    return list(tins if practice.knows_every_tin else tins[:1])


def _facilities(practice: PracticeId) -> Iterator[dict[str, object]]:
    seen = set()
    for setting, facilities in synthetic.build_practice(practice, SEED).facilities.items():
        for facility in facilities.choices:
            if facility.facility_id not in seen:
                seen.add(facility.facility_id)
                yield {
                    "facility_id": facility.facility_id,
                    "name": facility.name,
                    "place_of_service": synthetic.PLACE_OF_SERVICE[setting],
                }


def _provider_list(practice: DemoPractice, years: tuple[int, int]) -> bytes:
    """All but one of them: that one is found by their cases."""
    listed = _clinicians(practice)[1:]
    people = [_clinician(practice.id, number, each, years) for number, each in enumerate(listed)]
    jobs = [
        Employment(
            practice_id=practice.id,
            id=uuid5(_NAMES, f"{person.id}"),
            clinician_id=person.id,
            tin=each.tin,
            starts_on=date(years[0], 1, 1),
        )
        for person, each in zip(people, listed, strict=True)
    ]
    return write_provider_list(people, jobs)


def _clinician(
    practice: PracticeId, number: int, drawn: synthetic.Clinician, years: tuple[int, int]
) -> Clinician:
    return Clinician(
        practice_id=practice,
        id=uuid5(_NAMES, drawn.npi),
        npi=drawn.npi,
        name=f"Clinician {number + 1}",
        credentials=_CREDENTIALS[drawn.role],
        asa_member_years=years if number % 3 else (),
    )
