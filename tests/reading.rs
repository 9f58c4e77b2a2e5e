//! A plan is the same plan whatever a planner does to the look of its workbook; what is wrong is said once, at its cell.

use backcast::base::cell::CellRef;
use backcast::base::locale::{LANGS, Lang, Words};
use backcast::plan::fields::FIELDS;
use backcast::plan::lists::List;
use backcast::plan::tables::Table;
use backcast::read::grid::{Grid, GridCell, GridSheet, Raw};

use crate::grids::{
    book, column, draft, formula, insert_columns, insert_rows, place, plain, plan_of, rebuilt, rename, same,
    sample, sheet, text, told,
};

const INPUTS: [&str; 5] = ["Plan", "Rates", "Last year", "Goals", "KPIs"];

#[test]
fn the_untouched_workbook_gives_its_plan_and_no_finding() {
    let grid = book();
    let mut plan = plan_of(&grid);
    assert_eq!(told(&draft(&grid).findings), Vec::<String>::new());
    plan.as_object_mut().unwrap().remove("plan_id").unwrap();
    for (key, value) in sample().as_object().unwrap() {
        assert_eq!(&plan[key], value, "{key}");
    }
    assert_eq!(INPUTS.map(|name| grid.sheet(name).is_some()), [true; 5]);
}

#[test]
fn rows_and_columns_may_be_inserted_anywhere() {
    for name in INPUTS {
        let last = book().sheet(name).unwrap().cells.keys().map(|at| at.row).max().unwrap();
        for row in 0..=last + 1 {
            let mut grid = book();
            insert_rows(&mut grid, name, row, 1);
            same(&grid, &format!("{name}, row {row}"));
        }
        let mut grid = book();
        insert_rows(&mut grid, name, 0, 7);
        same(&grid, name);
        let last = book().sheet(name).unwrap().cells.keys().map(|at| at.col).max().unwrap();
        for col in 0..=last + 1 {
            let mut grid = book();
            insert_columns(&mut grid, name, col, 2);
            same(&grid, &format!("{name}, column {col}"));
        }
    }
}

#[test]
fn sheets_may_be_moved_and_renamed() {
    let mut grid = book();
    grid.sheets.reverse();
    same(&grid, "reversed");
    grid.sheets.rotate_left(3);
    let names: Vec<String> = grid.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    for (at, name) in names.iter().enumerate() {
        rename(&mut grid, name, &format!("Tab {at} 中"));
    }
    same(&grid, "renamed");
}

#[test]
fn without_defined_names_labels_and_heads_do() {
    for shifted in [false, true] {
        for renamed in [false, true] {
            let mut grid = book();
            grid.names.clear();
            if shifted {
                for name in INPUTS {
                    insert_rows(&mut grid, name, 2, 3);
                    insert_columns(&mut grid, name, 0, 2);
                    insert_columns(&mut grid, name, 4, 1);
                }
                insert_rows(&mut grid, "Start", 0, 2);
                insert_columns(&mut grid, "Start", 0, 1);
            }
            if renamed {
                for name in ["Plan", "Rates", "Goals", "Targets", "Lists", "Start", "Versions"] {
                    rename(&mut grid, name, &format!("My {name}"));
                }
            }
            same(&grid, &format!("shifted {shifted}, renamed {renamed}"));
        }
    }
}

/// Replaces the texts of some keys in one sheet by those of another language.
fn translate(grid: &mut Grid, name: &str, keys: &[&str], to: Lang) -> usize {
    let (from, to) = (Words::new(Lang::En), Words::new(to));
    let mut done = 0;
    for cell in sheet(grid, name).cells.values_mut() {
        let Raw::Text(old) = &cell.raw else { continue };
        let key = keys.iter().find(|key| from.find(key) == Some(old.as_str()));
        if let Some(new) = key.and_then(|key| to.find(key)).filter(|new| new != old) {
            cell.raw = Raw::Text(new.to_owned());
            done += 1;
        }
    }
    done
}

#[test]
fn labels_heads_and_list_words_are_understood_in_every_language() {
    for lang in LANGS.into_iter().filter(|lang| *lang != Lang::En) {
        for named in [true, false] {
            let mut grid = book();
            if !named {
                grid.names.clear();
            }
            let form: Vec<&str> = FIELDS.iter().map(|field| field.spec().term).collect();
            assert!(translate(&mut grid, "Plan", &form, lang) > 20, "{lang:?}");
            let filled = [Table::Rates, Table::LastYear, Table::Goals, Table::Kpis];
            for (table, name) in filled.into_iter().zip(&INPUTS[1..]) {
                let heads: Vec<&str> = table.columns().iter().map(|column| column.term).collect();
                assert!(translate(&mut grid, name, &heads, lang) > 2, "{lang:?} {name}");
                for list in [List::Level, List::KpiType, List::Better] {
                    let words: Vec<&str> = list.words().iter().map(|word| word.key).collect();
                    translate(&mut grid, name, &words, lang);
                }
            }
            for list in [List::BusinessModel, List::RampShape, List::YesNo, List::Scenario] {
                let words: Vec<&str> = list.words().iter().map(|word| word.key).collect();
                assert_eq!(translate(&mut grid, "Plan", &words, lang), 1, "{lang:?} {list:?}");
            }
            for list in [List::ForecastPolicy, List::NextYear] {
                let words: Vec<&str> = list.words().iter().map(|word| word.key).collect();
                assert_eq!(translate(&mut grid, "Plan", &words, lang), 1, "{lang:?} {list:?}");
            }
            same(&grid, &format!("{lang:?}, names {named}"));
        }
    }
}

