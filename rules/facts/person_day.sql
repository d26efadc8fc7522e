-- One row per person of the register on :day. Columns: person_day.yaml. The functions months_from, days_between and
-- full_years are the house's own.
WITH
home AS (
    SELECT person, household, division, relation, valid_from AS member_from
    FROM memberships
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (
        PARTITION BY person
        ORDER BY valid_from DESC, division NULLS LAST, household NULLS LAST, relation NULLS LAST) = 1
),
category_then AS (
    SELECT person, kind, work_risk
    FROM categories
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (
        PARTITION BY person ORDER BY valid_from DESC, kind NULLS LAST, work_risk NULLS LAST) = 1
),
monitored AS (
    SELECT person, valid_from, CASE WHEN valid_to <= :day THEN valid_to END AS valid_to
    FROM categories
    WHERE kind IN ('unstable', 'marginal', 'sudden') AND valid_from <= :day
),
monitored_since AS (
    -- A spell begins where no other version of a monitored kind ends.
    SELECT one.person, max(one.valid_from) AS monitored_from
    FROM monitored AS one
    WHERE NOT EXISTS (
        SELECT 1 FROM monitored AS other
        WHERE other.person = one.person AND other.valid_from < one.valid_from AND other.valid_to = one.valid_from)
    GROUP BY one.person
),
cleared AS (
    SELECT person, CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS cleared_on
    FROM monitored
    GROUP BY person
),
condition_then AS (
    SELECT person, education, health, labour_capacity, at_school
    FROM conditions
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (
        PARTITION BY person
        ORDER BY valid_from DESC, labour_capacity NULLS LAST, at_school NULLS LAST, health NULLS LAST,
            education NULLS LAST) = 1
),
intent_then AS (
    SELECT person, will_work, will_train, will_go_out, service_asked, wage_floor
    FROM intents
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (
        PARTITION BY person
        ORDER BY valid_from DESC, will_work NULLS LAST, will_train NULLS LAST, wage_floor NULLS LAST,
            will_go_out NULLS LAST, service_asked NULLS LAST) = 1
),
income_then AS (
    SELECT person, per_head
    FROM incomes
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY valid_from DESC, per_head NULLS LAST) = 1
),
reachable AS (
    SELECT DISTINCT person
    FROM contacts
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
),
missing AS (
    SELECT person, max(valid_from) AS unlisted_from
    FROM unlisted
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    GROUP BY person
),
open_jobs AS (
    SELECT job, person, place, occupation, wage, uscc, channel, form, industry, employer_named, public_post, workshop,
        insured, organised, valid_from, valid_to
    FROM jobs
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
),
at_work AS (
    SELECT person, count(*) AS jobs_open, min(valid_from) AS job_from,
        CASE WHEN count(wage) = count(*) THEN CAST(sum(wage) AS DECIMAL(12,2)) END AS wage,
        CASE WHEN bool_or(insured) THEN TRUE WHEN count(insured) = count(*) THEN FALSE END AS job_insured,
        bool_or(uscc IS NOT NULL) AS by_unit,
        CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS job_ends_on,
        CASE WHEN bool_or(public_post) THEN TRUE WHEN count(public_post) = count(*) THEN FALSE END AS public_post,
        count(DISTINCT occupation) FILTER (WHERE public_post) AS public_posts
    FROM open_jobs
    GROUP BY person
),
main_job AS (
    SELECT person, place, occupation, channel, form, industry, employer_named, organised,
        public_post OR workshop AS local_post
    FROM open_jobs
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY valid_from, job) = 1
),
ended AS (
    SELECT person, valid_to AS job_ended_on, valid_from AS ended_from, place AS ended_place,
        public_post AS ended_public_post
    FROM jobs
    WHERE valid_to <= :day
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY valid_to DESC, job DESC) = 1
),
schooled AS (
    SELECT person, max(valid_to) AS left_school_on
    FROM conditions
    WHERE at_school AND valid_to <= :day
    GROUP BY person
),
taught AS (
    SELECT person,
        max(CASE WHEN COALESCE(passed, TRUE) AND COALESCE(ends_on, valid_from) <= :day
            THEN COALESCE(ends_on, valid_from) END) AS trained_on,
        bool_or(COALESCE(ends_on, valid_from) >= :day) AS in_class
    FROM trainings
    WHERE valid_from <= :day
    GROUP BY person
),
registered AS (
    SELECT DISTINCT person
    FROM recognitions
    WHERE kind = 'unemployed' AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
),
stated AS (
    SELECT person, valid_from AS stated_from, reason
    FROM joblessness
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY valid_from DESC, reason NULLS LAST) = 1
),
answered AS (
    SELECT person, max(answered_on) AS last_answer_on
    FROM work_answers
    WHERE answered_on <= :day
    GROUP BY person
),
villages AS (
    SELECT DISTINCT division FROM home WHERE division IS NOT NULL
    UNION ALL
    SELECT '' AS division
),
covered AS (
    -- A list of one county says nothing of another; who is registered nowhere is found in lists of everywhere only.
    SELECT DISTINCT villages.division, feeds.kind, feeds.month
    FROM villages
    JOIN feeds ON left(villages.division, length(feeds.place)) = feeds.place
    WHERE feeds.month <= :day
),
extract_now AS (
    SELECT division, max(month) AS month
    FROM covered
    WHERE kind = 'social_insurance'
    GROUP BY division
),
extract_before AS (
    SELECT covered.division, covered.month
    FROM covered
    JOIN extract_now ON covered.division = extract_now.division AND covered.month = months_from(extract_now.month, -1)
    WHERE covered.kind = 'social_insurance'
),
paid AS (
    SELECT person, month, CASE WHEN count(wage) = count(*) THEN CAST(sum(wage) AS DECIMAL(12,2)) END AS wage
    FROM insurance_months
    WHERE status = 1
    GROUP BY person, month
),
lists_now AS (
    SELECT division,
        max(month) FILTER (WHERE kind = 'tax_wage') AS tax,
        max(month) FILTER (WHERE kind = 'medical_expense' AND year(month) = year(:day)) AS medical,
        max(month) FILTER (WHERE kind = 'business_registration') AS business
    FROM covered
    GROUP BY division
),
taxed AS (
    SELECT person, month, CAST(sum(wage) AS DECIMAL(12,2)) AS wage
    FROM tax_wages
    GROUP BY person, month
),
treated AS (
    SELECT person, month, max(paid) AS paid
    FROM medical_costs
    GROUP BY person, month
),
closed AS (
    -- A unit that was closed once stays so: some offices list only the units of the month.
    SELECT open_jobs.person, max(employers_closed.closed_on) AS employer_closed_on
    FROM open_jobs
    JOIN employers_closed ON employers_closed.job = open_jobs.job AND employers_closed.person = open_jobs.person
    WHERE employers_closed.month <= :day
    GROUP BY open_jobs.person
),
helped AS (
    SELECT DISTINCT person
    FROM cases
    WHERE opened_at < CAST(:day + 1 AS TIMESTAMP) AND (closed_at IS NULL OR closed_at >= CAST(:day + 1 AS TIMESTAMP))
),
retiring AS (
    -- The gradual delay since 2025: k = months from the first birth month concerned; one month later for every 4
    -- months of k, up to 36. Women are counted by the age of 55: which of them may retire at 50 is not recorded.
    SELECT person, born_on,
        CASE WHEN k_men < 0 THEN months_from(born_on, 720)
             WHEN k_men // 4 + 1 > 36 THEN months_from(born_on, 756)
             ELSE months_from(born_on, 720 + k_men // 4 + 1) END AS as_man_on,
        CASE WHEN k_women < 0 THEN months_from(born_on, 660)
             WHEN k_women // 4 + 1 > 36 THEN months_from(born_on, 696)
             ELSE months_from(born_on, 660 + k_women // 4 + 1) END AS as_woman_on
    FROM (
        SELECT person, born_on,
            (year(born_on) - 1965) * 12 + month(born_on) - 1 AS k_men,
            (year(born_on) - 1970) * 12 + month(born_on) - 1 AS k_women
        FROM persons
    ) AS months
),
aged AS (
    SELECT persons.person, persons.sex, persons.born_on,
        full_years(persons.born_on, :day) AS age,
        CASE WHEN persons.sex = 'male' THEN retiring.as_man_on
             WHEN persons.sex = 'female' THEN retiring.as_woman_on END AS retires_on,
        CASE WHEN full_years(persons.born_on, :day) < 16 THEN FALSE
             WHEN persons.sex = 'male' THEN :day < retiring.as_man_on
             WHEN persons.sex = 'female' THEN :day < retiring.as_woman_on
             WHEN :day < retiring.as_woman_on THEN TRUE
             WHEN :day >= retiring.as_man_on THEN FALSE END AS working_age
    FROM persons
    JOIN retiring ON retiring.person = persons.person
)
SELECT
    :day AS day,
    aged.person, home.household, home.division, home.relation, home.member_from,
    aged.sex, aged.born_on, aged.age, aged.working_age, aged.retires_on,
    category_then.kind AS category, category_then.work_risk,
    monitored_since.monitored_from, cleared.cleared_on,
    condition_then.education, condition_then.health, condition_then.labour_capacity, condition_then.at_school,
    condition_then.labour_capacity IN ('ordinary', 'skilled', 'weak') AND aged.working_age AS able,
    intent_then.will_work, intent_then.will_train, intent_then.will_go_out, intent_then.service_asked,
    intent_then.wage_floor,
    income_then.per_head AS income, reachable.person IS NOT NULL AS phone_known, missing.unlisted_from,
    CASE WHEN at_work.person IS NOT NULL THEN 'at_work'
         WHEN stated.person IS NOT NULL OR ended.person IS NOT NULL THEN 'jobless'
         ELSE 'unknown' END AS work_status,
    COALESCE(at_work.jobs_open, 0) AS jobs_open,
    at_work.job_from, at_work.wage, at_work.job_insured, at_work.by_unit,
    main_job.place AS work_place, main_job.occupation, main_job.channel, main_job.form, main_job.organised,
    main_job.industry, main_job.employer_named, main_job.local_post,
    at_work.public_post, COALESCE(at_work.public_posts, 0) AS public_posts,
    CASE WHEN left(main_job.place, 2) <> left(home.division, 2) THEN 'other_province'
         WHEN substring(main_job.place, 5, 2) = '00' THEN NULL
         WHEN left(main_job.place, 6) <> left(home.division, 6) THEN 'other_county'
         WHEN left(main_job.place, 6) = left(home.division, 6) THEN 'home_county' END AS work_where,
    at_work.job_ends_on,
    ended.job_ended_on, ended.ended_public_post,
    days_between(ended.ended_from, ended.job_ended_on) AS ended_job_days,
    CASE WHEN left(ended.ended_place, 2) <> left(home.division, 2) THEN 'other_province'
         WHEN substring(ended.ended_place, 5, 2) = '00' THEN NULL
         WHEN left(ended.ended_place, 6) <> left(home.division, 6) THEN 'other_county'
         WHEN left(ended.ended_place, 6) = left(home.division, 6) THEN 'home_county' END AS ended_where,
    CASE WHEN condition_then.at_school THEN NULL ELSE schooled.left_school_on END AS left_school_on,
    taught.trained_on, COALESCE(taught.in_class, FALSE) AS in_class,
    registered.person IS NOT NULL AS registered_unemployed,
    stated.person IS NOT NULL AS jobless_stated,
    stated.reason AS jobless_reason,
    CASE WHEN at_work.person IS NULL THEN COALESCE(stated.stated_from, ended.job_ended_on) END AS jobless_from,
    answered.last_answer_on,
    CASE WHEN at_work.person IS NOT NULL
         THEN days_between(greatest(at_work.job_from, home.member_from, answered.last_answer_on), :day)
         END AS silent_days,
    extract_now.month AS insurance_month,
    CASE WHEN extract_before.month IS NOT NULL THEN paid_then.person IS NOT NULL END AS paid_before,
    CASE WHEN extract_now.month IS NOT NULL THEN paid_now.person IS NOT NULL END AS pays_now,
    paid_then.wage AS insurance_wage_before,
    paid_now.wage AS insurance_wage_now,
    lists_now.tax AS tax_month,
    CASE WHEN lists_now.tax IS NOT NULL THEN COALESCE(taxed.wage > 0, FALSE) END AS taxed_now,
    taxed.wage AS tax_wage,
    lists_now.medical AS medical_month,
    CASE WHEN lists_now.medical IS NOT NULL THEN COALESCE(treated.paid, CAST(0 AS DECIMAL(12,2))) END AS medical_paid,
    CASE WHEN closed.person IS NOT NULL THEN TRUE
         WHEN at_work.by_unit AND lists_now.business IS NOT NULL THEN FALSE END AS employer_closed,
    closed.employer_closed_on,
    helped.person IS NOT NULL AS case_open
FROM aged
LEFT JOIN home ON home.person = aged.person
LEFT JOIN extract_now ON extract_now.division = COALESCE(home.division, '')
LEFT JOIN extract_before ON extract_before.division = COALESCE(home.division, '')
LEFT JOIN category_then ON category_then.person = aged.person
LEFT JOIN monitored_since ON monitored_since.person = aged.person
LEFT JOIN cleared ON cleared.person = aged.person
LEFT JOIN income_then ON income_then.person = aged.person
LEFT JOIN reachable ON reachable.person = aged.person
LEFT JOIN missing ON missing.person = aged.person
LEFT JOIN condition_then ON condition_then.person = aged.person
LEFT JOIN intent_then ON intent_then.person = aged.person
LEFT JOIN at_work ON at_work.person = aged.person
LEFT JOIN main_job ON main_job.person = aged.person
LEFT JOIN ended ON ended.person = aged.person
LEFT JOIN schooled ON schooled.person = aged.person
LEFT JOIN taught ON taught.person = aged.person
LEFT JOIN registered ON registered.person = aged.person
LEFT JOIN stated ON stated.person = aged.person
LEFT JOIN answered ON answered.person = aged.person
LEFT JOIN paid AS paid_then ON paid_then.person = aged.person AND paid_then.month = extract_before.month
LEFT JOIN paid AS paid_now ON paid_now.person = aged.person AND paid_now.month = extract_now.month
LEFT JOIN lists_now ON lists_now.division = COALESCE(home.division, '')
LEFT JOIN taxed ON taxed.person = aged.person AND taxed.month = lists_now.tax
LEFT JOIN treated ON treated.person = aged.person AND treated.month = lists_now.medical
LEFT JOIN closed ON closed.person = aged.person
LEFT JOIN helped ON helped.person = aged.person
