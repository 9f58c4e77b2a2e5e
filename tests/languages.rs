//! One plan in four languages: the labels differ, the numbers and the formulas do not.

use std::collections::{BTreeMap, BTreeSet};

use backcast::base::cell::{CellRef, Spot};
use backcast::base::finding::Severity;
use backcast::base::locale::{LANGS, Lang, Words};
use backcast::plan::catalogue;
use backcast::plan::entry::{Entry, Typed};
use backcast::plan::fields::Field;
use backcast::plan::lists::List;
use backcast::plan::plan::Plan;
use backcast::plan::tables::{TABLES, Table, goals, last_year, rates};
use backcast::read::grid::{GridCell, Raw};
use backcast::read::parse::parse;
use backcast::write::image::{Content, Image};
use backcast::{Built, Draft, build, check, read_data, read_workbook, template};

use crate::support::{DAY, Found, case, cases, own, workbook};

const SAMPLES: [&str; 5] =
    ["sample engineering", "sample regions", "sample shop", "sample small-team", "sample ten-steps"];

/// Formulas by place, with the ids of sheets for their names.
fn formulas(image: &Image) -> BTreeMap<String, String> {
    let mut names: Vec<(String, String)> = Vec::new();
    for sheet in &image.sheets {
        names.push((format!("'{}'!", sheet.name.replace('\'', "''")), format!("{}!", sheet.id)));
        names.push((format!("{}!", sheet.name), format!("{}!", sheet.id)));
    }
    // A name that ends like another comes first.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found = BTreeMap::new();
    for sheet in &image.sheets {
        for (at, cell) in &sheet.cells {
            if let Content::Formula(formula) = &cell.content {
                let text =
                    names.iter().enumerate().fold(formula.text().to_owned(), |text, (at, (name, _))| {
                        text.replace(name, &format!("\u{1}{at}\u{2}"))
                    });
                let text = names
                    .iter()
                    .enumerate()
                    .fold(text, |text, (at, (_, id))| text.replace(&format!("\u{1}{at}\u{2}"), id));
                found.insert(format!("{}!{at}", sheet.id), text);
            }
        }
    }
    found
}

/// Numbers by place.
fn numbers(image: &Image) -> BTreeMap<String, f64> {
    let number = |((sheet, at), found): ((usize, CellRef), Found)| match found {
        Found::Number(v) => Some((format!("{}!{at}", image.sheets[sheet].id), v)),
        Found::Text(_) | Found::Bool(_) | Found::Error => None,
    };
    own(image).into_iter().filter_map(number).collect()
}

#[test]
fn four_languages_give_the_same_numbers_and_formulas() {
    for sample in SAMPLES {
        let mut plan = case(sample).plan.clone();
        let english = &case(sample).built;
        let (formulas_en, numbers_en) = (formulas(&english.image), numbers(&english.image));
        assert!(formulas_en.len() > 1_000 && numbers_en.len() > 500, "{sample}");
        for lang in LANGS.into_iter().filter(|lang| *lang != Lang::En) {
            plan["language"] = lang.id().into();
            let built = workbook(&plan);
            let what = format!("{sample} in {}", lang.id());
            let now = formulas(&built.image);
            let off: Vec<_> =
                formulas_en.iter().filter(|(at, text)| now.get(*at) != Some(text)).take(5).collect();
            assert!(off.is_empty() && now.len() == formulas_en.len(), "{what}: {off:#?}");
            let now = numbers(&built.image);
            let off: Vec<_> = numbers_en.iter().filter(|(at, v)| now.get(*at) != Some(v)).take(5).collect();
            assert!(off.is_empty() && now.len() == numbers_en.len(), "{what}: {off:#?}");
            // The workbook is its own input in its own language.
            let (_, draft) = read_workbook(&built.bytes).unwrap();
            assert!(draft.findings.sorted().is_empty(), "{what}: {:#?}", draft.findings);
        }
    }
}

/// The samples that are written by natives.
const NATIVE: [(&str, Lang); 3] =
    [("sample chinese", Lang::ZhCn), ("sample russian", Lang::Ru), ("sample polish", Lang::Pl)];

