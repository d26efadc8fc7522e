-- One row per recognised zero-employment family and spell that had begun by :day. Columns: family_day.yaml.
SELECT
    :day AS day,
    family, household,
    CAST(NULL AS BIGINT) AS person,
    division, recognised_on, due_on,
    CASE WHEN cleared_on <= :day THEN cleared_on END AS cleared_on,
    CASE WHEN cleared_on <= :day THEN way END AS way,
    cleared_on IS NULL OR cleared_on > :day AS waiting,
    due_on <= :day AND due_on >= CAST(date_trunc('month', :day) AS DATE) AS due_this_month,
    (cleared_on IS NULL OR cleared_on > :day) AND due_on < :day AS overdue,
    CASE WHEN cleared_on <= :day THEN cleared_on <= due_on
         WHEN due_on <= :day THEN FALSE END AS on_time
FROM zero_families
WHERE recognised_on <= :day
