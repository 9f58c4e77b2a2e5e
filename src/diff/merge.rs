//! Several edited versions of one plan become one: answers matched by name, rows by id, each compared with the version
//! that all of them come from. What only one version changed is taken; what two changed differently is a conflict.

mod comments;
mod decide;
mod hand;
mod log;
mod order;
mod reads;
mod rows;
mod stays;
mod table;
pub mod tell;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::cell::Spot;
use crate::base::locale::{Lang, Words};
use crate::base::text::fold;
use crate::diff::merge::decide::{Says, Verdict, decide, is_same};
use crate::diff::merge::hand::{Hand, Lanes};
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::{FIELDS, Field, Kind};
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{TABLES, Table};

/// A version: what its file is called, what was typed, and where.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What the file is called. No two files of a merge have one name.
    pub name: &'a str,
    /// What was typed.
    pub plan: &'a Plan,
    /// Where the answers stand.
    pub places: &'a Places,
}

/// What may be told to a merge.
#[derive(Clone, Copy, Default, Debug)]
pub struct Choice {
    /// The version whose answer is taken where versions differ; else the first that changed it.
    pub prefer: Option<usize>,
    /// The language of the merged plan; else the versions decide.
    pub lang: Option<Lang>,
}

/// The merged plan, and how it came about.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What was typed. It is not completed yet: rows that follow others may stand elsewhere.
    pub plan: Plan,
    /// Where the answers stand, as [`Spot::within`] writes it.
    pub places: Places,
    /// How many changes of each version are in it.
    pub taken: Vec<usize>,
    /// On which sheets these stand.
    pub by_sheet: Vec<BTreeMap<SheetId, usize>>,
    /// What versions changed differently.
    pub conflicts: Vec<Conflict>,
    /// Tables that a version lacks: their rows were kept.
    pub kept: Vec<(usize, Table)>,
    /// Stages that several versions added at one place.
    pub beside: Vec<Beside>,
}

/// Stages that several versions added behind the same one: nobody has said in which order they stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// What people call the stage before them; nothing where they are the first.
    pub after: Option<String>,
    /// The versions.
    pub versions: Vec<usize>,
    /// What people call the new stages, in the order in which they stand now.
    pub stages: Vec<String>,
}

/// Something that versions changed differently.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// What people call it.
    pub label: String,
    /// What the base says; nothing where it is about a row, or about the order of rows.
    pub base: Option<Told>,
    /// What each version says that changed it.
    pub sides: Vec<Side>,
    /// The version that is followed.
    pub winner: usize,
}

/// One version in a conflict.
#[derive(Clone, PartialEq, Debug)]
pub struct Side {
    /// Which one.
    pub version: usize,
    /// Where, in its own file.
    pub at: Spot,
    /// What it says.
    pub says: Said,
}

/// What a version says in a conflict.
#[derive(Clone, PartialEq, Debug)]
pub enum Said {
    /// An answer.
    Answer(Told),
    /// One of several answers in a row that another version removed.
    Changed {
        /// What people call it.
        label: String,
        /// What the base says.
        old: Told,
        /// What this version says.
        new: Told,
    },
    /// The row is gone.
    Removed,
    /// The rows stand in this order.
    Order(Vec<String>),
}

/// What somebody typed, with what is needed to tell it.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// The value; nothing for a blank.
    pub value: Option<Typed>,
    /// What may be typed there.
    pub kind: Kind,
    /// The formula behind it.
    pub formula: Option<String>,
}

impl Told {
    fn of(entry: Option<&Entry>, kind: Kind) -> Self {
        let formula = entry.and_then(|entry| Some(entry.formula.as_ref()?.text.clone()));
        Self { value: entry.map(|entry| entry.value.clone()), kind, formula }
    }
}

/// Whether two plans are versions of one: by the id that a build gives, else by company and title, where both are
/// filled.
pub fn is_one_plan(one: &Plan, other: &Plan) -> bool {
    if let (Some(one), Some(other)) = (&one.id, &other.id) {
        return one == other;
    }
    [Field::Company, Field::PlanTitle].into_iter().all(|field| {
        let [one, other] = [one, other].map(|plan| fold(plan.text(field)));
        one == other || one.is_empty() || other.is_empty()
    })
}

