"""The registry as its users meet it, so that tests read like what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine, text

from app.access.browser_secrets import form_token
from app.access.keys import hash_of, new_key
from app.checking.standards import load_standards
from app.domain.identifiers import parse_practice_id, parse_tin
from app.domain.principals import Role
from app.intake.processing import Library
from app.intake.recomputing import Recomputing
from app.intake.service import Intake
from app.intake.verifying import verify_practice
from app.main import create_app
from app.measures.catalogue.catalogue import shipped_catalogue
from app.roster.service import register_practice
from app.settings import Settings
from app.storage.figures.totals import TOTALS_TABLES
from app.storage.recomputing.derived_rows import DERIVED_TABLES
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import TIN

ADDRESS = "http://registry.example"
MASTER_KEY = "a master key for tests of 32 characters or more"
TODAY = date(2024, 6, 1)
XML = {"Content-Type": "application/xml"}
PRACTICE, OTHER_PRACTICE = "12345", "23456"
_DESCRIPTION: dict[str, Any] = {}


@cache
def library() -> Library:
    """Read once a run: it never changes, and the elements of a version take a second to load."""
    return Library(standards=load_standards(), measures=shipped_catalogue())


def create_service(engine: Engine, folder: Path, **settings: Any) -> FastAPI:
    """The service as `main` makes it, on the day `TODAY`, with the library of this run."""
    counted = ("validate_rate", "key_rate", "stranger_rate", "sign_in_rate")
    usual = {
        **dict.fromkeys(counted, 1_000_000),
        "secret_key": MASTER_KEY,
        "small_file_bytes": 1 << 30,
    }
    app = create_app(Settings(data_dir=folder, **{**usual, **settings}), engine)
    intake: Intake = app.state.intake
    app.state.intake = replace(intake, library=library(), day=lambda: TODAY)
    app.state.standards = library().standards
    app.state.schemas = library().standards.schemas
    app.state.measures = library().measures
    app.state.day = lambda: TODAY
    _describe_once(app)
    return app


def _describe_once(app: FastAPI) -> None:
    """All services say the same of themselves, and it takes a second or two to put together."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if not _DESCRIPTION:
            _DESCRIPTION.update(describe())
        return _DESCRIPTION

    app.openapi = described


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who asks over HTTP: with a key, with the session of a browser, or without."""

    app: FastAPI
    portal: BlockingPortal
    key: str | None
    session: str | None = None

    def ask(self, method: str, path: str, **request: Any) -> Response:
        headers = dict(request.pop("headers", {}))
        if self.key is not None:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        if self.session is not None:
            headers.setdefault("Cookie", f"__Host-nacor={self.session}")
            headers.setdefault("X-CSRF-Token", form_token(self.session))
            headers.setdefault("Sec-Fetch-Site", "same-origin")

        async def send() -> Response:
            transport = ASGITransport(self.app)
            async with AsyncClient(transport=transport, base_url=ADDRESS) as client:
                return await client.request(method, path, headers=headers, **request)

        return self.portal.call(send)

    def get(self, path: str, **parameters: Any) -> Response:
        return self.ask("GET", path, params=parameters or None)

    def read(self, path: str, **parameters: Any) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path: str, **parameters: Any) -> list[list[Any]]:
        """The items of every page of a list."""
        found, cursor = [], None
        while True:
            page = self.read(path, **parameters, **({"cursor": cursor} if cursor else {}))
            found.append(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def validate(self, case_file: bytes, **parameters: Any) -> Any:
        answer = self.ask(
            "POST", "/v1/validate", content=case_file, headers=XML, params=parameters or None
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def submit(
        self,
        case_file: bytes,
        *,
        practice_id: str = PRACTICE,
        headers: Mapping[str, str] | None = None,
        **parameters: str,
    ) -> Response:
        return self.ask(
            "POST",
            "/v1/submissions",
            params={"practice_id": practice_id, **parameters},
            content=case_file,
            headers={**XML, **(headers or {})},
        )

    def send(self, case_file: bytes, **sending: Any) -> Any:
        """Submit what is taken in at once, and return the receipt."""
        answer = self.submit(case_file, **sending)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def delete(self, path: str, **parameters: str) -> Response:
        return self.ask("DELETE", path, params=parameters)

    def count(self, year: int = 2024, *, practice_id: str = PRACTICE, **asked: str) -> int:
        counts = self.read("/v1/counts", practice_id=practice_id, performance_year=year, **asked)
        number: int = counts["cases"]
        return number


class Registry:
    """The service over a database of its own, with the practice 12345 and its TIN in it."""

    def __init__(self, engine: Engine, folder: Path, portal: BlockingPortal) -> None:
        self.engine = engine
        self.folder = folder
        self.app = create_service(engine, folder)
        self.intake: Intake = self.app.state.intake
        self._portal = portal
        self.register(PRACTICE, TIN)

    def register(self, practice_id: str, *tins: str) -> None:
        register_practice(
            parse_practice_id(practice_id),
            name="Lakeside Anesthesia",
            tins=[parse_tin(tin) for tin in tins],
            open_work=self.open_work,
        )

    def on_day(self, day: date) -> None:
        """Let it be `day` for the service from now on."""
        self.intake = replace(self.intake, day=lambda: day)
        self.app.state.intake = self.intake
        self.app.state.day = self.intake.day

    def vendor(self, *practice_ids: str, sandbox: bool = False) -> Caller:
        return self._caller(Role.VENDOR, practice_ids or (PRACTICE,), sandbox=sandbox)

    def practice(self, *practice_ids: str, sandbox: bool = False) -> Caller:
        return self._caller(Role.PRACTICE, practice_ids or (PRACTICE,), sandbox=sandbox)

    def internal(self) -> Caller:
        return self._caller(Role.INTERNAL, ())

    def admin(self) -> Caller:
        return self._caller(Role.ADMIN, ())

    def anyone(self, *, key: str | None = None, **settings: Any) -> Caller:
        """Without a key, or with one that was never given out; `settings` differ if given."""
        app = create_service(self.engine, self.folder, **settings) if settings else self.app
        return Caller(app=app, portal=self._portal, key=key)

    def signed_in(self, session: str) -> Caller:
        """Somebody whose browser holds this secret, on a page of the service."""
        return Caller(app=self.app, portal=self._portal, key=None, session=session)

    def with_settings(self, caller: Caller, **settings: Any) -> Caller:
        return self.anyone(key=caller.key, **settings)

    def open_work(self) -> UnitOfWork:
        return UnitOfWork(self.engine, keys=self.intake.keys)

    def ask_database(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Look behind the doors, where no door shows what must hold."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), parameters)]

    def record_as_received(self, case_id: str) -> bytes:
        with self.open_work() as work:
            case = work.cases.get(UUID(case_id))
            assert case is not None
            return work.cases.record_as_received(case)

    def check_invariants(self) -> None:
        """What holds after everything that was ever sent; of nothing there is nothing to prove."""
        practices = [parse_practice_id(each) for (each,) in self.ask_database(_PRACTICES_WITH_ROWS)]
        for practice in practices:
            found = verify_practice(
                practice,
                recomputing=Recomputing(measures=library().measures),
                open_work=self.open_work,
            )
            assert found.agree, f"what is kept does not follow from the records: {found.rows}"
        faults = self.ask_database(_FAULTS) if practices else []
        assert faults == [], f"what is kept contradicts itself: {faults}"

    def _caller(
        self, role: Role, practice_ids: tuple[str, ...], *, sandbox: bool = False
    ) -> Caller:
        key = new_key()
        with self.open_work() as work:
            work.keys.add(
                hash_of(key),
                role=role,
                practice_ids=[parse_practice_id(each) for each in practice_ids],
                sandbox=sandbox,
            )
            work.commit()
        return Caller(app=self.app, portal=self._portal, key=key)


_PRACTICES_WITH_ROWS = " UNION ".join(
    f"SELECT practice_id FROM {table}" for table in ("submissions", *DERIVED_TABLES, *TOTALS_TABLES)
)
_UNFINISHED = """
    SELECT id FROM submissions
    WHERE finished_at IS NULL AND status <> 'awaiting_confirmation'
