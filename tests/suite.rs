//! One test binary.

#[cfg(test)]
mod annotate;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod carried;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod companies;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod contract_formulas;
#[cfg(test)]
mod contract_labels;
#[cfg(test)]
mod contract_package;
#[cfg(test)]
mod contract_room;
#[cfg(test)]
mod decoration_kinds;
#[cfg(test)]
mod decoration_parts;
#[cfg(test)]
mod decoration_tabs;
#[cfg(test)]
mod decorations;
#[cfg(test)]
mod decorator;
#[cfg(test)]
#[cfg(unix)]
mod faults;
#[cfg(test)]
mod filed;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod grids;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod keeping_programs;
#[cfg(test)]
#[cfg(unix)]
mod kills;
#[cfg(test)]
mod known;
#[cfg(test)]
mod kpis;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod live;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod loss;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod merge_books;
#[cfg(test)]
mod merge_edits;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod nasty;
#[cfg(test)]
mod nasty_printed;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod output_names;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod program;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod regenerate;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod rollup;
#[cfg(test)]
mod rollup_cli;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod segments;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod silent;
#[cfg(test)]
mod slim;
#[cfg(test)]
mod slips;
#[cfg(test)]
mod sound;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tabs;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod tracker;
#[cfg(test)]
mod unknown;
#[cfg(test)]
mod versions;
