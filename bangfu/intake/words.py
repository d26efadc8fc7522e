"""What the codes of files, rows and cells mean to a clerk: what happened and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bangfu.intake.failures import BadLedger

FILES: Mapping[str, Promise] = {
    "wrong_type": _("This is not a workbook or a CSV table. Save it as .xlsx and send it again."),
    "encrypted_workbook": _("The workbook is protected by a password. Remove the password and send it again."),
    "zip_bomb": _("The workbook unpacks to far more than a ledger holds. Copy the rows into a new workbook."),
    "too_large": _("The file is larger than one import takes. Split it by town and send the parts."),
    "truncated": _("The file stops half-way or is damaged. Save it again at its source and send it once more."),
    "unknown_encoding": _("The text is neither UTF-8 nor GB18030. Open it in your spreadsheet and save it as .xlsx."),
    "no_rows": _("There is no row below the column names. Check that the right sheet was saved."),
    "header_missing": _("No row holds the column names of this kind of ledger. Check that you chose the right kind."),
    "two_header_rows": _("Two rows hold column names. Leave one row of column names and send it again."),
    "columns_missing": _("A column that this ledger cannot do without is missing: %(columns)s."),
}

ROWS: Mapping[str, Promise] = {
    "id_missing": _("The ID number is empty. Fill it in from the ID card or the household register."),
    "id_precision_lost": _("The spreadsheet kept the ID number as a number and lost its last digits. Type it as text."),
    "id_old_15_digits": _("This is an ID number of the old kind with 15 digits. Use the 18 digits on the card."),
    "id_checksum": _("The last character of the ID number does not fit the others. Compare it with the card."),
    "id_birthdate": _("The ID number holds a birth date that does not exist or lies in the future."),
    "id_conflict": _("The same ID number stands with two different names. Find out whose it is; neither row is taken."),
    "name_invalid": _("The name is empty, holds a digit or begins with a sign. Write the name as on the ID card."),
    "division_unknown": _("No village of this name is known in the town. Check town and village."),
    "division_ambiguous": _("The village name fits more than one village of the town. Write it with its ending."),
    "outside_area": _("The village lies outside your area. Ask the office of that place to import the row."),
    "person_unknown": _("Nobody with this ID number is on the register. Import the roster first."),
    "name_mismatch": _("The ID number is on the register under another name. Compare both with the card."),
    "start_missing": _("At work, but the first day of work is missing. Fill in the day or the month."),
    "start_invalid": _("The first day of work is not a date. Write it as 2026-06-30 or 2026-06."),
    "start_in_future": _("The first day of work lies in the future. Check the year."),
    "headcount_invalid": _("The number of persons wanted must be a whole number of 1 or more."),
    "wage_range_invalid": _("The lowest wage is above the highest. Exchange or correct them."),
    "uscc_invalid": _("The unified social credit code is not right. Compare it with the business licence."),
    "discriminatory": _("The requirements name sex, ethnicity, marriage or birth. The law forbids it: take it out."),
    "sex_conflicts_id": _("The sex does not fit the ID number. The ID number was followed."),
    "phone_invalid": _("The telephone is not a mobile number of 11 digits. It was left empty."),
    "value_unknown": _("The value is not on the list of this column. The cell was left empty."),
    "date_invalid": _("The date does not exist. The cell was left empty."),
    "number_invalid": _("The cell is not a number. It was left empty."),
    "place_unknown": _("Province, city and county do not lead to one county. The place was left empty."),
    "value_missing": _("A value that the row cannot do without is empty or not readable. Fill it in."),
    "certificate_odd": _("The certificate number fits no known scheme. Compare it with the certificate; it is kept."),
    "account_odd": _("The account number fits no bank card. Compare it with the passbook or card; it is kept."),
    "expired": _("The vacancy has expired already. It is kept but not offered."),
    "occupation_unknown": _("The occupation code is not of the form 4-10-01-06. It was left empty."),
    "deed_unknown": _(
        "What to do is not said. Write one of: 结束就业, 开始就业, 调整工资, 修改意愿, 修改电话, 更换帮扶责任人."
    ),
    "day_in_future": _("The day lies in the future. Check the year."),
    "day_before_start": _("The day lies before the job began. Check it against the job on file."),
    "no_open_job": _("No job is on file that runs on this day. Check the person, or begin a job first."),
    "employer_missing": _("A job needs its employer or its occupation. Fill in one of the two."),
    "wage_missing": _("The new wage is missing or not a number. Write it in yuan a month, such as 4500."),
    "wish_missing": _("Say at least one wish: 是 or 否 in the columns of work or training."),
    "phone_missing": _("The new telephone is missing or not a mobile number of 11 digits."),
    "helper_unknown": _("No helper, or more than one, has this name. Write the sign-in name instead."),
    "post_under_16": _("Nobody under 16 may hold a public-welfare post. Check the ID number and the first day."),
    "post_over_70": _("The person is 70 or older. Find out whether the post is to be ended."),
    "post_kind_missing": _("Which post it is is not said. Fill in the name of the post."),
    "post_held": _("The person holds another public-welfare post already. Nobody holds two at once."),
    "ends_before_start": _("The class ends before it begins. Compare both days with the class's notice."),
    "household_new": _("No household of this number is on the register yet. It is added; check the number."),
    "head_elsewhere": _("The head belongs to another household on the register. The head will move to this one."),
    "members_differ": _("The register knows another number of members. Compare with the household register."),
    "hours_odd": _("More hours were attended than the class has. Compare with the attendance sheet."),
    "certificate_kind_missing": _("The certificate has a number but no kind. It was left out; name the kind."),
    "duplicate_row": _("The row is there already, with the same values. It was not counted again."),
    "duplicate_differs": _("The person or job is there already with other values. The first row stays."),
}

FIELDS: Mapping[str, Promise] = {
    "province": _("Province"),
    "city": _("City"),
    "county": _("County"),
    "town": _("Town"),
    "village": _("Village"),
    "household_no": _("Household number"),
    "members": _("Members"),
    "name": _("Name"),
    "sex": _("Sex"),
    "id_number": _("ID number"),
    "age": _("Age"),
    "relation": _("Relation to the head"),
    "ethnicity": _("Ethnicity"),
    "education": _("Education"),
    "health": _("Health"),
    "labour_capacity": _("Labour capacity"),
    "will_work": _("Will to work"),
    "will_train": _("Will to train"),
    "phone": _("Telephone"),
    "category": _("Category"),
    "identified_on": _("Identified on"),
    "risk": _("Risk of poverty"),
    "income_per_head": _("Net income per head (yuan)"),
    "year": _("Year"),
    "wage_income": _("Income from wages (yuan)"),
    "business_income": _("Income from business (yuan)"),
    "property_income": _("Income from property (yuan)"),
    "transfer_income": _("Income from transfers (yuan)"),
    "certificate": _("Kind of certificate"),
    "trade": _("Trade"),
    "number": _("Number"),
    "issuer": _("Issued by"),
    "issued_on": _("Issued on"),
    "expires_on": _("Valid until"),
    "bank": _("Bank"),
    "account": _("Account number"),
    "class_no": _("Class number"),
    "provider": _("Training provider"),
    "training_form": _("Kind of training"),
    "started_on": _("Begins on"),
    "ended_on": _("Ends on"),
    "hours": _("Hours planned"),
    "hours_attended": _("Hours attended"),
    "theory_mark": _("Mark in theory"),
    "practice_mark": _("Mark in practice"),
    "result": _("Result"),
    "subsidy": _("Training subsidy (yuan)"),
    "working": _("At work or not"),
    "form": _("Form of employment"),
    "work_province": _("Province of work"),
    "work_city": _("City of work"),
    "work_county": _("County of work"),
    "employer": _("Employer"),
    "uscc": _("Credit code"),
    "occupation": _("Occupation"),
    "start": _("First day of work"),
    "end": _("Last day of work"),
    "wage": _("Monthly wage (yuan)"),
    "channel": _("How found"),
    "organised": _("Organised transport"),
    "industry": _("Industry"),
    "travel_aid": _("Travel subsidy of the year (yuan)"),
    "will_go_out": _("Plans to work away from home"),
    "plan_province": _("Province planned"),
    "plan_city": _("City planned"),
    "plan_county": _("County planned"),
    "service_need": _("Services asked for"),
    "insurances": _("Kinds of insurance"),
    "wished_occupation": _("Wished occupation"),
    "wage_floor": _("Wished wage (yuan)"),
    "reason": _("Why without work"),
    "wished_trade": _("Wished training"),
    "deed": _("What to do"),
    "day": _("Day"),
    "helper": _("Helper"),
    "title": _("Post"),
    "headcount": _("Persons wanted"),
    "wage_low": _("Lowest wage (yuan)"),
    "wage_high": _("Highest wage (yuan)"),
    "level": _("Skill level"),
    "age_low": _("Youngest age"),
    "age_high": _("Oldest age"),
    "requirements": _("Requirements"),
    "lodging": _("Board and lodging"),
    "insured": _("Social insurance"),
    "contact": _("Contact"),
    "valid_until": _("Valid until"),
}

LEFT: Mapping[str, Promise] = {
    "changed_since": _("newer facts were recorded about them since"),
    "in_a_case": _("they are in an open case"),
    "offered_already": _("they were offered to somebody"),
}


def field_name(code: str) -> str:
    """What a column of a ledger fills, in words; the code itself where it has none."""
    return str(FIELDS.get(code, code))


def left_because(code: str) -> str:
    """Why an undo left something as it is."""
    return str(LEFT.get(code, code))


def explain_failure(error: BadLedger) -> str:
    """Why a whole file cannot be used, with the place where the clerk finds the trouble."""
    words = str(FILES[error.code])
    parameters = error.parameters
    if "columns" in parameters:
        words = words % {"columns": "、".join(str(name) for name in parameters["columns"])}  # type: ignore[attr-defined]
    where = [str(parameters[name]) for name in ("sheet", "rows", "line") if name in parameters]
    return f"{words} ({', '.join(where)})" if where else words


def explain_row(code: str) -> str:
    """What is wrong with a row, and what to do."""
    return str(ROWS[code])