"""
_BROKEN_RECEIPTS = """
    SELECT s.id FROM submissions s LEFT JOIN submission_records r
        ON r.practice_id = s.practice_id AND r.submission_id = s.id
    WHERE s.purged_at IS NULL
    GROUP BY s.practice_id, s.id
    HAVING s.created <> count(*) FILTER (WHERE outcome = 'created')
        OR s.replaced <> count(*) FILTER (WHERE outcome = 'replaced')
        OR s.unchanged <> count(*) FILTER (WHERE outcome = 'unchanged')
        OR s.held <> count(*) FILTER (WHERE outcome = 'held')
        OR s.rejected <> count(*) FILTER (WHERE outcome = 'rejected')
"""
_MISCOUNTED_FINDINGS = """
    SELECT s.id FROM submissions s LEFT JOIN submission_finding_counts c
        ON c.practice_id = s.practice_id AND c.submission_id = s.id
    GROUP BY s.practice_id, s.id
    HAVING s.findings_total <> coalesce(sum(findings), 0)
        OR s.findings_accepted <> coalesce(sum(accepted), 0)
        OR s.errors <> coalesce(sum(findings) FILTER (WHERE severity = 'error'), 0)
        OR s.warnings <> coalesce(sum(findings - accepted) FILTER (WHERE severity = 'warning'), 0)
"""
_TORN_CASES = """
    SELECT case_id FROM cases c
    WHERE NOT EXISTS (SELECT FROM case_payloads p
                      WHERE p.practice_id = c.practice_id AND p.case_id = c.case_id)
       OR NOT EXISTS (SELECT FROM case_staff s
                      WHERE s.practice_id = c.practice_id AND s.case_id = c.case_id)
"""
_FAULTS = " UNION ALL ".join(
    f"SELECT '{fault}', found.* FROM ({query}) found"
    for fault, query in {
        "a submission stays without an end state": _UNFINISHED,
        "a receipt differs from its records": _BROKEN_RECEIPTS,
        "findings differ from their counts": _MISCOUNTED_FINDINGS,
        "a case lacks its payload or its staff": _TORN_CASES,
    }.items()
)
