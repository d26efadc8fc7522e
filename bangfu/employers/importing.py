"""The ledger of vacancies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.divisions.queries import index_of
from bangfu.employers import checking
from bangfu.employers.actions import Posted, contact_of, post_vacancies, withdraw_batch
from bangfu.employers.models import Post
from bangfu.employers.queries import open_on
from bangfu.intake.checked import Checked
from bangfu.intake.kinds import Applying, Kind
from bangfu.intake.tables import Sheet


class OpenPosts:
    """The open vacancies of employers by social credit code (the protocol of employers.checking)."""

    def __init__(self, on: date) -> None:
        self.on = on

    def posts(self, usccs: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """The values of each open vacancy, in the columns of the ledger."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        rows = Post.objects.filter(open_on(self.on), employer__uscc__in=list(usccs)).select_related("employer")
        for post in rows:
            found[post.employer.uscc].append(_values(post))
        return found


def _values(post: Post) -> dict[str, Any]:
    contact = contact_of(post)
    return {
        "uscc": post.employer.uscc,
        "employer": post.employer.name,
        "title": post.title or None,
        "requirements": post.requirements or None,
        "lodging": post.lodging or None,
        "contact": contact["name"] or None,
        "phone": contact["phone"] or None,
        "occupation": post.occupation or None,
        "headcount": post.headcount,
        "wage_low": post.wage_low_amount,
        "wage_high": post.wage_high_amount,
        "place": post.place or None,
        "level": post.level,
        "age_low": post.age_low,
        "age_high": post.age_high,
        "insured": post.insured,
        "valid_until": post.valid_until,
    }


def _check(sheets: Sequence[Sheet], on: date) -> Checked:
    return checking.check_posts(sheets, index_of(), on, OpenPosts(on))


def _apply(rows: Sequence[Mapping[str, Any]], applying: Applying) -> None:
    how = Posted(on=applying.on, by=applying.by, at=applying.at, batch=applying.batch)
    named = [{**row, "wage_low_amount": row.get("wage_low"), "wage_high_amount": row.get("wage_high")} for row in rows]
    post_vacancies(named, how)


POSTS = Kind(
    code="posts",
    title=_("Vacancies"),
    about=_("Posts that employers want to fill, one post a row"),
    columns=checking.POSTS,
    check=_check,
    apply=_apply,
    undo=lambda applying: withdraw_batch(applying.batch, by=applying.by, at=applying.at),
    related="uscc",
)
