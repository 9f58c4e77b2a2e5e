//! Time and memory of each phase for companies of 1, 200, 2,000 and 20,000 segments.
//!
//! `cargo bench --bench segments`; numbers of segments may follow `--`.
#![expect(clippy::unwrap_used, reason = "a bench that cannot run may stop")]
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

#[expect(clippy::indexing_slicing, reason = "JSON that is made here is of the shape that is made")]
#[path = "../tests/companies.rs"]
mod companies;

use std::time::Instant;

use backcast::model::lower::lower;
use backcast::write::emit::emit;
use backcast::write::link::{Numbers, image};
use backcast::write::records;
use backcast::write::sheets::{Context, book};
use backcast::{BuildOptions, build, check, read_data, read_workbook};
use companies::company;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [usize; 4] = [1, 200, 2_000, 20_000];

/// Runs a phase; prints how long it took and how much memory there was at its peak.
fn phase<T>(segments: usize, name: &str, run: impl FnOnce() -> T) -> T {
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let made = run();
    let seconds = start.elapsed().as_secs_f64();
    println!("{segments:>8} {name:<12} {seconds:>9.3} s {:>9.1} MB", MEMORY.peak_usage_as_mb());
    made
}

fn phases(segments: usize) {
    let options = BuildOptions { date: 46_391.0, protected: true };
    let data = company(segments).to_string();
    let draft = phase(segments, "read data", || read_data(&data));
    let checked = phase(segments, "check", || check(draft));
    assert!(!checked.findings.forbids_build(), "{:?}", checked.findings);
    {
        let plan = &checked.plan;
        let model = phase(segments, "lower", || lower(plan));
        let values = phase(segments, "solve", || model.solve(plan.words(), &[]));
        let context = Context { findings: &checked.findings, is_built: true, values: &values, since: None };
        let book = phase(segments, "lay out", || book(plan, &context));
        let records = records::of(plan);
        let numbers = Numbers { model: &model, records: &records, values: &values };
        let image = phase(segments, "link", || image(plan, numbers, &book, &checked.findings, true).unwrap());
        phase(segments, "emit", || emit(&image).unwrap());
    }
    let bytes = phase(segments, "whole build", || build(&checked, options).unwrap().bytes);
    drop(checked);
    let (_, draft) = phase(segments, "read again", || read_workbook(&bytes).unwrap());
    assert!(!draft.findings.has_error(), "{:?}", draft.findings);
    println!("{segments:>8} {:<12} {:>25.1} MB", "file", bytes.len() as f64 / 1e6);
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    for segments in if asked.is_empty() { SIZES.to_vec() } else { asked } {
        phases(segments);
    }
}
