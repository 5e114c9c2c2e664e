"""All that anyone may see and ask without a key."""

from fastapi import APIRouter

from app.portal import (
    help_router,
    home_router,
    measures_router,
    reference_router,
    samples_router,
    schema_pages_router,
    schemas_router,
    static_router,
    validate_router,
    validator_router,
)

router = APIRouter()
for each in (
    schemas_router,
    validate_router,
    home_router,
    validator_router,
    schema_pages_router,
    measures_router,
    help_router,
    samples_router,
    reference_router,
    static_router,
):
    router.include_router(each.router)
