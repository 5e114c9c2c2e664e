"""Who may do what: keys, roles, practices, sandboxes. What is not yours looks as if it were not."""

from uuid import uuid4

import pytest

from tests.case_files import a_case_file, a_record
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, XML, Caller, Registry

NOBODYS = str(uuid4())
FIGURES = f"practice_id={PRACTICE}&performance_year=2024"
NEEDS_A_KEY = [
    ("POST", f"/v1/submissions?practice_id={PRACTICE}"),
    ("GET", f"/v1/submissions?practice_id={PRACTICE}"),
    ("GET", f"/v1/submissions/{NOBODYS}"),
    ("GET", f"/v1/submissions/{NOBODYS}/report"),
    ("GET", f"/v1/submissions/{NOBODYS}/records"),
    ("GET", f"/v1/submissions/{NOBODYS}/file"),
    ("GET", f"/v1/cases?practice_id={PRACTICE}"),
    ("GET", f"/v1/cases/{NOBODYS}"),
    ("GET", f"/v1/cases/{NOBODYS}/history"),
    ("GET", f"/v1/cases/{NOBODYS}/record"),
    ("DELETE", f"/v1/cases/{NOBODYS}?reason=duplicate"),
    ("GET", f"/v1/practices/{PRACTICE}/accepted-findings"),
    ("POST", f"/v1/practices/{PRACTICE}/accepted-findings"),
    ("DELETE", f"/v1/practices/{PRACTICE}/accepted-findings/{NOBODYS}"),
    ("GET", "/v1/practices"),
    ("POST", "/v1/practices"),
    ("GET", f"/v1/practices/{PRACTICE}"),
    ("PUT", f"/v1/practices/{PRACTICE}"),
    ("GET", f"/v1/practices/{PRACTICE}/roster-changes"),
    *(
        (method, f"/v1/practices/{PRACTICE}/{kind}{entry}")
        for kind in (
            "tins",
            "facilities",
            "clinicians",
            "employments",
            "subgroups",
            "virtual-groups",
        )
        for method, entry in (
            ("GET", ""),
            ("POST", ""),
            ("GET", f"/{NOBODYS}"),
            ("PUT", f"/{NOBODYS}"),
            ("DELETE", f"/{NOBODYS}"),
        )
    ),
    ("POST", f"/v1/practices/{PRACTICE}/clinicians/import"),
    ("GET", f"/v1/practices/{PRACTICE}/clinicians.csv"),
    ("GET", f"/v1/practices/{PRACTICE}/reconciliation?performance_year=2024"),
    ("POST", f"/v1/practices/{PRACTICE}/reconciliation"),
    ("GET", "/v1/provider-lists/2024"),
    ("POST", "/v1/provider-lists/2024/lock"),
    ("POST", "/v1/provider-lists/2024/unlock"),
    ("GET", f"/v1/counts?{FIGURES}"),
    ("GET", f"/v1/measures/results?{FIGURES}"),
    ("GET", f"/v1/measures/results/cases?{FIGURES}&measure_id=404"),
]
FOR_ANYONE = [
    "/v1/schemas",
    "/v1/schemas/2020V1.0",
    "/v1/schemas/2020V1.0.xsd",
    "/v1/schemas/2020V1.0/sample.xml",
    "/v1/schemas/2023V1.0/changes?since=2020V1.0",
    "/v1/measures?performance_year=2024",
    "/v1/measures/424?performance_year=2024",
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/docs/findings/AR201",
    "/openapi.json",
]


def test_without_a_key_or_with_an_unknown_one_nothing_of_a_practice_is_shown(
    registry: Registry,
) -> None:
    for method, path in NEEDS_A_KEY:
        for caller in (registry.anyone(), registry.anyone(key="nacor_made-up")):
            answer = caller.ask(method, path, content=b"", headers=XML)
            assert problem(answer, 401) == "not-authenticated", path
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "nacor_x", "Bearer ü"])
def test_a_header_that_holds_no_key_is_none(registry: Registry, header: str) -> None:
    path = f"/v1/counts?{FIGURES}"
    answer = registry.anyone().ask(
        "GET", path, headers={b"Authorization": header.encode("latin-1")}
    )
    assert problem(answer, 401) == "not-authenticated"


