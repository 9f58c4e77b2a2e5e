//! Merging workbooks: columns and formulas of planners' own, languages, the log, and the program as planners run it.

use backcast::base::cell::CellRef;
use backcast::base::locale::Lang;
use backcast::diff::Difference;
use backcast::plan::comment::Comment;
use backcast::plan::entry::Entry;
use backcast::plan::fields::Field;
use backcast::plan::tables::{Table, actions};
use backcast::read::grid::{GridCell, Raw};
use backcast::write::data::plan_json;
use backcast::{BuildOptions, Draft, build, check, read_grid, read_workbook};
use serde_json::json;

use crate::merge::{DAY, data, drafted, labels, merged, sent};
use crate::program::{listed, read, repository, run, write};

/// The sent workbook with cells changed as a planner changes them.
fn typed(cells: &[(&str, CellRef, GridCell)]) -> Draft {
    let mut grid = sent().0.clone();
    for (sheet, at, cell) in cells {
        let sheet = grid.sheets.iter_mut().find(|found| &*found.name == *sheet).unwrap();
        sheet.cells.insert(*at, cell.clone());
    }
    let draft = read_grid(&grid);
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    draft
}

fn number(v: f64) -> GridCell {
    GridCell { raw: Raw::Number(v), formula: None, percent: false }
}

fn text(text: &str) -> GridCell {
    GridCell { raw: Raw::Text(text.to_owned()), formula: None, percent: false }
}

fn formula(text: &str, v: f64) -> GridCell {
    GridCell { formula: Some(text.into()), ..number(v) }
}

/// The cell of a question in the sent workbook.
fn cell(field: Field) -> CellRef {
    sent().1.places.field(field).cell().unwrap()
}

#[test]
fn columns_and_formulas_of_both_planners_are_kept() {
    let (ceiling, cost, budget) =
        (cell(Field::CacCeiling), cell(Field::SalesCost), cell(Field::MarketingBudget));
    let last = sent().1.places.tables.get(&Table::Channels).unwrap().cell().unwrap();
    let [head, one, two] = [0, 1, 2].map(|down| CellRef::new(last.row + down, 60));
    let cells = |column: &str, said: &str| [("Channels", head, text(column)), ("Channels", one, text(said))];
    let reads = format!("{budget}*0.05");
    let [note, agency] = [cells("Note", "new agency"), cells("Agency", "Lee")];
    let a = typed(
        &[&note[..], &[("Plan", ceiling, formula(&reads, 26_500.0)), ("Channels", two, formula("1+1", 2.0))]]
            .concat(),
    );
    let b = typed(&[&agency[..], &[("Plan", cost, number(310_000.0))]].concat());
    let base = &sent().1;
    let [old, new] = [base, &b].map(|draft| check(draft.clone()));
    let own = Difference::between(old.version(), new.version()).remarks;
    assert!(own.len() == 1 && own[0].name.ends_with(".+Agency"), "{own:?}");
    for pair in [[&a, &b], [&b, &a]] {
        let joined = merged(base, &pair, None);
        assert_eq!(labels(&joined), Vec::<&str>::new());
        let heads = joined.draft.plan.extra_heads(Table::Channels);
        let first = usize::from(std::ptr::eq(pair[0], &raw const b));
        assert_eq!(heads[first..=first], ["Note"]);
        let built = build(&check(joined.draft), DAY).unwrap();
        // The formula of either file reads the same cell in the new one.
        assert_eq!(built.findings.sorted().len(), 0, "{:?}", built.findings);
        let (again, draft) = read_workbook(&built.bytes).unwrap();
        let sheet = again.sheets.iter().find(|sheet| &*sheet.name == "Plan").unwrap();
        assert_eq!(sheet.cells[&ceiling].formula.as_deref(), Some(reads.as_str()));
        assert_eq!(draft.plan.number(Field::SalesCost), Some(310_000.0));
        let extra: Vec<_> =
            draft.plan.rows(Table::Channels)[0].extra.iter().flatten().map(Entry::text).collect();
        assert_eq!(extra.len(), 2);
        assert!(
            draft.plan.rows(Table::Channels)[1].extra.iter().flatten().any(|entry| entry.formula.is_some())
        );
        assert_eq!(build(&check(draft), DAY).unwrap().bytes, built.bytes);
    }
    // What a formula reads was changed by the other: the value stays, and a finding says so in the file of the formula.
    let c = typed(&[("Plan", budget, number(540_000.0))]);
    let joined = merged(base, &[&c, &a], None);
    assert_eq!(joined.draft.plan.number(Field::CacCeiling), Some(26_500.0));
    let built = build(&check(joined.draft), DAY).unwrap();
    let found: Vec<String> =
        built.findings.sorted().iter().map(|found| format!("{} {}", found.rule.name, found.at)).collect();
    assert_eq!(found, [format!("formula-not-carried [b.xlsx]Plan!{ceiling}")]);
}

