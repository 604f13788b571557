"""Write the nation into a folder: `nation.json` (who, and what comes when), `files/`, and `truth.json`."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cets.sites.console.nation import truth
from cets.sites.console.nation.agencies import AGENCIES, DEMO_PASSWORD, ROLES
from cets.sites.console.nation.draw import PLATFORMS, Draw
from cets.sites.console.nation.model import Agency, Calendar, Delivery, Level, Story
from cets.sites.console.nation.stories import (
    addresses,
    background,
    common_values,
    device,
    moved,
    oddities,
    one_child,
    one_man,
    sharing,
)

FORMAT = "cets-nation/1"
#: What a level lets the other side learn of the record that has it.
_LEARNS: dict[Level, str] = {"open": "summary and reference", "contact": "whom to call", "silent": "nothing"}
_STORIES: tuple[Callable[[Calendar, Draw], Story], ...] = (
    one_child.tell,
    one_man.tell,
    moved.tell,
    sharing.tell,
    common_values.tell,
    addresses.tell,
    oddities.tell,
    device.tell,
)


def generate(out: Path, *, seed: int, base: datetime, scale: float = 1.0) -> Path:
    """Write the nation into the folder `out`, which is made when it is not there, and return its manifest.

    All times lie before `base`, which must be aware; deliveries stand in the order in which they came. The
    same seed, base and scale give the same bytes. `scale` multiplies the everyday post (110 files at 1); the
    stories are always told once.
    Raises ValueError for a base without a zone or a negative scale, FileExistsError when `out` holds files.
    """
    if base.tzinfo is None:
        raise ValueError("The base instant needs a time zone.")
    if scale < 0:
        raise ValueError("The scale cannot be negative.")
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise FileExistsError(f"{out} holds files already; name an empty folder.")
    story = tell(seed=seed, base=base, scale=scale)
    for delivery in story.deliveries:
        path = out / delivery.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.document.content)
    _write_json(out / "truth.json", truth.work_out(story.deliveries, story.forbidden))
    manifest = out / "nation.json"
    _write_json(manifest, _manifest(story, seed=seed, base=base, scale=scale))
    return manifest


def tell(*, seed: int, base: datetime, scale: float = 1.0) -> Story:
    """Return the whole nation in memory, deliveries in the order of their coming."""
    calendar = Calendar(base.astimezone(UTC))
    draw = Draw(f"nation/{seed}")
    whole = Story()
    for tell_one in _STORIES:
        story = tell_one(calendar, draw)
        whole.deliveries += story.deliveries
        whole.cells += story.cells
        whole.forbidden += story.forbidden
    whole.deliveries += background.tell(calendar, draw, round(background.NORMAL_COUNT * scale))
    whole.deliveries.sort(key=lambda delivery: (delivery.received, delivery.id))
    return whole


def _manifest(story: Story, *, seed: int, base: datetime, scale: float) -> dict[str, Any]:
    agency_of = {delivery.id: delivery.agency for delivery in story.deliveries}
    return {
        "format": FORMAT,
        "note": "Everything here is invented: agencies, people, platforms, addresses and numbers.",
        "seed": seed,
        "base": truth.instant(base.astimezone(UTC)),
        "scale": scale,
        "password": DEMO_PASSWORD,
        "roles": list(ROLES),
        "platforms": list(PLATFORMS),
        "agencies": [_agency(agency) for agency in AGENCIES],
        "deliveries": [_delivery(delivery) for delivery in story.deliveries],
        "cells": [
            {
                "mine": cell.mine,
                "theirs": cell.theirs,
                "identifier": {"kind": cell.kind, "value": cell.value},
                "reports": [cell.my_delivery, cell.their_delivery],
                "agencies": [agency_of[cell.my_delivery], agency_of[cell.their_delivery]],
                "i_learn": _LEARNS[cell.theirs],
                "they_learn": _LEARNS[cell.mine],
                "desk_told": cell.mine == cell.theirs == "silent",
            }
            for cell in story.cells
        ],
    }


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name": agency.name,
        "country": agency.country,
        "mailbox": agency.mailbox,
        "teams": [asdict(team) for team in agency.teams],
        "officers": [asdict(officer) for officer in agency.officers],
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "file": delivery.file,
        "source": delivery.document.source,
        "agency": delivery.agency,
        "officer": delivery.officer,
        "channel": delivery.channel,
        "sharing": delivery.sharing,
        "received": truth.instant(delivery.received),
        "story": delivery.story,
        "about": delivery.about,
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
