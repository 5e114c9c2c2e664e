"""What the deployment says of the registry itself, for the calls and pages that make documents."""

from typing import Annotated, Protocol, cast

from fastapi import Depends, Request


class _CmsSettings(Protocol):
    @property
    def cms_vendor_id(self) -> str | None: ...


async def _has_vendor_id(request: Request) -> bool:
    return cast(_CmsSettings, request.app.state.settings).cms_vendor_id is not None


HasVendorId = Annotated[bool, Depends(_has_vendor_id)]
"""Whether CMS knows this registry as a QCDR."""
