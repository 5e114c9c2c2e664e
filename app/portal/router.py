"""All that anyone may see and ask without a key."""

from fastapi import APIRouter

from app.portal import pages_router, schemas_router, validate_router

router = APIRouter()
router.include_router(schemas_router.router)
router.include_router(validate_router.router)
router.include_router(pages_router.router)
