"""This process's vault: where sealed originals lie, and the keys that open them. Made once."""

from functools import cache

from django.conf import settings

from cets.domains.vault.actions import Vault
from cets.sites.console import runtime


@cache
def desk_vault() -> Vault:
    """Return the vault of this process."""
    return runtime.vault(settings.CETS)
