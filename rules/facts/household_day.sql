-- One row per household with a member registered on :day. Columns: household_day.yaml.
WITH
members AS (
    SELECT household, person, division, relation, work_status, job_from,
        -- could stand for the household at work: of working age, not at school, not without capacity
        COALESCE(working_age, TRUE) AND COALESCE(NOT at_school, TRUE)
            AND COALESCE(labour_capacity NOT IN ('lost', 'none'), TRUE) AS counts,
        working_age,
        able AND will_work AND at_school IS NOT TRUE AS seeks
    FROM person_day
    WHERE household IS NOT NULL
),
counted AS (
    SELECT household,
        COALESCE(min(division) FILTER (WHERE relation = 'head'), min(division)) AS division,
        count(*) AS members,
        count(*) FILTER (WHERE seeks) AS able_willing,
        count(*) FILTER (WHERE seeks AND work_status = 'jobless') AS able_willing_jobless,
        count(*) FILTER (WHERE seeks IS NULL AND work_status = 'jobless') AS perhaps_seeking,
        count(*) FILTER (WHERE work_status = 'at_work' AND working_age) AS at_work_members,
        count(*) FILTER (WHERE (work_status = 'unknown' AND counts)
            OR (work_status = 'at_work' AND working_age IS NULL)) AS unknown_members,
        min(job_from) FILTER (WHERE work_status = 'at_work' AND working_age) AS at_work_from,
        min(person) FILTER (WHERE seeks AND work_status = 'jobless') AS person
    FROM members
    GROUP BY household
)
SELECT
    :day AS day,
    household, person, division, members, able_willing, able_willing_jobless, at_work_members, unknown_members,
    at_work_from,
    CASE WHEN able_willing_jobless > 0 THEN TRUE WHEN perhaps_seeking > 0 THEN NULL ELSE FALSE END AS seeker_jobless,
    CASE WHEN at_work_members > 0 THEN TRUE WHEN unknown_members > 0 THEN NULL ELSE FALSE END AS anyone_at_work
FROM counted
