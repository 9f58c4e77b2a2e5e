//! C10: typed quarter shares that are not 100 % together.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::fields::Field;

rule! {
    /// Typed quarter shares that do not add up to 100 %.
    ///
    /// A difference of 0.05 percentage points is taken for rounding.
    ///
    /// ## Why it matters
    /// The quarters would not add up to the year's target.
    ///
    /// ```bad
    /// ramp_shape = "custom"
    /// share_q1 = 0.1
    /// share_q2 = 0.2
    /// share_q3 = 0.3
    /// share_q4 = 0.3
    /// ```
    ///
    /// ```good
    /// ramp_shape = "custom"
    /// share_q1 = 0.1
    /// share_q2 = 0.2
    /// share_q3 = 0.3
    /// share_q4 = 0.4
    /// ```
    "C10" "shares-off-whole" Error, run
}

const SHARES: [Field; 4] = [Field::ShareQ1, Field::ShareQ2, Field::ShareQ3, Field::ShareQ4];

fn run(facts: &Facts, findings: &mut Findings) {
    for owner in facts.owners().filter(|owner| facts.shape(*owner) == Some("custom")) {
        let typed: Vec<f64> = SHARES.iter().filter_map(|field| facts.answered(owner, *field)).collect();
        let sum: f64 = typed.iter().sum();
        if typed.len() == SHARES.len() && (sum - 1.0).abs() > 0.0005 + 1e-9 {
            findings
                .push(facts.at_fields(&RULE, owner, &SHARES).with_arg("found", shown(sum, Unit::Percent)));
        }
    }
}
