//! What is said beside a workbook: where the plan stands, its numbers, what changed most, what is asked.

use std::cmp::Reverse;

use crate::base::finding::{Finding, Severity, tally};
use crate::base::locale::{Lang, Words};
use crate::base::text::{fold, plain_line};
use crate::base::value::Unit;
use crate::diff::{Change, Difference, Headline, RowChange, Sort, Teller, Version, headlines};
use crate::plan::fields::Field;
use crate::plan::names::Answer;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, versions};

/// The most rows of the table.
const MOST_ROWS: usize = 7;
/// The most changes that are told.
const MOST_CHANGES: usize = 3;
/// The longest subject, where there is a choice. What stands first is seen in a list of mails.
const SUBJECT: usize = 130;
/// The most characters of a company's name, of a plan's title and of a currency.
const NAME: usize = 40;
const TITLE: usize = 60;
const CURRENCY: usize = 8;
/// Between the parts of a subject.
const BETWEEN: &str = " · ";

/// What is sent on.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The plan in the attached workbook.
    pub version: Version<'a>,
    /// The language in which the workbook calls its sheets.
    pub sheets: Lang,
    /// Whether the workbook is as it was built: then its sheet of checks lists what was found.
    pub is_as_built: bool,
    /// What it is held against.
    pub earlier: Option<Earlier<'a>>,
}

/// An earlier version of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The plan as it was.
    pub plan: &'a Plan,
    /// What differs from it.
    pub difference: &'a Difference,
    /// Whether the workbook's own sheet of changes lists what differs.
    pub is_listed: bool,
}

/// A row of the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// What is counted, and in what.
    pub label: String,
    /// Its value, or what it was, what it is and by how much it moved.
    pub cells: Vec<String>,
}

/// What changed most.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The changes, the greatest first.
    pub lines: Vec<String>,
    /// That there are more; empty where there are not.
    pub more: String,
}

/// What a mail says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The language.
    pub words: Words,
    /// The subject.
    pub subject: String,
    /// What is attached, and what it comes to.
    pub sentence: String,
    /// The heads of the table's columns.
    pub heads: Vec<String>,
    /// The headline numbers; none while errors stand in what they are made of.
    pub rows: Vec<Row>,
    /// What changed most since the earlier version.
    pub changed: Option<Changed>,
    /// What the readers are asked to do.
    pub ask: String,
}

impl Message {
    /// The message about a plan.
    pub fn of(sent: &Sent) -> Self {
        let words = sent.version.plan.words();
        // Without an earlier version the plan is held against itself.
        let same = Difference::of_numbers(headlines(sent.version, sent.version));
        let (old, difference) =
            sent.earlier.map_or((sent.version.plan, &same), |earlier| (earlier.plan, earlier.difference));
        let teller = Teller { old, new: sent.version.plan, difference, words };
        let writer = Writer { sent, words, teller, has_numbers: !sent.version.findings.forbids_build() };
        Self {
            words,
            subject: writer.subject(),
            sentence: writer.sentence(),
            heads: writer.heads(),
            rows: writer.rows(),
            changed: sent.earlier.map(|_| writer.changed()),
            ask: writer.ask(),
        }
    }
}

struct Writer<'a> {
    sent: &'a Sent<'a>,
    words: Words,
    teller: Teller<'a>,
    /// Whether the numbers mean something: no error stands in what they are made of.
    has_numbers: bool,
}

