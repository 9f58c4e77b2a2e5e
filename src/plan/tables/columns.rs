//! Positions of the columns of each table, by name, and the heads of what is computed beside them.

/// Positions of the columns of `Table::Rates`.
pub mod rates {
    /// Name of the stage.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// What counts as one.
    pub const DEFINITION: usize = 2;
    /// Rate to the next stage: low, base, high.
    pub const CASES: [usize; 3] = [3, 4, 5];
    /// The base rate.
    pub const BASE: usize = 4;
    /// The quarters' own rates.
    pub const QUARTERS: [usize; 4] = [6, 7, 8, 9];
    /// Whole months between this stage and the next.
    pub const LAG: usize = 10;
    /// Where the rate comes from.
    pub const SOURCE: usize = 11;
}

/// Positions of the columns of `Table::LastYear`.
pub mod last_year {
    /// Name of the stage or figure.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// The four quarters.
    pub const QUARTERS: [usize; 4] = [2, 3, 4, 5];
    /// The year, where quarters are not known.
    pub const YEAR: usize = 6;
}

/// Positions of the columns of `Table::Segments`. Those with the name of a question of the form answer it for the
/// segment.
pub mod segments {
    /// Name of the segment.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// The four typed quarter shares.
    pub const SHARES: [usize; 4] = [13, 14, 15, 16];
    /// Low, base and high of each stage but the last follow these columns.
    pub const RATES: usize = 17;
    /// The base rate among the three.
    pub const BASE: usize = 1;

    /// Heads of the computed columns: what the segment must bring, then the working figures.
    pub const COMPUTED: [&str; 18] = [
        "target_in_use",
        "revenue_gap",
        "deals_exact",
        "customers_needed",
        "is_shown",
        "shape_in_use",
        "first_share_in_use",
        "last_share_in_use",
        "ramp_curve",
        "own_shares",
        "ramp_q1",
        "ramp_q2",
        "ramp_q3",
        "ramp_q4",
        "share_in_use_q1",
        "share_in_use_q2",
        "share_in_use_q3",
        "share_in_use_q4",
    ];
    /// Heads of the computed columns of each stage: whole numbers, the segment's own rate, exact numbers.
    pub const STAGE_COMPUTED: [&str; 11] = [
        "year",
        "q1",
        "q2",
        "q3",
        "q4",
        "own_rate",
        "exact_year",
        "exact_q1",
        "exact_q2",
        "exact_q3",
        "exact_q4",
    ];

    /// The column of a stage's rate: 0 to 2 for low, base, high.
    pub fn rate(stage: usize, case: usize) -> usize {
        RATES + 3 * stage + case
    }
}

/// Positions of the columns of `Table::Goals`.
pub mod goals {
    /// Stable id.
    pub const ID: usize = 0;
    /// Business goal or marketing objective.
    pub const LEVEL: usize = 1;
    /// The goal in the planner's words.
    pub const TEXT: usize = 2;
    /// The id of the business goal that it serves.
    pub const SUPPORTS: usize = 3;
    /// What is measured.
    pub const METRIC: usize = 4;
    /// What the target counts.
    pub const UNIT: usize = 5;
    /// Where it stands today.
    pub const BASELINE: usize = 6;
    /// The value to reach.
    pub const TARGET: usize = 7;
    /// First day.
    pub const START: usize = 8;
    /// Last day.
    pub const DEADLINE: usize = 9;
    /// Who answers for it.
    pub const OWNER: usize = 10;
    /// For whom or where.
    pub const SCOPE: usize = 11;
    /// Where the figure can be looked up.
    pub const SOURCE: usize = 12;

    /// Heads of the columns that the program fills at a build: the marks, what was found, a wording.
    pub const COMPUTED: [&str; 7] =
        ["smart.s", "smart.m", "smart.a", "smart.r", "smart.t", "findings_at_build", "proposed_wording"];
}

/// Positions of the columns of `Table::Waivers`.
pub mod waivers {
    /// Code of the rule.
    pub const RULE: usize = 0;
    /// What the finding is about, such as `goals.g2.target`: it stays the same when cells move.
    pub const SUBJECT: usize = 1;
    /// Why the finding may stand.
    pub const REASON: usize = 2;
}

/// Positions of the columns of `Table::Versions`.
pub mod versions {
    /// 1, 2, 3 ….
    pub const NUMBER: usize = 0;
    /// The day of the build.
    pub const DATE: usize = 1;
    /// Version of the program.
    pub const TOOL: usize = 2;
    /// Hash of the inputs.
    pub const INPUTS: usize = 3;
    /// Options of the build that change the output.
    pub const OPTIONS: usize = 5;
    /// What changed.
    pub const CHANGE: usize = 6;

