//! The findings in SARIF 2.1.0, which code hosts and editors show.

use std::borrow::Borrow;

use serde_json::{Value as Json, json};

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings, Rule, Severity};
use crate::base::locale::Words;
use crate::base::text::{escaped, shown};

/// The findings of files, each under its name: that of one file alone bears no folder of the machine.
pub fn sarif(files: &[(String, impl Borrow<Findings>)], rules: &[&'static Rule], words: Words) -> Json {
    let rule = |rule: &&'static Rule| {
        json!({
            "id": id(rule),
            "name": rule.name,
            "shortDescription": {"text": words.outline(&format!("finding.{}", rule.name))},
            "help": {"text": words.outline(&format!("finding.{}.help", rule.name))},
            "defaultConfiguration": {"level": level(rule.severity)},
        })
    };
    let result = |uri: &str, finding: &Finding| {
        let mut told = json!({
            "ruleId": id(finding.rule),
            "level": level(finding.rule.severity),
            "message": {"text": format!("{} {}", finding.message(words), finding.help(words))},
            "locations": [location(uri, &finding.at)],
            "relatedLocations": finding.related.iter().map(|at| location(uri, at)).collect::<Vec<_>>(),
        });
        if let (Some(reason), Some(object)) = (&finding.waived, told.as_object_mut()) {
            object.insert(
                "suppressions".into(),
                json!([{"kind": "external", "justification": escaped(reason)}]),
            );
        }
        told
    };
    let results = files.iter().flat_map(|(file, findings)| {
        let uri = encoded(file);
        findings.borrow().sorted().into_iter().map(move |finding| result(&uri, finding)).collect::<Vec<_>>()
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "backcast",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            }},
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

/// Rules of one code differ by name, so the id has both.
fn id(rule: &Rule) -> String {
    format!("{}/{}", rule.code, rule.name)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The file, and in it the cell or the path by name: a workbook has no lines.
fn location(uri: &str, at: &Spot) -> Json {
    let name = (*at != Spot::File).then(|| json!({"fullyQualifiedName": shown(&at.to_string())}));
    let places: Vec<Json> = name.into_iter().collect();
    json!({"physicalLocation": {"artifactLocation": {"uri": uri}}, "logicalLocations": places})
}

/// A file name as a relative reference: all but plain letters, digits and `-_.` as `%XX`.
fn encoded(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    file.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_a_relative_reference() {
        assert_eq!(encoded("plan-2027.xlsx"), "plan-2027.xlsx");
        assert_eq!(encoded("营 a/b"), "%E8%90%A5%20a/b");
    }
}
