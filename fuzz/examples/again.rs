//! Runs a target on files once, without the fuzzer: `cargo run --release --example again read FILE…`.

fn main() {
    let mut args = std::env::args().skip(1);
    let target = args.next().unwrap_or_default();
    for path in args {
        let input = std::fs::read(&path).unwrap();
        let began = std::time::Instant::now();
        let run = match target.as_str() {
            "read" => backcast_fuzz::read,
            "parse" => backcast_fuzz::build_parsed,
            "graft" => backcast_fuzz::graft,
            other => panic!("no target {other:?}"),
        };
        let ended = std::panic::catch_unwind(|| run(&input));
        println!("{path}: {:?}, {}", began.elapsed(), if ended.is_ok() { "fine" } else { "FAILED" });
    }
}
