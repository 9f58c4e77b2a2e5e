//! What a number is called: never where it stands.

use std::fmt;

use crate::plan::fields::Field;
use crate::plan::tables::{Table, last_year, rates, segments};

/// What is measured. The doc of each names its unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// A question of the Plan form.
    Field(Field),
    /// A column of an input table; `of` is the row.
    Column(Table, u16),
    /// How many segments the plan has. Count.
    SegmentCount,
    /// A part of the revenue gap: the sum of the segments', else the answer on the form. Money.
    Total(Field),
    /// Average first-year revenue of a new customer over all segments. Money.
    Deal,
    /// The live scenario, 1 to 3 (low, base, high).
    ScenarioNumber,
    /// The ramp shape, 1 to 4 (even, ramp, custom, last year).
    ShapeNumber,
    /// 1 where customers are whole, 2 where not.
    WholeNumber,
    /// Last year's revenue that the plan rests on: typed, else the sum of last year's quarters. Money.
    LastRevenue,
    /// Revenue target T. Money.
    RevenueTarget,
    /// Revenue gap G. Money.
    Gap,
    /// Deals that would fill the gap, not rounded. Exact.
    Deals,
    /// Customers needed C. Count.
    CustomersNeeded,
    /// Curvature c of the ramp. Share.
    RampCurve,
    /// The first quarter's share of the ramp: a segment's own, else the plan's. Share.
    FirstShare,
    /// The last quarter's share of the ramp: a segment's own, else the plan's. Share.
    LastShare,
    /// What a segment's own quarter shares add up to, 0 where it has none. Share.
    OwnShares,
    /// 1 for the segment that Targets shows, else 0.
    IsShown,
    /// Place of the segment that Targets shows, counted from 1.
    ShownPlace,
    /// Name of the segment that Targets shows. Text.
    ShownName,
    /// What covered segments have beyond their targets: no other segment can use it. Money.
    Surplus,
    /// Position of a period inside its year or quarter: 1, 2, …. Axis.
    Position,
    /// The quarter that a month is part of: 1 to 4. Axis.
    QuarterNumber,
    /// How many quarters of the year are neighbours of this one: 1 or 2. Axis.
    Neighbours,
    /// First day of a month. Date.
    MonthStart,
    /// Quarter share by the even shape. Share.
    ShareEven,
    /// Quarter share by the ramp. Share.
    ShareRamp,
    /// Quarter share as typed, divided by the sum of the four. Share.
    ShareCustom,
    /// Quarter share of last year's customers. Share.
    ShareLastYear,
    /// The quarter share that is live. Share.
    Share,
    /// Monthly change of customers that the neighbouring quarters suggest. Exact.
    Slope,
    /// Monthly change of customers inside a quarter. Exact.
    Pace,
    /// A month's share of its quarter's customers. Share.
    MonthShare,
    /// Last year's total of a stage or figure. Count or money.
    LastTotal,
    /// Last year's conversion to the next stage. Share.
    LastRate,
    /// Probability that the true rate reaches the planned one, given last year. Share.
    Evidence,
    /// The live conversion rate to the next stage; of a segment its own, 0 where the plan's holds. Share.
    Rate,
    /// Whole months between a stage and the customer. Count.
    LagTotal,
    /// What follows the plan year, 1 or 2 (stop, continue).
    NextYearNumber,
    /// The month's place in the plan year: 1 to 12. Axis.
    MonthNumber,
    /// A stage when its customers close: the chain, before any lag. Exact.
    Effect,
    /// The chain in whole numbers. Count.
    EffectTarget,
    /// The chain since the start of the year, this period included. Exact.
    EffectSoFar,
    /// The chain of the company as one, rounded, since the start of the year, this quarter included. Count.
    EffectWhole,
    /// What lies before the plan year because of the lag. Exact.
    Before,
    /// Of that, what lies more than three months before the year. Exact.
    BeforeEarlier,
    /// Need of a stage: when the work must be done. Exact.
    Exact,
    /// Exact need since the start of the year or quarter, this period included. Exact.
    Running,
    /// Whole need since the start of the year or quarter, this period included. Count.
    RunningWhole,
    /// Whole need of a stage: the target. Count.
    Target,
    /// Conversion that the exact needs imply. Share.
    EffectiveRate,
    /// Target against last year's total. Share.
    Change,
    /// Target per month. Exact.
    PerMonth,
    /// Target per sales rep. Exact.
    PerRep,
    /// What a new customer costs, where the whole budget is spent. Money.
    Cac,
    /// What a customer brings over the lifetime, after cost of sales. Money.
    Ltv,
    /// The latter over the former. Number.
    LtvToCac,
    /// Months until a customer has paid back what it cost. Exact.
    CacPayback,
    /// How far the quarters of a stage are from its year. Count.
    QuartersOff,
    /// How far the months of a stage are from its quarters. Count.
    MonthsOff,
    /// How far the segments' quarters of a stage are from the company's year. Count.
    SegmentsOff,
    /// The funnel run forward from the widest stage. Exact.
    Forward,
    /// How far a check is off. Number.
    CheckValue,
    /// How far a check may be off. Number.
    CheckTolerance,
    /// 1 where a check fails, else 0.
    CheckFails,
    /// OK or CHECK.
    CheckVerdict,
    /// How many checks fail. Count.
    MasterFails,
    /// OK or CHECK for all checks.
    MasterVerdict,
    /// Weight of a row in the fingerprint of the inputs. Axis.
    Weight,
    /// Live weighted sum of a run of numeric inputs. Number.
    Fingerprint,
    /// The same at the build. Number.
    FingerprintAtBuild,
    /// How far the two are apart, relative. Number.
    FingerprintOff,
}

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
    /// A segment of the company, or [`EACH`].
    Segment(u32),
    /// A stage of a segment.
    SegmentStage(u32, u16),
    /// The segment that Targets shows.
    Shown,
    /// A stage of the segment that Targets shows.
    ShownStage(u16),
}

