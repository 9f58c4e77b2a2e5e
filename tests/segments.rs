//! A company of segments: totals are sums, one segment is the company, and each segment stands for itself.

use backcast::model::sym::{Of, QUARTERS, Sym, What, When};
use backcast::plan::tables::{Table, rates, segments};
use backcast::read::grid::Raw;
use backcast::write::data::plan_json;
use backcast::write::image::Content;
use backcast::write::results::results;
use backcast::{Checked, build, check, read_data, read_workbook};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value as Json, json};

use crate::companies::company;
use crate::properties::every;
use crate::support::{DAY, case, cases, formula_text, workbook};

/// What a segment answers in place of the plan.
const REVENUE: [&str; 8] = [
    "last_year_revenue",
    "growth",
    "revenue_target",
    "committed_revenue",
    "other_revenue",
    "existing_customer_revenue",
    "expected_loss",
    "average_deal",
];

fn checked(plan: &Json) -> Checked {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    check(draft)
}

fn numbers(plan: &Json) -> Json {
    let checked = checked(plan);
    results(&checked.plan, &checked.model, &checked.values)
}

/// The same plan as a company of one segment.
fn as_one_segment(plan: &Json) -> Json {
    let mut moved = plan.clone();
    let mut segment = json!({"label": "All of it"});
    for key in REVENUE {
        if let Some(value) = moved.as_object_mut().unwrap().remove(key) {
            segment[key] = value;
        }
    }
    // The revenue of last year's quarters is the company's; a segment says its own.
    if segment.get("last_year_revenue").is_none() {
        let quarters = plan["last_year"]["revenue"].as_array().unwrap();
        segment["last_year_revenue"] = json!(quarters.iter().map(|v| v.as_f64().unwrap()).sum::<f64>());
    }
    moved["segments"] = json!([segment]);
    moved
}

/// Whether two results are the same, number for number, up to the last bits of a sum.
fn assert_same(a: &Json, b: &Json, path: &str) {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            for (key, value) in a {
                assert_same(value, &b[key], &format!("{path}/{key}"));
            }
        }
        (Json::Array(a), Json::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                assert_same(a, b, &format!("{path}/{at}"));
            }
        }
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()), "{path}: {a} {b}");
        }
        (a, b) => assert_eq!(a, b, "{path}"),
    }
}

#[test]
fn one_segment_is_the_company_number_for_number() {
    let mut held = 0;
    for case in cases().iter().filter(|case| case.plan.get("segments").is_none()) {
        let one = numbers(&as_one_segment(&case.plan));
        let mut company = one.clone();
        company.as_object_mut().unwrap().remove("segments");
        assert_same(&numbers(&case.plan), &company, &case.name);
        // Channels, KPIs, what the leads cost and what could be better are the company's alone.
        for key in ["channels", "budget_needed", "sensitivity", "kpis"] {
            company.as_object_mut().unwrap().remove(key);
        }
        // The segment stands as its customers close: without a lag that is the company itself.
        let has_lag = |stage: &Json| stage["lag_months"].as_f64() > Some(0.0);
        if !case.plan["stages"].as_array().is_some_and(|stages| stages.iter().any(has_lag)) {
            // Channels, improvements and KPIs are the company's alone.
            assert_same(&one["segments"]["all_of_it"], &company, &case.name);
        }
        held += 1;
    }
    assert!(held > 12, "{held}");
}

/// The whole and exact numbers of an owner by stage, year first.
fn chain(checked: &Checked, owner: Of, stage: usize, what: What) -> [f64; 5] {
    let [q1, q2, q3, q4] = QUARTERS;
    [When::Year, q1, q2, q3, q4]
        .map(|when| checked.values.number(Sym::of(owner.stage(stage), what).at(when)).unwrap())
}

fn assert_totals(checked: &Checked) {
    let count = checked.plan.rows(Table::Segments).len() as u32;
    let sum = |what: &dyn Fn(Of) -> f64| -> f64 { (0..count).map(|row| what(Of::Segment(row))).sum() };
    for what in [What::RevenueTarget, What::Gap, What::CustomersNeeded] {
        let number = |owner: Of| checked.values.number(Sym::of(owner, what)).unwrap();
        assert!((number(Of::Plan) - sum(&number)).abs() <= 1e-9 * number(Of::Plan).abs(), "{what:?}");
    }
    for stage in 0..checked.plan.stages().len() {
        for at in 0..5 {
            let whole = |owner: Of| chain(checked, owner, stage, What::EffectTarget)[at];
            assert_eq!(whole(Of::Plan), sum(&whole), "stage {stage}, period {at}");
            let exact = |owner: Of| chain(checked, owner, stage, What::Effect)[at];
            let (total, all) = (exact(Of::Plan), sum(&exact));
            assert!((total - all).abs() <= 1e-9 * total.abs(), "stage {stage}, period {at}: {total} {all}");
        }
        for row in 0..count {
            let [year, quarters @ ..] = chain(checked, Of::Segment(row), stage, What::EffectTarget);
            assert_eq!(year, quarters.iter().sum::<f64>(), "segment {row}, stage {stage}");
        }
    }
}