#[test]
fn a_formula_is_judged_by_the_places_of_its_own_file() {
    // In the second file a row was put in, so its formula reads another cell than the new workbook has there.
    let (ceiling, budget) = (cell(Field::CacCeiling), cell(Field::MarketingBudget));
    let base = &sent().1;
    let mut grid = sent().0.clone();
    let sheet = grid.sheets.iter_mut().find(|sheet| &*sheet.name == "Plan").unwrap();
    let old = std::mem::take(&mut sheet.cells);
    sheet.cells = old
        .into_iter()
        .map(|(at, cell)| (CellRef::new(at.row + u32::from(at.row > 5), at.col), cell))
        .collect();
    for name in grid.names.iter_mut().filter(|name| &*name.sheet == "Plan") {
        name.first.row += u32::from(name.first.row > 5);
        name.last.row += u32::from(name.last.row > 5);
    }
    let down = |at: CellRef| CellRef::new(at.row + 1, at.col);
    let sheet = grid.sheets.iter_mut().find(|sheet| &*sheet.name == "Plan").unwrap();
    sheet.cells.insert(down(ceiling), formula(&format!("{}*0.05", down(budget)), 26_500.0));
    let moved = read_grid(&grid);
    assert_eq!(moved.plan.number(Field::CacCeiling), Some(26_500.0), "{:#?}", moved.findings);
    let joined = merged(base, &[base, &moved], None);
    assert_eq!((joined.taken.as_slice(), labels(&joined)), (&[0, 1][..], vec![]));
    let built = build(&check(joined.draft), DAY).unwrap();
    let found: Vec<String> =
        built.findings.sorted().iter().map(|found| format!("{} {}", found.rule.name, found.at)).collect();
    assert_eq!(found, [format!("formula-not-carried [b.xlsx]Plan!{}", down(ceiling))]);
}

