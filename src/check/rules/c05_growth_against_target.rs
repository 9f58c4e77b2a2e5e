//! C05: growth and revenue target that do not fit each other.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::Of;
use crate::plan::fields::Field;

rule! {
    /// Growth and revenue target are both given and more than 0.5 % apart.
    ///
    /// Within 0.5 % the revenue target is taken. Segments are held to the same.
    ///
    /// ## Why it matters
    /// The two ask for different years, and only the revenue target would be planned.
    ///
    /// ```bad
    /// revenue_target = 2600000
    /// growth = 0.4
    /// ```
    ///
    /// ```good
    /// revenue_target = 2600000
    /// growth = 0.301
    /// ```
    "C05" "growth-against-target" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for owner in facts.owners() {
        if let Some(finding) = judge(facts, owner) {
            findings.push(finding);
        }
    }
}

fn judge(facts: &Facts, owner: Of) -> Option<Finding> {
    let growth = facts.answered(owner, Field::Growth)?;
    let target = facts.answered(owner, Field::RevenueTarget)?;
    let implied = facts.last_revenue(owner)? * (1.0 + growth);
    // Half a percent itself is still fine, and must not fall to the last bit.
    ((target - implied).abs() > 0.005 * implied.abs() * (1.0 + 1e-9)).then(|| {
        facts
            .at_fields(&RULE, owner, &[Field::RevenueTarget, Field::Growth, Field::LastYearRevenue])
            .with_arg("found", shown(target, Unit::Money))
            .with_arg("growth", shown(growth, Unit::Percent))
            .with_arg("expected", shown(implied, Unit::Money))
    })
}