/// Stands for every row where an expression is the same in all of them: the row at hand.
pub const EACH: u32 = u32::MAX;

/// Every segment.
pub const EACH_SEGMENT: Of = Of::Segment(EACH);

impl Of {
    /// A stage of this owner: of the company, of a segment, of the segment that is shown.
    pub fn stage(self, stage: usize) -> Self {
        let stage = stage as u16;
        match self {
            Self::Segment(row) | Self::SegmentStage(row, _) => Self::SegmentStage(row, stage),
            Self::Shown | Self::ShownStage(_) => Self::ShownStage(stage),
            Self::Plan | Self::Stage(_) | Self::Row(_) | Self::Check(_) => Self::Stage(stage),
        }
    }

    /// The segment's row, where there is one.
    pub fn segment(self) -> Option<u32> {
        match self {
            Self::Segment(row) | Self::SegmentStage(row, _) => Some(row),
            Self::Plan
            | Self::Stage(_)
            | Self::Row(_)
            | Self::Check(_)
            | Self::Shown
            | Self::ShownStage(_) => None,
        }
    }

    /// The same for another segment; what belongs to none stays.
    fn with_segment(self, row: u32) -> Self {
        match self {
            Self::Segment(_) => Self::Segment(row),
            Self::SegmentStage(_, stage) => Self::SegmentStage(row, stage),
            Self::Plan
            | Self::Stage(_)
            | Self::Row(_)
            | Self::Check(_)
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

    /// A cell of an input table. The quarter columns of Rates and LastYear are numbers of their quarter.
    pub fn cell(table: Table, row: usize, column: usize) -> Self {
        let quarters = match table {
            Table::Rates => rates::QUARTERS,
            Table::LastYear => last_year::QUARTERS,
            Table::Segments => segments::SHARES,
            Table::Goals | Table::Kpis | Table::Waivers | Table::Versions => [usize::MAX; 4],
        };
        let quarter = quarters.iter().position(|at| *at == column);
        let when = quarter.map_or(When::Year, |q| When::Quarter(q as u8));
        let of = if table == Table::Segments { Of::Segment(row as u32) } else { Of::Row(row as u32) };
        Self { what: What::Column(table, column as u16), of, when }
    }

    /// A column of the table of segments, in the row at hand.
    pub fn each(column: usize) -> Self {
        Self::cell(Table::Segments, EACH as usize, column)
    }

    /// The answer that this owner gives to a question of the form: a segment in its own column.
    pub fn answer(of: Of, field: Field) -> Self {
        match (of.segment(), Table::Segments.answers(field)) {
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
        match (row, self.of.segment()) {
            (Some(row), Some(EACH)) => Self { of: self.of.with_segment(row), ..self },
            _ => self,
        }
    }

    /// The name under which all rows of a column go, and the row.
    pub fn column(self) -> (Self, Option<u32>) {
        let row = self.of.segment();
        (Self { of: self.of.with_segment(EACH), ..self }, row)
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
                    write!(f, "{}.rates.{}[stage {}]", table.json(), column.json, stage + 1)?;
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
            Of::Segment(row) if matches!(self.what, What::Column(..)) => write!(f, "[{}]", each(row))?,
            Of::Segment(row) => write!(f, "[segment {}]", each(row))?,
            Of::SegmentStage(row, n) => write!(f, "[segment {}, stage {}]", each(row), n + 1)?,
            Of::Shown => write!(f, "[shown]")?,
            Of::ShownStage(n) => write!(f, "[shown, stage {}]", n + 1)?,
        }
        match self.when {
            _ if matches!(self.what, What::Column(..)) => Ok(()),
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
