"""How far the service package of a case is."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import prefetch_related_objects
from django.utils.timezone import localdate

from bangfu.cases import clockwork
from bangfu.cases.choices import Answer
from bangfu.cases.models import Case, Service
from bangfu.core import package as packages


def package_progress(cases: Iterable[Case]) -> dict[int, tuple[packages.Progress, ...]]:
    """For each case (by key) `progress_of`; the services that are not read yet take one query."""
    listed = list(cases)
    prefetch_related_objects(listed, "services")
    return {case.pk: progress_of(case) for case in listed}


def progress_of(case: Case) -> tuple[packages.Progress, ...]:
    """The items of the case's package with what is counted and what is asked.

    Where a round of matching found fewer fitting posts than the package asks, as many are asked as were found.
    """
    given = [_as_given(service) for service in case.services.all()]
    items = packages.progress(clockwork.package(case.package), given, since=localdate(case.opened_at))
    return tuple(_with_shortage(item, case) for item in items)


def missing_items(cases: Iterable[Case]) -> dict[int, list[str]]:
    """For each case the kinds of service that are still missing, in the package's order; [] when complete."""
    return {
        key: [item.service_type for item in items if not item.complete]
        for key, items in package_progress(cases).items()
    }


def _with_shortage(item: packages.Progress, case: Case) -> packages.Progress:
    if item.service_type == "job_offer" and case.posts_found is not None:
        return replace(item, min_count=min(item.min_count, case.posts_found))
    return item


def _as_given(service: Service) -> packages.Service:
    return packages.Service(
        service_type=service.kind,
        given_on=service.given_on,
        subject=str(service.post_id) if service.post_id else service.title or None,
        answered=service.answer != Answer.UNREACHABLE,
        contact_failed=service.answer == Answer.UNREACHABLE,
    )