#[test]
fn synonyms_and_ids_do_for_heads() {
    let mut grid = book();
    for (old, new) in [("Definition", " DESCRIPTION "), ("Q1", "first  quarter"), ("Base", "base")] {
        let at = column(&grid, "in_Rates", old);
        let (name, head) = place(&grid, "in_Rates");
        sheet(&mut grid, &name).cells.insert(CellRef::new(head.row, at), text(new));
    }
    same(&grid, "synonyms");
}

#[test]
fn a_column_of_the_planners_own_is_kept_and_takes_no_other_columns_place() {
    let mut grid = book();
    let expected = plan_of(&grid);
    for (name, table) in
        [("Rates", "in_Rates"), ("Last year", "in_LastYear"), ("Goals", "in_Goals"), ("KPIs", "in_KPIs")]
    {
        // Left of Definition, Q1 …; the head is a synonym of a column that is there, too.
        insert_columns(&mut grid, name, 2, 2);
        let head = place(&grid, table).1.row;
        let cells = &mut sheet(&mut grid, name).cells;
        cells.insert(CellRef::new(head, 2), text("Description"));
        cells.insert(CellRef::new(head, 3), text("Notes to self"));
        let typed = [
            text("=2+2"),
            plain(Raw::Number(-0.0)),
            plain(Raw::Date(46_500.0)),
            GridCell { raw: Raw::Number(0.25), formula: None, percent: true },
        ];
        for (row, cell) in (head + 1..).zip(typed) {
            if cells.get(&CellRef::new(row, 0)).is_some() {
                cells.insert(CellRef::new(row, 3), cell);
            }
        }
        cells.insert(CellRef::new(head + 1, 2), formula("10*10", 100.0));
        cells.insert(CellRef::new(head + 2, 2), formula("Start!A1", 7.0));
    }
    assert_eq!(plan_of(&grid), expected);
    let found = told(&draft(&grid).findings);
    assert_eq!(found.iter().filter(|f| f.starts_with("D09 unknown-column")).count(), 8, "{found:#?}");
    let (again, bytes, findings) = rebuilt(&grid);
    assert_eq!(told(&findings).len(), 4, "{findings:#?}");
    assert_eq!(plan_of(&again)["stages"], expected["stages"]);
    for (name, table) in [("Rates", "in_Rates"), ("Last year", "in_LastYear"), ("Goals", "in_Goals")] {
        let own = column(&again, table, "Notes to self");
        let (_, head) = place(&again, table);
        let cells = &again.sheet(name).unwrap().cells;
        let kept = |row: u32| cells.get(&CellRef::new(head.row + row, own)).unwrap();
        assert_eq!(kept(1).raw, Raw::Text("=2+2".into()), "{name}");
        assert_eq!(kept(1).formula, None, "{name}");
        assert_eq!(kept(2).raw, Raw::Number(0.0), "{name}");
        assert_eq!(kept(3).raw, Raw::Date(46_500.0), "{name}");
        assert!(kept(4).percent, "{name}");
    }
    let own = column(&again, "in_LastYear", "Description");
    let head = place(&again, "in_LastYear").1.row;
    let kept =
        |row: u32| again.sheet("Last year").unwrap().cells.get(&CellRef::new(head + row, own)).unwrap();
    assert_eq!(kept(1).formula.as_deref(), Some("10*10"));
    assert_eq!((&kept(2).formula, &kept(2).raw), (&None, &Raw::Number(7.0)));
    assert_eq!(rebuilt(&again).1, bytes);
}

