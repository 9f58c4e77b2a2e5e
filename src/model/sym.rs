//! What a number is called: never where it stands.

mod what;

use std::fmt;

use crate::plan::fields::Field;
use crate::plan::names::Answer;
use crate::plan::tables::{Table, kpis, last_year, rates, segments, tracker};

pub use what::What;

/// Whose number it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Of {
    /// The plan as a whole.
    Plan,
    /// A stage, counted from the widest.
    Stage(u16),
    /// A row of a table or a list of numbers.
    Row(u32),
    /// A check.
    Check(u8),
    /// A channel: a row of its table, or [`ALL`] of them together.
    Channel(u16),
    /// A stage of a channel.
    ChannelStage(u16, u16),
    /// A KPI: one of the plan's own, or one of the catalogue that the plan can compute.
    Kpi(u16),
    /// What is followed by month: a row of the tracker.
    Tracked(u16),
    /// A scenario, 0 to 2, whatever the live one is.
    Case(u8),
    /// A stage in a scenario.
    CaseStage(u8, u16),
    /// A rate, or the deal size, that could be better.
    Lever(u16),
    /// A segment of the company, or [`EACH`].
    Segment(u32),
    /// A stage of a segment.
    SegmentStage(u32, u16),
    /// A stage of a segment in a scenario: row, scenario, stage.
    SegmentCase(u32, u8, u16),
    /// The segment that Targets shows.
    Shown,
    /// A stage of the segment that Targets shows.
    ShownStage(u16),
    /// A plan of a roll-up, or [`EACH`], in the currency of the company.
    Member(u32),
    /// The same as the plan has it, in its own currency.
    MemberOwn(u32),
    /// A stage of a plan of a roll-up.
    MemberStage(u32, u16),
}

/// Stands for every row where an expression is the same in all of them: the row at hand.
pub const EACH: u32 = u32::MAX;

/// Stands for all channels together.
pub const ALL: u16 = u16::MAX;

/// All channels together.
pub const ALL_CHANNELS: Of = Of::Channel(ALL);

/// Every segment.
pub const EACH_SEGMENT: Of = Of::Segment(EACH);

/// Every plan of a roll-up.
pub const EACH_MEMBER: Of = Of::Member(EACH);

impl Of {
    /// A stage of this owner: of the company, of a segment, of the segment that is shown.
    pub fn stage(self, stage: usize) -> Self {
        let stage = stage as u16;
        match self {
            Self::Segment(row) | Self::SegmentStage(row, _) => Self::SegmentStage(row, stage),
            Self::SegmentCase(row, case, _) => Self::SegmentCase(row, case, stage),
            Self::Shown | Self::ShownStage(_) => Self::ShownStage(stage),
            Self::Case(case) | Self::CaseStage(case, _) => Self::CaseStage(case, stage),
            Self::Channel(row) | Self::ChannelStage(row, _) => Self::ChannelStage(row, stage),
            Self::Member(row) | Self::MemberOwn(row) | Self::MemberStage(row, _) => {
                Self::MemberStage(row, stage)
            }
            Self::Plan
            | Self::Stage(_)
            | Self::Row(_)
            | Self::Check(_)
            | Self::Kpi(_)
            | Self::Tracked(_)
            | Self::Lever(_) => Self::Stage(stage),
        }
    }

    /// The row in a column of many rows, where it stands in one: of a segment, of a plan of a roll-up.
    pub fn column_row(self) -> Option<u32> {
        match self {
            Self::Segment(row)
            | Self::SegmentStage(row, _)
            | Self::SegmentCase(row, ..)
            | Self::Member(row)
            | Self::MemberOwn(row)
            | Self::MemberStage(row, _) => Some(row),
            Self::Plan
            | Self::Stage(_)
            | Self::Row(_)
            | Self::Check(_)
            | Self::Channel(_)
            | Self::ChannelStage(..)
            | Self::Kpi(_)
            | Self::Tracked(_)
            | Self::Case(_)
            | Self::CaseStage(..)
            | Self::Lever(_)
            | Self::Shown
            | Self::ShownStage(_) => None,
        }
    }

    /// The same in another row of its column; what stands in none stays.
    fn with_column_row(self, row: u32) -> Self {
        match self {
            Self::Segment(_) => Self::Segment(row),
            Self::SegmentStage(_, stage) => Self::SegmentStage(row, stage),
            Self::SegmentCase(_, case, stage) => Self::SegmentCase(row, case, stage),
            Self::Member(_) => Self::Member(row),
            Self::MemberOwn(_) => Self::MemberOwn(row),
            Self::MemberStage(_, stage) => Self::MemberStage(row, stage),
            Self::Plan
            | Self::Stage(_)
            | Self::Row(_)
            | Self::Check(_)
            | Self::Channel(_)
            | Self::ChannelStage(..)
            | Self::Kpi(_)
            | Self::Tracked(_)
            | Self::Case(_)
            | Self::CaseStage(..)
            | Self::Lever(_)
            | Self::Shown
            | Self::ShownStage(_) => self,
        }
    }
}