#[test]
fn totals_are_the_sums_of_the_segments_in_values_and_formulas() {
    for name in ["sample regions", "200 segments"] {
        let case = case(name);
        assert_totals(&checked(&case.plan));
        let image = &case.built.image;
        let rows = case.plan["segments"].as_array().unwrap().len();
        let mut sums = 0;
        for (at, cell) in image.sheets.iter().flat_map(|sheet| &sheet.cells) {
            let Some(sym) = cell.sym.filter(|_| matches!(cell.content, Content::Formula(_))) else {
                continue;
            };
            let is_chain = sym.what == What::EffectTarget
                || (sym.what == What::Effect && matches!(sym.when, When::Quarter(_)));
            let of_plan = [What::Gap, What::RevenueTarget, What::CustomersNeeded, What::Deals];
            let is_total = if let Of::Stage(_) = sym.of {
                is_chain
            } else {
                sym.of == Of::Plan && of_plan.contains(&sym.what)
            };
            // The home of a total sums one column; its copies on other sheets point to it.
            let text = formula_text(cell).unwrap();
            if is_total && text.starts_with("IF(") {
                let from = text.find("SUM(Segments!").unwrap_or_else(|| panic!("{name}: {at} {sym} ={text}"));
                let range = text[from..].split_once(')').unwrap().0;
                let (first, last) = range.trim_start_matches("SUM(Segments!").split_once(':').unwrap();
                let row = |cell: &str| cell.rsplit('$').next().unwrap().parse::<usize>().unwrap();
                assert!(row(last) - row(first) + 1 >= rows, "{name}: {text}");
                sums += 1;
            }
        }
        assert!(sums >= 4 + 6 * 9, "{name}: {sums}");
    }
}

/// Small companies, whole and fractional, with and without a lag.
pub(crate) fn companies() -> impl Strategy<Value = Json> {
    let parts = prop::collection::vec((0usize..500, 0u32..400, 1u32..60), 1..7);
    (parts, prop::array::uniform5(0u32..3), any::<bool>(), any::<bool>()).prop_map(
        |(parts, lags, on, whole)| {
            let mut plan = company(500);
            let all = plan["segments"].as_array().unwrap().clone();
            let chosen = parts.iter().enumerate().map(|(at, (from, gap, deal))| {
                let mut segment = all[*from].clone();
                segment["id"] = json!(format!("p{at}"));
                segment["label"] = json!(format!("Part {at}"));
                segment["revenue_target"] = Json::Null;
                segment["growth"] = json!(f64::from(*gap) / 100.0);
                segment["average_deal"] = json!(f64::from(*deal) * 997.0);
                segment
            });
            plan["segments"] = chosen.collect();
            for (stage, lag) in lags.into_iter().enumerate() {
                plan["stages"][stage]["lag_months"] = json!(lag);
            }
            plan["next_year"] = json!(if on { "continue" } else { "stop" });
            plan["whole_customers"] = json!(whole);
            plan
        },
    )
}

#[test]
fn segments_in_another_order_are_the_same_rows_in_another_order() {
    every(60, &companies(), |plan| {
        let mut turned = plan.clone();
        turned["segments"].as_array_mut().unwrap().reverse();
        assert_same(&numbers(&plan), &numbers(&turned), "");
        assert_totals(&checked(&plan));
        Ok(())
    });
}

