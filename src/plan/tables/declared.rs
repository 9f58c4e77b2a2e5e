//! The columns of every table, in the order of the sheet.

use crate::plan::fields::{ANY, COUNT, DEAL, GROWTH, Kind, MONEY, MONTHS, RATE, SHARE, WHOLE};
use crate::plan::lists::List;
use crate::plan::tables::Column;

pub(super) const fn column(term: &'static str, json: &'static str, kind: Kind, width: u8) -> Column {
    Column { term, json, kind, width, keeps_text: false }
}

/// A column of goals whose text may be as vague as a planner's first thought.
const fn open_column(term: &'static str, json: &'static str, kind: Kind, width: u8) -> Column {
    Column { term, json, kind, width, keeps_text: true }
}

pub(super) const RATES: [Column; 12] = [
    column("stage", "label", Kind::Text, 24),
    column("id", "id", Kind::Text, 14),
    column("definition", "definition", Kind::Text, 34),
    column("low", "rate.low", RATE, 9),
    column("base", "rate.base", RATE, 9),
    column("high", "rate.high", RATE, 9),
    column("q1", "rate.q1", RATE, 9),
    column("q2", "rate.q2", RATE, 9),
    column("q3", "rate.q3", RATE, 9),
    column("q4", "rate.q4", RATE, 9),
    column("lag_months", "lag_months", MONTHS, 9),
    column("source", "source", Kind::Text, 24),
];

pub(super) const LAST_YEAR: [Column; 7] = [
    column("stage", "label", Kind::Text, 24),
    column("id", "id", Kind::Text, 14),
    column("q1", "q1", COUNT, 12),
    column("q2", "q2", COUNT, 12),
    column("q3", "q3", COUNT, 12),
    column("q4", "q4", COUNT, 12),
    column("year_total", "year", COUNT, 14),
];

pub(super) const CHANNELS: [Column; 7] = [
    column("channel", "label", Kind::Text, 24),
    column("id", "id", Kind::Text, 14),
    column("spend", "spend", MONEY, 14),
    column("revenue", "revenue", MONEY, 14),
    column("budget", "budget", MONEY, 14),
    column("planned_share", "share", SHARE, 10),
    column("decision", "decision", Kind::List(List::Decision), 12),
];

pub(super) const GOALS: [Column; 13] = [
    column("id", "id", Kind::Text, 8),
    column("level", "level", Kind::List(List::Level), 12),
    column("goal", "text", Kind::Text, 44),
    column("supports", "supports", Kind::Text, 10),
    column("metric", "metric", Kind::Text, 18),
    column("unit", "unit", Kind::Text, 10),
    open_column("baseline", "baseline", ANY, 12),
    open_column("target", "target", ANY, 12),
    open_column("start", "start", Kind::Date, 12),
    open_column("deadline", "deadline", Kind::Date, 12),
    column("owner", "owner", Kind::Text, 16),
    column("scope", "scope", Kind::Text, 18),
    column("source", "source", Kind::Text, 18),
];

pub(super) const KPIS: [Column; 13] = [
    column("id", "id", Kind::Text, 22),
    column("kpi", "label", Kind::Text, 34),
    column("kpi_type", "type", Kind::List(List::KpiType), 14),
    column("better", "better", Kind::List(List::Better), 10),
    column("unit", "unit", Kind::Text, 10),
    column("baseline", "baseline", ANY, 12),
    column("target", "target", ANY, 12),
    column("q1", "q1", ANY, 12),
    column("q2", "q2", ANY, 12),
    column("q3", "q3", ANY, 12),
    column("q4", "q4", ANY, 12),
    column("scope", "scope", Kind::Text, 18),
    column("source", "source", Kind::Text, 18),
];

pub(super) const ACTIONS: [Column; 9] = [
    column("quarter", "quarter", Kind::List(List::Quarter), 9),
    column("focus_area", "focus", Kind::Text, 26),
    column("action", "action", Kind::Text, 40),
    column("goal_id", "goal", Kind::Text, 10),
    column("owner", "owner", Kind::Text, 16),
    column("start", "start", Kind::Date, 12),
    column("deadline", "deadline", Kind::Date, 12),
    column("status", "status", Kind::List(List::ActionStatus), 14),
    column("next_step", "next_step", Kind::Text, 36),
];

pub(super) const WAIVERS: [Column; 3] = [
    column("rule", "rule", Kind::Text, 12),
    column("subject", "subject", Kind::Text, 26),
    column("waiver", "reason", Kind::Text, 34),
];

pub(super) const VERSIONS: [Column; 12] = [
    column("version_number", "number", WHOLE, 9),
    column("version_date", "date", Kind::Date, 12),
    column("tool_version", "tool", Kind::Text, 12),
    column("input_hash", "inputs", Kind::Text, 18),
    column("parent_hash", "parent", Kind::Text, 18),
    column("options", "options", Kind::Text, 14),
    column("what_changed", "change", Kind::Text, 20),
    column("changed_answers", "answers", Kind::Text, 44),
    column("revenue_target", "revenue_target", MONEY, 16),
    column("revenue_gap", "revenue_gap", MONEY, 16),
    column("customers", "customers", WHOLE, 14),
    column("top_of_funnel", "top_of_funnel", WHOLE, 14),
];

pub(super) const EARLIER: [Column; 3] = [
    column("version_number", "number", WHOLE, 9),
    column("earlier_name", "name", Kind::Text, 34),
    column("earlier_text", "text", Kind::Text, 72),
];

pub(super) const SEGMENTS: [Column; 17] = [
    column("segment", "label", Kind::Text, 26),
    column("id", "id", Kind::Text, 14),
    column("last_year_revenue", "last_year_revenue", MONEY, 15),
    column("growth", "growth", GROWTH, 9),
    column("revenue_target", "revenue_target", MONEY, 15),
    column("committed_revenue", "committed_revenue", MONEY, 15),
    column("other_revenue", "other_revenue", MONEY, 15),
    column("existing_customer_revenue", "existing_customer_revenue", MONEY, 15),
    column("expected_loss", "expected_loss", MONEY, 15),
    column("average_deal", "average_deal", DEAL, 13),
    column("ramp_shape", "ramp_shape", Kind::List(List::RampShape), 13),
    column("first_quarter_share", "first_quarter_share", SHARE, 11),
    column("last_quarter_share", "last_quarter_share", SHARE, 11),
    column("share_q1", "share_q1", SHARE, 9),
    column("share_q2", "share_q2", SHARE, 9),
    column("share_q3", "share_q3", SHARE, 9),
    column("share_q4", "share_q4", SHARE, 9),
];

pub(super) const TRACKER: [Column; 14] = [
    column("metric", "label", Kind::Text, 26),
    column("id", "id", Kind::Text, 14),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
    column("monthly_actual", "month", ANY, 12),
];
