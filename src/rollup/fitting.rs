//! Whether plans add up: each once, of one year, in one currency or with a rate for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Rule, Severity};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::rollup::{Asked, Figures, MOST_NAMED, Member, Rates, Rollup, Wrong};

const fn error(code: &'static str, name: &'static str) -> Rule {
    Rule { code, name, severity: Severity::Error }
}

/// The same version of the same plan in another file.
pub(super) static PLAN_TWICE: Rule = error("C19", "plan-twice");
/// Another file holds a later version of the plan.
pub(super) static OLDER_VERSION: Rule = error("C19", "older-version-beside");
/// Another file is a build of this plan.
pub(super) static NEVER_BUILT: Rule = error("C19", "never-built-beside");
/// The plan is of another year than the others.
pub(super) static OTHER_YEAR: Rule = error("C20", "other-plan-year");
/// The plan counts in another currency than the company, and no rates are given.
pub(super) static OTHER_CURRENCY: Rule = error("C21", "other-currency");
/// A currency of the plans has no rate.
pub(super) static NO_EXCHANGE_RATE: Rule = error("C21", "no-exchange-rate");
/// Which currency the company counts in does not follow from the rates.
pub(super) static NO_COMPANY_CURRENCY: Rule = error("C21", "no-company-currency");
/// The company's own currency has a rate other than 1.
pub(super) static COMPANY_RATE: Rule = error("C21", "company-rate-not-one");
/// The rates have no line for the company's currency, and another one has the rate 1: they are rates to that one.
pub(super) static RATES_TO_ANOTHER: Rule = error("C21", "rates-to-another-currency");
/// Errors stand in the numbers of the plan.
pub(super) static ERRORS_IN_NUMBERS: Rule = error("C22", "errors-in-numbers");

/// Puts plans in their order, and makes sure that they add up.
///
/// # Errors
/// Everything that is wrong between them.
pub fn rollup(mut members: Vec<Member>, asked: Asked) -> Result<Rollup, Vec<Wrong>> {
    members.sort_by_cached_key(|member| {
        let name = member.name().to_owned();
        (fold(&name), name, member.file.clone(), member.path.clone())
    });
    let known: Vec<Known> = members
        .iter()
        .filter_map(|member| Some(Known { member, figures: member.figures.as_ref()? }))
        .collect();
    let mut wrong = twice(&known);
    wrong.extend(years(&known));
    if !asked.skips {
        wrong.extend(known.iter().filter_map(errors_in_numbers));
    }
    let money = currency(&known, asked).map_err(|found| wrong.extend(found));
    let (Ok((currency, rates)), true) = (money, wrong.is_empty()) else {
        return Err(wrong);
    };
    let year_start = known.iter().find_map(|plan| plan.figures.year_start);
    Ok(Rollup { members, currency, rates, year_start })
}

/// A file that could be read.
#[derive(Clone, Copy)]
struct Known<'a> {
    member: &'a Member,
    figures: &'a Figures,
}

impl Known<'_> {
    fn wrong(&self, finding: Finding) -> Wrong {
        Wrong { file: self.member.path.clone(), finding }
    }
}

/// The first few of these files by name; of the others how many.
fn named<'a>(plans: impl IntoIterator<Item = &'a Known<'a>>) -> Arg {
    let mut files: Vec<Arg> = plans.into_iter().map(|plan| Arg::text(&plan.member.file)).collect();
    let others = files.len().saturating_sub(MOST_NAMED);
    if others > 1 {
        files.truncate(MOST_NAMED);
        files.push(Arg::text(&format!("+{others}")));
    }
    Arg::List(files)
}

fn errors_in_numbers(plan: &Known) -> Option<Wrong> {
    let errors = Arg::number(plan.figures.errors() as f64, Unit::Count);
    let finding = || Finding::new(&ERRORS_IN_NUMBERS, Spot::File).with_arg("count", errors);
    plan.figures.numbers.is_none().then(|| plan.wrong(finding()))
}

/// Files that hold the same plan: each but the newest, the first of several, is one too many.
fn twice(plans: &[Known]) -> Vec<Wrong> {
    let mut newest: BTreeMap<&str, Known> = BTreeMap::new();
    for plan in plans {
        let known = newest.entry(&plan.figures.id).or_insert(*plan);
        if plan.figures.version() > known.figures.version() {
            *known = *plan;
        }
    }
    let mut wrong = Vec::new();
    for plan in plans {
        let Some(other) = newest.get(plan.figures.id.as_str()) else { continue };
        if std::ptr::eq(other.member, plan.member) {
            continue;
        }
        let [mine, theirs] = [plan.figures.version(), other.figures.version()];
        let finding = |rule| Finding::new(rule, Spot::File).with("other", &other.member.file);
        let number = |v: f64| Arg::number(v, Unit::Count);
        let finding = if mine == theirs {
            finding(&PLAN_TWICE).with("id", &plan.figures.id)
        } else if plan.figures.built.is_none() {
            finding(&NEVER_BUILT).with_arg("newer", number(theirs))
        } else {
            finding(&OLDER_VERSION).with_arg("found", number(mine)).with_arg("newer", number(theirs))
        };
        wrong.push(plan.wrong(finding));
    }
    wrong
}

