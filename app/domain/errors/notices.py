"""Webhooks and mail."""

from app.domain.errors import RegistryError


class WebhookUnknown(RegistryError):
    slug = "webhook-unknown"
    title = "No such webhook"


class DeliveryUnknown(RegistryError):
    slug = "delivery-unknown"
    title = "No such delivery"


class DeliveryUnderWay(RegistryError):
    slug = "delivery-under-way"
    title = "The delivery has not ended yet"


class TooManyWebhooks(RegistryError):
    slug = "too-many-webhooks"
    title = "The key has as many webhooks as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A key has at most {limit} webhooks.")
        self.limit = limit


class WebhooksNotConfigured(RegistryError):
    slug = "webhooks-not-configured"
    title = "This service sends no webhooks"


class TooManyMailDomains(RegistryError):
    slug = "too-many-mail-domains"
    title = "The practice allows as many mail domains as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A practice allows at most {limit} mail domains.")
        self.limit = limit