#[test]
fn what_planners_remark_stays_at_its_answer() {
    let action = sent().1.places.cells[&(Table::Actions, 1, actions::STATUS)].cell().unwrap();
    let said = |sheet: &str, cell: CellRef, author: &str, text: &str| {
        let mut grid = sent().0.clone();
        let sheet = grid.sheets.iter_mut().find(|found| &*found.name == sheet).unwrap();
        sheet.comments.insert(cell, Comment { author: author.to_owned(), text: text.to_owned() });
        grid
    };
    let ceiling = cell(Field::CacCeiling);
    let ana = read_grid(&said("Plan", ceiling, "Ana", "Too low?"));
    let ben = read_grid(&said("Plan", ceiling, "Ben", "From finance"));
    // The third takes out the first action and remarks at the second.
    let mut grid = said("Actions", action, "Cleo", "Ask Jonas");
    let sheet = grid.sheets.iter_mut().find(|found| &*found.name == "Actions").unwrap();
    sheet.cells.retain(|at, _| at.row + 1 != action.row);
    let cleo = read_grid(&grid);
    let joined = merged(&sent().1, &[&ana, &ben, &cleo], None);
    let plan = &joined.draft.plan;
    let told: Vec<String> =
        plan.comments.iter().map(|(name, said)| format!("{name} {}: {}", said.author, said.text)).collect();
    assert_eq!(told, ["actions.1.status Cleo: Ask Jonas", "cac_ceiling Ana: Too low?\nBen: From finance"]);
    // A difference names what was remarked, at the row that it was; beside data nothing was.
    let judged = [sent().1.clone(), ana.clone(), cleo.clone(), drafted(&data("engineering"))].map(check);
    let remarks = |old: usize, new: usize| -> Vec<String> {
        let difference = Difference::between(judged[old].version(), judged[new].version());
        difference.remarks.iter().map(|it| format!("{} {:?}", it.name, it.new)).collect()
    };
    assert_eq!(remarks(0, 1), ["cac_ceiling Some(Text(\"Too low?\"))"]);
    assert_eq!(remarks(0, 2), ["actions.1.status Some(Text(\"Ask Jonas\"))"]);
    assert_eq!(remarks(1, 0), ["cac_ceiling None"]);
    assert_eq!(remarks(3, 1), Vec::<String>::new());
    // A row that somebody remarks at does not vanish.
    let sheet = grid.sheets.iter_mut().find(|found| &*found.name == "Actions").unwrap();
    sheet.cells.retain(|at, _| at.row != action.row);
    sheet.comments.clear();
    let gone = read_grid(&grid);
    let asked = read_grid(&said("Actions", action, "Cleo", "Ask Jonas"));
    let joined = merged(&sent().1, &[&gone, &asked], Some(1));
    assert_eq!(joined.conflicts.len(), 1);
    assert_eq!(joined.draft.plan.comments.len(), 1);
}

#[test]
fn rows_whose_ids_nobody_typed_are_known_by_what_they_say() {
    // A plan that was never built: its goals have no ids in their cells.
    let mut plan = data("ten-steps");
    for goal in plan["goals"].as_array_mut().unwrap() {
        let goal = goal.as_object_mut().unwrap();
        goal.remove("id");
        goal.remove("supports");
    }
    let edit = |edit: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut plan = plan.clone();
        edit(plan["goals"].as_array_mut().unwrap());
        drafted(&plan)
    };
    let new = |text: &str| json!({"level": "marketing", "text": text, "metric": "leads"});
    let a = edit(&|goals| goals.insert(0, new("Raise leads from 425 to 500")));
    let b = edit(&|goals| {
        goals[1]["owner"] = json!("Ben");
        goals.push(new("Ask 40 customers for names"));
    });
    let joined = merged(&edit(&|_| {}), &[&a, &b], None);
    assert_eq!(labels(&joined), Vec::<&str>::new());
    let goals = plan_json(&joined.draft.plan)["goals"].as_array().unwrap().clone();
    let count = plan["goals"].as_array().unwrap().len();
    assert_eq!(goals.len(), count + 2);
    assert_eq!(
        (&goals[0]["text"], &goals[count + 1]["text"]),
        (&json!("Raise leads from 425 to 500"), &json!("Ask 40 customers for names"))
    );
    assert_eq!((&goals[2]["text"], &goals[2]["owner"]), (&plan["goals"][1]["text"], &json!("Ben")));
    let ids: std::collections::BTreeSet<String> = goals.iter().map(|goal| goal["id"].to_string()).collect();
    assert_eq!(ids.len(), goals.len());
}

#[test]
fn a_version_in_another_language_says_the_same() {
    let base = &sent().1;
    let mut polish = base.clone();
    polish.plan.translate(Lang::Pl);
    let built = build(&check(polish), DAY).unwrap();
    let mut polish = read_workbook(&built.bytes).unwrap().1;
    let a = typed(&[("Plan", cell(Field::SalesCost), number(310_000.0))]);
    let joined = merged(base, &[&a, &polish], None);
    assert_eq!((joined.taken.as_slice(), labels(&joined)), (&[1, 1][..], vec![]));
    assert_eq!(joined.draft.plan.lang().id(), "pl");
    assert_eq!(joined.draft.plan.number(Field::SalesCost), Some(310_000.0));
    // The log has the line of the first build, and that of the build in Polish.
    assert_eq!(joined.draft.plan.rows(Table::Versions).len(), 2);
    polish.plan.form.remove(&Field::SalesCost);
    assert_eq!(labels(&merged(base, &[&a, &polish], None)), ["Koszt działu sprzedaży"]);
}

