//! Names of tabs that not every spreadsheet program takes: ours get another one, a planner's own stay.

use backcast::base::cell::CellRef;
use backcast::base::finding::Finding;
use backcast::base::locale::{LANGS, Words};
use backcast::plan::sheets::is_tab;
use backcast::read::grid::Grid;
use backcast::{Built, build_onto, check, read_workbook};

use crate::decorator::{Content, Desk, OWN};
use crate::grids::{built, sample, told};
use crate::loss::lost;
use crate::packs::Pack;
use crate::sound::sound;
use crate::support::DAY;

/// Names that Excel keeps for itself, that turn the direction of what follows, that are too long.
const UNFIT: [&str; 3] = ["History", "Quo\u{202e}ten", "What we make of it, month by month"];
/// Sheets of ours: a computed one, and two that planners fill.
const OURS: [&str; 3] = ["Funnel", "Rates", "Goals"];

fn onto(theirs: &[u8]) -> Built {
    build_onto(theirs, None, &check(read_workbook(theirs).unwrap().1), DAY).unwrap()
}

fn grid(bytes: &[u8]) -> Grid {
    read_workbook(bytes).unwrap().0
}

/// The sample with a sheet of the planner's that reads all of [`OURS`], and an answer that reads one of them.
fn desk() -> Desk {
    let mut desk = Desk::new(Pack::open(&built(&sample())));
    let part = desk.own_new();
    let rows = OURS.map(|tab| vec![Content::Formula(format!("COUNTA({tab}!A1:H30)"), 1.0)]);
    desk.rows(&part, &rows, "");
    let (tab, area) = desk.pack.named("in_CommittedRevenue").unwrap();
    let (rates, base) = desk.pack.named("in_Rates").unwrap();
    assert_eq!((tab.as_str(), rates.as_str()), ("Plan", "Rates"));
    let form = desk.pack.tab(&tab).unwrap().part;
    let text = CellRef::new(base.0.row + 40, 30);
    let formula = Content::Formula(format!("100000+Rates!{text}"), 100_000.0);
    desk.cell(&form, area.0, &formula);
    desk
}

#[test]
fn a_tab_of_ours_that_not_every_program_takes_gets_our_name_and_all_that_names_it_follows() {
    let plain = onto(&desk().pack.bytes());
    let mut desk = desk();
    for (ours, unfit) in OURS.into_iter().zip(UNFIT) {
        desk.rename_to(ours, unfit);
    }
    let theirs = desk.pack.bytes();
    let read = grid(&theirs);
    assert!(UNFIT.iter().all(|name| !is_tab(name) && read.sheet(name).is_some()));
    let made = onto(&theirs);
    let renamed: Vec<&Finding> =
        made.findings.sorted().into_iter().filter(|found| found.rule.name == "tab-renamed").collect();
    assert_eq!(made.findings.total() - renamed.len(), plain.findings.total(), "{:?}", told(&made.findings));
    for (ours, unfit) in OURS.into_iter().zip(UNFIT) {
        let found = renamed.iter().find(|found| found.at.sheet() == Some(unfit)).unwrap();
        for lang in LANGS {
            assert!(found.message(Words::new(lang)).contains(ours), "{found:?}");
        }
    }
    // Cells, formulas, values and names are those of a workbook whose tabs had our names all along.
    let (plain, after) = (grid(&plain.bytes), grid(&made.bytes));
    let formula = |grid: &Grid| {
        let at = grid.name("in_CommittedRevenue").unwrap();
        grid.sheet(&at.sheet).unwrap().cells[&at.first].formula.clone()
    };
    assert!(formula(&plain).unwrap().contains("Rates!"));
    assert!(after == plain);
    let charts = |bytes: &[u8]| -> Vec<String> {
        let parts = Pack::open(bytes).parts.into_iter().filter(|(name, _)| name.contains("charts/chart"));
        parts.map(|(_, text)| String::from_utf8(text).unwrap()).collect()
    };
    let all = charts(&made.bytes);
    assert!(all.iter().any(|chart| chart.contains("Funnel!")));
    assert!(all.iter().all(|chart| UNFIT.iter().all(|unfit| !chart.contains(unfit))));
    assert_eq!(sound(&made.bytes), Vec::<String>::new());
    let again = onto(&made.bytes);
    assert!(again.bytes == made.bytes);
    assert!(!told(&again.findings).iter().any(|line| line.contains("tab-renamed")));
}

#[test]
fn a_sheet_of_the_planners_own_keeps_whatever_name_it_has() {
    for unfit in UNFIT {
        let mut desk = desk();
        let own = desk.pack.tabs().into_iter().find(|tab| tab.name.starts_with(OWN)).unwrap().name;
        desk.rename_to(&own, unfit);
        let theirs = desk.pack.bytes();
        let made = onto(&theirs);
        assert!(grid(&made.bytes).sheet(unfit).is_some(), "{unfit:?}");
        assert!(!told(&made.findings).iter().any(|line| line.contains("tab-renamed")), "{unfit:?}");
        let pack = Pack::open(&theirs);
        let tabs = pack.tabs().into_iter().map(|tab| tab.name).filter(|name| name != unfit);
        let tabs: Vec<String> = tabs.collect();
        let ours: Vec<&str> = tabs.iter().map(String::as_str).collect();
        // Our own sheets follow the answer that was typed.
        let mut lost = lost(&theirs, &made.bytes, &ours);
        lost.retain(|line| !ours.iter().any(|tab| line.starts_with(&format!("{tab}: "))));
        assert_eq!(lost, Vec::<String>::new(), "{unfit:?}");
        assert!(onto(&made.bytes).bytes == made.bytes, "{unfit:?}");
    }
}
