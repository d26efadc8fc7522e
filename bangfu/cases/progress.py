"""How far the service package of a case is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.timezone import localdate

from bangfu.cases import clockwork
from bangfu.cases.models import Answer, Case, Service
from bangfu.core import package as packages


def package_progress(cases: Iterable[Case]) -> dict[int, tuple[packages.Progress, ...]]:
    """For each case (by key) the items of its package with what is counted and what is asked.

    Where a round of matching found fewer fitting posts than the package asks, as many are asked as were found.
    """
    by_key = {case.pk: case for case in cases}
    given: dict[int, list[packages.Service]] = defaultdict(list)
    for service in Service.objects.filter(case__in=list(by_key)):
        given[service.case_id].append(_as_given(service))
    answer = {}
    for key, case in by_key.items():
        items = packages.progress(clockwork.package(case.package), given[key], since=localdate(case.opened_at))
        answer[key] = tuple(_with_shortage(item, case) for item in items)
    return answer


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
