//! What we ask a planner: the tables. One declaration draws a column, reads it, names it in JSON and documents it.

mod columns;
mod declared;

use crate::plan::fields::{Field, Kind, RATE, WHOLE};
use crate::plan::sheets::SheetId;
use crate::plan::tables::declared::column;

pub use columns::{
    actions, channels, earlier, goals, kpis, last_year, rates, segments, tracker, versions, waivers,
};

/// A table that the planner fills.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Table {
    /// Stages and their conversion rates.
    Rates,
    /// Last year's actuals.
    LastYear,
    /// Marketing channels: last year's figures, this year's budget.
    Channels,
    /// Product lines, regions or customer groups with figures of their own.
    Segments,
    /// Goals and objectives.
    Goals,
    /// Other KPIs.
    Kpis,
    /// What is done in each quarter, and by whom.
    Actions,
    /// Actuals by month. Its rows follow the stages, revenue, spend and the KPIs.
    Tracker,
    /// Findings that the planner has answered with a reason. The rest of each row is written by the program.
    Waivers,
    /// The builds so far. Written by the program, read back by it.
    Versions,
    /// What was typed at the last build, and where the build before differed. Written by the program, read back by it.
    Earlier,
}

/// Every table that the planner fills, in tab order. Segments come after the stages, whose rates they name.
pub const TABLES: [Table; 9] = [
    Table::Rates,
    Table::LastYear,
    Table::Channels,
    Table::Segments,
    Table::Goals,
    Table::Kpis,
    Table::Actions,
    Table::Tracker,
    Table::Waivers,
];

/// Tables whose rows follow those of others: they bear the names of stages and KPIs.
pub const FOLLOWING: [Table; 2] = [Table::LastYear, Table::Tracker];

/// Tables that the program writes at a build and reads back. No number rests on them.
pub const LOGS: [Table; 2] = [Table::Versions, Table::Earlier];

/// One column of a table.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Column {
    /// The key of the head, and the stable name of the column.
    pub term: &'static str,
    /// The place in a JSON row, such as `rate.base`.
    pub json: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Width on the sheet, in characters.
    pub width: u8,
    /// Whether text that is no number or day stays in its cell, where rules of goals judge it. Elsewhere nothing can be
    /// computed from it, and reading says so.
    pub keeps_text: bool,
}