    /// The answers that changed, a few by name.
    pub const ANSWERS: usize = 7;

    /// What may have changed since the last build: nothing came before, inputs, options, the program.
    pub const CHANGES: [&str; 4] = ["change.first", "change.inputs", "change.options", "change.tool"];
}

/// Positions of the columns of `Table::Earlier`.
pub mod earlier {
    /// The version that a line belongs to.
    pub const NUMBER: usize = 0;
    /// What was answered, as data call it: `form`, `goals.2`.
    pub const NAME: usize = 1;
    /// The answer as data hold it; blank where there was none.
    pub const TEXT: usize = 2;
}

/// Positions of the columns of `Table::Kpis`.
pub mod kpis {
    /// Stable id.
    pub const ID: usize = 0;
    /// Name of the KPI.
    pub const LABEL: usize = 1;
    /// How it adds up over time.
    pub const TYPE: usize = 2;
    /// Which direction is good.
    pub const BETTER: usize = 3;
    /// What it counts.
    pub const UNIT: usize = 4;
    /// Where it stands today.
    pub const BASELINE: usize = 5;
    /// The value of the year, or at its end.
    pub const TARGET: usize = 6;
    /// The planner's own quarter benchmarks.
    pub const QUARTERS: [usize; 4] = [7, 8, 9, 10];
    /// For whom or where.
    pub const SCOPE: usize = 11;
    /// Where the figure can be looked up.
    pub const SOURCE: usize = 12;

    /// Heads of the computed columns: year and quarters in use, and how far the quarters are from the year.
    pub const COMPUTED: [&str; 6] =
        ["year_in_use", "q1_in_use", "q2_in_use", "q3_in_use", "q4_in_use", "year_check"];
}

/// Positions of the columns of `Table::Channels`. One column of last year's volume for each stage follows.
pub mod channels {
    /// Name of the channel.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// Last year's spend.
    pub const SPEND: usize = 2;
    /// Last year's revenue from its customers.
    pub const REVENUE: usize = 3;
    /// This year's budget.
    pub const BUDGET: usize = 4;
    /// Its planned share of this year's leads.
    pub const SHARE: usize = 5;
    /// What the planner has decided.
    pub const DECISION: usize = 6;
    /// Last year's volume of the widest stage; the narrower ones follow.
    pub const VOLUMES: usize = 7;

    /// Heads of the computed columns: last year's figures, this year's, then the working figures.
    pub const COMPUTED: [&str; 16] = [
        "cpl",
        "marketing_cac",
        "revenue_kept",
        "roi",
        "share_of_spend",
        "share_in_use",
        "budget_needed",
        "budget_left",
        "hint",
        "lead_cost",
        "shares_from",
        "leads_before",
        "hint_stop",
        "hint_scale",
        "hint_fix",
        "hint_number",
    ];
    /// Heads of the computed columns of a stage. Which of them a stage has depends on its place in the funnel.
    pub const STAGE_COMPUTED: [&str; 5] =
        ["cost_each", "rate_last_year", "become_customers", "share_last_year", "this_year"];
}

/// Positions of the columns of `Table::Actions`.
pub mod actions {
    /// The quarter in which it is done.
    pub const QUARTER: usize = 0;
    /// What the quarter is about.
    pub const FOCUS: usize = 1;
    /// What is done.
    pub const ACTION: usize = 2;
    /// The id of the goal that it serves.
    pub const GOAL: usize = 3;
    /// Who does it.
    pub const OWNER: usize = 4;
    /// First day.
    pub const START: usize = 5;
    /// Last day.
    pub const DEADLINE: usize = 6;
    /// How far it is.
    pub const STATUS: usize = 7;
}

/// Positions of the columns of `Table::Tracker`.
pub mod tracker {
    /// Name of the stage, figure or KPI.
    pub const LABEL: usize = 0;
    /// Stable id of the stage or KPI, `revenue` or `spend`.
    pub const ID: usize = 1;
    /// The actual of the first month of the plan year; the others follow.
    pub const FIRST_MONTH: usize = 2;

    /// Heads of the columns that the program fills: unit, what the row shows, the year.
    pub const COMPUTED: [&str; 3] = ["unit", "comment", "head.year"];

    /// The column of a month of the plan year, 0 to 11.
    pub fn month(month: usize) -> usize {
        FIRST_MONTH + month
    }
}
