//! D01: a KPI that nobody can call by its name.

use crate::base::finding::{Finding, Findings};
use crate::base::text::is_blank;
use crate::check::Facts;
use crate::check::facts::kpi_spot;
use crate::plan::tables::{Table, kpis};

rule! {
    /// A row of the sheet KPIs without a name, whose id is not that of a known metric either.
    ///
    /// ## Why it matters
    /// On the other sheets it stands as its id, and nobody knows what is counted.
    ///
    /// ```bad
    /// kpis[0] = {"type": "flow", "unit": "number", "target": 400}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Offer downloads", "type": "flow", "unit": "number", "target": 400}
    /// ```
    "D01" "kpi-without-name" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for kpi in facts.kpis.declared().filter(|kpi| kpi.known.is_none()) {
        let row = kpi.row.and_then(|row| facts.plan.rows(Table::Kpis).get(row));
        if row.is_some_and(|row| is_blank(row.text(kpis::LABEL))) {
            findings
                .push(Finding::new(&RULE, kpi_spot(facts, kpi, kpis::LABEL)).with("kpi", kpi.id.as_str()));
        }
    }
}
