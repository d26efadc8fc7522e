"""A second, naive reading of the ledger contract: one row after another, plain dicts, no speed.

It shares no code with the importer. A ledger is a list of sheets, a sheet (name, [(row number, {column name:
cell}), ...]) with merged cells already spread over their rows; blank lines and totals are still in it. The
cells are text, numbers (int or float: a number cell) or dates, as a file of that kind stores them.
"""

import re
from datetime import date

WORDS = {
    "成员姓名": "姓名",
    "身份证号": "证件号码",
    "身份证号码": "证件号码",
    "公民身份号码": "证件号码",
    "手机号": "联系电话",
    "手机号码": "联系电话",
    "村(社区)": "行政村",
    "嘎查(村)": "行政村",
    "旗县": "县(市、区)",
    "区县": "县(市、区)",
    "劳动能力": "劳动技能",
    "关系": "与户主关系",
}
LISTS = {
    "性别": "男/女",
    "文化程度": "文盲或半文盲/小学/初中/高中/大专/本科及以上",
    "健康状况": "健康/长期慢性病/患有大病/残疾",
    "劳动技能": "普通劳动力/技能劳动力/弱劳动力或半劳动力/丧失劳动力/无劳动力",
    "就业意愿": "是/否",
    "培训意愿": "是/否",
    "户类型": "脱贫户/脱贫不稳定户/边缘易致贫户/突发严重困难户",
    "就业状态": "已就业/未就业",
}
DATES = ("识别(纳入)时间", "开始时间", "结束时间", "有效期至")
DAY_FORMS = (
    r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})",
    r"(\d{4})()(\d{2})(\d{2})",
    r"(\d{4})(年)(\d{1,2})月(\d{1,2})日",
)
NUMBERS = ("人均纯收入(元)", "月收入(元)", "期望月薪", "年龄下限", "年龄上限", "月薪下限", "月薪上限")
ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "嘎查", "社区", "村")
NO_ROW = ("小计", "合计", "填报人", "审核人")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REPEATS = {"duplicate_row", "duplicate_differs"}
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def rows_of(sheets):
    """(row name, {field: cell}) of the lines that are rows."""
    found = []
    for sheet, lines in sheets:
        for number, cells in lines:
            row = {"".join(label.split()): cell for label, cell in cells.items()}
            row = {WORDS.get(label, label): cell for label, cell in row.items()}
            is_nothing = is_total(row.values())
            row.pop("序号", None)
            if any(filled(row.values())) and not is_nothing and not is_total(row.values()):
                found.append((f"{sheet}!{number}", row))
    return found


def filled(cells):
    """The texts of the filled cells."""
    return [text(cell) for cell in cells if text(cell) != ""]


def is_total(cells):
    """A line of totals or signatures; asked with the running number and without it."""
    words = filled(cells)
    return len(words) <= 2 and any(mark in word for word in words for mark in NO_ROW)


def text(cell):
    """A cell as a reader of the sheet sees it."""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return str(cell).strip()


def narrow(string):
    """Full-width letters and digits made narrow."""
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in string)


def check_sign(body):
    """The check character of 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def id_number(cell, on):
    """The mended ID, or None with a code."""
    number = "".join(sign for sign in narrow(text(cell)) if not sign.isspace() and sign not in "'’‘`").upper()
    if number in ("", "无"):
        return None, "id_missing"
    if isinstance(cell, int | float) or re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        return None, "id_precision_lost"
    if re.fullmatch(r"\d{15}", number):
        return None, "id_old_15_digits"
    if len(number) == 20:
        number = number[:18]
    if not re.fullmatch(r"\d{17}[\dX]", number) or check_sign(number[:17]) != number[17]:
        return None, "id_checksum"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None, "id_birthdate"
    return (number, None) if born <= on else (None, "id_birthdate")


def person_name(cell):
    """A name after mending."""
    name = text(cell)
    for dot in "•．.・":
        name = name.replace(dot, "·")
    letters = "".join(name.split())
    return letters if len(letters) == 2 else name


def is_bad_name(name):
    return name == "" or any(sign.isdigit() for sign in name) or name[0] in "=+-@"


def day(cell):
    """(date, precision), "" where the cell is empty, None where it says no day."""
    if isinstance(cell, date):
        return cell, "day"
    string = text(cell)
    if string == "":
        return ""
    for form in DAY_FORMS:
        if match := re.fullmatch(form, string):
            try:
                return date(int(match[1]), int(match[3]), int(match[4])), "day"
            except ValueError:
                return None
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", string) or re.fullmatch(r"(\d{4})年(\d{1,2})月", string)
    if match and 1 <= int(match[2]) <= 12:
        return date(int(match[1]), int(match[2]), 1), "month"
    return None


def amount(cell):
    """A number, "" where the cell is empty, None where it is none."""
    string = text(cell).replace(",", "").removesuffix("元")
    if string == "":
        return ""
    return float(string) if re.fullmatch(r"\d+(\.\d+)?", string) else None


def stem(village):
    """A village's name without its endings."""
    for ending in ENDINGS:
        if village.endswith(ending) and village != ending:
            return stem(village.removesuffix(ending))
    return village


