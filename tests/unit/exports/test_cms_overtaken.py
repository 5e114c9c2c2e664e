"""What speaks against a document that was ready when it was made."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.domain.cms import CmsDocument, CmsEntity, SentToCms
from app.domain.identifiers import Npi, PracticeId
from app.domain.reporting import ConsentState
from app.exports.cms.overtaking import as_of_now
from app.reporting.submittability import Standing
from tests.case_files import NPI
from tests.cms import GROUP, INDIVIDUAL, a_registration

MADE_AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def ready(entity: CmsEntity = GROUP) -> CmsDocument:
    return CmsDocument(
        practice_id=PracticeId("12345"),
        id=UUID(int=2),
        cms_submission_id=UUID(int=1),
        performance_year=2025,
        entity=entity,
        sha256="",
        measures=1,
        activities=0,
        left_out=(),
        faults=(),
    )


def overtaken(document: CmsDocument, standing: Standing) -> list[str]:
    now = as_of_now(document, MADE_AT, standing)
    assert now.is_ready is not bool(now.overtaken)
    return [each.message for each in now.overtaken]


def test_nothing_that_it_was_made_by_has_changed() -> None:
    assert overtaken(ready(), Standing(registration=a_registration())) == []


def test_the_registration_was_changed() -> None:
    later = replace(a_registration("group_qr"), registered_at=MADE_AT + timedelta(days=1))
    said = "The registration was changed since the document was made."
    assert overtaken(ready(), Standing(registration=later)) == [said]
    withdrawn = replace(later, withdrawn_on=date(2026, 2, 2))
    assert overtaken(ready(), Standing(registration=withdrawn)) == [
        said,
        "The registration was withdrawn.",
    ]


def test_a_consent_was_withdrawn_and_what_was_sent_before_stays() -> None:
    withdrawn = Standing(
        registration=a_registration("individual_qr"),
        consents={Npi(NPI): ConsentState.WITHDRAWN},
    )
    document = ready(INDIVIDUAL)
    assert overtaken(document, withdrawn) == ["The clinician has withdrawn the consent."]
    sent = replace(document, sent=SentToCms(on=date(2026, 1, 20), id_at_cms="d7b1"))
    assert overtaken(sent, withdrawn) == []
