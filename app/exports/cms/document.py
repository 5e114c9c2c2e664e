"""The submission of one entity and year as the QPP submissions API of CMS takes it.

Source: CMS qpp-submissions-docs, submission and measurement set, as of December 2025, read from a
snapshot. The category promoting interoperability is not sent: case files tell nothing of it.
"""

import json
from datetime import date
from typing import Any, Final

from app.domain.cms import CmsCategory, CmsEntity
from app.exports.cms.choosing import AttestedActivity, Chosen
from app.exports.cms.cms_year import CmsYear
from app.exports.cms.values import value_of

METHOD: Final = "registry"
"""Of qualified registries and QCDRs alike; there is no word of their own for the latter."""

Document = dict[str, Any]


def document_of(entity: CmsEntity, chosen: Chosen, year: CmsYear) -> Document:
    """Return the document; what is empty is no set of it."""
    quality = [
        {"measureId": facts.measure_id, "value": value_of(facts, year.performance_year, rates)}
        for facts, rates in chosen.measures
    ]
    attested: list[Document] = [
        {"measureId": each.activity_id, "value": True} for each in chosen.activities
    ]
    sets = (
        _set(CmsCategory.QUALITY, (year.first_day, year.last_day), quality, year),
        _set(CmsCategory.IMPROVEMENT_ACTIVITIES, _days_of(chosen.activities, year), attested, year),
    )
    return {
        **_keys_of(entity),
        "performanceYear": year.performance_year,
        "measurementSets": [each for each in sets if each["measurements"]],
    }


def as_bytes(document: Document) -> bytes:
    """Return the file: the same document gives the same bytes."""
    return f"{json.dumps(document, indent=2)}\n".encode("ascii")


def _keys_of(entity: CmsEntity) -> Document:
    """What a subgroup or virtual group lacks of CMS is left out here, and found as a fault."""
    told = {
        "entityType": entity.level.value,
        "taxpayerIdentificationNumber": None if entity.group_id else entity.tin,
        "nationalProviderIdentifier": entity.npi,
        "entityId": entity.entity_id,
    }
    return {name: value for name, value in told.items() if value is not None}


def _set(
    category: CmsCategory, days: tuple[date, date], measurements: list[Document], year: CmsYear
) -> Document:
    first, last = days
    return {
        "category": category.value,
        "submissionMethod": METHOD,
        "programName": year.program,
        "performanceStart": first.isoformat(),
        "performanceEnd": last.isoformat(),
        "measurements": measurements,
    }


def _days_of(activities: tuple[AttestedActivity, ...], year: CmsYear) -> tuple[date, date]:
    """From the first day of any to the last; one that goes on is taken to last all year."""
    first = min((each.starts_on for each in activities), default=year.first_day)
    last = max((each.ends_on or year.last_day for each in activities), default=year.last_day)
    return first, last
