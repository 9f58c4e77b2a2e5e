//! The sheets of the workbook: what they are called, in tab order. Written by one room, found by another.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::base::text::{is_blank, is_steering};
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

/// The most UTF-16 units of a tab's name.
const MOST_TAB: usize = 31;

/// Whether every spreadsheet program takes this as the name of a tab, and shows it as it is. Excel keeps `History` for
/// itself.
pub fn is_tab(name: &str) -> bool {
    name.encode_utf16().count() <= MOST_TAB
        && !is_blank(name)
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !name.eq_ignore_ascii_case("History")
        && !name.contains(|c: char| matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || is_steering(c))
}

/// The name of a tab as it is compared: two of one key cannot stand in one workbook.
pub fn tab_key(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// This name for a tab; the first one with a number behind it that is free, where it is taken. `taken` are keys.
pub fn free_tab(name: &str, taken: &BTreeSet<String>) -> String {
    let more = (2_u32..).map(|number| shortened(name, &format!(" {number}")));
    let mut free = std::iter::once(name.to_owned()).chain(more);
    free.find(|name| !taken.contains(&tab_key(name))).unwrap_or_default()
}

/// As many whole characters of a name as a tab holds before this end, and the end.
fn shortened(name: &str, end: &str) -> String {
    let mut room = MOST_TAB.saturating_sub(end.encode_utf16().count());
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    name.chars().take_while(fits).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::locale::{LANGS, Words};

    #[test]
    fn every_name_of_ours_is_one_for_a_tab() {
        for words in LANGS.map(Words::new) {
            let all = SHEETS.into_iter().chain(PAGES.map(SheetId::Rollup)).map(|id| words.get(id.term()));
            for name in all.chain([words.get("annotate.sheet")]) {
                assert!(is_tab(&name), "{name}");
            }
        }
    }

    #[test]
    fn a_name_that_some_program_refuses_is_none_for_a_tab() {
        let astral = "🎯".repeat(15);
        for name in [
            "Funnel",
            "History 2",
            "it's",
            "Предыстория",
            "历史",
            " a ",
            "x\u{200d}y",
            &astral,
            &"x".repeat(31),
        ] {
            assert!(is_tab(name), "{name}");
        }
        let long = ["x".repeat(32), "🎯".repeat(16)];
        let refused = [
            "",
            " ",
            "\u{200b}",
            "History",
            "HISTORY",
            "'a",
            "a'",
            "a[b",
            "a]b",
            "a:b",
            "a*b",
            "a?b",
            "a/b",
            "a\\b",
            "a\u{202e}b",
            "\u{200f}a",
            "a\u{2067}",
            "a\u{61c}",
            "a\nb",
            "a\u{7f}",
            "a\u{85}b",
            "a\u{2028}b",
        ];
        for name in refused.into_iter().chain(long.iter().map(String::as_str)) {
            assert!(!is_tab(name), "{name:?}");
        }
    }

    #[test]
    fn a_taken_name_gets_a_number_and_is_cut_at_a_whole_character() {
        let taken = |names: &[&str]| names.iter().map(|name| tab_key(name)).collect::<BTreeSet<String>>();
        assert_eq!(free_tab("Plan", &taken(&["Rates"])), "Plan");
        assert_eq!(free_tab("Plan", &taken(&["PLAN", "plan 2"])), "Plan 3");
        // Two ways to write one letter are one name.
        assert_eq!(
            free_tab("Za\u{142}o\u{17c}enia", &taken(&["ZA\u{141}OZ\u{307}ENIA"])),
            "Za\u{142}o\u{17c}enia 2"
        );
        let long = "🎯".repeat(15) + "x";
        let cut = free_tab(&long, &taken(&[&long]));
        assert_eq!(cut, "🎯".repeat(14) + " 2");
        assert!(is_tab(&cut));
    }
}
