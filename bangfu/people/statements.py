"""Further ledgers of people: categories, incomes of a year, certificates, bank accounts."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.intake.kinds import Applying, Kind, Rows
from bangfu.intake.tables import Columns
from bangfu.people.actions import record_accounts, record_certificates, record_facts
from bangfu.people.checking import columns
from bangfu.people.checking.statements import Statement, check_statements, is_odd_account, is_odd_certificate
from bangfu.people.ledgers import how_of, keyed, standing_of, undo
from bangfu.people.models import Category, YearIncome
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.watchers import batch_changed

_PERSON = {"name": columns.NAME, "id_number": columns.ID_NUMBER}
_EXAMPLE = {"name": "示例", "id_number": "990522198602140023"}
_CERTIFICATES = {
    "职业技能等级证书": "skill_level",
    "职业资格证书": "qualification",
    "专项职业能力证书": "special_ability",
    "培训合格证": "completion",
    "培训合格证书": "completion",
    "特种作业操作证": "operation",
    "毕业证书": "diploma",
}
_LEVELS = {
    "学徒工": "apprentice",
    **dict.fromkeys(("初级工", "五级", "五级/初级工"), "junior"),
    **dict.fromkeys(("中级工", "四级", "四级/中级工"), "middle"),
    **dict.fromkeys(("高级工", "三级", "三级/高级工"), "senior"),
    **dict.fromkeys(("技师", "二级", "二级/技师"), "technician"),
    **dict.fromkeys(("高级技师", "一级", "一级/高级技师"), "senior_technician"),
    "特级技师": "special_technician",
    "首席技师": "chief_technician",
}

CATEGORIES = Statement(
    columns=Columns(
        labels={
            **_PERSON,
            "category": ("户类型", "监测对象类别", "户类别", "家庭类型"),
            "identified_on": ("识别(纳入)时间", "识别监测时间", "识别时间", "纳入时间"),
            "risk": ("致(返)贫风险", "致贫返贫风险", "返贫风险", "致贫风险", "风险类型"),
        },
        required=frozenset({"id_number", "category"}),
        values={"category": tuple(columns.CATEGORY)},
        dates=frozenset({"identified_on"}),
        texts=columns.TEXTS,
        example={**_EXAMPLE, "category": "脱贫不稳定户", "identified_on": "2026-05-12", "risk": "因病"},
    ),
    needed=("category",),
    texts=("risk",),
    days=("identified_on",),
    lists={"category": columns.CATEGORY},
)
INCOMES = Statement(
    columns=Columns(
        labels={
            **_PERSON,
            "year": ("年度", "收入年度", "年份"),
            "wage_income": ("工资性收入", "工资性收入(元)"),
            "business_income": ("生产经营性收入", "经营性收入", "经营净收入"),
            "property_income": ("财产性收入", "财产净收入"),
            "transfer_income": ("转移性收入", "转移净收入"),
            "income_per_head": ("人均纯收入(元)", "人均纯收入", "家庭人均纯收入"),
        },
        required=frozenset({"id_number", "year"}),
        amounts=frozenset({"wage_income", "business_income", "property_income", "transfer_income", "income_per_head"}),
        texts=columns.TEXTS,
        example={**_EXAMPLE, "year": "2025", "wage_income": "38000", "income_per_head": "12000"},
    ),
    key=("year",),
    needed=("year",),
    amounts=("wage_income", "business_income", "property_income", "transfer_income", "income_per_head"),
    years=("year",),
)
CERTIFICATES = Statement(
    columns=Columns(
        labels={
            **_PERSON,
            "certificate": ("证书名称", "证书类型", "证书类别"),
            "trade": ("职业(工种)", "培训职业(工种)", "职业工种", "工种"),
            "level": ("技能等级", "等级", "证书等级"),
            "number": ("证书编号", "证书号", "证书号码"),
            "issuer": ("发证机构", "发证单位", "评价机构"),
            "issued_on": ("发证日期", "发证时间"),
            "expires_on": ("有效期至", "证书有效期至"),
        },
        required=frozenset({"id_number", "number", "certificate"}),
        values={"certificate": tuple(_CERTIFICATES), "level": tuple(_LEVELS)},
        dates=frozenset({"issued_on", "expires_on"}),
        texts=columns.TEXTS,
        example={
            **_EXAMPLE, "certificate": "职业技能等级证书", "trade": "养老护理员", "level": "五级/初级工",
            "number": "S000015000001265000001", "issued_on": "2026-05-12",
        },
    ),
    key=("number",),
    needed=("number", "certificate"),
    texts=("number", "trade", "issuer"),
    days=("issued_on", "expires_on"),
    lists={"certificate": _CERTIFICATES, "level": _LEVELS},
    doubted={"number": ("certificate_odd", is_odd_certificate)},
)  # fmt: skip
ACCOUNTS = Statement(
    columns=Columns(
        labels={
            **_PERSON,
            "number": ("银行(社保卡)账号", "银行账号", "社保卡账号", "银行卡号", "账号", "一卡通账号"),
            "bank": ("开户行", "开户银行", "银行名称"),
        },
        required=frozenset({"id_number", "number"}),
        texts=columns.TEXTS,
        example={**_EXAMPLE, "number": "6222020000000000002", "bank": "某农村商业银行"},
    ),
    needed=("number",),
    texts=("number", "bank"),
    doubted={"number": ("account_odd", is_odd_account)},
)


def _apply_categories(rows: Rows, applying: Applying) -> None:
    found = keyed(rows)
    states = {
        row["person"]: {"kind": row["category"], "risk": row["risk"], "precision": row["identified_on_precision"]}
        for row in found
    }
    since = {row["person"]: min(row["identified_on"], applying.on) for row in found if row["identified_on"]}
    record_facts(Category, states, how_of(applying), since=since)


def _apply_incomes(rows: Rows, applying: Applying) -> None:
    states = {
        (row["person"], row["year"]): {
            "wage_amount": row["wage_income"], "business_amount": row["business_income"],
            "property_amount": row["property_income"], "transfer_amount": row["transfer_income"],
            "per_head_amount": row["income_per_head"],
        }
        for row in keyed(rows)
    }  # fmt: skip
    record_facts(YearIncome, states, how_of(applying))


def _apply_certificates(rows: Rows, applying: Applying) -> None:
    record_certificates([{**row, "kind": row["certificate"]} for row in keyed(rows)], how_of(applying))


def _apply_accounts(rows: Rows, applying: Applying) -> None:
    record_accounts([{**row, "number": "".join(row["number"].split())} for row in keyed(rows)], how_of(applying))


def _kind(
    code: str,
    title: Any,
    about: Any,
    statement: Statement,
    apply: Callable[[Rows, Applying], None],
) -> Kind:
    return Kind(
        code=code, title=title, about=about, columns=statement.columns,
        check=lambda sheets, on: check_statements(sheets, statement, RegisterLookup(), on),
        apply=apply, undo=undo,
        standing=standing_of, related="id_number",
        follow=batch_changed,
    )  # fmt: skip


CATEGORY_LEDGER = _kind(
    "categories", _("Categories"), _("Households lifted or monitored, by the agriculture bureau's list"), CATEGORIES,
    _apply_categories,
)  # fmt: skip
INCOME_LEDGER = _kind(
    "incomes", _("Incomes of a year"), _("Household incomes by kind, one year a row"), INCOMES, _apply_incomes
)
CERTIFICATE_LEDGER = _kind(
    "certificates", _("Certificates"), _("Proofs of skill of people on the register"), CERTIFICATES, _apply_certificates
)
ACCOUNT_LEDGER = _kind(
    "accounts", _("Bank accounts"), _("Where money for people of the register goes; kept sealed"), ACCOUNTS,
    _apply_accounts,
)  # fmt: skip