/// A sample, built in another language than its own.
fn turned(sample: &str, lang: Lang) -> (Plan, Built) {
    let Draft { mut plan, places, findings } = read_data(&case(sample).plan.to_string());
    plan.translate(lang);
    let built = build(&check(Draft { plan: plan.clone(), places, findings }), DAY).unwrap();
    (plan, built)
}

/// Every text that a person sees: cells, notes, questions, pictures, tabs.
fn texts(image: &Image) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for sheet in &image.sheets {
        let mut see = |at: &str, text: &str| seen.push((format!("{}!{at}", sheet.id), text.to_owned()));
        see("tab", &sheet.name);
        for (at, cell) in &sheet.cells {
            match &cell.content {
                Content::Text(text) | Content::Link { text, .. } | Content::File { text, .. } => {
                    see(&at.to_string(), text);
                }
                Content::Formula(formula) => {
                    if let backcast::base::value::Value::Text(text) = formula.value() {
                        see(&at.to_string(), text);
                    }
                }
                Content::Carried { .. } | Content::Number(_) | Content::Empty => {}
            }
        }
        for (at, remark) in &sheet.notes {
            see(&format!("{at} note"), &remark.text);
        }
        for asked in &sheet.validations {
            let at = format!("{} question", asked.first);
            for text in [&asked.title, &asked.message, &asked.error] {
                see(&at, text);
            }
        }
        for picture in &sheet.pictures {
            let at = format!("{} picture", picture.at);
            for text in [&picture.title, &picture.alt, &picture.axis] {
                see(&at, text);
            }
            for series in &picture.series {
                see(&at, &series.name);
            }
        }
    }
    seen
}

/// The words of a text in Latin letters, in lower case. An id such as `cost_per_lead` is one word.
fn latin(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.chars().any(|c| c.is_ascii_alphabetic())).map(str::to_lowercase).collect()
}

/// Everything that a language says.
fn vocabulary(lang: Lang) -> BTreeSet<String> {
    let file = std::fs::read_to_string(format!("src/base/locale/{}.txt", lang.id())).unwrap();
    let said = file.lines().filter_map(|line| line.split_once(" = "));
    let mut words: BTreeSet<String> = said.flat_map(|(_, text)| latin(&without_arguments(text))).collect();
    let terms = std::fs::read_to_string("src/base/locale/terms.csv").unwrap();
    for key in terms.lines().filter_map(|line| line.split(',').next()) {
        words.extend(Words::new(lang).find(key).into_iter().flat_map(latin));
    }
    for kpi in catalogue::kpis() {
        words.extend(latin(kpi.name(lang)));
        words.extend(kpi.meaning(Words::new(lang)).iter().flat_map(|text| latin(text)));
    }
    words
}

fn without_arguments(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |before, part| before + part.split_once('}').map_or(part, |(_, after)| after))
}

/// What a planner typed.
fn typed_texts(plan: &Plan) -> Vec<String> {
    let cells = TABLES.into_iter().flat_map(|table| plan.rows(table));
    let cells = cells.flat_map(|row| row.cells.iter().chain(&row.extra).flatten());
    let entries = plan.form.values().chain(cells);
    entries
        .filter_map(|entry| if let Typed::Text(text) = &entry.value { Some(text.clone()) } else { None })
        .collect()
}

