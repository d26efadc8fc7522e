"""Ledgers of categories, incomes, certificates and accounts: accepted, refused, recorded, taken back."""

from datetime import date

import pytest
from django.utils import timezone

from bangfu.intake.actions import apply_batch, undo_batch
from bangfu.intake.kinds import all_kinds
from bangfu.intake.staging import stage_file
from bangfu.people.checking.statements import is_odd_account, is_odd_certificate
from bangfu.people.models import BankAccount, Category, Certificate, YearIncome
from tests.factories import PersonFactory, id_number, id_number_of
from tests.intake.ledger_files import text

ON = date(2026, 6, 30)
GOOD = {
    "categories": (["户类型", "识别时间"], ["脱贫不稳定户", "2026-05"], Category),
    "incomes": (["年度", "工资性收入", "人均纯收入"], ["2025年", "38,000", "12000"], YearIncome),
    "certificates": (
        ["证书名称", "证书编号", "等级"],
        ["职业技能等级证书", "S000015000001265000001", "五级"],
        Certificate,
    ),
    "accounts": (["银行卡号", "开户行"], ["6222 0200 0000 0000 004", "某银行"], BankAccount),
}  # fmt: skip


def staged(code, header, *rows):
    data = text(["姓名", "证件号码", *header], *rows)
    return stage_file(all_kinds()[code], "a.csv", data, on=ON, by=None, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("code", GOOD)
def test_a_statement_is_recorded_and_taken_back(code):
    header, cells, model = GOOD[code]
    person = PersonFactory()
    model.objects.all().delete()
    batch = staged(code, header, [person.name, id_number_of(person), *cells])
    assert (batch.rows_accepted, batch.report["rejected"]) == (1, {})
    apply_batch(batch, at=timezone.now())
    assert model.objects.open().get().person_id == person.pk
    batch.refresh_from_db()
    assert undo_batch(batch, by=None, at=timezone.now()) == {}
    assert not model.objects.open().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", GOOD)
def test_what_is_wrong_with_a_row_is_named(code):
    header, cells, _ = GOOD[code]
    person = PersonFactory()
    number = id_number_of(person)
    empty = [""] * len(cells)
    batch = staged(
        code, header, [person.name, number, *cells], [person.name, number, *cells], ["旁人", number, *cells],
        [person.name, id_number(999), *cells], [person.name, number, *empty], [person.name, "", *cells],
    )  # fmt: skip
    assert batch.report["rejected"] == {
        "a.csv!4": ["name_mismatch"], "a.csv!5": ["person_unknown"], "a.csv!6": ["value_missing"],
        "a.csv!7": ["id_missing"],
    }  # fmt: skip
    assert "duplicate_row" in batch.report["warned"]["a.csv!3"]
    assert batch.rows_accepted == 1


@pytest.mark.parametrize(
    ("number", "odd"),
    [
        ("S000015000001265000001", False),
        ("Y000123010000019500001", False),
        ("S00001500000126500000", True),
        ("AB12345678901234567890", False),
        ("1234567890123456", False),
        ("RSN00000000000000001", False),
        ("培训字第12号", True),
    ],
)
def test_certificate_numbers(number, odd):
    assert is_odd_certificate(number) is odd


@pytest.mark.parametrize(
    ("number", "odd"),
    [("4111111111111111", False), ("4111111111111112", True), ("123", True), ("6222-02", True)],
)
def test_account_numbers(number, odd):
    assert is_odd_account(number) is odd
