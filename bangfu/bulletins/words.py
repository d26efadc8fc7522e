"""The figures of a bulletin as rows of its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.bulletins.queries import BASE, TARGET, Bulletin, natural
from bangfu.cases.words import spoken
from bangfu.rulebook.figures import Figure

GROUPS: Sequence[tuple[Promise, tuple[str, ...]]] = (
    (gettext_lazy("People at work"), ("I1", "I2", "I3", "I4", "I4b")),
    (gettext_lazy("Rates and wages"), ("I5", "I6", "I9", "I10", "I11")),
    (gettext_lazy("Where they work"), ("I7a", "I7b", "I7c")),
    (gettext_lazy("Answering in time"), ("I12", "I13", "I14", "I15")),
    (gettext_lazy("Clearing"), ("I16", "I16b", "I17", "I17a", "I17b")),
)
COUNTED: Mapping[str, Promise] = {
    "person": gettext_lazy("persons"),
    "leg": gettext_lazy("deadlines"),
    "household": gettext_lazy("households"),
}
MAIN = ("I5", "I6", "I9", "I11")
_MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One indicator: its figure in words. `rows` is the code whose rows lie behind the numbers; a number that
    is None is not one of this indicator, `opens` says whether the denominator has rows."""

    code: str
    name: str
    value: str
    unit: str
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    unknown: int
    counted: str
    source: str
    rows: str
    opens: bool = True


@dataclass(frozen=True)
class Pace:
    """The target of the year against the time gone by: percent done, percent of time, and the points between."""

    time: Decimal
    ahead: Decimal | None
    missing: int | None

    @property
    def behind(self) -> Decimal | None:
        """The points by which time is ahead."""
        return None if self.ahead is None else -self.ahead


@dataclass(frozen=True)
class Main:
    """One of the main figures at the head of a bulletin."""

    figure: Figure
    name: str
    value: str
    unit: str


def groups_of(found: Bulletin) -> list[tuple[str, list[Line]]]:
    """The indicators in force, by group; those that no group names come last."""
    lines = {code: _line(found, code, figure) for code, figure in found.figures.items() if code in found.rules}
    if BASE in lines:
        lines[TARGET] = _target_line(found)
    named = {code for _title, codes in GROUPS for code in codes}
    others = tuple(sorted((code for code in lines if code not in named), key=natural))
    groups = [(str(title), codes) for title, codes in (*GROUPS, (_("Others"), others))]
    shown = [(title, [lines[code] for code in codes if code in lines]) for title, codes in groups]
    return [(title, rows) for title, rows in shown if rows]


def main_figures(found: Bulletin) -> list[Main]:
    """The main figures besides the persons at work and their target, those in force."""
    codes = [code for code in MAIN if code in found.figures and code in found.rules]
    chosen = [(found.figures[code], found.rules[code]) for code in codes]
    return [Main(figure, spoken(rule.name), value_words(figure), unit_of(figure)) for figure, rule in chosen]


def base_words(found: Bulletin) -> str:
    """The name of the figure of persons at work, "" where it is not in force."""
    return spoken(found.rules[BASE].name) if BASE in found.rules else ""


def _line(found: Bulletin, code: str, figure: Figure) -> Line:
    rule = found.rules[code]
    return Line(
        code=code, name=spoken(rule.name), value=value_words(figure), unit=unit_of(figure),
        numerator=_whole(figure.numerator) if figure.kind != "count" else None, denominator=figure.denominator,
        unknown=figure.unknown, counted=str(COUNTED.get(figure.counts, figure.counts)), source=spoken(rule.source),
        rows=code,
    )  # fmt: skip


def _target_line(found: Bulletin) -> Line:
    share, target = found.completion(), found.target
    return Line(
        code=TARGET, name=_("Share of the year's target"), value=_number(share), unit="%" if share is not None else "",
        numerator=found.figures[BASE].numerator, denominator=target.value if target else None, unknown=0,
        counted=str(COUNTED["person"]), source=target.source if target else _("No target is set for this year."),
        rows=BASE, opens=False,
    )  # fmt: skip


def _whole(number: int | Decimal) -> int | Decimal:
    """A sum of money without fen where it has none."""
    return int(number) if number == int(number) else number


def value_words(figure: Figure) -> str:
    """The value as printed: thousands separators, the sign of a change, a dash where there is nothing to divide by."""
    text = _number(figure.value)
    rises = figure.kind in {"difference", "growth"} and figure.value is not None and figure.value > 0
    return f"+{text}" if rises else text.replace("-", "−")


def _number(value: int | Decimal | None) -> str:
    return "—" if value is None else number_format(value, force_grouping=True)


def unit_of(figure: Figure) -> str:
    """The unit beside the value, "" where there is none."""
    if figure.value is None:
        return ""
    if figure.kind in {"percent", "growth"}:
        return "%"
    if figure.kind == "money":
        return _("yuan")
    return _("households") if figure.counts == "household" else _("persons")


def pace_of(found: Bulletin) -> Pace:
    """How the share of the year's target stands against the share of the year that is over with this month."""
    time = (Decimal(found.month.month) * 100 / _MONTHS).quantize(Decimal("0.1"), ROUND_HALF_UP)
    share = found.completion()
    if share is None or found.target is None:
        return Pace(time, None, None)
    return Pace(time, share - time, found.target.value - int(found.figures[BASE].numerator))


def counted_on(found: Bulletin, today: date, last: date) -> date:
    """The day whose end the figures stand for: the month's last, or the snapshot's while the month runs."""
    return min(found.as_of, last, today)
