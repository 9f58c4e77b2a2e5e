//! What the year and its quarters are called over a table. A year that begins in January needs no more than `Q1`; of
//! any other the months are told.

use crate::base::date::{add_months, civil};
use crate::base::locale::Words;
use crate::plan::fields::Field;
use crate::plan::plan::Plan;

/// The heads of the year and of the four quarters. They are of the build, as every head is; the months beside them
/// follow the first day on Plan.
pub fn period_heads(plan: &Plan) -> [String; 5] {
    let words = plan.words();
    let [year, quarters @ ..] = ["head.year", "q1", "q2", "q3", "q4"].map(|key| words.get(key));
    let start =
        plan.number(Field::YearStart).filter(|start| civil(*start).is_some_and(|(_, month, _)| month != 1));
    let Some((start, name)) = start.and_then(|start| Some((start, fiscal_year(start)?.to_string()))) else {
        let [q1, q2, q3, q4] = quarters;
        return [year, q1, q2, q3, q4];
    };
    let mut first = 0;
    let [q1, q2, q3, q4] = quarters.map(|quarter| {
        let span = span(words, start, first).unwrap_or_default();
        first += 3;
        words.fill("head.fiscal_quarter", &[("year", name.clone()), ("quarter", quarter), ("span", span)])
    });
    [words.fill("head.fiscal_year", &[("year", name)]), q1, q2, q3, q4]
}

/// The calendar year in which most of a business year lies; of two halves the second.
fn fiscal_year(start: f64) -> Option<i32> {
    civil(add_months(start, 6)?).map(|(year, ..)| year)
}

/// Three months, such as `Jul–Sep 2026`.
fn span(words: Words, start: f64, first: i32) -> Option<String> {
    let month = |after: i32| {
        let (year, month, _) = civil(add_months(start, first + after)?)?;
        let names = words.get("months.short");
        Some((year.to_string(), names.split(' ').nth(month as usize - 1)?.to_owned()))
    };
    let ((year, from), (end_year, to)) = (month(0)?, month(2)?);
    let key = if year == end_year { "head.span" } else { "head.span_over_years" };
    Some(words.fill(key, &[("year", year), ("end_year", end_year), ("from", from), ("to", to)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::serial;
    use crate::base::locale::{LANGS, Lang};

    fn heads(year: i32, month: u32, lang: Lang) -> [String; 5] {
        let mut plan = Plan::empty(lang);
        let day = crate::plan::entry::Typed::Number(serial(year, month, 1).unwrap());
        plan.form
            .insert(Field::YearStart, crate::plan::entry::Entry::new(day, crate::base::cell::Spot::File));
        period_heads(&plan)
    }

    #[test]
    fn a_calendar_year_has_plain_heads() {
        assert_eq!(heads(2027, 1, Lang::En), ["Year", "Q1", "Q2", "Q3", "Q4"]);
    }

    #[test]
    fn a_business_year_tells_its_months() {
        assert_eq!(
            heads(2026, 7, Lang::En),
            [
                "FY2027",
                "FY2027 Q1 (Jul–Sep 2026)",
                "FY2027 Q2 (Oct–Dec 2026)",
                "FY2027 Q3 (Jan–Mar 2027)",
                "FY2027 Q4 (Apr–Jun 2027)"
            ]
        );
        assert_eq!(heads(2027, 2, Lang::En)[4], "FY2027 Q4 (Nov 2027–Jan 2028)");
        let own = LANGS.map(|lang| heads(2027, 4, lang)[1].clone());
        assert_eq!(
            own,
            [
                "FY2027 Q1 (Apr–Jun 2027)",
                "2027财年一季度（2027年4月–6月）",
                "I кв. фин. года 2027 (апр–июн 2027)",
                "I kw. r. obr. 2027 (kwi–cze 2027)"
            ]
        );
    }
}