/// For which time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum When {
    /// The plan year, or no time at all.
    Year,
    /// A quarter, 0 to 3.
    Quarter(u8),
    /// A month, 0 to 11.
    Month(u8),
}

/// The periods in the order of the axis: year, quarters, months.
pub const AXIS: [When; 17] = [
    When::Year,
    When::Quarter(0),
    When::Quarter(1),
    When::Quarter(2),
    When::Quarter(3),
    When::Month(0),
    When::Month(1),
    When::Month(2),
    When::Month(3),
    When::Month(4),
    When::Month(5),
    When::Month(6),
    When::Month(7),
    When::Month(8),
    When::Month(9),
    When::Month(10),
    When::Month(11),
];

/// The four quarters.
pub const QUARTERS: [When; 4] = [When::Quarter(0), When::Quarter(1), When::Quarter(2), When::Quarter(3)];

impl When {
    /// The twelve months.
    pub fn months() -> impl Iterator<Item = When> {
        (0..12).map(When::Month)
    }

    /// The period to the left on the axis; the year stays the year.
    pub fn left(self) -> When {
        match self {
            Self::Year | Self::Quarter(0) => Self::Year,
            Self::Quarter(q) => Self::Quarter(q - 1),
            Self::Month(0) => Self::Quarter(3),
            Self::Month(m) => Self::Month(m - 1),
        }
    }

    /// The month before; of the first month, and of other periods, the year.
    pub fn month_before(self) -> When {
        match self {
            Self::Year | Self::Quarter(_) | Self::Month(0) => Self::Year,
            Self::Month(m) => Self::Month(m - 1),
        }
    }
}

/// The name of one number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sym {
    /// What is measured.
    pub what: What,
    /// Whose.
    pub of: Of,
    /// When.
    pub when: When,
}

impl Sym {
    /// A number of the plan as a whole.
    pub fn plan(what: What) -> Self {
        Self { what, of: Of::Plan, when: When::Year }
    }

    /// The answer to a question of the form.
    pub fn field(field: Field) -> Self {
        Self::plan(What::Field(field))
    }

    /// The answer to a question, in the form or in a table.
    pub fn typed(answer: Answer) -> Self {
        match answer {
            Answer::Field(field) => Self::field(field),
            Answer::Cell(table, row, column) => Self::cell(table, row, column),
        }
    }

    /// A cell of an input table. The quarter columns of Rates and LastYear are numbers of their quarter, and the
    /// actuals of the tracker of their month.
    pub fn cell(table: Table, row: usize, column: usize) -> Self {
        let quarters = match table {
            Table::Rates => rates::QUARTERS,
            Table::LastYear => last_year::QUARTERS,
            Table::Segments => segments::SHARES,
            Table::Kpis => kpis::QUARTERS,
            Table::Channels
            | Table::Goals
            | Table::Actions
            | Table::Tracker
            | Table::Waivers
            | Table::Versions
            | Table::Earlier => [usize::MAX; 4],
        };
        let quarter = quarters.iter().position(|at| *at == column);
        let month = column.checked_sub(tracker::FIRST_MONTH).filter(|_| table == Table::Tracker);
        let when = match (quarter, month) {
            (Some(quarter), _) => When::Quarter(quarter as u8),
            (None, Some(month)) => When::Month(month as u8),
            (None, None) => When::Year,
        };
        let of = if table == Table::Segments { Of::Segment(row as u32) } else { Of::Row(row as u32) };
        Self { what: What::Column(table, column as u16), of, when }
    }

    /// What was typed for a channel; of all channels together the sum of the column.
    pub fn channel(of: Of, column: usize) -> Self {
        let all = What::Column(Table::Channels, column as u16);
        let (Of::Channel(row) | Of::ChannelStage(row, _)) = of else { return Self::of(of, all) };
        if row == ALL { Self::of(of, all) } else { Self::cell(Table::Channels, usize::from(row), column) }
    }

    /// A column of the table of segments, in the row at hand.
    pub fn each(column: usize) -> Self {
        Self::cell(Table::Segments, EACH as usize, column)
    }

    /// The answer that this owner gives to a question of the form: a segment in its own column.
    pub fn answer(of: Of, field: Field) -> Self {
        match (of.column_row(), Table::Segments.answers(field)) {
            (Some(row), Some(column)) => Self::cell(Table::Segments, row as usize, column),
            _ => Self::field(field),
        }
    }