@pytest.mark.parametrize("path", FOR_ANYONE)
def test_what_is_public_needs_no_key(registry: Registry, path: str) -> None:
    assert registry.anyone().get(path).status_code == 200


ROLES = {
    #            submit, list, cases, delete, counts
    "vendor": (201, 200, 403, 200, 403),
    "practice": (201, 200, 200, 200, 200),
    "internal": (403, 200, 200, 403, 200),
    "admin": (403, 200, 200, 403, 200),
}


@pytest.mark.parametrize(("role", "expected"), ROLES.items(), ids=list(ROLES))
def test_each_role_may_do_its_own(registry: Registry, role: str, expected: tuple[int, ...]) -> None:
    receipt = registry.practice().send(a_case_file(a_record("A-1")))
    case_id = registry.practice().read(receipt["links"]["records"])["items"][0]["case_id"]
    caller: Caller = getattr(registry, role)()
    answers = (
        caller.submit(a_case_file(a_record("A-2"))),
        caller.get("/v1/submissions", practice_id=PRACTICE),
        caller.get(f"/v1/cases/{case_id}"),
        caller.delete(f"/v1/cases/{case_id}", reason="duplicate"),
        caller.get(f"/v1/counts?{FIGURES}"),
    )
    assert tuple(answer.status_code for answer in answers) == expected
    refused = [answer for answer in answers if answer.status_code == 403]
    assert {problem(answer, 403) for answer in refused} <= {"not-permitted"}


def test_a_vendor_sees_submissions_and_no_case(registry: Registry) -> None:
    vendor = registry.vendor()
    receipt = vendor.send(a_case_file())
    case_id = vendor.read(receipt["links"]["records"])["items"][0]["case_id"]
    for path in (
        f"/v1/cases?practice_id={PRACTICE}",
        f"/v1/cases/{case_id}",
        f"/v1/cases/{case_id}/history",
        f"/v1/cases/{case_id}/record",
        f"/v1/measures/results?{FIGURES}",
        f"/v1/measures/results/cases?{FIGURES}&measure_id=404",
    ):
        assert problem(vendor.get(path), 403) == "not-permitted"


