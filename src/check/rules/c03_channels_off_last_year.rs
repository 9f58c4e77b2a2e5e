//! C03: channels that together had more than the company.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, above, at_spots, shown};
use crate::model::sym::{ALL_CHANNELS, Sym, What};
use crate::plan::tables::{MONEY_ROWS, Table, channels, last_year};

rule! {
    /// Last year's figures of all channels together are above the company's: spend, revenue, or a stage.
    ///
    /// Half a percent is taken for rounding.
    /// Channels may come to less than the company, for not every lead has a known channel.
    ///
    /// ## Why it matters
    /// Somebody was counted in two channels, or a stage is missing a quarter.
    /// Costs and shares of every channel are off then, and so is the budget that is made of them.
    ///
    /// ```bad
    /// channels[0] = {"label": "Search", "spend": 20000, "volumes": {"leads": 300, "customers": 6}}
    /// channels[1] = {"label": "E-mail", "spend": 10000, "volumes": {"leads": 140, "customers": 3}}
    /// ```
    ///
    /// ```good
    /// channels[0] = {"label": "Search", "spend": 20000, "volumes": {"leads": 250, "customers": 6}}
    /// channels[1] = {"label": "E-mail", "spend": 10000, "volumes": {"leads": 140, "customers": 3}}
    /// ```
    "C03" "channels-off-last-year" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let stages = facts.plan.stages().len();
    // Spend and revenue have a row of last year by their name, volumes one by their stage.
    let row_of = |column: usize| {
        let (spec, stage) = Table::Channels.column(column)?;
        let named = || MONEY_ROWS.iter().position(|(id, _)| *id == spec.json).map(|at| stages + at);
        stage.or_else(named)
    };
    let volumes = (0..stages).map(|stage| channels::VOLUMES + stage);
    for column in [channels::SPEND, channels::REVENUE].into_iter().chain(volumes) {
        let Some(row) = row_of(column) else { continue };
        let sum = facts.values.number(Sym::channel(ALL_CHANNELS, column));
        let (Some(sum), Some(total)) = (sum, facts.stage(What::LastTotal, row)) else { continue };
        if above(sum, total) {
            let label = facts.plan.rows(Table::LastYear).get(row).map_or("", |r| r.text(last_year::LABEL));
            let rows = facts.plan.rows(Table::Channels);
            let spots = rows.iter().filter_map(|row| row.cell(column)).map(|entry| entry.at.clone());
            let finding = at_spots(&RULE, spots.take(MOST_CELLS).collect::<Vec<Spot>>())
                .with("label", label)
                .with_arg("found", shown(sum, Unit::Number))
                .with_arg("expected", shown(total, Unit::Number));
            findings.push(facts.last_year_spots(row).into_iter().fold(finding, Finding::and));
        }
    }
}