/// Plans of another year than most.
fn years(plans: &[Known]) -> Vec<Wrong> {
    let year = |plan: &Known| plan.figures.year_start;
    let mut count: BTreeMap<u64, usize> = BTreeMap::new();
    for start in plans.iter().filter_map(year) {
        *count.entry(start as u64).or_default() += 1;
    }
    // Of several that are as frequent the earliest.
    let Some(most) = count.iter().rev().max_by_key(|(_, count)| **count).map(|(start, _)| *start as f64)
    else {
        return Vec::new();
    };
    let others = || plans.iter().filter(|plan| year(plan) == Some(most));
    let is_other = |plan: &&Known| year(plan).is_some_and(|start| start != most);
    let day = |serial: f64| Arg::number(serial, Unit::Date);
    let finding = |plan: &Known| {
        Finding::new(&OTHER_YEAR, Spot::File)
            .with_arg("found", day(year(plan).unwrap_or(most)))
            .with_arg("others", named(others()))
            .with_arg("expected", day(most))
    };
    plans.iter().filter(is_other).map(|plan| plan.wrong(finding(plan))).collect()
}

/// A currency and its rates; the company's is the first, and none where nothing is to be converted.
type Money = (String, Vec<(String, f64)>);

/// In which currency the company counts, and what the others are worth in it.
fn currency(plans: &[Known], asked: Asked) -> Result<Money, Vec<Wrong>> {
    // What has no numbers needs no rate.
    let counted: Vec<&Known> = plans.iter().filter(|plan| plan.figures.numbers.is_some()).collect();
    let used: BTreeSet<&str> = counted.iter().map(|plan| plan.figures.currency.as_str()).collect();
    let only = used.first().filter(|_| used.len() == 1).copied();
    let (file, rates) = match asked.rates {
        Some((file, rates)) => (file, Some(rates)),
        None => ("", None),
    };
    let of_rates = |finding: Finding| vec![Wrong { file: file.to_owned(), finding }];
    let company = match (asked.currency.or(only), rates) {
        (Some(company), _) => company,
        (None, Some(rates)) => match rates.ones()[..] {
            [(one, _)] => one,
            ref ones => {
                let count = Arg::number(ones.len() as f64, Unit::Count);
                let finding = Finding::new(&NO_COMPANY_CURRENCY, Spot::File).with_arg("count", count);
                return Err(of_rates(finding));
            }
        },
        // Without rates they do not add up, whatever the company counts in: that of the first plan.
        (None, None) => counted.first().map_or("", |plan| plan.figures.currency.as_str()),
    };
    if used.iter().all(|code| *code == company) {
        return Ok((company.to_owned(), Vec::new()));
    }
    let foreign = |code: &&&str| **code != company;
    let Some(rates) = rates else {
        return Err(other_currencies(&counted, company));
    };
    let mut wrong: Vec<Wrong> = not_to(company, rates).into_iter().flat_map(of_rates).collect();
    let mut known = vec![(company.to_owned(), 1.0)];
    for code in used.iter().filter(foreign) {
        if let Some((rate, _)) = rates.of(code) {
            known.push(((*code).to_owned(), rate));
            continue;
        }
        let files = counted.iter().copied().filter(|plan| plan.figures.currency == *code);
        let finding = Finding::new(&NO_EXCHANGE_RATE, Spot::File)
            .with("currency", code)
            .with("company", company)
            .with_arg("files", named(files));
        wrong.extend(of_rates(finding));
    }
    if wrong.is_empty() { Ok((company.to_owned(), known)) } else { Err(wrong) }
}

/// What says that these are no rates to the company's currency. A table without a line for it may be right: whoever
/// writes down what the others are worth needs none.
fn not_to(company: &str, rates: &Rates) -> Option<Finding> {
    let finding = |rule, line| Finding::new(rule, Spot::Line(line)).with("currency", company);
    let Some((rate, line)) = rates.of(company) else {
        let (other, line) = *rates.ones().first()?;
        return Some(finding(&RATES_TO_ANOTHER, line).with("other", other));
    };
    let found = || finding(&COMPANY_RATE, line).with_arg("found", Arg::number(rate, Unit::Number));
    (rate != 1.0).then(found)
}

/// Plans in another currency than the company's, without a rate.
fn other_currencies(plans: &[&Known], company: &str) -> Vec<Wrong> {
    let foreign = plans.iter().filter(|plan| plan.figures.currency != company);
    let wrong = |plan: &&Known| {
        let finding = Finding::new(&OTHER_CURRENCY, Spot::File).with("found", &plan.figures.currency);
        plan.wrong(finding.with("currency", company))
    };
    foreign.map(wrong).collect()
}
