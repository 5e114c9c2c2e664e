"""A key that was revoked as JSON, with what it left behind."""

from typing import Final

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from app.access.grant_wire import GrantOut
from app.access.key_service import Revoked
from app.access.key_wire import KEY_SHOWN, KeyOut

_GRANT: Final[JsonDict] = {
    "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f26",
    "practice_id": "12345",
    "organization": {
        "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25",
        "kind": "vendor",
        "name": "Example EHR",
        "created_at": "2026-11-20T09:00:00Z",
    },
    "rights": ["see_submissions", "submit"],
    "state": "in_force",
    "valid_from": "2026-11-21T11:00:00Z",
    "valid_until": None,
    "granted_at": "2026-11-21T11:00:00Z",
    "granted_by": KEY_SHOWN["id"],
    "withdrawn_at": None,
    "withdrawn_by": None,
}
_REVOKED: Final[JsonDict] = {
    **KEY_SHOWN,
    "role": "practice",
    "label": "Quality office",
    "state": "revoked",
    "revoked_at": "2026-11-22T09:00:00Z",
    "secrets": [],
    "grants": [_GRANT],
}


class RevokedKeyOut(KeyOut):
    model_config = ConfigDict(json_schema_extra={"example": _REVOKED})

    grants: list[GrantOut] = Field(
        description="What the key granted and had not ended, the newest first; `state` tells"
        " whether it holds on."
    )

    @classmethod
    def left_by(cls, revoked: Revoked) -> "RevokedKeyOut":
        key = KeyOut.of(revoked.record)
        return cls(**dict(key), grants=[GrantOut.of(grant) for grant in revoked.grants])
