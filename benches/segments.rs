//! Companies of 1, 1,000, 2,000 and 20,000 segments: time and memory of each phase, and the whole build beside the
//! **floor**. That is what nobody who reads and writes the same two files gets below: the cells of the input streamed,
//! and the same cells, formulas and results written by the library alone, from arrays in memory.
//!
//! `cargo bench --bench segments`; numbers of segments may follow `--`.
#![expect(clippy::unwrap_used, reason = "a bench that cannot run may stop")]
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]
#![expect(clippy::disallowed_methods, reason = "a bench puts its files into the folder of temporary ones")]

#[expect(clippy::indexing_slicing, reason = "JSON that is made here is of the shape that is made")]
#[path = "../tests/companies.rs"]
mod companies;
mod naive;

use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use backcast::base::finding::Findings;
use backcast::model::lower::lower;
use backcast::read::xlsx::grid;
use backcast::write::emit::emit;
use backcast::write::image::Image;
use backcast::write::link::{Numbers, image};
use backcast::write::records;
use backcast::write::sheets::{Context, book};
use backcast::{BuildOptions, build, build_onto, check, check_onto, read_data, read_workbook, template};
use calamine::{Reader, Xlsx};
use companies::company;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [usize; 4] = [1, 1_000, 2_000, 20_000];
const OPTIONS: BuildOptions = BuildOptions { date: 46_391.0, protected: true };
/// The first argument of the process that does what the floor does.
const FLOOR: &str = "floor";
/// The first argument of the process that measures the whole build of one size, beside the floor.
const WHOLE: &str = "whole";

/// Runs a phase; prints how long it took and how much memory there was at its peak.
fn phase<T>(segments: usize, name: &str, run: impl FnOnce() -> T) -> T {
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let made = run();
    let seconds = start.elapsed().as_secs_f64();
    println!("{segments:>8} {name:<12} {seconds:>9.3} s {:>9.1} MB", MEMORY.peak_usage_as_mb());
    made
}

fn phases(segments: usize, bytes: &[u8]) {
    phase(segments, "cells", || grid(bytes).unwrap());
    let (_, draft) = phase(segments, "read", || read_workbook(bytes).unwrap());
    let checked = phase(segments, "check", || check(draft));
    let plan = &checked.plan;
    let model = phase(segments, "lower", || lower(plan));
    let values = phase(segments, "solve", || model.solve(plan.words(), &[]));
    let nothing = Findings::default();
    let context = Context { findings: &nothing, is_built: true, values: &values, since: None };
    let book = phase(segments, "lay out", || book(plan, &context));
    let records = records::of(plan);
    let numbers = Numbers { model: &model, records: &records, values: &values };
    let image = phase(segments, "link", || image(plan, numbers, &book, &nothing, true).unwrap());
    phase(segments, "emit", || emit(&image).unwrap());
}

/// What the program does with a workbook that was filled in.
fn whole(bytes: &[u8]) -> Vec<u8> {
    let (checked, cells) = check_onto(read_workbook(bytes).unwrap().1, bytes);
    build_onto(bytes, cells, &checked, OPTIONS).unwrap().bytes
}

fn floor(bytes: &[u8], cells: &Image) -> Vec<u8> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    for name in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&name).unwrap();
        while let Some(cell) = cells.next_cell_with_formula().unwrap() {
            black_box(cell);
        }
    }
    naive::write(cells).unwrap()
}

/// The cells of the workbook that is built.
fn cells(bytes: &[u8]) -> Image {
    let checked = check(read_workbook(bytes).unwrap().1);
    assert!(!checked.findings.forbids_build(), "{:?}", checked.findings);
    build(&checked, OPTIONS).unwrap().image
}

/// How long something took, and how many megabytes there were at its peak.
fn measured<T>(run: impl FnOnce() -> T) -> (Duration, f32) {
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    black_box(run());
    (start.elapsed(), MEMORY.peak_usage_as_mb())
}