#[test]
fn the_log_keeps_the_lines_of_all_without_doubles() {
    let (base, other) = (&sent().1, 46_460.0);
    let later = |draft: &Draft, date: f64| {
        let built = build(&check(draft.clone()), BuildOptions { date, ..DAY }).unwrap();
        read_workbook(&built.bytes).unwrap().1
    };
    let a = later(&typed(&[("Plan", cell(Field::SalesCost), number(310_000.0))]), 46_450.0);
    let b = later(&typed(&[("Plan", cell(Field::CacCeiling), number(27_000.0))]), 46_455.0);
    let log = |draft: &Draft| -> Vec<(f64, f64)> {
        draft
            .plan
            .rows(Table::Versions)
            .iter()
            .map(|row| (row.number(0).unwrap(), row.number(1).unwrap()))
            .collect()
    };
    let joined = merged(base, &[&a, &b], None);
    assert_eq!(log(&joined.draft), [(1.0, 46_447.0), (2.0, 46_450.0), (3.0, 46_455.0)]);
    assert_eq!(log(&later(&joined.draft, other)).last(), Some(&(4.0, other)));
    // Whoever changed nothing adds nothing; then the merge is the other version, to the byte.
    let joined = merged(base, &[base, &a], None);
    assert_eq!(log(&joined.draft), log(&a));
    let bytes = |draft: &Draft| build(&check(draft.clone()), DAY).unwrap().bytes;
    assert_eq!(bytes(&joined.draft), bytes(&a));
}

