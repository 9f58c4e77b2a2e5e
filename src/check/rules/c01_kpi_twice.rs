//! C01: one KPI in two rows.

use std::collections::HashMap;

use crate::base::finding::{Finding, Findings};
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::facts::kpi_spot;
use crate::plan::catalogue;
use crate::plan::kpis::PlanKpi;
use crate::plan::tables::{Table, kpis};

rule! {
    /// Two rows of the sheet KPIs that are one metric, for the same scope.
    ///
    /// A row is a metric by its name in any language. Rows whose names say more, such as two product lines, are two KPIs.
    ///
    /// ## Why it matters
    /// Two people will report it twice, and two targets can part ways.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Followers", "type": "level", "unit": "number", "baseline": 300, "target": 400}
    /// kpis[1] = {"label": "Social followers", "type": "level", "unit": "number", "baseline": 300, "target": 450}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Followers", "type": "level", "unit": "number", "baseline": 300, "target": 400, "scope": "LinkedIn"}
    /// kpis[1] = {"label": "Social followers", "type": "level", "unit": "number", "baseline": 300, "target": 450, "scope": "YouTube"}
    /// ```
    "C01" "kpi-twice" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let mut seen: HashMap<(String, &str), &PlanKpi> = HashMap::new();
    for kpi in facts.kpis.declared() {
        let typed = kpi.row.and_then(|row| facts.plan.rows(Table::Kpis).get(row));
        let label = typed.map_or("", |row| row.text(kpis::LABEL));
        let metric = match (label, kpi.known) {
            ("", Some(known)) => known.id.to_owned(),
            ("", None) => continue,
            (label, _) => catalogue::named(label).map_or_else(|| fold(label), |known| known.id.to_owned()),
        };
        let Some(first) = seen.get(&(metric.clone(), kpi.scope.as_str())) else {
            seen.insert((metric, kpi.scope.as_str()), kpi);
            continue;
        };
        findings.push(
            Finding::new(&RULE, kpi_spot(facts, kpi, kpis::LABEL))
                .with("found", kpi.label.as_str())
                .with("other", first.label.as_str())
                .and(kpi_spot(facts, first, kpis::LABEL)),
        );
    }
}
