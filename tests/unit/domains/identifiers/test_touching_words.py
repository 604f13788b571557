"""Words in Latin letters that announce a value, where letters of other scripts touch them; platforms by their names in other scripts."""

import pytest

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context

FOUND = [
    ("我的IMEI是356938035643809", "imei", "356938035643809"),
    ("我的IMEI：356938035643809", "imei", "356938035643809"),
    ("IMEIは356938035643809です", "imei", "356938035643809"),
    ("我的instagram：kestrel_blue77", "account", "instagram/kestrel_blue77"),
    ("我的Instagram是kestrel_blue77谢谢", "account", "instagram/kestrel_blue77"),
    ("내Instagram은kestrel_blue77", "account", "instagram/kestrel_blue77"),
    ("我的whatsapp是07700900123", "phone", "+447700900123"),
    ("微信号：kestrel_blue77", "account", "wechat/kestrel_blue77"),
    ("телеграм: kestrel_blue77", "account", "telegram/kestrel_blue77"),
    ("мой тг @kestrel_blue77", "account", "telegram/kestrel_blue77"),
    ("インスタのIDはkestrel_blue77です", "account", "instagram/kestrel_blue77"),
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_a_word_is_known_whatever_script_touches_it(text: str, kind: str, value: str) -> None:
    (found,) = find(text, Context(country="GB")).found
    assert (found.value.kind, found.value.value) == (kind, value)


@pytest.mark.parametrize(
    "text", ["我在line上等你", "讲x是10", "preIMEI 356938035643809", "המשלוחית AB12 CDE"]
)
def test_a_part_of_a_longer_word_announces_nothing(text: str) -> None:
    assert not find(text, Context(country="GB")).found
