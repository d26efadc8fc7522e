-- One row per person who is able and willing to work, or wants training, on :day: where that person stands.
-- Columns: coverage_day.yaml.
WITH
wanted AS (
    SELECT person, division, at_school, work_status, will_train, COALESCE(able AND will_work, FALSE) AS seeks
    FROM person_day
    WHERE (able AND will_work) OR will_train
),
late AS (
    SELECT DISTINCT case_
    FROM legs
    WHERE opened_at < CAST(:day + 1 AS TIMESTAMP) AND due_at < CAST(:day + 1 AS TIMESTAMP)
        AND (done_at IS NULL OR done_at >= CAST(:day + 1 AS TIMESTAMP)) AND (result IS NULL OR result <> 'exempt')
),
running AS (
    SELECT cases.person, count(*) AS cases_open, count(late.case_) AS cases_late
    FROM cases
    LEFT JOIN late ON late.case_ = cases.case_
    WHERE cases.opened_at < CAST(:day + 1 AS TIMESTAMP)
        AND (cases.closed_at IS NULL OR cases.closed_at >= CAST(:day + 1 AS TIMESTAMP))
    GROUP BY cases.person
),
closed AS (
    -- A way out holds for 90 days, then the person is asked again.
    SELECT person, outcome
    FROM cases
    WHERE closed_at < CAST(:day + 1 AS TIMESTAMP) AND closed_at >= CAST(:day - 90 AS TIMESTAMP)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY closed_at DESC, case_ DESC) = 1
),
taught AS (
    SELECT person,
        bool_or(COALESCE(passed, TRUE) AND COALESCE(ends_on, valid_from) <= :day
            AND year(COALESCE(ends_on, valid_from)) = year(:day)) AS trained,
        bool_or(COALESCE(ends_on, valid_from) >= :day) AS in_class
    FROM trainings
    WHERE valid_from <= :day
    GROUP BY person
),
unasked AS (
    SELECT person, max(valid_to) AS until_day
    FROM intents
    WHERE will_train IS NOT TRUE AND valid_to <= :day
    GROUP BY person
),
wish AS (
    -- Since when training has been wanted without a break; the demand of a year begins anew on 1 January.
    SELECT intents.person, greatest(min(intents.valid_from), CAST(date_trunc('year', :day) AS DATE)) AS wish_from
    FROM intents
    LEFT JOIN unasked ON unasked.person = intents.person
    WHERE intents.will_train AND intents.valid_from <= :day
        AND (unasked.until_day IS NULL OR intents.valid_from >= unasked.until_day)
    GROUP BY intents.person
),
joined AS (
    SELECT wanted.person, wanted.division, wanted.seeks, COALESCE(wanted.will_train, FALSE) AS wants_training,
        wanted.work_status, COALESCE(running.cases_open, 0) AS cases_open,
        COALESCE(running.cases_late, 0) AS cases_late, wish.wish_from,
        COALESCE(taught.trained, FALSE) AS trained, COALESCE(taught.in_class, FALSE) AS in_class,
        CASE WHEN wanted.at_school THEN 'at_school'
             WHEN running.cases_open IS NULL AND closed.outcome IN
                ('false_alarm', 'no_will', 'no_capacity', 'unreachable', 'moved_out', 'deceased')
             THEN closed.outcome END AS out_reason,
        COALESCE(closed.outcome = 'in_training', FALSE) AS left_for_training
    FROM wanted
    LEFT JOIN running ON running.person = wanted.person
    LEFT JOIN closed ON closed.person = wanted.person
    LEFT JOIN taught ON taught.person = wanted.person
    LEFT JOIN wish ON wish.person = wanted.person
)
SELECT :day AS day, person, division, seeks, wants_training, cases_open, out_reason, wish_from,
    CASE WHEN NOT seeks THEN NULL
         WHEN out_reason IS NOT NULL THEN 'out'
         WHEN cases_open > 0 AND cases_late = 0 THEN 'in_clock'
         WHEN cases_open > 0 THEN 'past_clock'
         WHEN work_status = 'at_work' THEN 'at_work'
         WHEN in_class OR left_for_training THEN 'in_training' END AS work_state,
    CASE WHEN NOT wants_training THEN NULL
         WHEN trained THEN 'trained'
         WHEN in_class THEN 'in_class'
         WHEN out_reason IS NOT NULL THEN 'out'
         WHEN wish_from IS NULL THEN NULL
         WHEN :day < months_from(wish_from, 3) THEN 'in_clock'
         ELSE 'past_clock' END AS training_state
FROM joined