def village(row, places):
    """(what the row's place is, code). `places`: {county name: {town name: [village names]}}."""
    towns = places.get(text(row["县(市、区)"]), {})
    villages = towns.get(text(row["乡镇"]), [])
    name = text(row["行政村"])
    if name in villages:
        return name, None
    fitting = [other for other in villages if stem(other) == stem(name)] if name else []
    if len(fitting) > 1:
        return None, "division_ambiguous"
    return (fitting[0], None) if fitting else (None, "division_unknown")


def is_credit_code(cell):
    """True for a unified social credit code whose check sign is right."""
    code = text(cell)
    if len(code) != 18 or any(sign not in CREDIT_SIGNS for sign in code):
        return False
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(code, CREDIT_WEIGHTS, strict=False))
    return CREDIT_SIGNS[(31 - total % 31) % 31] == code[17]


def cell_warnings(row):
    """Codes of single cells; `row` gets the mended cells."""
    codes = set()
    for field in row:
        if field in LISTS:
            if text(row[field]) not in ("", *LISTS[field].split("/")):
                codes.add("value_unknown")
                row[field] = ""
        elif field in DATES:
            row[field] = day(row[field])
            codes |= {"date_invalid"} if row[field] is None else set()
            row[field] = row[field] or ""
        elif field in NUMBERS:
            row[field] = amount(row[field])
            codes |= {"number_invalid"} if row[field] is None else set()
            row[field] = "" if row[field] is None else row[field]
        elif field == "联系电话":
            phone = text(row[field])
            if phone not in ("", "无") and not re.fullmatch(r"1[3-9]\d{9}", phone):
                codes.add("phone_invalid")
                phone = ""
            row[field] = phone.replace("无", "")
        else:
            row[field] = text(row[field])
    return codes


def mark_repeats(rows, rejected, warned, key, on_file=None):
    """What is on file, else the first row that is not rejected, stays; a row whose key is None has none."""
    stays = dict(on_file or {})
    for name, row in rows:
        if key(row) is None or "id_conflict" in rejected[name]:
            continue
        if key(row) in stays:
            warned[name].add("duplicate_row" if row == stays[key(row)] else "duplicate_differs")
        elif not rejected[name]:
            stays[key(row)] = row


def report(rows, rejected, warned):
    """The report in the shape of the expected files."""
    repeated = {name for name, codes in warned.items() if codes & REPEATS}
    return {
        "accepted": sum(not rejected[name] and name not in repeated for name, _ in rows),
        "rejected": {name: sorted(codes) for name, codes in rejected.items() if codes},
        "warned": {name: sorted(codes) for name, codes in warned.items() if codes},
    }


def roster_report(sheets, places, on, register=None):
    """The report of a roster; `register`: {ID: mended cells} of those on the register already."""
    return report(*judged_roster(sheets, places, on, register or {}))


def people_of(sheets, places, on):
    """{ID: mended cells} of the rows that an empty register takes from a roster."""
    rows, rejected, warned = judged_roster(sheets, places, on, {})
    return {row["证件号码"]: row for name, row in rows if not rejected[name] and not warned[name] & REPEATS}


