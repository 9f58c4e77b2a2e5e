//! The sheets of the workbook: what they are called, in tab order. Written by one room, found by another.

use crate::plan::catalogue::Group;
use crate::plan::tables::Table;

/// A sheet of the workbook.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SheetId {
    /// What this is, three steps, links.
    Start,
    /// The year on one page.
    Dashboard,
    /// The form.
    Plan,
    /// The sheet of a table.
    Of(Table),
    /// Gap and stages.
    Funnel,
    /// Quarters and months.
    Targets,
    /// The KPIs of a group.
    Kpi(Group),
    /// Low, base and high side by side, and what an improvement brings.
    Scenarios,
    /// What every KPI means.
    Dictionary,
    /// Live checks and findings.
    Checks,
    /// What differs from the version before.
    Changes,
    /// List words and working figures.
    Lists,
    /// A sheet of a roll-up: no plan has it.
    Rollup(Page),
}

/// A sheet of the workbook that consolidates many plans.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Page {
    /// The company at a glance.
    Company,
    /// One row a plan.
    Plans,
    /// Revenue by quarter and month, one row a plan.
    Quarters,
    /// Amounts as the plans have them, each in its own currency.
    AsPlanned,
    /// What each currency is worth.
    Exchange,
}

/// Every sheet of a roll-up, in tab order; the last two only where plans count in several currencies.
pub const PAGES: [Page; 5] = [Page::Company, Page::Plans, Page::Quarters, Page::AsPlanned, Page::Exchange];

/// Every sheet, in tab order.
pub const SHEETS: [SheetId; 27] = [
    SheetId::Start,
    SheetId::Dashboard,
    SheetId::Plan,
    SheetId::Of(Table::Rates),
    SheetId::Of(Table::LastYear),
    SheetId::Of(Table::Channels),
    SheetId::Of(Table::Segments),
    SheetId::Of(Table::Goals),
    SheetId::Of(Table::Kpis),
    SheetId::Of(Table::Actions),
    SheetId::Funnel,
    SheetId::Targets,
    SheetId::Of(Table::Tracker),
    SheetId::Kpi(Group::Funnel),
    SheetId::Kpi(Group::Cost),
    SheetId::Kpi(Group::Site),
    SheetId::Kpi(Group::Social),
    SheetId::Kpi(Group::Customers),
    SheetId::Kpi(Group::Sales),
    SheetId::Kpi(Group::Other),
    SheetId::Scenarios,
    SheetId::Dictionary,
    SheetId::Checks,
    SheetId::Changes,
    SheetId::Of(Table::Versions),
    SheetId::Lists,
    SheetId::Of(Table::Earlier),
];

impl SheetId {
    /// The stable id, the same in every language.
    pub fn id(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Dashboard => "Dashboard",
            Self::Plan => "Plan",
            Self::Of(table) => table.id(),
            Self::Funnel => "Funnel",
            Self::Targets => "Targets",
            Self::Kpi(group) => group.sheet(),
            Self::Scenarios => "Scenarios",
            Self::Dictionary => "Dictionary",
            Self::Checks => "Checks",
            Self::Changes => "Changes",
            Self::Lists => "Lists",
            Self::Rollup(Page::Company) => "Company",
            Self::Rollup(Page::Plans) => "Plans",
            Self::Rollup(Page::Quarters) => "Quarters",
            Self::Rollup(Page::AsPlanned) => "AsPlanned",
            Self::Rollup(Page::Exchange) => "Exchange",
        }
    }

    /// The sheet of this id.
    pub fn known(id: &str) -> Option<Self> {
        SHEETS.into_iter().find(|sheet| sheet.id() == id)
    }

    /// The key of the tab's name.
    pub fn term(self) -> &'static str {
        match self {
            Self::Start => "sheet_start",
            Self::Dashboard => "sheet_dashboard",
            Self::Plan => "sheet_plan",
            Self::Of(Table::Rates) => "sheet_rates",
            Self::Of(Table::LastYear) => "sheet_last_year",
            Self::Of(Table::Channels) => "sheet_channels",
            Self::Of(Table::Segments) => "sheet_segments",
            Self::Of(Table::Goals) => "sheet_goals",
            Self::Of(Table::Kpis) => "sheet_kpis",
            Self::Of(Table::Actions) => "sheet_actions",
            Self::Of(Table::Tracker) => "sheet_tracker",
            Self::Of(Table::Versions) => "sheet_versions",
            Self::Of(Table::Earlier) => "sheet_earlier",
            Self::Funnel => "sheet_funnel",
            Self::Targets => "sheet_targets",
            Self::Kpi(group) => group.term(),
            Self::Scenarios => "sheet_scenarios",
            Self::Dictionary => "sheet_dictionary",
            Self::Checks | Self::Of(Table::Waivers) => "sheet_checks",
            Self::Changes => "sheet_changes",
            Self::Lists => "sheet_lists",
            Self::Rollup(Page::Company) => "rollup.company",
            Self::Rollup(Page::Plans) => "rollup.plans",
            Self::Rollup(Page::Quarters) => "rollup.quarters",
            Self::Rollup(Page::AsPlanned) => "rollup.as_planned",
            Self::Rollup(Page::Exchange) => "rollup.exchange",
        }
    }

    /// The defined name of the area that a build filled on it: so the sheet is known again under any tab, and what
    /// stands outside is the planner's.
    pub fn area_name(self) -> String {
        format!("bc_{}", self.id().replace(|c: char| !c.is_ascii_alphanumeric(), "_"))
    }

    /// Whether nothing on it is read back: the sheet is made anew at every build.
    pub fn is_computed(self) -> bool {
        !matches!(self, Self::Plan | Self::Of(_)) || self == Self::Of(Table::Waivers)
    }
}