#[test]
fn no_english_word_is_left_in_another_language() {
    let english = vocabulary(Lang::En);
    for (sample, lang) in NATIVE {
        let image = &case(sample).built.image;
        let plan = read_data(&case(sample).plan.to_string()).plan;
        let mut fine = vocabulary(lang);
        fine.extend(typed_texts(&plan).iter().flat_map(|text| latin(text)));
        // Ids are the same in every language.
        fine.extend(catalogue::kpis().iter().flat_map(|kpi| latin(kpi.id)));
        fine.extend(plan.stages().iter().flat_map(|row| latin(row.text(rates::ID))));
        fine.insert(plan.currency().to_lowercase());
        // The name of the program, of the language, of a function of formulas.
        fine.extend(["backcast", "zh", "cn", "ru", "pl", "en", "english"].map(str::to_owned));
        let mut left = Vec::new();
        // What a finding is about and what a fingerprint is of are ids, too: `goals.m5.deadline`.
        let is_path = |text: &str| text.contains('.') && !text.contains(' ') && text.is_ascii();
        // The sheet Earlier holds data, and names what data call so.
        let is_data =
            |at: &str| ["Lists!A", "Earlier!B", "Earlier!C"].iter().any(|column| at.starts_with(column));
        let is_said = |(at, text): &(String, String)| !is_path(text) && !is_data(at);
        for (at, text) in texts(image).into_iter().filter(is_said) {
            left.extend(
                latin(&text)
                    .into_iter()
                    .filter(|word| english.contains(word) && !fine.contains(word))
                    .map(|word| format!("{at}: {word} in {text:?}")),
            );
        }
        assert!(left.is_empty(), "{sample}: {} words\n{}", left.len(), left.join("\n"));
    }
}

/// A key without words is shown itself, as `row.Actual` would be. What findings are about has no capitals.
#[test]
fn every_row_of_numbers_has_a_name() {
    let is_key = |text: &str| {
        let named = text.split_once('.').filter(|(room, _)| room.chars().all(|c| c.is_ascii_lowercase()));
        named.is_some_and(|(_, name)| name.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    assert!(is_key("row.Actual") && !is_key("goals.m5.deadline"));
    for case in cases() {
        let keys: Vec<_> = texts(&case.built.image).into_iter().filter(|(_, text)| is_key(text)).collect();
        assert!(keys.is_empty(), "{}: {keys:?}", case.name);
    }
}

#[test]
fn a_plan_in_another_language_keeps_its_numbers_and_the_planners_words() {
    for (sample, own_lang) in NATIVE {
        let own_built = &case(sample).built;
        let (formulas_own, numbers_own) = (formulas(&own_built.image), numbers(&own_built.image));
        let plan = read_data(&case(sample).plan.to_string()).plan;
        for lang in LANGS.into_iter().filter(|lang| *lang != own_lang) {
            let (turned, built) = turned(sample, lang);
            let what = format!("{sample} in {}", lang.id());
            assert_eq!(formulas(&built.image), formulas_own, "{what}");
            assert_eq!(numbers(&built.image), numbers_own, "{what}");
            let seen: BTreeSet<String> = texts(&built.image).into_iter().map(|(_, text)| text).collect();
            let goals = plan.rows(Table::Goals).iter();
            let own = goals.flat_map(|row| [goals::TEXT, goals::OWNER, goals::SOURCE].map(|at| row.text(at)));
            let own = own.chain([plan.text(Field::Company), plan.text(Field::PlanTitle)]);
            let lost: Vec<&str> = own.filter(|text| !text.is_empty() && !seen.contains(*text)).collect();
            assert!(lost.is_empty(), "{what}: {lost:?}");
            // A stage that goes by our name for it goes by the new one.
            let known = |plan: &Plan| {
                let stages = plan.stages().iter().map(|row| row.text(rates::LABEL).to_owned());
                stages.collect::<Vec<_>>()
            };
            assert_ne!(known(&turned), known(&plan), "{what}");
            // And it is its own input.
            let (_, draft) = read_workbook(&built.bytes).unwrap();
            assert!(draft.findings.sorted().is_empty(), "{what}: {:#?}", draft.findings);
        }
    }
}

/// What somebody types into the template of each language: the same in each.
const TYPED: [[&str; 4]; 9] = [
    ["1,200,000", "120万", "1,2 млн", "1,2 mln"],
    ["25%", "２５％", "25 %", "25%"],
    ["50k", "5万", "50 тыс.", "50 tys."],
    ["1 April 2027", "2027年4月1日", "1 апреля 2027", "1 kwietnia 2027"],
    ["12.5%", "１２．５％", "12,5 %", "12,5%"],
    ["1,200.50", "1,200.50", "1 200,50", "1 200,50"],
    ["30 September 2027", "2027年9月30日", "30 сентября 2027 г.", "30 września 2027 r."],
    ["1,500", "1500", "1 500", "1 500"],
    ["leads", "线索", "лиды", "leady"],
];

/// What stands in the cells of a plan, without what is a word of the language.
fn values(plan: &Plan) -> Vec<String> {
    let shown = |entry: &Entry| match &entry.value {
        Typed::Number(v) => v.to_string(),
        Typed::Word(at) => format!("word {at}"),
        Typed::Text(_) => String::from("text"),
    };
    let form = plan.form.iter().filter(|(field, _)| **field != Field::Language);
    let form = form.map(|(field, entry)| format!("{field:?} {}", shown(entry)));
    let cells = TABLES.into_iter().flat_map(|table| {
        let rows = plan.rows(table).iter().enumerate();
        rows.flat_map(move |(at, row)| {
            let cells =
                row.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, cell.as_ref()?)));
            cells
                .map(move |(column, entry)| format!("{table:?} {at} {column} {}", shown(entry)))
                .collect::<Vec<_>>()
        })
    });
    form.chain(cells).collect()
}

