"""Backup bundles: database dump, sealed blobs and a manifest in one stream for the backup identity alone.

A bundle is a plain tar inside a plain age file, so that `age --decrypt -i identity bundle | tar x` recovers
one without this program. Its members, in this order and nothing else:

    bundle.json       format, version, and what the maker says about it (node, time...)
    heads/000000      the audit's second place as it was before the dump, in parts of 8 MiB; may be missing
    database/000000   the dump in parts of 8 MiB, to be joined: its size need not be known before it ends,
                      and it never lies on disk unencrypted
    blobs/KEY         each blob as stored, that is, still sealed
    manifest.jsonl    name, size and SHA-256 of every member above
    manifest.sig      Ed25519 signature of the manifest, where the maker has a signing key

The recipient's public key is no secret, so anybody can make a file that the identity opens: only the
signature tells whose bundle it is. Reading accepts no header but the very bytes that writing would produce,
which leaves no room for links, devices, absolute or climbing names.
"""

from cets.domains.vault.bundle.format import (
    BackupFailed,
    BundleBroken,
    BundleLocked,
    BundleUnsigned,
    Contents,
)
from cets.domains.vault.bundle.reading import (
    Discarding,
    Receiver,
    Restoring,
    read_bundle,
    verify_bundle,
)
from cets.domains.vault.bundle.writing import write_bundle

__all__ = [
    "BackupFailed",
    "BundleBroken",
    "BundleLocked",
    "BundleUnsigned",
    "Contents",
    "Discarding",
    "Receiver",
    "Restoring",
    "read_bundle",
    "verify_bundle",
    "write_bundle",
]