/// Which row of a newer plan each row of an older one is: by id, else by what they say.
pub(super) fn same_rows(table: Table, old: &Plan, new: &Plan) -> HashMap<usize, usize> {
    let places = Places::default();
    let sources = [new, old].map(|plan| Source { name: "", plan, places: &places });
    let hands = sources.each_ref().map(|source| Hand::new(source, source.plan.lang()));
    let groups = rows::groups(table, &hands, &Lanes::of(table, &hands));
    groups.into_iter().filter_map(|group| Some((group.row(1)?, group.row(0)?))).collect()
}

/// Merges versions that were made from one base.
pub fn merge(base: Source<'_>, versions: &[Source<'_>], choice: Choice) -> Merged {
    let (lang, language) = language(&base, versions, choice);
    let sources = || versions.iter().chain([&base]);
    let hands: Vec<Hand<'_>> = sources().map(|source| Hand::new(source, lang)).collect();
    let mut plan = Plan { id: base.plan.id.clone(), ..Plan::default() };
    plan.id = plan.id.or_else(|| versions.iter().find_map(|version| version.plan.id.clone()));
    let files = sources().map(|source| source.name.to_owned()).collect();
    let mut merge = Merge {
        hands: &hands,
        is_data: hands.iter().map(|hand| hand.is_data).collect(),
        words: Words::new(lang),
        prefer: choice.prefer,
        out: Merged {
            plan,
            places: Places { files, ..Places::default() },
            taken: vec![0; versions.len()],
            by_sheet: vec![BTreeMap::new(); versions.len()],
            conflicts: Vec::new(),
            kept: Vec::new(),
            beside: Vec::new(),
        },
        rows: BTreeMap::new(),
        reads: BTreeSet::new(),
        tabs: HashMap::new(),
    };
    merge.settle(Field::Language, language);
    merge.form();
    for table in TABLES {
        merge.table(table);
    }
    merge.reads();
    merge.comments();
    let mut out = merge.out;
    log::join(&mut out.plan, &hands);
    out
}

/// The language of the merge, and how it came about.
fn language(base: &Source<'_>, versions: &[Source<'_>], choice: Choice) -> (Lang, Settled) {
    let all = || versions.iter().chain([base]);
    let entries: Vec<Option<&Entry>> = all().map(|source| source.plan.entry(Field::Language)).collect();
    let (before, said) = entries.split_last().map_or((None, [].as_slice()), |(before, said)| (*before, said));
    let says: Vec<_> = said.iter().map(|entry| Says::Is(*entry)).collect();
    let mut verdict = decide(before, &says, &vec![false; says.len()], choice.prefer);
    if let Some(lang) = choice.lang {
        // Who was asked for another language counts for nothing.
        verdict = Verdict { from: None, changed: Vec::new(), is_conflict: false };
        return (lang, Settled { verdict, said: Vec::new() });
    }
    let lang =
        all().nth(verdict.from.unwrap_or(versions.len())).map_or(Lang::En, |source| source.plan.lang());
    let spot = |source: &Source<'_>| source.places.field(Field::Language);
    let said = entries.into_iter().map(Option::<&Entry>::cloned).zip(all().map(spot)).collect();
    (lang, Settled { verdict, said })
}

/// How a question was settled: what each version answers, and where, the base last.
struct Settled {
    verdict: Verdict,
    said: Vec<(Option<Entry>, Spot)>,
}

/// A merge on its way.
struct Merge<'h, 'a> {
    /// The versions, then the base.
    hands: &'h [Hand<'a>],
    is_data: Vec<bool>,
    words: Words,
    prefer: Option<usize>,
    out: Merged,
    /// Where a row of a version stands in the merged table.
    rows: BTreeMap<(Table, usize, usize), usize>,
    /// What formulas read that were taken: the version, and the cell.
    reads: BTreeSet<(usize, Spot)>,
    /// Tabs as they are called from outside their file.
    tabs: HashMap<(usize, Arc<str>), Arc<str>>,
}