impl Writer<'_> {
    fn plan(&self) -> &Plan {
        self.sent.version.plan
    }

    fn title(&self) -> String {
        let title = plain_line(self.plan().text(Field::PlanTitle), TITLE);
        if title.is_empty() { self.words.get("plan") } else { title }
    }

    /// Which version of the plan this is: `version 3`. Nothing where no build has numbered it.
    fn number(&self) -> Option<String> {
        let number = self.words.number(version_number(self.plan())?, Unit::Count);
        let key = if self.sent.is_as_built { "mail.version" } else { "mail.version.edited" };
        Some(self.words.fill(key, &[("number", number)]))
    }

    /// The plan and its version, status and numbers. Where that is too long, the last number goes, then the company,
    /// which its own people know; one number stays.
    fn subject(&self) -> String {
        let company = plain_line(self.plan().text(Field::Company), NAME);
        let title = self.title();
        let is_named = company.is_empty() || fold(&title).contains(&fold(&company));
        let whole = if is_named { title.clone() } else { self.words.said_of(&company, &title) };
        let numbers = self.numbers();
        let written = |plan: &str, most: usize| {
            let plan = match self.number() {
                Some(version) => {
                    let args = [("plan", plan.to_owned()), ("version", version)];
                    self.words.fill("mail.subject", &args)
                }
                None => plan.to_owned(),
            };
            let parts = [plan, self.status()].into_iter().chain(numbers.iter().take(most).cloned());
            parts.collect::<Vec<_>>().join(BETWEEN)
        };
        let shorter = [(&whole, 3), (&whole, 2), (&title, 3), (&title, 2)];
        let mut shorter = shorter.into_iter().map(|(plan, most)| written(plan, most));
        shorter.find(|subject| subject.chars().count() <= SUBJECT).unwrap_or_else(|| written(&title, 1))
    }

    /// What somebody must look at, counted.
    fn open(&self) -> Option<String> {
        let open = |finding: &&Finding| finding.open().is_some_and(|severity| severity > Severity::Note);
        let open: Vec<&Finding> = self.sent.version.findings.sorted().into_iter().filter(open).collect();
        (!open.is_empty()).then(|| tally(open, self.words))
    }

    fn status(&self) -> String {
        match self.open() {
            Some(count) => self.words.fill("mail.status.open", &[("count", count)]),
            None => self.words.get("mail.status.fine"),
        }
    }

    /// The gap, the customers and the widest stage.
    fn numbers(&self) -> Vec<String> {
        let last = self.plan().stages().len().saturating_sub(1);
        let stage = |at: usize| self.plan().stage_name(at).0;
        let mut numbers: Vec<String> = Vec::new();
        for id in ["gap", stage(last), stage(0)].into_iter().filter(|_| self.has_numbers) {
            if let Some(headline) = self.headline(id) {
                let told = self.teller.headline(headline);
                let value = if headline.unit == Unit::Money { self.money(headline.new) } else { told.new };
                let number = self.words.said_of(&told.label, &value);
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        numbers
    }

    fn headline(&self, id: &str) -> Option<&Headline> {
        self.teller.difference.headlines.iter().find(|headline| headline.id == id)
    }

    fn currency(&self) -> String {
        plain_line(&self.words.currency(&self.plan().currency()), CURRENCY)
    }

    /// An amount with its currency, which stay on one line.
    fn money(&self, v: f64) -> String {
        format!("{}\u{a0}{}", self.words.rounded(v, Unit::Money, 0), self.currency())
    }

    /// What is attached, and how much of its target is still to be won.
    fn sentence(&self) -> String {
        let title = self.title();
        let plan = match self.number() {
            Some(version) => self.words.fill("mail.plan.version", &[("title", title), ("version", version)]),
            None => self.words.fill("mail.plan", &[("title", title)]),
        };
        let (target, gap) = match (self.headline("revenue_target"), self.headline("gap")) {
            (Some(target), Some(gap)) if self.has_numbers => (target, gap),
            _ => return self.words.fill("mail.sentence.open", &[("plan", plan)]),
        };
        let mut args = vec![("plan", plan), ("target", self.money(target.new))];
        if gap.new < 0.5 {
            return self.words.fill("mail.sentence.covered", &args);
        }
        args.push(("gap", self.money(gap.new)));
        if gap.change().abs() < 0.5 {
            return self.words.fill("mail.sentence", &args);
        }
        args.push(("change", self.teller.headline(gap).moved));
        args.push(("before", self.before()));
        self.words.fill("mail.sentence.moved", &args)
    }

    /// What the earlier version is called after "against".
    fn before(&self) -> String {
        let numbers = (version_number(self.teller.old), version_number(self.plan()));
        match numbers {
            (Some(old), new) if Some(old) != new => {
                self.words.fill("mail.before", &[("number", self.words.number(old, Unit::Count))])
            }
            _ => self.words.get("mail.before.unknown"),
        }
    }

    fn heads(&self) -> Vec<String> {
        let keys: &[&str] = match self.sent.earlier {
            Some(_) => &["diff.headline", "diff.before", "diff.after", "diff.change"],
            None => &["diff.headline", "mail.value"],
        };
        keys.iter().map(|key| self.words.get(key)).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let headlines = self.teller.difference.headlines.iter().filter(|_| self.has_numbers);
        let row = |headline: &Headline| {
            let told = self.teller.headline(headline);
            let label = if headline.unit == Unit::Money {
                self.words.fill("mail.counted_in", &[("label", told.label), ("unit", self.currency())])
            } else {
                told.label
            };
            let cells = match self.sent.earlier {
                Some(_) => vec![told.old, told.new, told.moved],
                None => vec![told.new],
            };
            Row { label, cells }
        };
        headlines.take(MOST_ROWS).map(row).collect()
    }

    /// Changes of inputs by what they do, rows that came or went, then everything else. What rows do cannot be told
    /// apart: they stand before every change that all of it together outweighs, and leave room for one.
    fn changed(&self) -> Changed {
        let Difference { changes, rows, remarks, .. } = self.teller.difference;
        let all = changes.len() + rows.len() + remarks.len();
        if all == 0 {
            return Changed { lines: vec![self.words.get("diff.none")], more: String::new() };
        }
        let mut ranked: Vec<(&Change, f64)> =
            changes.iter().map(|change| (change, self.effect(change))).collect();
        ranked.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let line = |change: &Change| {
            let mut told = self.teller.change(change);
            if !self.has_numbers {
                told.effects.clear();
            }
            told.line(self.words)
        };
        let effective = ranked.iter().filter(|(_, effect)| *effect > 0.0).map(|(change, _)| line(change));
        let others = ranked.iter().filter(|(_, effect)| *effect <= 0.0);
        let mut others: Vec<&Change> = others.map(|(change, _)| *change).collect();
        others.sort_by_key(|change| Reverse(change.sort == Sort::Input));
        let mut rows: Vec<&RowChange> = rows.iter().collect();
        rows.sort_by_key(|row| row.table);
        let together = self.weight(&self.teller.difference.remainder);
        let greater = ranked.iter().filter(|(_, effect)| *effect > together).count();
        let heavy = if together > 0.0 { MOST_CHANGES - 1 } else { 0 };
        let heavy = rows.iter().take(heavy).filter(|row| is_counted(row.table)).count();
        let (heavy, light) = rows.split_at(heavy);
        let told = |rows: &[&RowChange]| rows.iter().map(|row| self.teller.row(row)).collect::<Vec<_>>();
        let mut effective: Vec<String> = effective.collect();
        let lesser = effective.split_off(greater.min(effective.len()));
        let remarks = remarks.iter().map(|remark| self.teller.remark(remark));
        let lines = effective.into_iter().chain(told(heavy)).chain(lesser).chain(told(light));
        let lines: Vec<String> =
            lines.chain(others.into_iter().map(line)).chain(remarks).take(MOST_CHANGES).collect();
        let rest = all - lines.len();
        let count = ("count", self.words.number(rest as f64, Unit::Count));
        let more = match rest {
            0 => String::new(),
            _ if self.sent.earlier.is_some_and(|earlier| earlier.is_listed) => {
                self.words.fill("mail.more.listed", &[count, ("sheet", self.sheet(SheetId::Changes))])
            }
            _ => self.words.fill("mail.more", &[count]),
        };
        Changed { lines, more }
    }

    /// The greatest part of a headline number that a change moves.
    fn effect(&self, change: &Change) -> f64 {
        change.alone.as_deref().map_or(0.0, |alone| self.weight(alone))
    }

    fn weight(&self, effects: &[f64]) -> f64 {
        let parts = effects.iter().zip(&self.teller.difference.headlines);
        let parts = parts.filter(|(effect, _)| effect.abs() >= 0.5);
        parts.map(|(effect, headline)| effect.abs() / headline.old.abs().max(1.0)).fold(0.0, f64::max)
    }

    /// What the workbook calls a sheet.
    fn sheet(&self, id: SheetId) -> String {
        Words::new(self.sent.sheets).get(id.term())
    }

    /// What the readers are asked to do: what is open comes before what is new, and that before the routine.
    fn ask(&self) -> String {
        let sheet = |id: SheetId| self.sheet(id);
        match (self.open(), self.new_rates()) {
            (Some(count), _) if self.sent.is_as_built => {
                let args = [("count", count), ("sheet", sheet(SheetId::Checks))];
                self.words.fill("mail.ask.findings", &args)
            }
            (Some(count), _) => self.words.fill("mail.ask.correct", &[("count", count)]),
            (None, Some(table)) => self.words.fill("mail.ask.rates", &[("sheet", sheet(SheetId::Of(table)))]),
            (None, None) => {
                let args = [("plan", sheet(SheetId::Plan)), ("tracker", sheet(SheetId::Of(Table::Tracker)))];
                self.words.fill("mail.ask.figures", &args)
            }
        }
    }

    /// The table in which a conversion rate was changed.
    fn new_rates(&self) -> Option<Table> {
        self.teller.difference.changes.iter().find_map(|change| match change.answer {
            Answer::Cell(Table::Rates, ..) if change.kind.unit() == Unit::Percent => Some(Table::Rates),
            Answer::Cell(Table::Segments, _, column) => {
                let (_, stage) = Table::Segments.column(column)?;
                stage.map(|_| Table::Segments)
            }
            Answer::Field(_) | Answer::Cell(..) => None,
        })
    }
}

/// Whether numbers rest on the rows of a table.
fn is_counted(table: Table) -> bool {
    matches!(table, Table::Rates | Table::LastYear | Table::Channels | Table::Segments)
}

/// The number that the last build gave to a plan.
fn version_number(plan: &Plan) -> Option<f64> {
    plan.version(0).and_then(|row| row.number(versions::NUMBER))
}
