from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.core.matching.fit import fit
from bangfu.core.matching.pairs import eligible_edges
from bangfu.core.matching.problem import ProblemError
from bangfu.core.matching.weights import Weights
from tests.core.matching.test_fit import POST, WORKER, posts, workers

WEIGHTS = (
    Weights(),
    Weights(
        skill=25,
        wage=30,
        distance=5,
        preference=30,
        wage_point_percent=35,
        floor_percent=93,
        neutral_percent=41,
    ),
    Weights(full_wage_percent=101, wage_at_reference_percent=7, no_match_percent=0, priority_percent=(30,)),
)
minimums = st.one_of(st.none(), st.integers(1000, 3000).map(Decimal))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(workers, max_size=6),
    st.lists(st.tuples(posts, minimums), max_size=5),
    st.sampled_from(WEIGHTS),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=3),
)
def test_by_column_is_the_same_as_pair_by_pair(people, vacancies, weights, left_out):
    left_out = {(i, j) for i, j in left_out if i < len(people) and j < len(vacancies)}
    edges = eligible_edges(
        people,
        [post for post, _ in vacancies],
        minimum_wages=[minimum for _, minimum in vacancies],
        weights=weights,
        without=left_out,
    )
    found = dict(zip(zip(edges.row_of_pair(), edges.post, strict=True), edges.score, strict=True))
    for i, worker in enumerate(people):
        for j, (post, minimum) in enumerate(vacancies):
            score = fit(worker, post, minimum_wage=minimum, weights=weights).score
            assert found.get((i, j), 0) == (0 if (i, j) in left_out else score)


def test_more_workers_than_one_block():
    edges = eligible_edges([WORKER] * 600, [POST, POST], minimum_wages=[None, None], without=[(599, 0)])
    assert edges.pairs == 1199
    assert len(np.unique(edges.score)) == 1
    assert edges.post[edges.ptr[599] :].tolist() == [1]


def test_one_minimum_wage_a_post():
    with pytest.raises(ProblemError) as refused:
        eligible_edges([WORKER], [POST], minimum_wages=[])
    assert refused.value.code == "minimum_wages_length"
