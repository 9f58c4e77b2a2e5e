//! An ordinary plan, side by side: its build, and the same cells written with the library alone. The promise is that the
//! file stays below 1 MB and that building takes at most 1.3 times as long as writing. And a plan that a planner made
//! their own in LibreOffice: its build into that workbook may take at most 20 ms longer than a fresh one.
//!
//! `cargo bench --bench ordinary -- --quick`
#![expect(clippy::unwrap_used, reason = "a bench that cannot run may stop")]
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

mod naive;

use std::hint::black_box;
use std::time::{Duration, Instant};

use backcast::base::finding::Findings;
use backcast::check::Facts;
use backcast::model::lower::lower;
use backcast::write::emit::emit;
use backcast::write::link::{Numbers, image};
use backcast::write::records;
use backcast::write::sheets::{Context, book};
use backcast::{BuildOptions, build, build_onto, check, read_data, read_workbook, template};
use criterion::{Criterion, criterion_group, criterion_main};

const PLAN: &str = include_str!("../samples/engineering/plan.json");
const OWN: &[u8] = include_bytes!("../tests/data/own/stage-added.xlsx");
const OPTIONS: BuildOptions = BuildOptions { date: 46_391.0, protected: true };
/// How often the two are run in turn. Each counts with its quickest run: what disturbs a machine only adds.
const RUNS: usize = 25;

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn ordinary(criterion: &mut Criterion) {
    let bytes = template(&read_data(PLAN).plan, true).unwrap();
    let (grid, draft) = read_workbook(&bytes).unwrap();
    let checked = check(draft.clone());
    assert!(!checked.findings.forbids_build(), "{:?}", checked.findings);
    let built = build(&checked, OPTIONS).unwrap();
    let made = &built.image;
    let whole = || {
        let (_, draft) = read_workbook(black_box(&bytes)).unwrap();
        build(&check(draft), OPTIONS).unwrap()
    };

    let own = check(read_workbook(OWN).unwrap().1);
    let mut best = [Duration::MAX; 5];
    for _ in 0..RUNS {
        let now = [
            timed(|| naive::write(black_box(made)).unwrap()),
            timed(|| build(black_box(&checked), OPTIONS).unwrap()),
            timed(whole),
            timed(|| build(black_box(&own), OPTIONS).unwrap()),
            timed(|| build_onto(black_box(OWN), None, &own, OPTIONS).unwrap()),
        ];
        for (best, now) in best.iter_mut().zip(now) {
            *best = now.min(*best);
        }
    }
    let [alone, building, reading_too, fresh, carried] = best.map(|time| time.as_secs_f64() * 1e3);
    let cells: usize = made.sheets.iter().map(|sheet| sheet.cells.len()).sum();
    println!("{cells} cells, {:.3} MB; written alone {alone:.1} ms", built.bytes.len() as f64 / 1e6);
    println!("build {building:.1} ms: {:.2} times as long", building / alone);
    println!("read, check and build {reading_too:.1} ms: {:.2} times", reading_too / alone);

    println!("into a planner's workbook {carried:.1} ms: {:.1} ms more than {fresh:.1}", carried - fresh);

    let plan = &checked.plan;
    let nothing = Findings::default();
    let model = lower(plan);
    let values = model.solve(plan.words(), &[]);
    let context = Context { findings: &nothing, is_built: true, values: &values, since: None };
    let pages = book(plan, &context);
    let records = records::of(plan);
    let numbers = Numbers { model: &model, records: &records, values: &values };
    let mut group = criterion.benchmark_group("ordinary");
    group.bench_function("read", |b| b.iter(|| backcast::read::xlsx::grid(black_box(&bytes)).unwrap()));
    group.bench_function("parse", |b| b.iter(|| backcast::read::parse::parse(black_box(&grid))));
    group.bench_function("lower", |b| b.iter(|| lower(black_box(plan))));
    group.bench_function("solve", |b| b.iter(|| model.solve(plan.words(), &[])));
    group.bench_function("rules", |b| {
        b.iter(|| backcast::check::check(&Facts::new(plan, &values, &checked.places, &nothing)));
    });
    group.bench_function("book", |b| b.iter(|| book(black_box(plan), &context)));
    group.bench_function("link", |b| {
        b.iter(|| image(plan, numbers, black_box(&pages), &nothing, true).unwrap());
    });
    group.bench_function("emit", |b| b.iter(|| emit(black_box(made)).unwrap()));
    group.bench_function("build", |b| b.iter(|| build(black_box(&checked), OPTIONS).unwrap()));
    group.bench_function("whole", |b| b.iter(whole));
    group.bench_function("written alone", |b| b.iter(|| naive::write(black_box(made)).unwrap()));
    group.finish();
}

criterion_group!(benches, ordinary);
criterion_main!(benches);
