//! How long each phase takes, for the sample and for a plan as long as plans get.
//!
//! `cargo bench --bench pipeline -- --quick`
#![expect(clippy::unwrap_used, reason = "a bench that cannot run may stop")]

use std::hint::black_box;

use backcast::base::finding::Findings;
use backcast::model::lower::lower;
use backcast::write::emit::emit;
use backcast::write::link::{Numbers, image};
use backcast::write::records;
use backcast::write::sheets::{Context, book};
use backcast::{BuildOptions, build, check, read_data, read_workbook, template};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

const SAMPLE: &str = include_str!("../samples/ten-steps/plan.json");

/// 60 stages and 60 KPIs.
fn long() -> String {
    let most = 60;
    let stages: Vec<_> = (0..most)
        .map(|at| {
            let rate =
                if at + 1 < most { json!({"low": 0.85, "base": 0.9, "high": 0.95}) } else { json!(null) };
            json!({"id": format!("s{at}"), "label": format!("Stage {at}"), "rate": rate})
        })
        .collect();
    let kpis: Vec<_> = (0..most)
        .map(|at| {
            json!({"id": format!("k{at}"), "label": format!("KPI {at}"), "type": "flow", "better": "higher",
                "unit": "number", "baseline": 100 + at, "target": 200 + at})
        })
        .collect();
    json!({"company": "Long", "year_start": "2027-01-01", "last_year_revenue": 1_000_000, "growth": 0.2,
        "average_deal": 5_000, "stages": stages, "kpis": kpis})
    .to_string()
}

/// The sample with so many goals, half of which have something wrong.
fn goals(count: usize) -> String {
    let mut plan: serde_json::Value = serde_json::from_str(SAMPLE).unwrap();
    let texts = [
        "Raise leads from fair {} from 425 to 500 by 31 December 2027",
        "Повысить количество лидов с выставки {} с 425 до 500 до конца 2027 года",
        "Zwiększyć liczbę leadów z targów {} z 425 do 500 do końca 2027 roku",
        "将展会{}的线索从425提升到500，2027年12月31日前完成",
    ];
    let goal = |at: usize| {
        let text = texts.iter().cycle().nth(at).unwrap().replace("{}", &at.to_string());
        json!({"text": text, "supports": "b1", "level": "marketing", "metric": "leads", "unit": "number",
            "baseline": 425, "target": 500, "scope": format!("fair {at}"), "start": "2027-01-01",
            "deadline": "2027-12-31", "owner": if at.is_multiple_of(2) { "" } else { "Li Wei" }, "source": "CRM"})
    };
    plan.get_mut("goals").and_then(|goals| goals.as_array_mut()).unwrap().extend((0..count).map(goal));
    plan.to_string()
}

/// Rules over many goals: twice as many must not take four times as long.
fn many_goals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("goals");
    for count in [500, 1_000, 1_990] {
        let draft = read_data(&goals(count));
        assert!(!draft.findings.has_error(), "{:?}", draft.findings);
        group.bench_function(format!("check {count}"), |b| b.iter(|| check(black_box(draft.clone()))));
    }
    group.finish();
}

fn phases(criterion: &mut Criterion) {
    for (name, data) in [("ten-steps", SAMPLE.to_owned()), ("60-stages", long())] {
        let draft = read_data(&data);
        assert!(!draft.findings.has_error(), "{:?}", draft.findings);
        let bytes = template(&draft.plan, true).unwrap();
        let (grid, draft) = read_workbook(&bytes).unwrap();
        let checked = check(draft.clone());
        assert!(!checked.findings.forbids_build(), "{:?}", checked.findings);
        let plan = &checked.plan;
        // The sheet of checks lists findings at a build only.
        let nothing = Findings::default();
        let context = Context { findings: &nothing, is_built: true, values: &checked.values, since: None };
        let records = records::of(plan);
        let numbers = Numbers { model: &checked.model, records: &records, values: &checked.values };
        let linked = || image(plan, numbers, &book(plan, &context), &nothing, true).unwrap();
        let made = linked();
        let options = BuildOptions { date: 46_391.0, protected: true };

        let mut group = criterion.benchmark_group(name);
        group.bench_function("read", |b| b.iter(|| backcast::read::xlsx::grid(black_box(&bytes)).unwrap()));
        group.bench_function("parse", |b| b.iter(|| backcast::read::parse::parse(black_box(&grid))));
        group.bench_function("solve", |b| b.iter(|| lower(black_box(plan)).solve(plan.words(), &[])));
        group.bench_function("check", |b| b.iter(|| check(black_box(draft.clone()))));
        group.bench_function("link", |b| b.iter(linked));
        group.bench_function("emit", |b| b.iter(|| emit(black_box(&made)).unwrap()));
        group.bench_function("whole build", |b| {
            b.iter(|| {
                let (_, draft) = read_workbook(black_box(&bytes)).unwrap();
                build(&check(draft), options).unwrap()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, phases, many_goals);
criterion_main!(benches);