#[test]
fn a_planner_merges_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = |args: &[&str]| run(folder.path(), args);
    let sample = repository("samples/ten-steps/plan.xlsx");
    let sample = sample.to_str().unwrap();
    assert_eq!(here(&[sample, "-o", "base.xlsx"]).code, 0);
    for (name, set) in
        [("ana.xlsx", "plan.marketing_budget=200000"), ("ben.xlsx", "plan.marketing_budget=210000")]
    {
        let ran = here(&["base.xlsx", "--set", set, "-o", name]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    // Somebody answers as data.
    let data = here(&["export", "base.xlsx", "--set", "plan.cac_ceiling=15000"]);
    write(&folder.path().join("cleo.json"), data.out);
    let ran =
        here(&["merge", "base.xlsx", "ana.xlsx", "cleo.json", "-o", "out.xlsx", "--date", "2027-03-01"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.starts_with("Changes from ana.xlsx: 1 (Plan 1)\nChanges from cleo.json: 1 (Plan 1)\n"),
        "{}",
        ran.err
    );
    assert!(ran.out.starts_with("Wrote out.xlsx\nRevenue gap 600,000 USD ← "), "{}", ran.out);
    assert_eq!(here(&["out.xlsx", "-o", "again.xlsx"]).code, 0);
    assert_eq!(read(&folder.path().join("out.xlsx")), read(&folder.path().join("again.xlsx")));

    let files = listed(folder.path());
    let ran = here(&["merge", "base.xlsx", "ana.xlsx", "ben.xlsx"]);
    let conflict = "Conflict: Marketing budget (before: blank)
  a  ana.xlsx, sheet \"Plan\", C40: 200,000
  b  ben.xlsx, sheet \"Plan\", C40: 210,000

Conflicts: 1, so nothing was written.";
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.starts_with(conflict), "{}", ran.err);
    assert!(ran.err.ends_with("a (ana.xlsx), b (ben.xlsx).\n"), "{}", ran.err);
    assert_eq!(listed(folder.path()), files);
    let ran = here(&["merge", "base.xlsx", "ana.xlsx", "ben.xlsx", "cleo.json", "--prefer", "B"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("C40: 210,000 ← taken\n"), "{}", ran.err);
    assert!(ran.out.starts_with("Wrote Acme-plan-2027-v4.xlsx\n"), "{}", ran.out);
    // Stages that two added at one place stand in the order of the files; errors of the merge name what to do.
    for (name, id) in [("dan.json", "demos"), ("eve.json", "calls")] {
        let mut plan: serde_json::Value = serde_json::from_str(&here(&["export", "base.xlsx"]).out).unwrap();
        let stage = json!({"id": id, "label": id, "rate": {"base": 0.9}});
        plan["plan"]["stages"].as_array_mut().unwrap().insert(2, stage);
        plan["plan"]["last_year"]["leads"][1] = json!(99_999);
        write(&folder.path().join(name), plan["plan"].to_string());
    }
    let ran = here(&["merge", "base.xlsx", "dan.json", "eve.json", "-o", "both.xlsx"]);
    assert!(ran.err.starts_with("Changes from dan.json: 2 (Rates 1, Last year 1)\n"), "{}", ran.err);
    let beside =
        "dan.json, eve.json added different stages after Leads. They now stand in this order: demos, calls. ";
    assert!(ran.err.contains(beside), "{}", ran.err);
    for (name, rate) in [("low.json", "low=60%"), ("base.json", "base=10%")] {
        let set = format!("rates.leads.{rate}");
        write(&folder.path().join(name), here(&["export", "base.xlsx", "--set", &set]).out);
    }
    let ran = here(&["merge", "base.xlsx", "low.json", "base.json", "-o", "both.xlsx", "--lang", "en"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.ends_with("Correct each cell in the file that is named there, then merge again.\n"),
        "{}",
        ran.err
    );
    // No input is ever written.
    let onto =
        here(&["merge", "base.xlsx", "ana.xlsx", "ben.xlsx", "--prefer", "a", "-o", "ben.xlsx", "--force"]);
    assert_eq!(onto.code, 3);
}

#[test]
fn what_cannot_be_merged_is_said_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let here = |args: &[&str]| run(folder.path(), args);
    let sample = repository("samples/ten-steps/plan.xlsx");
    let [shop, work] = ["shop", "needs-work"].map(|name| repository(&format!("samples/{name}/plan.xlsx")));
    let [sample, shop, work] = [&sample, &shop, &work].map(|path| path.to_str().unwrap());
    assert_eq!(here(&[sample, "-o", "base.xlsx"]).code, 0);
    assert_eq!(here(&["base.xlsx", "--set", "plan.cac_ceiling=15000", "-o", "ana.xlsx"]).code, 0);
    let both = here(&["merge", "base.xlsx", shop, "ana.xlsx", "--prefer", "d"]);
    assert_eq!(both.code, 2);
    assert_eq!(both.err.matches("not versions of one plan").count(), 2, "{}", both.err);
    assert!(
        both.err.contains("There is no edited file d. The edited files are a (plan.xlsx), b (ana.xlsx).")
    );
    let swapped = here(&["merge", "ana.xlsx", "base.xlsx", "ana.xlsx"]);
    assert_eq!(swapped.code, 2);
    assert!(swapped.err.contains("base.xlsx is older than ana.xlsx"), "{}", swapped.err);
    let missing = here(&["merge", "no.xlsx", "base.xlsx", "none.xlsx"]);
    assert_eq!((missing.code, missing.err.matches("F01").count()), (2, 2), "{}", missing.err);
    let unusable = here(&["merge", work, work, work]);
    assert_eq!(unusable.code, 1);
    assert!(unusable.err.contains("E8: Base: 150 %"), "{}", unusable.err);
    assert!(unusable.err.ends_with("merge again.\n"), "{}", unusable.err);
    // The same file again and again is a plan without changes.
    let same = here(&["merge", "base.xlsx", "base.xlsx", "base.xlsx", "-o", "same.xlsx"]);
    assert_eq!(same.code, 0, "{}", same.err);
    assert_eq!(read(&folder.path().join("same.xlsx")), read(&folder.path().join("base.xlsx")));
}
