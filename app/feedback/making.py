"""A report becomes one that is kept: with its id, its proof, and who made it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import uuid_utils.compat as uuids

from app.domain.audit import Actor
from app.domain.feedback import Entity, FeedbackReport, Quarter
from app.domain.identifiers import PracticeId
from app.feedback.report import Feedback


def made_report(
    practice: PracticeId,
    quarter: Quarter,
    entity: Entity,
    feedback: Feedback,
    by: Actor,
    *,
    at: datetime,
) -> FeedbackReport:
    figures = feedback.as_figures()
    return FeedbackReport(
        practice_id=practice,
        id=uuids.uuid7(),
        quarter=quarter,
        entity=entity,
        made_at=at,
        made_by=by,
        catalogue_version=feedback.catalogue_version,
        sha256=proof_of(figures),
        figures=figures,
    )


def proof_of(figures: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the figures, written as JSON with sorted keys and without spaces."""
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