impl Table {
    /// The name in defined names: `in_` and this. Also the id of its sheet.
    pub fn id(self) -> &'static str {
        match self {
            Self::Rates => "Rates",
            Self::LastYear => "LastYear",
            Self::Channels => "Channels",
            Self::Segments => "Segments",
            Self::Goals => "Goals",
            Self::Kpis => "KPIs",
            Self::Actions => "Actions",
            Self::Tracker => "Tracker",
            Self::Waivers => "Waivers",
            Self::Versions => "Versions",
            Self::Earlier => "Earlier",
        }
    }

    /// The name in JSON.
    pub fn json(self) -> &'static str {
        match self {
            Self::Rates => "stages",
            Self::LastYear => "last_year",
            Self::Channels => "channels",
            Self::Segments => "segments",
            Self::Goals => "goals",
            Self::Kpis => "kpis",
            Self::Actions => "actions",
            Self::Tracker => "tracker",
            Self::Waivers => "waivers",
            Self::Versions => "versions",
            Self::Earlier => "earlier",
        }
    }

    /// The columns that the planner fills, in the order of the sheet. Those that repeat for each stage follow.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Rates => &declared::RATES,
            Self::LastYear => &declared::LAST_YEAR,
            Self::Channels => &declared::CHANNELS,
            Self::Segments => &declared::SEGMENTS,
            Self::Goals => &declared::GOALS,
            Self::Kpis => &declared::KPIS,
            Self::Actions => &declared::ACTIONS,
            Self::Tracker => &declared::TRACKER,
            Self::Waivers => &declared::WAIVERS,
            Self::Versions => &declared::VERSIONS,
            Self::Earlier => &declared::EARLIER,
        }
    }

    /// The columns that repeat for each stage, after the others.
    pub fn stage_columns(self) -> &'static [Column] {
        match self {
            Self::Segments => {
                const {
                    &[
                        column("low", "low", RATE, 9),
                        column("base", "base", RATE, 9),
                        column("high", "high", RATE, 9),
                    ]
                }
            }
            Self::Channels => const { &[column("volume", "volumes", WHOLE, 12)] },
            Self::Rates
            | Self::LastYear
            | Self::Goals
            | Self::Kpis
            | Self::Actions
            | Self::Tracker
            | Self::Waivers
            | Self::Versions
            | Self::Earlier => &[],
        }
    }

    /// Where the columns of stages stand in a JSON row: the key of the object of stages.
    pub fn stage_group(self) -> &'static str {
        if self == Self::Channels { "volumes" } else { "rates" }
    }

    /// Of so many stages those that have the columns of stages: a rate leads to the next stage, so the last has none.
    pub fn stages_with_columns(self, stages: usize) -> usize {
        if self == Self::Channels { stages } else { stages.saturating_sub(1) }
    }

    /// The declaration of a column, and its stage where the column repeats.
    pub fn column(self, at: usize) -> Option<(&'static Column, Option<usize>)> {
        let (fixed, repeated) = (self.columns(), self.stage_columns());
        if let Some(column) = fixed.get(at) {
            return Some((column, None));
        }
        let beyond = at - fixed.len();
        let column = repeated.get(beyond.checked_rem(repeated.len())?)?;
        Some((column, Some(beyond / repeated.len())))
    }

    /// How many columns the planner fills in a plan with so many stages.
    pub fn column_count(self, stages: usize) -> usize {
        self.columns().len() + self.stage_columns().len() * self.stages_with_columns(stages)
    }

    /// The column that answers this question of the form for each row.
    pub fn answers(self, field: Field) -> Option<usize> {
        let json = field.spec().json;
        (self == Self::Segments)
            .then(|| self.columns().iter().position(|column| column.json == json))
            .flatten()
    }

    /// The most rows that are read.
    pub fn most_rows(self) -> usize {
        match self {
            Self::Rates => 200,
            Self::Segments | Self::Waivers => 20_000,
            Self::Earlier => 100_000,
            Self::LastYear | Self::Goals | Self::Kpis | Self::Actions | Self::Tracker | Self::Versions => {
                2_000
            }
            Self::Channels => 500,
        }
    }

    /// How many cells each row takes on the sheet, in a plan with so many stages.
    pub fn row_cells(self, stages: usize) -> usize {
        self.column_count(stages) + self.computed().len() + self.stage_computed().len() * stages
    }

    /// Heads of the computed columns that stand right of the planner's on the sheet.
    pub fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Rates => &["lag_total", "live_rate", "actual_ly", "last_rate", "evidence"],
            Self::LastYear => &["used_total"],
            Self::Segments => &segments::COMPUTED,
            Self::Goals => &goals::COMPUTED,
            Self::Waivers => &["finding", "severity", "cell"],
            Self::Tracker => &tracker::COMPUTED,
            Self::Channels => &channels::COMPUTED,
            Self::Kpis => &kpis::COMPUTED,
            Self::Actions | Self::Versions | Self::Earlier => &[],
        }
    }

    /// The sheet on which it stands.
    pub fn sheet(self) -> SheetId {
        if self == Self::Waivers { SheetId::Checks } else { SheetId::Of(self) }
    }

    /// The column of the stable id of a row, where rows have one.
    pub fn id_column(self) -> Option<usize> {
        match self {
            Self::Rates => Some(rates::ID),
            Self::LastYear => Some(last_year::ID),
            Self::Channels => Some(channels::ID),
            Self::Segments => Some(segments::ID),
            Self::Goals => Some(goals::ID),
            Self::Kpis => Some(kpis::ID),
            Self::Tracker => Some(tracker::ID),
            Self::Actions | Self::Waivers | Self::Versions | Self::Earlier => None,
        }
    }

    /// Heads of the computed columns that repeat for each stage.
    pub fn stage_computed(self) -> &'static [&'static str] {
        match self {
            Self::Segments => &segments::STAGE_COMPUTED,
            Self::Channels => &channels::STAGE_COMPUTED,
            Self::Rates
            | Self::LastYear
            | Self::Goals
            | Self::Kpis
            | Self::Actions
            | Self::Tracker
            | Self::Waivers
            | Self::Versions
            | Self::Earlier => &[],
        }
    }

    /// Blank rows that follow the filled ones on the sheet, ready for more.
    pub fn spare_rows(self) -> usize {
        match self {
            Self::Rates => 2,
            Self::LastYear | Self::Tracker | Self::Waivers | Self::Versions | Self::Earlier => 0,
            Self::Segments => 12,
            Self::Channels | Self::Goals | Self::Kpis | Self::Actions => 8,
        }
    }
}

/// Rows of [`Table::LastYear`] that follow the stages: id and term.
pub const MONEY_ROWS: [(&str, &str); 2] = [("revenue", "revenue"), ("spend", "spend")];
