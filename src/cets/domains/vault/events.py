"""Audit event types of the vault. Sealing, reading and checking stand in the custody chain, which is as append-only."""

OPENED = "vault:original:opened"
EVENTS = (OPENED,)
