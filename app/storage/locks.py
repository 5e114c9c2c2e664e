"""The advisory locks of PostgreSQL that are used here.

Each kind hashes its names with a seed of its own, so that no two kinds ever meet. A running process
of an older release must agree: a seed is never changed or given to another kind.
"""

from typing import Final

CASES_OF_A_PRACTICE: Final = 0
BYTES_OF_A_FILE: Final = 1
IDEMPOTENCY_KEY: Final = 2
ACCEPTANCES_OF_A_PRACTICE: Final = 3
MAIL_DOMAINS_OF_A_PRACTICE: Final = 10
WEBHOOKS_OF_A_KEY: Final = 11
JOBS_OF_A_KIND: Final = 12
ROSTER_OF_A_PRACTICE: Final = 20
PROVIDER_LISTS: Final = 21
RETENTION_OF_A_PRACTICE: Final = 30
BILLING_OF_A_PRACTICE: Final = 31
PEERS: Final = 40
BACKFILLS_OF_A_PRACTICE: Final = 32
