"""Headings that stand among the rows again, and numbers of orders: neither is anybody's identifier."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable


def read(text: str, country: str = "GB") -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country=country)))


def found(rows: list[AnyRow]) -> set[str]:
    return {f"{row.value.kind} {row.value.value}" for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    "name", ["username", "user", "account", "login", "nickname", "alias", "benutzername", "usuario", "pseudo", "handle"]
)  # fmt: skip
def test_a_repeated_heading_is_said_and_not_read(name: str) -> None:
    rows = read(f"email,{name}\nowl@post.example,owl81\nEmail, {name.upper()} \nfox@post.example,fox82\n")
    assert found(rows) == {
        "email owl@post.example", "email fox@post.example", "handle owl81", "handle fox82"
    }  # fmt: skip
    assert said(rows) == ["Row 3 repeats the headings: not read as a row."]
    assert isinstance(rows[0], ColumnMap)
    assert all(column.sure for column in rows[0].columns)


@pytest.mark.parametrize("again", ["username,email", "user name,e-mail", "login,mail"])
def test_headings_of_a_table_below_the_first_are_said_and_not_read(again: str) -> None:
    rows = read(
        f"email,username\nowl@post.example,owl81\nelk@post.example,elk8\n{again}\nfox@post.example,fox82\n"
    )
    assert not found(rows) & {"handle username", "handle email", "handle mail", "handle e-mail"}
    assert len([text for text in said(rows) if "headings" in text]) == 1


def test_headings_of_other_columns_below_the_first_are_said_and_not_read() -> None:
    rows = read("email,username\nowl@post.example,owl81\nphone,username\n+447700900613,fox82\n")
    assert "handle username" not in found(rows)
    assert any("Row 3 " in text and "another table" in text for text in said(rows))


def test_a_user_who_is_called_as_a_column_is_a_user() -> None:
    rows = read("email,username\nowl@post.example,alias\nfox@post.example,user\n")
    assert {"handle alias", "handle user"} <= found(rows)
    rows = read("platform,username,event\nInstagram,alias,login\nInstagram,fox82,login\n")
    assert {name.removeprefix("account ").casefold() for name in found(rows)} == {
        "instagram/alias",
        "instagram/fox82",
    }


def test_many_repetitions_fill_no_receipt() -> None:
    rows = read("email,username\n" + "owl@post.example,owl81\nemail,username\n" * 1500)
    assert len(said(rows)) <= 1001
    assert "500 further" in said(rows)[-1]


ORDERS = [
    "Order number", "Order no.", "order_id", "Invoice no", "Invoice number", "Bestellnummer", "Bestell-Nr.", "Rechnungsnummer",
    "Auftragsnr", "Sendungsnummer", "Tracking number", "DHL tracking number", "tracking_no", "Parcel number", "Receipt no",
    "Numéro de commande", "N° de facture", "Numéro de suivi", "Número de pedido", "Nº de factura", "Numero ordine",
    "Numero di fattura", "Número da encomenda", "Bestelnummer", "Factuurnummer", "Numer zamówienia", "Nr faktury",
    "Číslo objednávky", "Siparis no", "Sipariş numarası", "Ordrenummer", "Fakturanummer", "Tilausnumero", "Номер заказа",
    "Номер замовлення", "Αριθμός παραγγελίας", "注文番号", "订单号", "주문번호", "رقم الطلب", "Transaction ID", "Order",
]  # fmt: skip


@pytest.mark.parametrize("heading", ORDERS)
@pytest.mark.parametrize(
    "number", ["07700900610", "02079460958", "+447700900613", "0770 0900 610", "00447700900610"]
)
def test_numbers_of_orders_are_no_telephones(heading: str, number: str) -> None:
    rows = read(f"Email,{heading},Total\nowl@post.example,{number},9.50\nfox@post.example,{number},12.00\n")
    assert found(rows) == {"email owl@post.example", "email fox@post.example"}


@pytest.mark.parametrize(
    "heading", ["Order phone", "Order contact number", "Delivery phone number", "Invoice mobile no", "Tracking phone", "Number"]
)  # fmt: skip
def test_a_telephone_beside_an_order_is_one(heading: str) -> None:
    rows = read(f"Email,{heading}\nowl@post.example,+447700900613\nfox@post.example,+447700900614\n")
    assert {"phone +447700900613", "phone +447700900614"} <= found(rows)


def test_what_else_stands_under_an_order_is_still_found() -> None:
    rows = read("Username,Order number\nowl81,kid@post.example\nfox82,88213 called from +44 7700 900613\n")
    assert {"email kid@post.example", "phone +447700900613"} <= found(rows)
