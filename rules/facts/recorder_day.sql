-- One row per user who recorded a job by the end of :day: how those records look together. Columns: recorder_day.yaml.
WITH
home AS (
    SELECT person, min(division) AS division
    FROM memberships
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    GROUP BY person
),
made AS (
    SELECT job_records.recorder, job_records.person, home.division, job_records.wage,
        job_records.public_post, job_records.believed, job_records.by_hand,
        job_records.valid_from, job_records.valid_to, CAST(job_records.recorded_at AS DATE) AS recorded_on
    FROM job_records
    LEFT JOIN home ON home.person = job_records.person
    WHERE job_records.recorded_at < CAST(:day + 1 AS TIMESTAMP)
),
towns AS (
    SELECT recorder, substr(division, 1, 9) AS town, count(*) AS records
    FROM made
    WHERE division IS NOT NULL
    GROUP BY recorder, substr(division, 1, 9)
),
places AS (
    SELECT recorder, concat(town, '000') AS division
    FROM towns
    QUALIFY row_number() OVER (PARTITION BY recorder ORDER BY records DESC, town) = 1
),
wages AS (
    -- Public-welfare posts have one standard pay: equal wages say nothing there.
    SELECT recorder, wage, count(*) AS alike
    FROM made
    WHERE believed AND wage IS NOT NULL AND public_post IS NOT TRUE
        AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    GROUP BY recorder, wage
),
common AS (
    SELECT recorder, wage AS common_wage, alike AS same_wage,
        CAST(sum(alike) OVER (PARTITION BY recorder) AS BIGINT) AS waged
    FROM wages
    QUALIFY row_number() OVER (PARTITION BY recorder ORDER BY alike DESC, wage) = 1
),
held AS (
    SELECT DISTINCT substr(division, 1, 6) AS county, held_on
    FROM inspections
    WHERE held_on <= :day AND held_on > :day - 90
),
before_held AS (
    SELECT DISTINCT made.recorder, made.person, made.recorded_on
    FROM made
    JOIN held ON held.county = substr(made.division, 1, 6)
        AND made.recorded_on < held.held_on AND made.recorded_on >= held.held_on - 7
),
counted AS (
    SELECT made.recorder,
        count(DISTINCT made.person) AS persons,
        count(*) FILTER (WHERE by_hand AND made.recorded_on > :day - 90) AS edits,
        count(*) FILTER (WHERE by_hand AND made.recorded_on > :day - 90
            AND made.recorded_on > last_day(made.recorded_on) - 3) AS month_end_edits,
        count(*) FILTER (WHERE by_hand AND made.recorded_on > :day - 90
            AND before_held.recorder IS NOT NULL) AS inspection_edits,
        count(*) FILTER (WHERE believed AND valid_to <= :day AND valid_to > :day - 365) AS ended_jobs,
        count(*) FILTER (WHERE believed AND valid_to <= :day AND valid_to > :day - 365
            AND days_between(valid_from, valid_to) < 15 AND last_day(valid_from) < valid_to) AS short_jobs
    FROM made
    LEFT JOIN before_held ON before_held.recorder = made.recorder AND before_held.person = made.person
        AND before_held.recorded_on = made.recorded_on
    GROUP BY made.recorder
),
shares AS (
    SELECT counted.recorder, places.division, substr(places.division, 1, 6) AS county, persons, edits,
        month_end_edits, inspection_edits, ended_jobs, short_jobs, common_wage,
        COALESCE(same_wage, 0) AS same_wage, COALESCE(waged, 0) AS waged,
        percent_of(same_wage, waged) AS wage_share,
        percent_of(short_jobs, ended_jobs) AS short_share,
        percent_of(month_end_edits, edits) AS month_end_share,
        percent_of(inspection_edits, edits) AS inspection_share
    FROM counted
    LEFT JOIN places ON places.recorder = counted.recorder
    LEFT JOIN common ON common.recorder = counted.recorder
),
listed AS (
    SELECT county, 'wage' AS kind, wage_share AS share FROM shares WHERE waged >= 5
    UNION ALL
    SELECT county, 'short' AS kind, short_share AS share FROM shares WHERE ended_jobs >= 5
    UNION ALL
    SELECT county, 'month_end' AS kind, month_end_share AS share FROM shares WHERE edits >= 5
    UNION ALL
    SELECT county, 'inspection' AS kind, inspection_share AS share FROM shares WHERE edits >= 5
),
ranked AS (
    SELECT county, kind, share, count(*) OVER (PARTITION BY county, kind) AS recorders,
        row_number() OVER (PARTITION BY county, kind ORDER BY share) AS place
    FROM listed
    WHERE county IS NOT NULL
),
usual AS (
    -- The lower median of the county's recorders with 5 records or more; fewer than 3 of them say nothing.
    SELECT county,
        max(CASE WHEN kind = 'wage' THEN share END) AS wage_share,
        max(CASE WHEN kind = 'short' THEN share END) AS short_share,
        max(CASE WHEN kind = 'month_end' THEN share END) AS month_end_share,
        max(CASE WHEN kind = 'inspection' THEN share END) AS inspection_share
    FROM ranked
    WHERE recorders >= 3 AND place * 2 IN (recorders, recorders + 1)
    GROUP BY county
)
SELECT :day AS day, shares.recorder, CAST(NULL AS BIGINT) AS person, shares.division, persons,
    waged, same_wage, common_wage, ended_jobs, short_jobs, edits, month_end_edits, inspection_edits,
    CAST(shares.wage_share AS DECIMAL(12,2)) AS wage_share,
    CAST(shares.short_share AS DECIMAL(12,2)) AS short_share,
    CAST(shares.month_end_share AS DECIMAL(12,2)) AS month_end_share,
    CAST(shares.inspection_share AS DECIMAL(12,2)) AS inspection_share,
    CAST(usual.wage_share AS DECIMAL(12,2)) AS usual_wage_share,
    CAST(usual.short_share AS DECIMAL(12,2)) AS usual_short_share,
    CAST(usual.month_end_share AS DECIMAL(12,2)) AS usual_month_end_share,
    CAST(usual.inspection_share AS DECIMAL(12,2)) AS usual_inspection_share
FROM shares
LEFT JOIN usual ON usual.county = shares.county
