//! Rates of exchange, out of a table with commas or semicolons between its cells.

use std::collections::BTreeMap;

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::locale::is_label;
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::fields::Kind;
use crate::read::accept::{Question, accept};
use crate::read::complete::NOT_A_CURRENCY;
use crate::read::grid::Raw;
use crate::read::limits::Limits;

const fn error(code: &'static str, name: &'static str) -> Rule {
    Rule { code, name, severity: Severity::Error }
}

/// The table does not say which column holds what.
pub(super) static NO_HEADS: Rule = error("D01", "rates-without-heads");
/// A currency without a rate.
pub(super) static NO_RATE_GIVEN: Rule = error("D01", "exchange-rate-missing");
/// A rate of zero or less.
pub(super) static NOT_POSITIVE: Rule = error("D04", "exchange-rate-not-positive");
/// A currency that stands in the table twice.
pub(super) static RATE_TWICE: Rule = error("D08", "exchange-rate-twice");

/// The greatest rate, and the smallest.
pub(super) const MOST: f64 = 1e9;
pub(super) const LEAST: f64 = 1e-9;
/// The heads of the two columns, as data names them and as sheets do.
const CURRENCY: [&str; 2] = ["currency", "currency"];
const RATE: [&str; 2] = ["rate", "rollup.rate"];

/// What one unit of each currency is worth in that of the company, with the line that says so.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Rates {
    lines: BTreeMap<String, (f64, u64)>,
}

impl Rates {
    /// The rate of a currency and its line.
    pub(super) fn of(&self, currency: &str) -> Option<(f64, u64)> {
        self.lines.get(currency).copied()
    }

    /// The currencies in which one unit is one of the company's, each with its line.
    pub(super) fn ones(&self) -> Vec<(&str, u64)> {
        let ones = self.lines.iter().filter(|(_, (rate, _))| *rate == 1.0);
        ones.map(|(code, (_, line))| (code.as_str(), *line)).collect()
    }
}

/// Whether this is the code of a currency.
pub fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Reads the table. Columns may stand in any order, others may stand beside them, and their heads may be in any of the
/// four languages.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn rates(text: &str) -> Result<Rates, Findings> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut findings = Findings::default();
    // Where numbers have a decimal comma, spreadsheet programs put semicolons between cells.
    let parted_by_commas = !text.lines().next().unwrap_or_default().contains(';');
    let delimiter = if parted_by_commas { b',' } else { b';' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    // The text is UTF-8 and lines may be of any length, so no line is refused.
    let mut records = reader.records().filter_map(Result::ok);
    // A record begins where the one before ended: lines without anything between them are no record.
    let line_of = |record: &csv::StringRecord| {
        let Some(at) = record.position() else { return 1 };
        let rest = text.get(at.byte() as usize..).unwrap_or_default();
        let skipped = rest.bytes().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| *b == b'\n');
        at.line() + skipped.count() as u64
    };
    let heads = records.next().unwrap_or_default();
    let column =
        |[id, key]: [&str; 2]| heads.iter().position(|head| fold(head) == id || is_label(key, head.trim()));
    let (Some(currency), Some(rate)) = (column(CURRENCY), column(RATE)) else {
        findings.push(Finding::new(&NO_HEADS, Spot::Line(1)));
        return Err(findings);
    };
    let mut rates = Rates::default();
    for record in records.filter(|record| record.iter().any(|cell| !cell.trim().is_empty())) {
        if Limits::ALL.findings.is_passed(findings.total()) {
            findings.push(Limits::ALL.findings.passed());
            break;
        }
        let line = line_of(&record);
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let code = cell(currency).to_uppercase();
        if !is_code(&code) {
            findings.push(Finding::new(&NOT_A_CURRENCY, Spot::Line(line)).with("found", cell(currency)));
            continue;
        }
        if let Some((_, other)) = rates.of(&code) {
            let twice = Finding::new(&RATE_TWICE, Spot::Line(line)).with("currency", &code);
            findings.push(twice.with("other", other.to_string()));
            continue;
        }
        let read = number(cell(rate), &code, line, parted_by_commas, &mut findings);
        // A rate that cannot be used holds the place of its currency: one cause, one finding.
        rates.lines.insert(code, (read.unwrap_or(1.0), line));
    }
    if findings.has_error() { Err(findings) } else { Ok(rates) }
}

