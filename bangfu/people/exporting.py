"""The list of people as a file: the columns of its page, and those that may be added."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.core.retirement import full_years
from bangfu.exports.lists import COUNT, DAY, MOMENT, MONEY, Column, ExportList, Listed, labels_of
from bangfu.exports.masks import ID, PHONE
from bangfu.people import identity
from bangfu.people.area import Area
from bangfu.people.choices import CategoryKind, Sex, WorkStatus
from bangfu.people.listing import ORDER, lines_of, read_list
from bangfu.people.models import Person

PLACES = ("duty", "province", "city", "county", "town", "village")
NAME, SEX, AGE = (
    Column("name", gettext_lazy("Name")),
    Column("sex", gettext_lazy("Sex")),
    Column("age", gettext_lazy("Age"), COUNT),
)
ID_NUMBER = Column("id_number", gettext_lazy("ID number"), number=ID, shown=False)
TELEPHONE = Column("phone", gettext_lazy("Telephone"), number=PHONE, shown=False)
VILLAGE = Column("village", gettext_lazy("Town · village"))
DIVISION = Column("division", gettext_lazy("Division code"), shown=False)
CATEGORY = Column("category", gettext_lazy("Category"))
_YES_NO = {
    "able": gettext_lazy("Labour capacity"), "will_work": gettext_lazy("Will to work"),
    "will_train": gettext_lazy("Will to train"),
}  # fmt: skip


def person_cells(person: Person, day: date, sexes: Mapping[str, str]) -> dict[str, Any]:
    """Name, sex and age as every list of persons shows them; `sexes` are the words of the codes."""
    return _who(person.name, person.sex, person.born_on, day, sexes)


def _who(name: str, sex: str, born_on: date, day: date, sexes: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "sex": sexes[sex], "age": full_years(born_on, day)}


def numbers_of(persons: Sequence[Person], wanted: frozenset[str]) -> dict[int, dict[str, str]]:
    """The whole ID number and telephone of each person (by key), as far as they are wanted; at most one query."""
    return _numbers({person.pk: person.id_sealed for person in persons}, wanted)


def _numbers(sealed: Mapping[int, bytes], wanted: frozenset[str]) -> dict[int, dict[str, str]]:
    ids = identity.id_numbers(sealed) if ID_NUMBER.code in wanted else {}
    phones = identity.phone_numbers(list(sealed)) if TELEPHONE.code in wanted else {}
    return {key: {"id_number": ids.get(key, ""), "phone": phones.get(key, "")} for key in sealed}


def area_words(area: Area) -> list[tuple[str, str]]:
    """The places chosen, as a filter in words."""
    return [(str(level.words), dict(level.options)[level.chosen]) for level in area.levels if level.chosen]


def _read(user: User, given: Mapping[str, str], _at: datetime) -> Listed:
    listing = read_list(user, given)
    chosen = listing.chosen
    words = area_words(listing.area)
    if chosen["work"]:
        words.append((_("Work status"), str(WorkStatus(chosen["work"]).label)))
    if chosen["category"]:
        words.append((_("Category"), str(CategoryKind(chosen["category"]).label)))
    said = {True: _("Yes"), False: _("No")}
    words += [(str(name), said[chosen[code]]) for code, name in _YES_NO.items() if chosen[code] is not None]
    return Listed(listing.rows, ORDER, words)


_FIELDS = (
    "person_id", "person__name", "person__sex", "person__born_on", "person__id_sealed", "household__number",
    "division", "category", "work_status", "able", "will_work", "will_train", "leg", "due_at",
)  # fmt: skip


def _cells(_user: User, rows: Sequence[Any], wanted: frozenset[str], at: datetime) -> Iterator[Mapping[str, Any]]:
    numbers, day = _numbers({row.person_id: row.person__id_sealed for row in rows}, wanted), timezone.localdate(at)
    sexes, kinds, works = labels_of(Sex), labels_of(CategoryKind), labels_of(WorkStatus)
    for line in lines_of(rows):
        row, job = line.standing, line.job
        yield {
            **_who(row.person__name, row.person__sex, row.person__born_on, day, sexes),
            **numbers[row.person_id], "household": row.household__number or "",
            "village": line.village, "division": row.division, "category": kinds[row.category],
            "work": works[row.work_status],
            "job": (job.employer or job.occupation) if job else "", "job_place": line.job_place,
            "wage": job.wage_amount if job else None, "job_from": job.valid_from if job else None,
            "able": row.able, "will_work": row.will_work, "will_train": row.will_train,
            "leg": line.leg, "due_at": row.due_at,
        }  # fmt: skip


PEOPLE = ExportList(
    code="people",
    title=gettext_lazy("People and households"),
    page="people:list",
    parameters=(*PLACES, "work", "category", "able", "will_work", "will_train"),
    person="person_id",
    fields=_FIELDS,
    columns=(
        NAME, SEX, AGE, ID_NUMBER, TELEPHONE, Column("household", gettext_lazy("Household number")), VILLAGE, DIVISION,
        CATEGORY, Column("work", gettext_lazy("Work status")), Column("job", gettext_lazy("Job now")),
        Column("job_place", gettext_lazy("Place of work")), Column("wage", gettext_lazy("Wage a month"), MONEY),
        Column("job_from", gettext_lazy("At work since"), DAY, shown=False),
        *(Column(code, words, shown=False) for code, words in _YES_NO.items()),
        Column("leg", gettext_lazy("Running leg")), Column("due_at", gettext_lazy("Due at"), MOMENT),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip
