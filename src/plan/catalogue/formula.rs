//! How a metric follows from others: the formulas of `kpis.csv`, over ids.
//!
//! `+ - * /`, brackets, whole numbers, and ids. An id is a metric, a stage or one of [`FIGURES`]; `leads.last` is last
//! year's.

use std::iter::Peekable;

/// What a plan knows besides its metrics: the answers to questions of the form, and how many months a period has.
pub const FIGURES: [&str; 4] = ["sales_cost", "customer_lifetime_years", "sales_reps", "months"];

/// How a metric follows from others.
#[derive(Clone, PartialEq, Debug)]
pub enum Formula {
    /// A whole number.
    Int(u32),
    /// Another metric.
    Part(Part),
    /// Two formulas joined.
    Both(Sign, Box<[Formula; 2]>),
}

/// A metric in a formula.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Part {
    /// Its id.
    pub id: &'static str,
    /// Whether last year's is meant.
    pub last: bool,
}

/// What joins two formulas.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Sign {
    /// The sign as a person reads it.
    fn shown(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "−",
            Self::Times => "×",
            Self::Over => "÷",
        }
    }

    /// How strongly it binds.
    fn power(self) -> u8 {
        match self {
            Self::Plus | Self::Minus => 1,
            Self::Times | Self::Over => 2,
        }
    }
}

impl Formula {
    /// The formula that this text says; `None` where it is none.
    pub fn parse(text: &'static str) -> Option<Self> {
        let mut words = words(text).peekable();
        let formula = joined(&mut words, 1)?;
        words.next().is_none().then_some(formula)
    }

    /// The metrics in it, each once, in order.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        self.collect(&mut parts);
        parts
    }

    fn collect(&self, parts: &mut Vec<Part>) {
        match self {
            Self::Int(_) => {}
            Self::Part(part) if parts.contains(part) => {}
            Self::Part(part) => parts.push(*part),
            Self::Both(_, sides) => sides.iter().for_each(|side| side.collect(parts)),
        }
    }

    /// Whether it only adds metrics up.
    pub fn is_sum(&self) -> bool {
        match self {
            Self::Int(_) => false,
            Self::Part(_) => true,
            Self::Both(sign, sides) => *sign == Sign::Plus && sides.iter().all(Self::is_sum),
        }
    }

    /// The two metrics where it is one over another.
    pub fn quotient(&self) -> Option<[Part; 2]> {
        match self {
            Self::Both(Sign::Over, sides) => match sides.as_ref() {
                [Self::Part(a), Self::Part(b)] => Some([*a, *b]),
                _ => None,
            },
            Self::Int(_) | Self::Part(_) | Self::Both(..) => None,
        }
    }

    /// The metric where it is the growth of one: `x / x.last - 1`.
    pub fn growth(&self) -> Option<Part> {
        let Self::Both(Sign::Minus, sides) = self else { return None };
        let [times, Self::Int(1)] = sides.as_ref() else { return None };
        let [now, then] = times.quotient()?;
        (now.id == then.id && then.last && !now.last).then_some(now)
    }

    /// The formula with metrics by the names that `name` gives them.
    pub fn shown(&self, name: &dyn Fn(Part) -> String) -> String {
        match self {
            Self::Int(v) => v.to_string(),
            Self::Part(part) => name(*part),
            Self::Both(sign, sides) => {
                let [a, b] = sides.as_ref();
                let side = |side: &Self, least: u8| {
                    let shown = side.shown(name);
                    let binds = if let Self::Both(sign, _) = side { sign.power() } else { u8::MAX };
                    if binds < least { format!("({shown})") } else { shown }
                };
                let power = sign.power();
                format!("{} {} {}", side(a, power), sign.shown(), side(b, power + 1))
            }
        }
    }
}

/// A word of a formula: an id, a number, or a sign.
fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let first = rest.chars().next()?;
        let end =
            if is_name(first) { rest.find(|c| !is_name(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// What signs of at least this power join, from left to right.
fn joined(words: &mut Peekable<impl Iterator<Item = &'static str>>, power: u8) -> Option<Formula> {
    if power > 2 {
        return single(words);
    }
    let mut left = joined(words, power + 1)?;
    while let Some(sign) = words.peek().and_then(|word| sign(word)).filter(|sign| sign.power() == power) {
        words.next();
        left = Formula::Both(sign, Box::new([left, joined(words, power + 1)?]));
    }
    Some(left)
}

fn sign(word: &str) -> Option<Sign> {
    Some(match word {
        "+" => Sign::Plus,
        "-" => Sign::Minus,
        "*" => Sign::Times,
        "/" => Sign::Over,
        _ => return None,
    })
}

/// A number, an id, or what stands in brackets.
fn single(words: &mut Peekable<impl Iterator<Item = &'static str>>) -> Option<Formula> {
    let word = words.next()?;
    if word == "(" {
        let inside = joined(words, 1)?;
        return (words.next() == Some(")")).then_some(inside);
    }
    if let Ok(v) = word.parse() {
        return Some(Formula::Int(v));
    }
    let id = word.strip_suffix(".last");
    let part = Part { id: id.unwrap_or(word), last: id.is_some() };
    let starts_well = part.id.starts_with(|c: char| c.is_ascii_lowercase());
    (starts_well && !part.id.contains('.')).then_some(Formula::Part(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &'static str) -> Option<String> {
        Formula::parse(text).map(|formula| {
            formula.shown(&|part| if part.last { format!("{}'", part.id) } else { part.id.to_owned() })
        })
    }

    #[test]
    fn formulas_are_read_as_they_are_meant() {
        for (text, wanted) in [
            ("leads / visitors", "leads ÷ visitors"),
            ("leads / leads.last - 1", "leads ÷ leads' − 1"),
            ("(a + b) / c", "(a + b) ÷ c"),
            ("12 * cac / (deal * margin)", "12 × cac ÷ (deal × margin)"),
            ("1 - orders/carts", "1 − orders ÷ carts"),
            ("a - (b - c)", "a − (b − c)"),
            ("((a))", "a"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(wanted), "{text}");
        }
        for text in ["", "a +", "a b", "(a", "a)", "+ a", "a ++ b", "a . b", "A", "a.first", "a % b"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn shapes_of_formulas_are_known() {
        let formula = |text| Formula::parse(text).unwrap();
        assert!(formula("a + b + c").is_sum() && !formula("a + 1").is_sum() && !formula("a - b").is_sum());
        assert_eq!(formula("a / a.last - 1").growth().map(|part| part.id), Some("a"));
        assert_eq!(formula("a / b.last - 1").growth(), None);
        assert_eq!(formula("a / b").quotient().map(|[a, b]| (a.id, b.id)), Some(("a", "b")));
        assert_eq!(formula("a / a + a").parts().len(), 1);
    }
}
