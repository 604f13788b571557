"""Numbers of handsets, SIM cards and network cards."""

from random import Random

from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Written, add, groups, named

_imei_frames = ("IMEI {}", "IMEI: {}", "IMEI no. {}", "imei={}", "The handset has IMEI {} on the box.")
add("imei", "named", named(v.imei, str, *_imei_frames))
add("imei", "bare", named(v.imei, str, "The handset is {} by its box.", "dialled *#06# and got {}"))
add("imei", "hyphens", named(v.imei, lambda n: groups(n, 2, 6, 6, by="-"), *_imei_frames))
add("imei", "spaced", named(v.imei, lambda n: groups(n, 2, 6, 6), *_imei_frames))
add("imei", "slashes", named(v.imei, lambda n: groups(n, 6, 2, 6, by="/"), *_imei_frames))
add("imei", "with_version", named(lambda rng: f"35{v.digits(rng, 14)}", str, "IMEISV {}", "IMEISV: {}"))
_imsi_frames = ("IMSI {}", "IMSI: {}", "IMSI no. {}", "imsi={}", "The SIM's IMSI is {} by the operator.")
add("imsi", "named", named(v.imsi, str, *_imsi_frames))
add("imsi", "spaced", named(v.imsi, lambda n: groups(n, 3, 2), *_imsi_frames))
add("imsi", "hyphens", named(v.imsi, lambda n: groups(n, 3, 2, by="-"), *_imsi_frames))
_mac_frames = ("MAC {}", "MAC address: {}", "Wi-Fi {}", "wlan0 {} up", "The card {} joined twice.")
add("mac", "colons", named(v.mac, str, *_mac_frames))
add("mac", "capitals", named(v.mac, str.upper, *_mac_frames))
add("mac", "hyphens", named(v.mac, lambda m: m.replace(":", "-").upper(), *_mac_frames))
add("mac", "dots", named(v.mac, lambda m: groups(m.replace(":", ""), 4, 4, 4, by="."), *_mac_frames))
add(
    "mac",
    "bare_named",
    named(v.mac, lambda m: m.replace(":", "").upper(), "MAC {}", "MAC address: {}", "MAC: {}"),
)


def _bare_uuid(text: str) -> str:
    return text.replace("-", "")


def _android_id(rng: Random) -> str:
    return f"{v.some(rng, v.HEX, 15)}7"  # one digit at least


def _device_named(rng: Random) -> Written:
    number = _android_id(rng)
    return Written(number, f"device:{number}", "device")


add(
    "device",
    "idfa",
    named(v.uuid, str.upper, "IDFA: {}", "IDFA {}", "idfa={}", said="IDFA: {}", prefix="idfa:"),
)
add(
    "device",
    "idfa_bare",
    named(v.uuid, lambda u: _bare_uuid(u).upper(), "IDFA: {}", "IDFA {}", said="IDFA: {}", prefix="idfa:"),
)
add(
    "device",
    "gaid",
    named(v.uuid, str, "GAID: {}", "AAID {}", "gaid={}", "Google Ad ID: {}", said="gaid:{}", prefix="gaid:"),
)
add(
    "device",
    "android",
    named(_android_id, str, "Android ID {}", "Android ID: {}", "android_id={}", prefix="device:"),
)
add("device", "named", _device_named)
add("device", "vendor", named(v.uuid, str.upper, "IDFV: {}", "IDFV {}", said="IDFV: {}", prefix="device:"))
add(
    "device",
    "serial",
    named(
        lambda rng: f"ex{v.some(rng, 'abcdefgh', 3)}{v.digits(rng, 7)}",
        str.upper,
        "Serial number: {}",
        "Serial no: {}",
        "Serial: {}",
        prefix="device:",
    ),
)