fn number(text: &str, code: &str, line: u64, has_point: bool, findings: &mut Findings) -> Option<f64> {
    let at = Spot::Line(line);
    if text.is_empty() {
        findings.push(Finding::new(&NO_RATE_GIVEN, at).with("currency", code));
        return None;
    }
    // Between commas, 1.085 cannot be a thousand.
    let is_plain = has_point && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let plain = text.parse().ok().filter(|_| is_plain);
    let kind = Kind::Number { unit: Unit::Number, min: -MOST, max: MOST };
    let label = Arg::Key("rollup.rate".to_owned());
    let question = Question { kind, label, at: at.clone(), exact: true, keeps_text: false };
    let mut found = Findings::default();
    let read = accept(&question, &plain.map_or_else(|| Raw::Text(text.to_owned()), Raw::Number), &mut found);
    // Every number of the table is a text, so that it was one is nothing to tell.
    for finding in found.sorted().into_iter().filter(|finding| finding.rule.severity == Severity::Error) {
        findings.push(finding.clone());
    }
    let read = read.and_then(|read| match read {
        crate::plan::entry::Typed::Number(v) => Some(v),
        crate::plan::entry::Typed::Text(_) | crate::plan::entry::Typed::Word(_) => None,
    })?;
    if read < LEAST {
        findings.push(Finding::new(&NOT_POSITIVE, at).with("found", text));
        return None;
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let Err(findings) = rates(text) else { return Vec::new() };
        let list = findings.sorted().into_iter();
        list.map(|finding| format!("{} {}", finding.at, finding.rule.name)).collect()
    }

    #[test]
    fn a_table_of_any_office_program_is_read() {
        for text in [
            "currency,rate\nEUR,1\nUSD,0.925\nPLN,0.23\n",
            "\u{feff}Rate;Currency;Of\r\n1;EUR;\r\n\"0,925\";usd;ECB\r\n\r\n0,23; PLN ;NBP\r\n",
            "币种,汇率\nEUR,1\nUSD,0.925\nPLN,0.23",
        ] {
            let rates = rates(text).unwrap();
            let of = |code: &str| rates.of(code).map(|(rate, _)| rate);
            assert_eq!(["EUR", "USD", "PLN", "GBP"].map(of), [Some(1.0), Some(0.925), Some(0.23), None]);
            assert_eq!(rates.ones(), [("EUR", 2)]);
        }
        // Three digits behind a point are no thousand where commas part the cells.
        assert_eq!(rates("currency,rate\nUSD,4.325").unwrap().of("USD"), Some((4.325, 2)));
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_line() {
        assert_eq!(told(""), ["1 rates-without-heads"]);
        assert_eq!(told("EUR,1\nUSD,2"), ["1 rates-without-heads"]);
        let text = "currency,rate\nEUR,1\nUSD,0\nPLN,-0.2\nGBP,\nCHF\n\nJPY,many\nEUR,1\neuro,1\nSEK,1e400\n\
                    NOK,\"1,234\"\n";
        assert_eq!(
            told(text),
            [
                "3 exchange-rate-not-positive",
                "4 exchange-rate-not-positive",
                "5 exchange-rate-missing",
                "6 exchange-rate-missing",
                "8 not-a-number",
                "9 exchange-rate-twice",
                "10 not-a-currency",
                "11 not-a-number",
                "12 ambiguous-number",
            ]
        );
        // With decimal commas a point may be one of thousands.
        assert_eq!(told("currency;rate\nUSD;4.325"), ["2 ambiguous-number"]);
    }
}
