"""What phones write beside an hour: the half of the day, one of six parts of it in Chinese, or a word that tells nothing."""

# ruff: noqa: RUF001 - letters of any alphabet, as phones write them

from typing import Literal

#: How an hour is to be counted: as it stands, from midnight or from noon, or nobody knows.
Part = Literal["none", "morning", "afternoon", "night", "midday", "unknown"]

_NOON, _EVENING = 12, 5
#: Without dots and blanks, in small letters. Of the world's languages, as its phones abbreviate them.
_MORNING = frozenset({
    "am", "vm", "fm", "fh", "ap", "pg", "pd", "sa", "de", "öö", "rn", "yb", "to", "dop", "dopoledne", "dopoludnia", "dopoldne",
    "eparadites", "paradite", "priešpiet", "priekšpusdienā", "priekšp", "prijepodne", "prepodne", "преподне", "дп", "үө", "πμ",
    "проб", "таңкы", "претпладне", "претпл", "vorm", "vormittags", "ص", "صباحا", "قظ", "قبلازظهر", "غم", "بن", "چب", "לפנהצ", "পূর্বাহ্ণ",
    "पूर्वाह्न", "मपू", "ਪੂਦੁ", "முற்பகல்", "ಪೂರ್ವಾಹ್ನ", "පෙව", "ጥዋት", "ก่อนเที่ยง", "ກ່ອນທ່ຽງ",
    "凌晨", "清晨", "早上", "早晨", "上午", "오전", "午前",
})  # fmt: skip
_AFTERNOON = frozenset({
    "pm", "nm", "em", "eh", "ip", "ptg", "md", "ch", "du", "ös", "in", "yh", "tk", "odp", "odpoledne", "popoludní", "pop", "popoldne",
    "epasdites", "pasdite", "popiet", "pēcpusdienā", "pēcp", "poslijepodne", "popodne", "поподне", "пп", "үх", "μμ", "слоб",
    "түштөнкийинки", "попладне", "попл", "nachm", "nachmittags", "م", "مساء", "بظ", "بعدازظهر", "غو", "دن", "چك", "אחהצ", "অপরাহ্ণ",
    "अपराह्न", "मउ", "ਬਾਦੁ", "பிற்பகல்", "ಅಪರಾಹ್ನ", "පව", "ከሰዓት", "หลังเที่ยง", "ຫຼັງທ່ຽງ",
    "下午", "傍晚", "黃昏", "黄昏", "오후", "午後",
})  # fmt: skip
#: Between the letters of an abbreviation, or over them: the signs of vowels and of the abbreviation are not always written.
_BETWEEN = frozenset('. \u00a0\u202f\u200c\u05f4"\u064b\u064e\u064f\u0650\u0651\u0652')
_NIGHT, _MIDDAY = frozenset({"晚上", "夜晚", "半夜", "午夜"}), frozenset({"中午"})
#: "um 21:14", "21:14 Uhr": of an hour as it stands.
_BESIDE = frozenset({
    "à", "às", "as", "ales", "um", "klo", "kello", "kl", "alle", "ore", "om", "at", "alas", "ala", "lúc", "ob",
    "kell", "u", "v", "o", "в", "у", "о", "во", "la", "uhr", "uur", "h", "ч", "น", "hrs", "часа",
})  # fmt: skip


def part_of(word: str) -> Part:
    """Return what a word beside an hour says of it."""
    plain = "".join(sign for sign in word.casefold() if sign not in _BETWEEN)
    if not plain or plain in _BESIDE:
        return "none"
    if plain in _MORNING:
        return "morning"
    if plain in _AFTERNOON:
        return "afternoon"
    return "night" if plain in _NIGHT else "midday" if plain in _MIDDAY else "unknown"


def hour_of(hour: int, part: Part) -> int:
    """Return the hour of the day of one that is counted in a part of it."""
    if part in ("none", "unknown") or hour > _NOON:
        return hour
    hour %= _NOON  # "00:08 a. m." is written by some phones and leaves no doubt
    if part == "night":
        is_late = hour >= _EVENING
    elif part == "midday":
        is_late = hour < _EVENING
    else:
        is_late = part == "afternoon"
    return hour + (_NOON if is_late else 0)
