"""What a document of some days ago was made by, and does not hold any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.cms import CmsDocument, DocumentFault, DocumentRule
from app.exports.cms.choosing import MEANINGS, LeftOutReason, is_unconfirmed
from app.reporting.submittability import MeasureOwner, Standing, reasons_against

_CHANGED = "The registration was changed since the document was made."


def as_of_now(document: CmsDocument, made_at: datetime, standing: Standing) -> CmsDocument:
    """Return the document with what speaks against handing it out by now.

    One that was withheld from the first stays as it is, and one that was sent: it is the proof of
    what CMS has.
    """
    if document.faults or document.sent is not None:
        return document
    faults = (_overtaken(why) for why in _reasons(document, made_at, standing))
    return replace(document, overtaken=tuple(faults))


def _reasons(document: CmsDocument, made_at: datetime, standing: Standing) -> Iterator[str]:
    entity, registration = document.entity, standing.registration
    against = reasons_against(
        standing,
        entity.level,
        tin=entity.tin,
        npi=entity.npi,
        owner=MeasureOwner.MIPS,
        group_id=entity.group_id,
    )
    if registration is not None and registration.registered_at > made_at:
        yield _CHANGED
    if is_unconfirmed(entity, standing):
        yield MEANINGS[LeftOutReason.GROUP_NOT_CONFIRMED]
    yield from (MEANINGS[reason] for reason in against)


def _overtaken(why: str) -> DocumentFault:
    return DocumentFault(
        rule=DocumentRule.OVERTAKEN, path="$", message=why, mend="Make the documents anew."
    )
