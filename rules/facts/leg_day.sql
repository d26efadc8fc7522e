-- One row per leg of a case that had begun by the end of :day. Columns: leg_day.yaml.
WITH
begun AS (
    SELECT leg, case_, person, division, stage, opened_at, due_at, result,
        CASE WHEN done_at < CAST(:day + 1 AS TIMESTAMP) THEN done_at END AS done_at
    FROM legs
    WHERE opened_at < CAST(:day + 1 AS TIMESTAMP)
),
given AS (
    SELECT case_,
        count(*) FILTER (WHERE kind = 'guidance') AS guidance,
        count(*) FILTER (WHERE kind = 'job_offer') AS job_offers,
        count(*) FILTER (WHERE kind = 'training_offer') AS training_offers
    FROM services
    WHERE given_on <= :day AND answer IS NOT NULL
    GROUP BY case_
)
SELECT
    :day AS day,
    begun.leg, begun.case_, begun.person, begun.division, begun.stage,
    cases.cause, cases.backlog,
    begun.opened_at, begun.due_at, begun.done_at,
    COALESCE(begun.due_at >= CAST(CAST(date_trunc('month', :day) AS DATE) AS TIMESTAMP)
        AND begun.due_at < CAST(:day + 1 AS TIMESTAMP), FALSE) AS due_this_month,
    COALESCE(begun.result = 'exempt', FALSE) AS exempt,
    CASE WHEN begun.due_at IS NULL THEN NULL
         WHEN begun.done_at IS NOT NULL THEN begun.done_at <= begun.due_at
         WHEN begun.due_at < CAST(:day + 1 AS TIMESTAMP) THEN FALSE END AS on_time,
    COALESCE(begun.done_at IS NULL AND begun.due_at < CAST(:day + 1 AS TIMESTAMP), FALSE) AS overdue,
    CASE WHEN cases.closed_at < CAST(:day + 1 AS TIMESTAMP) THEN cases.outcome END AS case_outcome,
    COALESCE(given.guidance, 0) AS guidance,
    COALESCE(given.job_offers, 0) AS job_offers,
    COALESCE(given.training_offers, 0) AS training_offers
FROM begun
LEFT JOIN cases ON cases.case_ = begun.case_
LEFT JOIN given ON given.case_ = begun.case_
