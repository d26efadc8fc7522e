-- One row per person on any outside list about persons, on :day: what the lists say beside what the register says.
-- Columns: listed_day.yaml. A view of its own, not columns of person_day: few persons are on a list.
WITH
received AS (
    -- A list of one county says nothing of another, as in person_day.
    SELECT DISTINCT villages.division, feeds.kind, feeds.month
    FROM (SELECT DISTINCT COALESCE(division, '') AS division FROM person_day) AS villages
    JOIN feeds ON left(villages.division, length(feeds.place)) = feeds.place
    WHERE feeds.month <= :day
),
latest AS (
    SELECT division,
        max(month) FILTER (WHERE kind = 'death') AS death,
        max(month) FILTER (WHERE kind = 'school') AS school,
        max(month) FILTER (WHERE kind = 'disability') AS disability,
        max(month) FILTER (WHERE kind = 'living_allowance') AS allowance,
        max(month) FILTER (WHERE kind = 'workshop_roster') AS workshop,
        max(month) FILTER (WHERE kind = 'employment_registration') AS registration
    FROM received
    GROUP BY division
),
allowance_before AS (
    SELECT received.division, received.month
    FROM received
    JOIN latest ON latest.division = received.division AND received.month = months_from(latest.allowance, -1)
    WHERE received.kind = 'living_allowance'
),
lines AS (
    SELECT feed_lines.person, feed_lines.kind, feed_lines.status, feed_lines.ends_on,
        CASE feed_lines.kind
            WHEN 'death' THEN TRUE
            WHEN 'school' THEN feed_lines.month = latest.school
            WHEN 'disability' THEN feed_lines.month = latest.disability
            WHEN 'living_allowance' THEN feed_lines.month = latest.allowance
            WHEN 'workshop_roster' THEN feed_lines.month = latest.workshop
            WHEN 'employment_registration' THEN feed_lines.month = latest.registration END AS now,
        feed_lines.kind = 'living_allowance' AND feed_lines.month = allowance_before.month AS month_before
    FROM feed_lines
    JOIN person_day ON person_day.person = feed_lines.person
    LEFT JOIN latest ON latest.division = COALESCE(person_day.division, '')
    LEFT JOIN allowance_before ON allowance_before.division = COALESCE(person_day.division, '')
    WHERE feed_lines.month <= :day
),
said AS (
    -- One pass over all lists. Who is on a list twice counts by the line that says most: at school before left.
    SELECT person,
        COALESCE(bool_or(kind = 'death' AND ends_on <= :day), FALSE) AS dead,
        min(CASE WHEN kind = 'death' THEN ends_on END) AS died_on,
        COALESCE(bool_or(kind = 'school' AND now AND status = 'at_school'), FALSE) AS on_roll,
        COALESCE(bool_or(kind = 'school' AND now AND status = 'on_leave'), FALSE) AS on_leave,
        COALESCE(bool_or(kind = 'school' AND now AND status = 'finished'), FALSE) AS finished,
        COALESCE(bool_or(kind = 'school' AND now AND status = 'left'), FALSE) AS left_school,
        max(CASE WHEN kind = 'school' AND now AND status IN ('finished', 'left') THEN ends_on END) AS roll_left_on,
        COALESCE(bool_or(kind = 'disability' AND now AND status IS DISTINCT FROM 'cancelled'
            AND (ends_on IS NULL OR ends_on >= :day)), FALSE) AS certified,
        COALESCE(bool_or(kind = 'living_allowance' AND now AND status IN ('allowance', 'destitute')), FALSE) AS paid,
        COALESCE(bool_or(month_before AND status IN ('allowance', 'destitute')), FALSE) AS paid_before,
        COALESCE(bool_or(kind = 'workshop_roster' AND now AND (ends_on IS NULL OR ends_on > :day)), FALSE) AS rostered,
        COALESCE(bool_or(kind = 'employment_registration' AND now AND status = 'employed'
            AND (ends_on IS NULL OR ends_on > :day)), FALSE) AS employed,
        COALESCE(bool_or(kind = 'employment_registration' AND now AND status = 'unemployed'
            AND (ends_on IS NULL OR ends_on > :day)), FALSE) AS unemployed
    FROM lines
    GROUP BY person
)
SELECT :day AS day, said.person, person_day.household, person_day.division,
    person_day.age, person_day.able, person_day.health, person_day.at_school, person_day.work_status,
    person_day.jobs_open, person_day.in_class,
    CASE WHEN said.dead THEN TRUE WHEN latest.death IS NOT NULL THEN FALSE END AS on_death_list,
    said.died_on,
    latest.school AS roll_month,
    CASE WHEN latest.school IS NULL THEN NULL
         WHEN said.on_roll THEN 'at_school'
         WHEN said.on_leave THEN 'on_leave'
         WHEN said.finished THEN 'finished'
         WHEN said.left_school THEN 'left'
         ELSE 'not_listed' END AS roll_status,
    said.roll_left_on,
    CASE WHEN latest.disability IS NOT NULL THEN said.certified END AS disability_certified,
    latest.allowance AS allowance_month,
    CASE WHEN latest.allowance IS NOT NULL THEN said.paid END AS allowance_now,
    CASE WHEN allowance_before.month IS NOT NULL THEN said.paid_before END AS allowance_before,
    latest.workshop AS roster_month,
    CASE WHEN latest.workshop IS NOT NULL THEN said.rostered END AS on_roster,
    latest.registration AS registration_month,
    CASE WHEN latest.registration IS NULL THEN NULL
         WHEN said.employed THEN 'employed'
         WHEN said.unemployed THEN 'unemployed'
         ELSE 'none' END AS registered_as
FROM said
JOIN person_day ON person_day.person = said.person
LEFT JOIN latest ON latest.division = COALESCE(person_day.division, '')
LEFT JOIN allowance_before ON allowance_before.division = COALESCE(person_day.division, '')
