"""Who asks, and who may."""

from app.domain.errors import RegistryError


class NotAuthenticated(RegistryError):
    slug = "not-authenticated"
    title = "A valid API key is needed, or a session"


class NotPermitted(RegistryError):
    slug = "not-permitted"
    title = "Your rights do not allow this"


class KeyUnknown(RegistryError):
    slug = "key-unknown"
    title = "No such API key"


class UserUnknown(RegistryError):
    slug = "user-unknown"
    title = "No such user"


class UserConflict(RegistryError):
    slug = "user-conflict"
    title = "There is such a user already"


class OrganizationUnknown(RegistryError):
    slug = "organization-unknown"
    title = "No such organization"


class GrantUnknown(RegistryError):
    slug = "grant-unknown"
    title = "No such grant"