impl Merge<'_, '_> {
    /// The base, as a version.
    fn base(&self) -> usize {
        self.hands.len().saturating_sub(1)
    }

    /// A place of a version, as the merged plan writes it.
    fn within(&mut self, version: usize, spot: &Spot) -> Spot {
        let name = self.hands.get(version).map_or("", |hand| hand.name);
        match spot {
            Spot::Cell(tab, cell) => {
                let tab = self.tabs.entry((version, tab.clone()));
                let tab = tab.or_insert_with_key(|(_, tab)| Arc::from(format!("[{name}]{tab}")));
                Spot::Cell(tab.clone(), *cell)
            }
            Spot::File | Spot::Sheet(_) | Spot::Path(_) | Spot::Line(_) => spot.within(name),
        }
    }

    /// What a version typed, at its place as the merged plan writes it.
    fn taken(&mut self, version: usize, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        entry.at = self.within(version, &entry.at);
        if let Some(own) = &mut entry.formula {
            for (spot, _) in &mut own.reads {
                self.reads.insert((version, spot.clone()));
                *spot = self.within(version, spot);
            }
        }
        entry
    }

    /// Counts a change of each of these versions on a sheet.
    fn count(&mut self, sheet: SheetId, versions: impl IntoIterator<Item = usize>) {
        for version in versions {
            if let Some(count) = self.out.taken.get_mut(version) {
                *count += 1;
            }
            if let Some(sheets) = self.out.by_sheet.get_mut(version) {
                *sheets.entry(sheet).or_default() += 1;
            }
        }
    }

    /// Counts who changed a question, and says where they differ.
    fn settle(&mut self, field: Field, settled: Settled) {
        let Settled { verdict, said } = settled;
        let kind = field.spec().kind;
        let winner = verdict.from.unwrap_or(self.base());
        let of = |version: usize| said.get(version).and_then(|(entry, _)| entry.as_ref());
        let changed = verdict.changed.iter().copied();
        let taken: Vec<usize> = changed.filter(|version| is_same(of(*version), of(winner))).collect();
        self.count(SheetId::Plan, taken);
        if verdict.is_conflict {
            let side = |version: &usize| Side {
                version: *version,
                at: said.get(*version).map_or(Spot::File, |(_, at)| at.clone()),
                says: Said::Answer(Told::of(of(*version), kind)),
            };
            self.out.conflicts.push(Conflict {
                label: self.words.get(field.spec().term),
                base: Some(Told::of(of(self.base()), kind)),
                sides: verdict.changed.iter().map(side).collect(),
                winner,
            });
        }
    }

    /// The questions of the form.
    fn form(&mut self) {
        let hands = self.hands;
        let Some((base, versions)) = hands.split_last() else { return };
        for field in FIELDS.iter().copied() {
            let says: Vec<_> = versions.iter().map(|hand| hand.field(field)).collect();
            let before = base.plan.entry(field);
            let mut verdict = decide(before, &says, &self.is_data, self.prefer);
            let from = verdict.from.unwrap_or(self.base());
            let spot = |hand: &Hand<'_>| hand.places.fields.get(&field).cloned();
            if let Some(hand) = hands.get(from) {
                if let Some(entry) = hand.plan.entry(field) {
                    let entry = self.taken(from, entry);
                    self.out.plan.form.insert(field, entry);
                }
                let place = [from].into_iter().chain(0..hands.len());
                let mut place = place.filter_map(|at| Some((at, hands.get(at).and_then(spot)?)));
                if let Some((at, spot)) = place.next() {
                    let spot = self.within(at, &spot);
                    self.out.places.fields.insert(field, spot);
                }
            }
            // The language is settled; which segment a sheet shows is no part of the plan.
            if matches!(field, Field::Language) {
                continue;
            }
            verdict.is_conflict &= field != Field::ShownSegment;
            if field == Field::ShownSegment {
                verdict.changed.clear();
            }
            let said = |hand: &Hand<'_>| (hand.plan.entry(field).cloned(), spot(hand).unwrap_or(Spot::File));
            self.settle(field, Settled { verdict, said: hands.iter().map(said).collect() });
        }
    }
}