/// Half of every figure, and a second segment with the other half.
#[test]
fn a_segment_split_in_two_keeps_the_totals_within_rounding() {
    every(60, &companies(), |plan| {
        let mut split = plan.clone();
        let list = split["segments"].as_array_mut().unwrap();
        let first = &mut list[0];
        for key in REVENUE.iter().filter(|key| !matches!(**key, "growth" | "average_deal")) {
            if let Some(v) = first.get(*key).and_then(Json::as_f64) {
                first[*key] = json!(v / 2.0);
            }
        }
        let mut second = first.clone();
        second["id"] = json!("other_half");
        second["label"] = json!("Other half");
        list.push(second);
        let (before, after) = (checked(&plan), checked(&split));
        let whole = plan["whole_customers"] == json!(true);
        for stage in 0..before.plan.stages().len() {
            let exact = |of: &Checked, owner: Of| chain(of, owner, stage, What::Effect)[0];
            let target = |of: &Checked| chain(of, Of::Plan, stage, What::EffectTarget)[0];
            // One customer more at most, and what that customer costs at this stage; one more for rounding up.
            let deals = checked(&plan).values.number(Sym::of(Of::Segment(0), What::CustomersNeeded)).unwrap();
            let per_customer = if deals > 0.0 { exact(&before, Of::Segment(0)) / deals } else { 0.0 };
            let slack = if whole { per_customer } else { 0.0 };
            let more = exact(&after, Of::Plan) - exact(&before, Of::Plan);
            let noise = 1e-6 * exact(&before, Of::Plan).max(1.0);
            prop_assert!((-noise..=slack + noise).contains(&more), "stage {}: {} of {}", stage, more, slack);
            let rounded = target(&after) - target(&before);
            prop_assert!((-1.0..=slack + 2.0).contains(&rounded), "stage {}: {}", stage, rounded);
        }
        Ok(())
    });
}

#[test]
fn months_add_up_and_what_is_moved_is_not_lost() {
    every(80, &companies(), |plan| {
        let checked = checked(&plan);
        let number = |sym: Sym| checked.values.number(sym).unwrap();
        let goes_on = plan["next_year"] == json!("continue");
        for stage in 0..checked.plan.stages().len() {
            for (owner, what) in
                [(Of::Plan, What::Target), (Of::Shown, What::EffectTarget), (Of::Shown, What::Effect)]
            {
                let sym = Sym::of(owner.stage(stage), what);
                let months: Vec<f64> = When::months().map(|month| number(sym.at(month))).collect();
                for (quarter, months) in QUARTERS.into_iter().zip(months.chunks(3)) {
                    let (quarter, sum) = (number(sym.at(quarter)), months.iter().sum::<f64>());
                    prop_assert!((quarter - sum).abs() <= 1e-9 * quarter.max(1.0), "{}", sym);
                }
            }
            // Before + year − what is done for the next year = the chain.
            let of = |what: What| number(Sym::stage(what, stage));
            let december = number(Sym::stage(What::Effect, stage).at(When::Month(11)));
            let next = if goes_on { of(What::LagTotal) * december } else { 0.0 };
            let off = of(What::Before) + of(What::Exact) - next - of(What::Effect);
            prop_assert!(off.abs() <= 1e-7 * of(What::Effect).max(1.0), "stage {}: {}", stage, off);
        }
        Ok(())
    });
}

#[test]
fn a_company_built_again_is_the_same_to_the_byte() {
    every(8, &companies(), |plan| {
        let built = workbook(&plan);
        let (_, draft) = read_workbook(&built.bytes).map_err(|f| TestCaseError::fail(format!("{f:?}")))?;
        prop_assert_eq!(
            plan_json(&draft.plan)["segments"].clone(),
            plan_json(&checked(&plan).plan)["segments"].clone()
        );
        let again = build(&check(draft), DAY).unwrap();
        prop_assert!(again.bytes == built.bytes, "the second build differs");
        Ok(())
    });
}

#[test]
fn rates_of_segments_are_found_when_stages_are_renamed_and_columns_moved() {
    let case = case("sample regions");
    let (mut grid, draft) = read_workbook(&case.built.bytes).unwrap();
    let typed = |stage: usize, row: usize| {
        let row = draft.plan.rows(Table::Segments)[row].number(segments::rate(stage, segments::BASE));
        row.unwrap()
    };
    let rates = grid.sheets.iter_mut().find(|sheet| &*sheet.name == "Rates").unwrap();
    for cell in rates.cells.values_mut().filter(|cell| cell.raw == Raw::Text("Leads".into())) {
        cell.raw = Raw::Text("Inquiries".into());
    }
    let (plan, _, findings) = backcast::read::parse::parse(&grid);
    assert_eq!(plan.stages()[1].text(rates::LABEL), "Inquiries");
    assert_eq!(plan.extra_heads(Table::Segments), [] as [String; 0], "{:#?}", findings.sorted());
    for (stage, row) in [(0, 2), (1, 2), (2, 5), (3, 5), (4, 1), (4, 5)] {
        let found = plan.rows(Table::Segments)[row].number(segments::rate(stage, segments::BASE));
        assert_eq!(found, Some(typed(stage, row)), "stage {stage}, segment {row}");
    }
}

