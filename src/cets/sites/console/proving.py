"""The proofs that audit and vault are what they were. As the owner."""

from collections.abc import Iterator
from functools import partial

from cets.access.viewer import Right, acting, system
from cets.audit.findings import Report
from cets.audit.verify import verify
from cets.domains.agencies import queries as agencies
from cets.domains.agencies.models import Officer
from cets.domains.vault import keys
from cets.domains.vault.actions import Vault, check_originals
from cets.domains.vault.fixity import Finding
from cets.domains.vault.models import Original
from cets.settings.types import Instance
from cets.sites.console import runtime
from cets.sites.console.keeping import sees_all

AUDITOR = system("verifier", Right.SEQUENCER)


def verify_audit(instance: Instance) -> Report:
    """Compare the audit with its second place."""
    key = keys.load_verifying_key(runtime.Keys(instance.keys_dir).verifying.read_bytes())
    return verify(within=partial(acting, AUDITOR), heads=runtime.heads_of(instance), verifying_key=key)


def verify_vault(instance: Instance, vault: Vault) -> Iterator[Finding]:
    """Re-hash every original, as the owner."""
    originals = Original.objects.order_by("id")
    if sees_all(instance):
        yield from check_originals(vault, originals.iterator(chunk_size=500))
        return
    # An owner that row-level security holds, too, looks for one agency after another.
    with acting(agencies.SIGN_IN):
        codes = list(Officer.objects.filter(is_service=True).values_list("agency__code", flat=True))
    for code in sorted(set(codes)):
        _, viewer = agencies.service_account(code)
        with acting(viewer):
            yield from check_originals(vault, originals.iterator(chunk_size=500))
