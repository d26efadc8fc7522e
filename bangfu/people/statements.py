"""Ledgers that state facts of people on the register: categories, incomes, certificates, accounts, trainings."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.intake.kinds import Applying, Kind, Rows
from bangfu.intake.tables import Columns
from bangfu.people.actions import record_accounts, record_certificates, record_facts
from bangfu.people.checking import columns
from bangfu.people.checking.statements import (
    Statement,
    check_statements,
    check_training,
    is_odd_account,
    is_odd_certificate,
)
from bangfu.people.comparing import who_is_meant
from bangfu.people.ledgers import how_of, keyed, standing_of, undo
from bangfu.people.models import BankAccount, Category, Certificate, Training, YearIncome
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.stated import Stated, certificate_numbers, changes_of, guarded_by
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
_RESULTS = {
    "合格": "passed",
    "通过": "passed",
    "结业": "passed",
    "不合格": "failed",
    "未通过": "failed",
    "未考核": "none",
}
_PASSED = {"passed": True, "failed": False}
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


TRAINING = Statement(
    columns=Columns(
        labels={
            **_PERSON,
            "class_no": ("班级编号", "开班号", "班期编号", "班次编号"),
            "provider": ("培训机构", "机构", "承训机构"),
            "trade": ("培训职业(工种)", "职业(工种)", "培训工种", "工种"),
            "level": ("等级", "技能等级", "培训等级"),
            "training_form": ("培训类型", "培训形式"),
            "started_on": ("开始日期", "开班日期", "培训开始时间"),
            "ended_on": ("结束日期", "结业日期", "培训结束时间"),
            "hours": ("总课时", "课时"),
            "hours_attended": ("实到课时", "实际课时"),
            "theory_mark": ("理论成绩",),
            "practice_mark": ("实操成绩", "技能成绩"),
            "result": ("结论", "考核结果", "培训结果"),
            "subsidy": ("培训补贴(元)", "培训补贴", "补贴金额"),
            "certificate": ("证书名称", "证书类型"),
            "number": ("证书编号", "证书号"),
            "issuer": ("发证机构", "发证单位"),
            "issued_on": ("发证日期",),
            "account": ("银行(社保卡)账号", "银行账号", "社保卡账号"),
        },
        required=frozenset({"id_number", "trade", "started_on"}),
        values={"level": tuple(_LEVELS), "result": tuple(_RESULTS), "certificate": tuple(_CERTIFICATES)},
        dates=frozenset({"started_on", "ended_on", "issued_on"}),
        amounts=frozenset({"hours", "hours_attended", "theory_mark", "practice_mark", "subsidy"}),
        texts=columns.TEXTS | {"account"},
        example={
            **_EXAMPLE, "class_no": "2026-015", "provider": "某职业培训学校", "trade": "养老护理员",
            "level": "五级/初级工", "started_on": "2026-05-11", "ended_on": "2026-06-05", "hours": "120",
            "hours_attended": "116", "result": "合格",
        },
    ),
    key=("class_no", "trade", "started_on"),
    needed=("trade", "started_on"),
    texts=("class_no", "provider", "trade", "training_form", "number", "issuer", "account"),
    amounts=("hours", "hours_attended", "theory_mark", "practice_mark", "subsidy"),
    days=("started_on", "ended_on", "issued_on"),
    lists={"level": _LEVELS, "result": _RESULTS, "certificate": _CERTIFICATES},
    doubted={"number": ("certificate_odd", is_odd_certificate), "account": ("account_odd", is_odd_account)},
    further=check_training,
)  # fmt: skip
_INCOME_COLUMNS = {
    "wage_income": "wage_amount", "business_income": "business_amount", "property_income": "property_amount",
    "transfer_income": "transfer_amount", "income_per_head": "per_head_amount",
}  # fmt: skip
_CERTIFICATE_COLUMNS = {
    "number": "number_index", "certificate": "kind", "trade": "trade", "level": "level", "issuer": "issuer",
    "issued_on": "issued_on", "expires_on": "expires_on",
}  # fmt: skip
_TRAINING_COLUMNS = {
    "provider": "provider", "trade": "trade", "level": "level", "training_form": "form", "ended_on": "ends_on",
    "hours": "hours", "hours_attended": "hours_attended", "theory_mark": "theory_mark",
    "practice_mark": "practice_mark", "subsidy": "subsidy_amount",
}  # fmt: skip


def _courses(rows: Rows) -> list[str]:
    """What tells the trainings of a person apart: the number of the class, else trade and first day."""
    return [str(row["class_no"] or f"{row['trade']} {row['started_on']}")[:60] for row in rows]


def _apply_training(rows: Rows, applying: Applying) -> None:
    found, how = keyed(rows), how_of(applying)
    states, since = {}, {}
    for row, course in zip(found, _courses(found), strict=True):
        key = row["person"], course
        states[key] = {column: row[field] for field, column in _TRAINING_COLUMNS.items()}
        states[key]["passed"] = _PASSED.get(row["result"])
        since[key] = row["started_on"]
    record_facts(Training, states, how, since=since)
    proven = [row for row in found if row["number"] and row["certificate"]]
    if proven:
        record_certificates([{**row, "kind": row["certificate"]} for row in proven], how)
    paid = [row for row in found if row["account"]]
    if paid:
        record_accounts([{**row, "number": "".join(row["account"].split()), "bank": None} for row in paid], how)


def _kind(
    code: str,
    title: Any,
    about: Any,
    statement: Statement,
    apply: Callable[[Rows, Applying], None],
    *stated: Stated,
) -> Kind:
    return Kind(
        code=code, title=title, about=about, columns=statement.columns,
        check=lambda sheets, on: check_statements(sheets, statement, RegisterLookup(), on),
        apply=apply, undo=undo, changes=changes_of(*stated), who=who_is_meant, guarded=guarded_by(*stated),
        standing=standing_of, related="id_number",
        follow=batch_changed,
    )  # fmt: skip


CATEGORY_LEDGER = _kind(
    "categories", _("Categories"), _("Households lifted or monitored, by the agriculture bureau's list"), CATEGORIES,
    _apply_categories, Stated(Category, {"category": "kind", "risk": "risk"}),
)  # fmt: skip
INCOME_LEDGER = _kind(
    "incomes", _("Incomes of a year"), _("Household incomes by kind, one year a row"), INCOMES, _apply_incomes,
    Stated(YearIncome, _INCOME_COLUMNS, lambda rows: [row["year"] for row in rows]),
)  # fmt: skip
CERTIFICATE_LEDGER = _kind(
    "certificates", _("Certificates"), _("Proofs of skill of people on the register"), CERTIFICATES,
    _apply_certificates, Stated(Certificate, _CERTIFICATE_COLUMNS, certificate_numbers),
)  # fmt: skip
ACCOUNT_LEDGER = _kind(
    "accounts", _("Bank accounts"), _("Where money for people of the register goes; kept sealed"), ACCOUNTS,
    _apply_accounts, Stated(BankAccount, {"number": "number_index", "bank": "bank"}),
)  # fmt: skip
TRAINING_ROSTER = _kind(
    "training_roster", _("Training roster"), _("Who attended which class, with results, certificates and accounts"),
    TRAINING, _apply_training,
    Stated(Training, _TRAINING_COLUMNS, _courses),
    Stated(Certificate, {"number": "number_index", "certificate": "kind"}, certificate_numbers),
    Stated(BankAccount, {"account": "number_index"}),
)  # fmt: skip