#[test]
fn what_a_segment_lacks_is_said_at_its_cell() {
    let north = json!({"label": "North", "last_year_revenue": 100, "growth": 0.5, "average_deal": 10});
    let found = |edit: &dyn Fn(&mut Json)| {
        let mut plan = company(1);
        plan["segments"][0] = north.clone();
        plan.as_object_mut().unwrap().remove("average_deal");
        edit(&mut plan);
        let findings = check(read_data(&plan.to_string())).findings;
        let told = findings.sorted();
        told.iter().map(|f| format!("{} {} {}", f.rule.code, f.rule.name, f.at)).collect::<Vec<_>>()
    };
    assert_eq!(found(&|_| {}), [] as [&str; 0]);
    let edit =
        |key: &'static str, value: Json| move |plan: &mut Json| plan["segments"][0][key] = value.clone();
    assert_eq!(found(&edit("average_deal", Json::Null)), ["D01 no-deal segments[0].average_deal"]);
    assert_eq!(found(&edit("growth", Json::Null)), ["D01 no-target segments[0].growth"]);
    assert_eq!(
        found(&edit("last_year_revenue", Json::Null)),
        ["D01 growth-without-revenue segments[0].last_year_revenue"]
    );
    assert_eq!(
        found(&edit("revenue_target", json!(170))),
        ["C05 growth-against-target segments[0].revenue_target"]
    );
    assert_eq!(found(&edit("label", Json::Null)), ["D01 no-segment-name segments[0].label"]);
    assert_eq!(found(&edit("committed_revenue", json!(900))), ["C07 no-gap segments[0].growth"]);
    let low = json!({"leads": {"low": 0.2}});
    assert_eq!(found(&edit("rates", low)), ["D01 no-base-rate segments[0].rates.leads.base"]);
    let crossed = json!({"leads": {"low": 0.5, "base": 0.4}});
    assert_eq!(found(&edit("rates", crossed)), ["D04 cases-cross segments[0].rates.leads.low"]);
    let unknown = json!({"leeds": {"base": 0.4}});
    assert_eq!(found(&edit("rates", unknown)), ["F15 unknown-key segments[0].rates.leeds"]);
    assert_eq!(
        found(&|plan| {
            plan["segments"][0]["ramp_shape"] = json!("custom");
            plan["segments"][0]["share_q1"] = json!(0.4);
        }),
        [
            "D01 no-share segments[0].share_q2",
            "D01 no-share segments[0].share_q3",
            "D01 no-share segments[0].share_q4"
        ]
    );
    assert_eq!(
        found(&|plan| {
            plan["segments"][0]["first_quarter_share"] = json!(0.6);
            plan["segments"][0]["last_quarter_share"] = json!(0.6);
        }),
        ["C10 negative-share segments[0].first_quarter_share"]
    );
    assert_eq!(
        found(&|plan| {
            let again = plan["segments"][0].clone();
            plan["segments"].as_array_mut().unwrap().push(again);
        }),
        ["D08 twice segments[1].label"]
    );
    assert_eq!(found(&|plan| plan["shown_segment"] = json!("South")), ["D07 unknown-segment shown_segment"]);
    assert_eq!(
        found(&|plan| plan["committed_revenue"] = json!(40)),
        ["C03 segments-off-plan committed_revenue"]
    );
    // A goal for a segment is held against that segment.
    let goal = |target: u32| {
        json!([{"id": "m1", "level": "marketing", "text": "Win customers", "metric": "customers", "target": target,
            "start": "2027-04-01", "deadline": "2028-03-31", "scope": "north"}])
    };
    let consistency = |target: u32| {
        let mut all = found(&|plan| plan["goals"] = goal(target));
        all.retain(|told| told.starts_with('C'));
        all
    };
    assert_eq!(consistency(15), [] as [&str; 0]);
    assert_eq!(consistency(14), ["C02 goal-off-funnel goals[0].target"]);
}

#[test]
fn segments_that_are_gone_are_missed() {
    let (mut grid, _) = read_workbook(&case("sample regions").built.bytes).unwrap();
    grid.sheets.retain(|sheet| &*sheet.name != "Segments");
    grid.names.retain(|name| &*name.sheet != "Segments");
    let findings = backcast::read::parse::parse(&grid).2;
    let told = findings.sorted();
    let missed = told.iter().find(|finding| finding.rule.name == "no-segments").unwrap();
    assert_eq!((missed.rule.code, missed.at.sheet()), ("D01", Some("Targets")));
}