#[test]
fn goals_far_down_count_and_remarks_below_a_table_are_named() {
    let mut grid = book();
    let head = place(&grid, "in_Goals").1;
    let (level, goal) = (column(&grid, "in_Goals", "Level"), column(&grid, "in_Goals", "Goal"));
    let cells = &mut sheet(&mut grid, "Goals").cells;
    cells.insert(CellRef::new(head.row + 11, level), text("marketing"));
    cells.insert(CellRef::new(head.row + 11, goal), text("Be loved"));
    cells.insert(CellRef::new(head.row + 8, 0), text("between"));
    cells.insert(CellRef::new(head.row + 15, 0), text("Source: CRM"));
    cells.insert(CellRef::new(head.row + 16, 2), text("as of May"));
    let found = draft(&grid);
    assert_eq!(found.plan.rows(Table::Goals).len(), 5);
    assert_eq!(plan_of(&grid)["goals"][4]["id"], "g1");
    let stray = CellRef::new(head.row + 8, 0);
    assert_eq!(told(&found.findings), [format!("D09 stray-cell Goals!{stray}")]);
    assert!(found.findings.sorted()[0].args.iter().any(|(_, arg)| format!("{arg:?}").contains("\"3\"")));
}

#[test]
fn what_the_output_will_not_hold_is_named_wherever_it_stands() {
    let expected = plan_of(&book());
    let cases: [(&str, CellRef); 6] = [
        ("Plan", CellRef::new(3, 8)),   // right of the form
        ("Plan", CellRef::new(90, 0)),  // below it
        ("Rates", CellRef::new(3, 4)),  // above a table
        ("Rates", CellRef::new(8, 40)), // right of it
        ("KPIs", CellRef::new(40, 1)),
        ("Last year", CellRef::new(30, 0)),
    ];
    for (name, at) in cases {
        let mut grid = book();
        sheet(&mut grid, name).cells.insert(at, text("remark"));
        assert_eq!(told(&draft(&grid).findings), [format!("D09 stray-cell {name}!{at}")]);
        assert_eq!(plan_of(&grid), expected);
    }
    // A question of the planner's own, in an inserted row of the form.
    let mut grid = book();
    let (name, at) = place(&grid, "in_SalesReps");
    insert_rows(&mut grid, &name, at.row, 1);
    sheet(&mut grid, &name).cells.insert(CellRef::new(at.row, 0), text("Trade shows"));
    sheet(&mut grid, &name).cells.insert(at, plain(Raw::Number(3.0)));
    let label = CellRef::new(at.row, 0);
    assert_eq!(told(&draft(&grid).findings), [format!("D09 stray-cell Plan!{label}")]);
    // A column without a head.
    let mut grid = book();
    insert_columns(&mut grid, "Rates", 2, 1);
    let at = CellRef::new(place(&grid, "in_Rates").1.row + 2, 2);
    sheet(&mut grid, "Rates").cells.insert(at, text("check"));
    assert_eq!(told(&draft(&grid).findings), [format!("D09 stray-cell Rates!{at}")]);
}

#[test]
fn sheets_of_the_planners_own_and_copies_are_named() {
    for (name, content) in
        [("Ideas", "Trade show"), ("Inputs", "x"), ("Home", "My home"), ("Plan (2)", "Plan")]
    {
        let mut grid = book();
        let cells = [(CellRef::new(0, 0), text(content))].into_iter().collect();
        grid.sheets.insert(0, GridSheet { name: name.into(), cells, ..GridSheet::default() });
        same_but(&grid, &format!("D09 own-sheet {name}"));
    }
    let mut grid = book();
    let mut copy = grid.sheet("Funnel").unwrap().clone();
    copy.name = "Funnel (2)".into();
    grid.sheets.insert(0, copy);
    same_but(&grid, "D09 own-sheet Funnel (2)");
    let mut grid = book();
    grid.sheets.push(GridSheet { name: "Blank".into(), ..GridSheet::default() });
    same(&grid, "a blank sheet");
}

fn same_but(grid: &Grid, finding: &str) {
    assert_eq!(plan_of(grid), plan_of(&book()), "{finding}");
    assert_eq!(told(&draft(grid).findings), [finding]);
}

#[test]
fn hidden_and_merged_cells_are_named() {
    let mut grid = book();
    let (name, at) = place(&grid, "in_Growth");
    sheet(&mut grid, &name).hidden_rows.push(at.row);
    same_but(&grid, &format!("D11 hidden Plan!{at}"));

    let mut grid = book();
    sheet(&mut grid, &name).merged.push((at, CellRef::new(at.row, at.col + 1)));
    same_but(&grid, &format!("D10 merged Plan!{at}"));

    // The answer lies under the merged area and cannot be seen.
    let mut grid = book();
    sheet(&mut grid, &name).merged.push((CellRef::new(at.row, at.col - 1), at));
    let found = told(&draft(&grid).findings);
    assert_eq!(found, [format!("D01 no-target Plan!{at}"), format!("D10 merged Plan!{at}")]);

    let mut grid = book();
    sheet(&mut grid, "Rates").hidden = true;
    let found = draft(&grid);
    assert_eq!(plan_of(&grid), plan_of(&book()));
    assert!(told(&found.findings).iter().all(|f| f.starts_with("D11 hidden Rates!")));
}
