-- One row: what the newest overall safety assessment found.
select e.individual_risk_3e7_contains_target as contains_3e7, e.individual_risk_3e6_contains_target as contains_3e6,
       e.individual_risk_1e5_contains_target as contains_1e5, e.in_unacceptable_zone,
       e.risk_measures_implemented as measures_implemented, r.report_name, r.compiled_date
from park_overall_risk_report_ext_at($at) e left join park_assessment_report_at($at) r on r.id = e.report_id
where $scope is not null
order by r.compiled_date desc nulls last
limit 1