def test_a_key_reaches_only_the_practices_that_granted_it(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    stranger = registry.practice(OTHER_PRACTICE)
    for answer in (
        stranger.submit(a_case_file()),
        stranger.get("/v1/submissions", practice_id=PRACTICE),
        stranger.get("/v1/cases", practice_id=PRACTICE),
        stranger.get(f"/v1/counts?{FIGURES}"),
        stranger.get(f"/v1/measures/results?{FIGURES}"),
        stranger.get(f"/v1/measures/results/cases?{FIGURES}&measure_id=404"),
    ):
        assert problem(answer, 403) == "not-permitted"
    assert registry.practice().pages("/v1/submissions", practice_id=PRACTICE) == [[]]


def test_whether_a_practice_is_registered_is_told_only_to_those_who_may_reach_it(
    registry: Registry,
) -> None:
    asked = {"performance_year": 2024, "practice_id": "99999"}
    assert problem(registry.practice().get("/v1/counts", **asked), 403) == "not-permitted"
    assert problem(registry.internal().get("/v1/counts", **asked), 404) == "practice-unknown"


def test_a_key_for_an_unregistered_practice_sends_in_vain(registry: Registry) -> None:
    vendor = registry.vendor("99999")
    answer = vendor.submit(a_case_file(practice_id="99999"), practice_id="99999")
    assert problem(answer, 404) == "practice-unknown"
    assert list((registry.folder / "blobs").rglob("*.zst")) == []


def test_submissions_and_cases_of_others_look_as_if_there_were_none(registry: Registry) -> None:
    receipt = registry.practice().send(a_case_file())
    case_id = registry.practice().read(receipt["links"]["records"])["items"][0]["case_id"]
    registry.register(OTHER_PRACTICE)
    for caller in (registry.practice(OTHER_PRACTICE), registry.practice(sandbox=True)):
        for name in ("self", "report", "records", "file"):
            unknown = caller.get(f"/v1/submissions/{NOBODYS}{path_of(name)}")
            others = caller.get(receipt["links"][name])
            assert problem(others, 404) == problem(unknown, 404) == "submission-unknown"
            assert others.json()["detail"] == unknown.json()["detail"]
        for method, path in (
            ("GET", f"/v1/cases/{case_id}"),
            ("GET", f"/v1/cases/{case_id}/history"),
            ("DELETE", f"/v1/cases/{case_id}?reason=duplicate"),
        ):
            assert problem(caller.ask(method, path), 404) == "case-unknown"
    assert registry.practice().count() == 1


def path_of(link: str) -> str:
    return "" if link == "self" else f"/{link}"


def test_sandbox_data_never_counts_and_never_touches_production(registry: Registry) -> None:
    production, sandbox = registry.practice(), registry.practice(sandbox=True)
    registry.vendor().send(a_case_file(a_record("A-1", facility="real")))
    receipt = sandbox.send(
        a_case_file(a_record("A-1", facility="try-out"), a_record("A-2", facility="try-out"))
    )
    assert receipt["sandbox"] is True
    assert receipt["records"]["created"] == 2
    assert production.count() == 1
    cases = production.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert [(case["facility_id"], case["version"]) for case in cases] == [("real", 1)]
    trial = sandbox.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert [case["facility_id"] for case in trial] == ["try-out", "try-out"]
    assert [s["id"] for s in sandbox.read("/v1/submissions", practice_id=PRACTICE)["items"]] == [
        receipt["id"]
    ]


def test_the_same_bytes_in_the_sandbox_and_for_real_are_two_submissions(
    registry: Registry,
) -> None:
    sandbox = registry.vendor(sandbox=True).send(a_case_file())
    real = registry.vendor().send(a_case_file())
    assert (sandbox["records"]["created"], real["records"]["created"]) == (1, 1)
    assert registry.practice().count() == 1


def test_a_sandbox_key_sees_no_figures_of_production(registry: Registry) -> None:
    smoker = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9644")]
    case_file = a_case_file(a_record("A-1", quality=smoker))
    registry.vendor().send(case_file)
    production, sandbox = registry.practice(), registry.practice(sandbox=True)
    sandbox.send(case_file)
    counts, results, behind = (
        f"/v1/counts?{FIGURES}&group_by=tin",
        f"/v1/measures/results?{FIGURES}",
        f"/v1/measures/results/cases?{FIGURES}&measure_id=404",
    )
    assert (sandbox.read(counts)["cases"], sandbox.read(counts)["groups"]) == (0, [])
    assert sandbox.read(results)["results"] == []
    assert sandbox.read(behind) == {"items": [], "next_cursor": None}
    assert production.read(counts)["cases"] == 1
    assert "404" in [result["measure_id"] for result in production.read(results)["results"]]
    assert len(production.read(behind)["items"]) == 1


def test_a_key_that_asks_too_often_is_told_when_to_come_back(registry: Registry) -> None:
    hasty = registry.with_settings(registry.practice(), key_rate=3)
    patient = Caller(app=hasty.app, portal=hasty.portal, key=registry.practice().key)
    answers = [hasty.get("/v1/submissions", practice_id=PRACTICE) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert problem(answers[-1], 429) == "too-many-requests"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].headers["RateLimit-Limit"] == "3"
    assert answers[-1].headers["RateLimit-Remaining"] == "0"
    assert patient.get("/v1/submissions", practice_id=PRACTICE).status_code == 200