def judged_roster(sheets, places, on, register):
    """The rows with mended cells, and the codes of each."""
    rows = rows_of(sheets)
    rejected, warned = {name: set() for name, _ in rows}, {name: set() for name, _ in rows}
    names = {number: {known["姓名"]} for number, known in register.items()}
    for name, row in rows:
        written = dict(row)
        number, id_code = id_number(row["证件号码"], on)
        warned[name] = cell_warnings(row)
        row["证件号码"], row["姓名"] = number, person_name(written["姓名"])
        place, place_code = village(written, places)
        row["县(市、区)"], row["行政村"] = ("", place) if place else (row["县(市、区)"], row["行政村"])
        rejected[name] = {id_code, place_code} - {None}
        if is_bad_name(row["姓名"]):
            rejected[name].add("name_invalid")
        elif number:
            names.setdefault(number, set()).add(row["姓名"])
        if number:
            sex = "男" if int(number[16]) % 2 else "女"
            if row.get("性别", "") not in ("", sex):
                warned[name].add("sex_conflicts_id")
            row["性别"] = sex
    for name, row in rows:
        if row["证件号码"] and len(names.get(row["证件号码"], ())) > 1:
            rejected[name].add("id_conflict")
    on_file = {(number, known["姓名"]): known for number, known in register.items()}
    mark_repeats(rows, rejected, warned, lambda row: row["证件号码"] and (row["证件号码"], row["姓名"]), on_file)
    return rows, rejected, warned


def jobs_report(sheets, counties, on, register):
    """The report of a job ledger; `counties`: [(province, city, county)], `register`: {ID: name}."""
    rows = rows_of(sheets)
    rejected, warned = {name: set() for name, _ in rows}, {name: set() for name, _ in rows}
    for name, row in rows:
        written = dict(row)
        number, id_code = id_number(row["证件号码"], on)
        warned[name] = cell_warnings(row)
        row["证件号码"], row["姓名"] = number, person_name(written["姓名"])
        rejected[name] = {id_code} - {None}
        if number and number not in register:
            rejected[name].add("person_unknown")
        elif number and register[number] != row["姓名"]:
            rejected[name].add("name_mismatch")
        start = day(written["开始时间"])
        if row["就业状态"] == "已就业":
            if start is None:
                rejected[name].add("start_invalid")
                if written.get("结束时间", "") == "" or day(written["结束时间"]) is not None:
                    warned[name].discard("date_invalid")
            elif start == "":
                rejected[name].add("start_missing")
            elif start[0] > on:
                rejected[name].add("start_in_future")
        begun = first_day(start, row["就业状态"] == "已就业")
        row["key"] = (number, row["姓名"], begun) if number and begun is not None else None
        if row["统一社会信用代码"] != "" and not is_credit_code(row["统一社会信用代码"]):
            warned[name].add("uscc_invalid")
            row["统一社会信用代码"] = ""
        place = [row[field] for field in ("务工省", "务工市", "务工县")]
        if any(place) and not leads_to_one(place, counties):
            warned[name].add("place_unknown")
    mark_repeats(rows, rejected, warned, lambda row: row["key"])
    return report(rows, rejected, warned)


def first_day(start, works):
    """What a repeat is told by: the first day, "" for somebody who has no job to begin, None where it lacks."""
    if start:
        return str(start[0])
    return None if works else ""


def leads_to_one(place, counties):
    if place[2] == "":
        return False
    fitting = [
        chain for chain in counties if all(said in ("", known) for said, known in zip(place, chain, strict=True))
    ]
    return len(fitting) == 1


def posts_report(sheets, unfair, on):
    """The report of vacancies; `unfair`: the requirements that no law allows, as written."""
    rows = rows_of(sheets)
    rejected, warned = {name: set() for name, _ in rows}, {name: set() for name, _ in rows}
    for name, row in rows:
        written = dict(row)
        warned[name] = cell_warnings(row)
        heads = amount(written["招聘人数"])
        if heads in ("", None) or heads < 1 or heads != int(heads):
            rejected[name].add("headcount_invalid")
        low, high = row["月薪下限"], row["月薪上限"]
        if low != "" and high != "" and high < low:
            rejected[name].add("wage_range_invalid")
        if not is_credit_code(row["统一社会信用代码"]):
            rejected[name].add("uscc_invalid")
        if row["任职要求"] in unfair:
            rejected[name].add("discriminatory")
        if row["有效期至"] != "" and row["有效期至"][0] < on:
            warned[name].add("expired")
        if row["职业代码"] != "" and not re.fullmatch(r"[1-8]-\d\d-\d\d-\d\d", row["职业代码"]):
            warned[name].add("occupation_unknown")
            row["职业代码"] = ""
        row["招聘人数"] = heads
    mark_repeats(rows, rejected, warned, str)
    return report(rows, rejected, warned)
