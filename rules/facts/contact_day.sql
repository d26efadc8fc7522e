-- One row per person with a telephone on :day: who else has the same one. Columns: contact_day.yaml.
WITH
numbers AS (
    SELECT person, token
    FROM contacts
    WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY valid_from DESC, token) = 1
),
placed AS (
    SELECT numbers.person, numbers.token, person_day.household, person_day.division,
        left(person_day.division, 6) AS county
    FROM numbers
    JOIN person_day ON person_day.person = numbers.person
),
shared AS (
    SELECT token, count(*) AS persons, count(DISTINCT household) AS households, count(DISTINCT county) AS counties
    FROM placed
    GROUP BY token
)
SELECT :day AS day, placed.person, placed.division, placed.household, shared.persons - 1 AS others,
    CASE WHEN placed.household IS NULL THEN shared.households ELSE shared.households - 1 END AS other_households,
    CASE WHEN placed.county IS NULL THEN shared.counties ELSE shared.counties - 1 END AS other_counties
FROM placed
JOIN shared ON shared.token = placed.token
