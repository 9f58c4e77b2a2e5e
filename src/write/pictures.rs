//! Pictures that stand on more than one sheet, each with the sentence that says what it shows.

use crate::base::value::Unit;
use crate::model::sym::{Of, Sym, What};
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, channels};
use crate::write::image::PictureKind;
use crate::write::layout::Chart;
use crate::write::sheets::Context;

const SPEND: u32 = 0xA6_A6_A6;
const CUSTOMERS: u32 = 0x2F_75_B5;

/// A picture with the sentence that says what it shows.
pub(super) struct Told {
    pub(super) message: String,
    pub(super) chart: Chart,
}

/// Each channel's share of spend beside its share of customers, where both are known of two channels at least.
pub(super) fn channel_shares(plan: &Plan, context: &Context) -> Option<Told> {
    let words = plan.words();
    let last = plan.stages().len().saturating_sub(1);
    let filled = || (0..plan.rows(Table::Channels).len() as u16).map(Of::Channel);
    let share = |of: Of, what: What| context.values.number(Sym::of(of, what));
    let both = |of: Of| Some((share(of, What::ShareOfSpend)?, share(of, What::ShareOfCustomers)?));
    let known: Vec<(usize, (f64, f64))> =
        filled().enumerate().filter_map(|(row, of)| Some((row, both(of)?))).collect();
    let apart = |pair: &(f64, f64)| (pair.0 - pair.1).abs();
    let furthest = known.iter().reduce(|a, b| if apart(&b.1) > apart(&a.1) { b } else { a });
    let (row, (spend, customers)) = furthest.filter(|_| known.len() > 1)?;
    let label = plan.rows(Table::Channels).get(*row).map_or("", |typed| typed.text(channels::LABEL));
    // A tenth of a percent says enough.
    let percent = |v: f64| words.rounded(v, Unit::Percent, 1);
    let stage = plan.stage_name(last).1.to_owned();
    let args = [
        ("channel", label.to_owned()),
        ("spend", percent(*spend)),
        ("customers", percent(*customers)),
        ("stage", stage.clone()),
    ];
    let message = words.fill("channels.message", &args);
    let title = words.fill("channels.chart", &[("stage", stage)]);
    let axis = words.get("channels.chart.axis");
    let mut chart = Chart::new(PictureKind::Columns, title, message.clone(), axis);
    // No wider than a printed page beside the names of the channels.
    chart.width = (320 + 90 * filled().count() as u32).min(860);
    let series = |what: What| filled().map(|of| Sym::of(of, what)).collect();
    chart.series = vec![
        (words.get("share_of_spend"), SPEND, series(What::ShareOfSpend)),
        (plan.stage_head(last, "share_last_year"), CUSTOMERS, series(What::ShareOfCustomers)),
    ];
    Some(Told { message, chart })
}