/// How long the whole build takes at its quickest, so that sizes can be held against each other. A process measures one
/// size alone: what others leave behind in memory is in the way of the next.
fn beside_floor(segments: usize, input: &Path) -> Duration {
    let mut this = Command::new(std::env::current_exe().unwrap());
    let done = this.arg(WHOLE).arg(segments.to_string()).arg(input).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8(done.stdout).unwrap();
    let (told, nanoseconds) = told.trim_end().rsplit_once('\n').unwrap();
    println!("{told}");
    Duration::from_nanos(nanoseconds.parse().unwrap())
}

/// Measures that in a process of its own, and tells it: in words, and in nanoseconds on the last line.
fn measure_beside_floor(segments: usize, bytes: &[u8]) {
    let cells = cells(bytes);
    let (mut ours, mut least) = (Duration::MAX, Duration::MAX);
    // In turn, and each counts with its quickest run: what disturbs a machine only adds.
    for _ in 0..if segments > 1_000 { 7 } else { 15 } {
        ours = ours.min(measured(|| whole(bytes)).0);
        least = least.min(measured(|| floor(bytes, &cells)).0);
    }
    let (_, floors) = measured(|| floor(bytes, &cells));
    // A build makes these arrays itself.
    drop(cells);
    let (_, memory) = measured(|| whole(bytes));
    println!(
        "{segments:>8} whole build  {:>9.3} s {memory:>9.1} MB: {:.2} times the time of the floor ({:.3} s), {:.2} times its memory ({floors:.1} MB)",
        ours.as_secs_f64(),
        ours.as_secs_f64() / least.as_secs_f64(),
        least.as_secs_f64(),
        memory / floors,
    );
    println!("{}", ours.as_nanos());
}

/// The whole process, from its start to its end: that of the program, and one that only does what the floor does.
fn processes(input: &Path) {
    let output = input.with_extension("built.xlsx");
    let timed = |run: &mut Command| {
        let start = Instant::now();
        let done = run.output().unwrap();
        let took = start.elapsed();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        // What is done before the floor, to have its cells in memory, is told in nanoseconds and does not count.
        let before = String::from_utf8(done.stdout).unwrap().trim().parse().unwrap_or(0);
        took.saturating_sub(Duration::from_nanos(before))
    };
    let (mut ours, mut least) = (Duration::MAX, Duration::MAX);
    for _ in 0..15 {
        let mut program = Command::new(env!("CARGO_BIN_EXE_backcast"));
        ours = ours.min(timed(program.arg("build").arg(input).arg("-o").arg(&output).arg("--force")));
        let mut this = Command::new(std::env::current_exe().unwrap());
        least = least.min(timed(this.arg(FLOOR).arg(input).arg(&output)));
    }
    let [ours, least] = [ours, least].map(|time| time.as_secs_f64() * 1e3);
    println!(
        "one segment, whole process: {ours:.1} ms, {:.2} times that of the floor ({least:.1} ms)",
        ours / least
    );
    std::fs::remove_file(output).unwrap();
}

fn floor_process(input: &Path, output: &Path) {
    let start = Instant::now();
    let cells = cells(&std::fs::read(input).unwrap());
    println!("{}", start.elapsed().as_nanos());
    std::fs::write(output, floor(&std::fs::read(input).unwrap(), &cells)).unwrap();
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|first| first == FLOOR) {
        let [input, output] = [2, 3].map(|at| PathBuf::from(args.get(at).unwrap()));
        return floor_process(&input, &output);
    }
    if args.get(1).is_some_and(|first| first == WHOLE) {
        let segments = args.get(2).unwrap().parse().unwrap();
        return measure_beside_floor(segments, &std::fs::read(args.get(3).unwrap()).unwrap());
    }
    let asked: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let mut times = Vec::new();
    for segments in if asked.is_empty() { SIZES.to_vec() } else { asked } {
        let bytes = template(&read_data(&company(segments).to_string()).plan, true).unwrap();
        phases(segments, &bytes);
        let input = std::env::temp_dir().join(format!("backcast-{segments}-segments.xlsx"));
        std::fs::write(&input, &bytes).unwrap();
        times.push((segments, beside_floor(segments, &input)));
        if segments == 1 {
            processes(&input);
        }
        std::fs::remove_file(input).unwrap();
    }
    if let [.., (fewer, short), (more, long)] = times.as_slice() {
        println!("{more} segments cost {:.2} times {fewer}", long.as_secs_f64() / short.as_secs_f64());
    }
}
