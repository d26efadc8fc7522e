"""Rows inserted by the hundred: each arrives once and whole, outside of a savepoint and inside one."""

import pytest
from django.db import transaction

from bangfu.people.bulk import insert_rows
from bangfu.people.models import Household

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]


@pytest.mark.parametrize("inside", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_every_row_arrives_once_with_its_own_and_the_shared_values(count, inside):
    rows = [{"number": f"H{at:04d}"} for at in range(count)]
    with transaction.atomic(), transaction.atomic(savepoint=bool(inside)):
        insert_rows(Household, rows, {"division": "99%s'00?"})
    found = Household.objects.order_by("id").values_list("number", "division")
    assert list(found) == [(row["number"], "99%s'00?") for row in rows]
