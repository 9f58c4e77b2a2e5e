//! C05: growth and revenue target that do not fit each other.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::fields::Field;

rule! {
    /// Growth and revenue target are both given and more than 0.5 % apart.
    ///
    /// Within 0.5 % the revenue target is taken.
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
    let number = |field: Field| facts.plan.number(field);
    let (Some(growth), Some(target)) = (number(Field::Growth), number(Field::RevenueTarget)) else { return };
    let Some(last) = facts.last_revenue() else { return };
    let implied = last * (1.0 + growth);
    // Half a percent itself is still fine, and must not fall to the last bit.
    if (target - implied).abs() > 0.005 * implied.abs() * (1.0 + 1e-9) {
        findings.push(
            facts
                .at_fields(&RULE, &[Field::RevenueTarget, Field::Growth, Field::LastYearRevenue])
                .with("found", shown(target, Unit::Money))
                .with("growth", shown(growth, Unit::Percent))
                .with("expected", shown(implied, Unit::Money)),
        );
    }
}