    /// A number of an owner over the year.
    pub fn of(of: Of, what: What) -> Self {
        Self { what, of, when: When::Year }
    }

    /// The name with the row at hand put in, where it speaks of each row.
    pub fn in_row(self, row: Option<u32>) -> Self {
        match (row, self.of.column_row()) {
            (Some(row), Some(EACH)) => Self { of: self.of.with_column_row(row), ..self },
            _ => self,
        }
    }

    /// The name under which all rows of a column go, and the row.
    pub fn column(self) -> (Self, Option<u32>) {
        let row = self.of.column_row();
        (Self { of: self.of.with_column_row(EACH), ..self }, row)
    }

    /// A number of a stage over the year.
    pub fn stage(what: What, stage: usize) -> Self {
        Self { what, of: Of::Stage(stage as u16), when: When::Year }
    }

    /// A number of a check.
    pub fn check(what: What, check: usize) -> Self {
        Self { what, of: Of::Check(check as u8), when: When::Year }
    }

    /// A number of one row of a list of numbers.
    pub fn row(what: What, row: usize) -> Self {
        Self { what, of: Of::Row(row as u32), when: When::Year }
    }

    /// The same number at another time.
    pub fn at(self, when: When) -> Self {
        Self { when, ..self }
    }
}

impl fmt::Display for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let What::Field(field) = self.what {
            f.write_str(field.spec().json)?;
        } else if let What::Total(field) = self.what {
            write!(f, "total.{}", field.spec().json)?;
        } else if let What::Column(table, column) = self.what {
            match table.column(usize::from(column)) {
                Some((column, None)) => write!(f, "{}.{}", table.json(), column.json)?,
                Some((column, Some(stage))) => {
                    let group = table.stage_group();
                    let key = if column.json == group { String::new() } else { format!(".{}", column.json) };
                    write!(f, "{}.{group}{key}[stage {}]", table.json(), stage + 1)?;
                }
                None => write!(f, "{}.?", table.json())?,
            }
        } else {
            snake_case(&format!("{:?}", self.what), f)?;
        }
        let each = |row: u32| if row == EACH { "each".to_owned() } else { (row + 1).to_string() };
        match self.of {
            Of::Plan => {}
            Of::Stage(n) => write!(f, "[stage {}]", n + 1)?,
            Of::Row(n) => write!(f, "[{}]", n + 1)?,
            Of::Check(n) => write!(f, "[check {}]", n + 1)?,
            Of::Channel(ALL) => write!(f, "[all channels]")?,
            Of::Channel(n) => write!(f, "[channel {}]", n + 1)?,
            Of::ChannelStage(ALL, n) => write!(f, "[all channels, stage {}]", n + 1)?,
            Of::ChannelStage(row, n) => write!(f, "[channel {}, stage {}]", row + 1, n + 1)?,
            Of::Kpi(n) => write!(f, "[kpi {}]", n + 1)?,
            Of::Tracked(n) => write!(f, "[tracked {}]", n + 1)?,
            Of::Case(n) => write!(f, "[case {}]", n + 1)?,
            Of::CaseStage(case, n) => write!(f, "[case {}, stage {}]", case + 1, n + 1)?,
            Of::Lever(n) => write!(f, "[lever {}]", n + 1)?,
            Of::Segment(row) if matches!(self.what, What::Column(..)) => write!(f, "[{}]", each(row))?,
            Of::Segment(row) => write!(f, "[segment {}]", each(row))?,
            Of::SegmentStage(row, n) => write!(f, "[segment {}, stage {}]", each(row), n + 1)?,
            Of::SegmentCase(row, case, n) => {
                write!(f, "[segment {}, case {}, stage {}]", each(row), case + 1, n + 1)?;
            }
            Of::Shown => write!(f, "[shown]")?,
            Of::ShownStage(n) => write!(f, "[shown, stage {}]", n + 1)?,
            Of::Member(row) => write!(f, "[plan {}]", each(row))?,
            Of::MemberOwn(row) => write!(f, "[plan {}, own currency]", each(row))?,
            Of::MemberStage(row, n) => write!(f, "[plan {}, stage {}]", each(row), n + 1)?,
        }
        match self.when {
            _ if matches!(self.what, What::Column(table, _) if table != Table::Tracker) => Ok(()),
            When::Year => Ok(()),
            When::Quarter(q) => write!(f, "@Q{}", q + 1),
            When::Month(m) => write!(f, "@M{}", m + 1),
        }
    }
}

fn snake_case(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut last_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && last_lower {
            f.write_str("_")?;
        }
        last_lower = c.is_lowercase();
        write!(f, "{}", c.to_ascii_lowercase())?;
    }
    Ok(())
}
