-- One row per town in which somebody able and willing is registered on :day: how many of them are at work, and were
-- thirty days before. Columns: town_day.yaml.
WITH
seekers AS (
    SELECT person, concat(substr(division, 1, 9), '000') AS division, jobs_open > 0 AS at_work
    FROM person_day
    WHERE able AND will_work AND at_school IS NOT TRUE AND division IS NOT NULL
),
earlier AS (
    SELECT DISTINCT person
    FROM jobs
    WHERE valid_from <= :day - 30 AND (valid_to IS NULL OR valid_to > :day - 30)
),
counted AS (
    SELECT seekers.division,
        count(*) AS seekers,
        count(*) FILTER (WHERE seekers.at_work) AS at_work,
        count(earlier.person) AS at_work_before,
        count(earlier.person) FILTER (WHERE NOT seekers.at_work) AS lost_work,
        count(*) FILTER (WHERE seekers.at_work AND earlier.person IS NULL) AS found_work
    FROM seekers
    LEFT JOIN earlier ON earlier.person = seekers.person
    GROUP BY seekers.division
)
SELECT :day AS day, CAST(counted.division AS BIGINT) AS town, CAST(NULL AS BIGINT) AS person, counted.division,
    counted.seekers, counted.at_work, counted.at_work_before, counted.lost_work, counted.found_work,
    CAST(percent_of(counted.at_work, counted.seekers) AS DECIMAL(12,2)) AS share,
    CAST(percent_of(counted.at_work_before, counted.seekers) AS DECIMAL(12,2)) AS share_before,
    CAST(percent_of(counted.at_work_before, counted.seekers) - percent_of(counted.at_work, counted.seekers)
        AS DECIMAL(12,2)) AS fell
FROM counted