#[test]
fn a_template_of_each_language_takes_what_its_people_type() {
    let mut read = Vec::new();
    for (at, lang) in LANGS.into_iter().enumerate() {
        let words = Words::new(lang);
        let bytes = template(&Plan::empty(lang), true).unwrap();
        let (mut grid, draft) = read_workbook(&bytes).unwrap();
        let [revenue, growth, deal, start, rate, leads, deadline, target, metric] =
            TYPED.map(|texts| texts[at]);
        let cell = |table: Table, row: usize, column: usize| draft.places.cell(table, row, column);
        let word = |list: List, at: usize| list.label(words, at);
        let mut typed: Vec<(Spot, String)> = vec![
            (draft.places.field(Field::Company), String::from("Acme")),
            (draft.places.field(Field::LastYearRevenue), revenue.to_owned()),
            (draft.places.field(Field::Growth), growth.to_owned()),
            (draft.places.field(Field::AverageDeal), deal.to_owned()),
            (draft.places.field(Field::YearStart), start.to_owned()),
            (draft.places.field(Field::RampShape), word(List::RampShape, 1)),
            (draft.places.field(Field::BusinessModel), word(List::BusinessModel, 0)),
            (draft.places.field(Field::ForecastPolicy), word(List::ForecastPolicy, 2)),
            (cell(Table::LastYear, 1, last_year::QUARTERS[1]), leads.to_owned()),
            (cell(Table::Goals, 0, goals::LEVEL), word(List::Level, 0)),
            (cell(Table::Goals, 0, goals::TEXT), String::from("…")),
            (cell(Table::Goals, 0, goals::METRIC), metric.to_owned()),
            (cell(Table::Goals, 0, goals::TARGET), target.to_owned()),
            (cell(Table::Goals, 0, goals::DEADLINE), deadline.to_owned()),
        ];
        typed.extend((0..5).map(|row| (cell(Table::Rates, row, rates::BASE), rate.to_owned())));
        for (spot, text) in typed {
            let Spot::Cell(sheet, at) = spot else { panic!("{spot} is no cell") };
            let sheet = grid.sheets.iter_mut().find(|it| it.name == sheet).unwrap();
            sheet.cells.insert(at, GridCell { raw: Raw::Text(text), formula: None, percent: false });
        }
        let (plan, _, findings) = parse(&grid);
        let wrong: Vec<_> =
            findings.sorted().into_iter().filter(|it| it.rule.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{lang:?}: {wrong:#?}");
        assert_eq!(catalogue::named(metric).map(|kpi| kpi.id), Some("leads"), "{lang:?}");
        read.push(values(&plan));
    }
    assert!(read.iter().all(|plan| *plan == read[0]), "{read:#?}");
    assert!(read[0].contains(&String::from("LastYearRevenue 1200000")), "{:#?}", read[0]);
}
