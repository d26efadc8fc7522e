-- One row per person whose payments by a unit stopped between the last two extracts before :day: with how many others of
-- the unit. Columns: layoff_day.yaml.
WITH
paid_then AS (
    SELECT DISTINCT person_day.person, person_day.household, person_day.division, person_day.insurance_month,
        person_day.pays_now, insurance_months.uscc
    FROM person_day
    JOIN insurance_months ON insurance_months.person = person_day.person
        AND insurance_months.month = months_from(person_day.insurance_month, -1)
    WHERE person_day.paid_before AND insurance_months.status = 1 AND insurance_months.uscc IS NOT NULL
),
paid_now AS (
    SELECT DISTINCT person, month, uscc
    FROM insurance_months
    WHERE status = 1 AND uscc IS NOT NULL
),
compared AS (
    SELECT paid_then.person, paid_then.household, paid_then.division, paid_then.insurance_month, paid_then.pays_now,
        paid_then.uscc, paid_now.person IS NULL AS stopped
    FROM paid_then
    LEFT JOIN paid_now ON paid_now.person = paid_then.person AND paid_now.uscc = paid_then.uscc
        AND paid_now.month = paid_then.insurance_month
),
units AS (
    SELECT uscc, insurance_month, count(*) AS unit_insured, count(*) FILTER (WHERE stopped) AS unit_stopped
    FROM compared
    GROUP BY uscc, insurance_month
)
SELECT :day AS day, compared.person, compared.household, compared.division, compared.insurance_month,
    compared.pays_now, units.unit_insured, units.unit_stopped
FROM compared
JOIN units ON units.uscc = compared.uscc AND units.insurance_month = compared.insurance_month
WHERE compared.stopped
QUALIFY row_number() OVER (
    PARTITION BY compared.person ORDER BY units.unit_stopped DESC, units.unit_insured DESC, compared.uscc) = 1
