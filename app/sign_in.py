"""The parts that let people in, for the processes that serve pages."""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine

from app.access.local_accounts import LocalAccounts, Throttle
from app.access.provider_accounts import ProviderAccounts
from app.access.second_steps import SecondSteps
from app.access.session_service import Sessions
from app.access.user_service import Users
from app.opening import master_keys_of
from app.settings import Settings
from app.storage.unit_of_work import UnitOfWork


def create_sessions(settings: Settings, engine: Engine) -> Sessions:
    return Sessions(
        open_work=lambda: UnitOfWork(engine),
        idle=timedelta(minutes=settings.session_idle_minutes),
        lifetime=timedelta(hours=settings.session_hours),
    )


def create_users(settings: Settings, engine: Engine) -> Users:
    return Users(open_work=lambda: UnitOfWork(engine), with_passwords=settings.has_local_accounts)


def create_local_accounts(
    settings: Settings, sessions: Sessions, throttle: Throttle
) -> LocalAccounts | None:
    if not settings.has_local_accounts:
        return None
    second_steps = SecondSteps(
        open_work=sessions.open_work,
        master_keys=master_keys_of(settings),
        now=sessions.now,
    )
    return LocalAccounts(sessions=sessions, second_steps=second_steps, throttle=throttle)


def create_provider_accounts(settings: Settings, sessions: Sessions) -> ProviderAccounts | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    from app.access.openid_provider import OpenIdProvider  # see there why it is loaded this late

    provider = OpenIdProvider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or "your organization",
    )
    return ProviderAccounts(sessions=sessions, provider=provider)
