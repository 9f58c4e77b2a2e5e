//! Writes the inputs that the targets begin with: `cargo run --example seeds` in this folder.

use std::fs;
use std::path::Path;

use backcast_fuzz::{data_seeds, dictionary, typed_seeds, workbook_seeds};

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let parse = typed_seeds().into_iter().chain(data_seeds()).collect();
    for (target, seeds) in [("read", workbook_seeds()), ("graft", workbook_seeds()), ("parse", parse)] {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder).unwrap();
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at:03}")), seed).unwrap();
        }
        println!("{}: {} seeds", target, seeds.len());
    }
    fs::write(corpus.join("parse.dict"), dictionary()).unwrap();
}
