//! Numbers that were typed as text, in any of the four languages. What could mean two numbers is
//! never guessed.

use unicode_normalization::UnicodeNormalization;

/// What a text says when it is read as a number.
#[derive(Clone, PartialEq, Debug)]
pub enum TextNumber {
    /// One number, its scale word applied, its currency dropped: `1,2 млн ₽` is 1 200 000.
    Plain(f64),
    /// One percentage, as a fraction: `50 %` is 0.5.
    Percent(f64),
    /// Two numbers, thousands first: `1,234` is 1234 or 1.234. Percentages are fractions here too. With a Chinese
    /// unit it is one: 1,234万.
    Ambiguous(Vec<f64>),
    /// No number.
    NotANumber,
}

/// Words that may follow the digits, lower case, with the power of ten that each stands for.
const SCALES: [(i32, &str); 11] = [
    (2, "百"),
    (3, "k к thousand 千 тыс тыс. тысяча тысячи тысяч тысячу тысячам"),
    (3, "tys tys. tysiąc tysiąca tysiące tysięcy"),
    (4, "万"),
    (6, "m mn mio mln mln. million 百万 млн млн."),
    (6, "миллион миллиона миллионов миллионам milion miliona miliony milionów"),
    (7, "千万"),
    (8, "亿"),
    (9, "bn billion mld mld. mlrd mlrd. млрд млрд."),
    (9, "миллиард миллиарда миллиардов миллиардам"),
    (9, "miliard miliarda miliardy miliardów"),
];

/// Currency signs, words and codes, lower case. Cents and kopecks are left out: they count hundredths.
const CURRENCIES: [&str; 5] = [
    "$ us$ € £ ¥ ₽ ₴ ₸ ₹ ₩ ₺ ₪ dollars euro euros yuan 元 人民币 元人民币 美元 欧元",
    "usd eur gbp chf jpy cny rmb rub rur pln uah byn kzt czk huf sek nok dkk",
    "cad aud nzd sgd hkd krw inr try",
    "р р. руб руб. рубль рубля рублей евро долларов грн грн.",
    "zł zł. zl złoty złote złotych dolarów",
];

/// Every word or sign that may follow the digits, and whether it is a currency.
pub fn units() -> impl Iterator<Item = (&'static str, bool)> {
    let scales = SCALES.iter().flat_map(|(_, words)| words.split(' ')).map(|word| (word, false));
    scales.chain(CURRENCIES.iter().flat_map(|words| words.split(' ')).map(|word| (word, true)))
}

/// Reads a text as a number: group separators, decimal comma or point, sign or accounting parentheses,
/// percent sign, scale word, currency. Scientific notation and anything else is no number.
pub fn number(text: &str) -> TextNumber {
    if has_decorated_digit(text) {
        return TextNumber::NotANumber;
    }
    let text = plain(text);
    let amount = Amount::peel(&text);
    let shift = match (amount.scale, amount.percent) {
        (None, true) if !amount.money => -2,
        (scale, false) => scale.unwrap_or(0),
        (_, true) => return TextNumber::NotANumber,
    };
    let mut digits = decimals(amount.core);
    // Chinese groups by commas and has a decimal point: 3,800万元 is 38 million.
    if let ([grouped, decimal], true) = (digits.as_slice(), amount.chinese) {
        digits = vec![if amount.core.contains(',') { grouped.clone() } else { decimal.clone() }];
    }
    let read: Option<Vec<f64>> =
        digits.iter().map(|digits| finite(amount.sign.unwrap_or("+"), digits, shift)).collect();
    match read.as_deref() {
        Some([only]) if amount.percent => TextNumber::Percent(*only),
        Some([only]) => TextNumber::Plain(*only),
        Some(several @ [_, ..]) => TextNumber::Ambiguous(several.to_vec()),
        Some([]) | None => TextNumber::NotANumber,
    }
}

/// Whether a character looks like a decoration but counts as a digit after NFKC, as in `10²`, `①`, `½`:
/// folded, it would silently change the number. Full-width digits are digits.
pub(super) fn has_decorated_digit(text: &str) -> bool {
    text.chars().any(|c| {
        !c.is_ascii() && !('０'..='９').contains(&c) && std::iter::once(c).nfkc().any(|d| d.is_ascii_digit())
    })
}

/// The text after NFKC, lower case, without invisible characters. Unlike `base::text::fold` it keeps
/// inner white space as it is: two spaces or a line break part two numbers, they do not group one.
fn plain(text: &str) -> String {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

/// A text taken apart: its digits with their separators, and what stood around them.
#[derive(Default)]
struct Amount<'a> {
    core: &'a str,
    sign: Option<&'static str>,
    percent: bool,
    money: bool,
    scale: Option<i32>,
    /// Whether its scale word or currency is a Chinese one.
    chinese: bool,
}

impl<'a> Amount<'a> {
    /// Takes everything off that may stand around the digits, each kind at most once, in any order;
    /// only the scale word must touch the digits.
    fn peel(text: &'a str) -> Self {
        let mut amount = Self { core: text.trim(), ..Self::default() };
        while let Some(rest) = amount.peel_one() {
            amount.core = rest.trim();
        }
        amount
    }

    fn peel_one(&mut self) -> Option<&'a str> {
        self.peel_sign()
            .or_else(|| self.peel_percent())
            .or_else(|| self.peel_money())
            .or_else(|| self.peel_scale())
    }

    fn peel_sign(&mut self) -> Option<&'a str> {
        if self.sign.is_some() {
            return None;
        }
        let minus = self.core.strip_prefix(['-', '\u{2212}']);
        let brackets = || self.core.strip_prefix('(')?.strip_suffix(')');
        let below_zero = minus.or_else(brackets);
        let rest = below_zero.or_else(|| self.core.strip_prefix('+'))?;
        self.sign = Some(if below_zero.is_some() { "-" } else { "+" });
        Some(rest)
    }

    fn peel_percent(&mut self) -> Option<&'a str> {
        if self.percent {
            return None;
        }
        let rest = self.core.strip_prefix('%').or_else(|| self.core.strip_suffix('%'))?;
        self.percent = true;
        Some(rest)
    }

    fn peel_money(&mut self) -> Option<&'a str> {
        if self.money {
            return None;
        }
        // Between digits and scale word stands nothing: "5 zł k" is no amount.
        let may_follow = self.scale.is_none();
        let (rest, word) = CURRENCIES
            .iter()
            .flat_map(|words| words.split(' '))
            .filter_map(|word| {
                let suffix = || self.core.strip_suffix(word).filter(|_| may_follow);
                Some((self.core.strip_prefix(word).or_else(suffix)?, word))
            })
            .min_by_key(|(rest, _)| rest.len())?;
        self.money = true;
        self.chinese |= is_chinese(word);
        Some(rest)
    }

    fn peel_scale(&mut self) -> Option<&'a str> {
        if self.scale.is_some() {
            return None;
        }
        // The longest word wins: 百万 before 万.
        let (rest, power, word) = SCALES
            .iter()
            .flat_map(|(power, words)| words.split(' ').map(|word| (*power, word)))
            .filter_map(|(power, word)| Some((self.core.strip_suffix(word)?, power, word)))
            .min_by_key(|(rest, ..)| rest.len())?;
        self.scale = Some(power);
        self.chinese |= is_chinese(word);
        Some(rest)
    }
}

/// Whether a unit is written in Chinese characters.
fn is_chinese(unit: &str) -> bool {
    unit.starts_with(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

/// The decimal texts, with a point and without groups, that digits with separators could mean.
fn decimals(core: &str) -> Vec<String> {
    let is_mark = |c: char| matches!(c, ' ' | '\'' | '’' | ',' | '.');
    let runs: Vec<&str> = core.split(is_mark).collect();
    let is_digit = |c: char| c.is_ascii_digit();
    if !core.contains(is_digit) || !core.chars().all(|c| is_digit(c) || is_mark(c)) {
        return Vec::new();
    }
    let marks: Vec<char> =
        core.chars().filter(|c| is_mark(*c)).map(|c| if c == '’' { '\'' } else { c }).collect();
    let (Some((last, earlier)), Some((tail, head))) = (marks.split_last(), runs.split_last()) else {
        return vec![core.to_owned()];
    };
    let may_be_point = matches!(last, ',' | '.') && !tail.is_empty();
    let uniform = earlier.iter().all(|mark| mark == last);
    let only_groups = earlier.iter().all(|mark| Some(mark) == earlier.first() && mark != last);
    match head {
        [whole] if may_be_point => {
            let decimal = format!("{whole}.{tail}");
            // Nobody writes a group of thousands after nothing or after a single 0.
            if tail.len() == 3 && (1..=3).contains(&whole.len()) && *whole != "0" {
                vec![runs.concat(), decimal]
            } else {
                vec![decimal]
            }
        }
        _ if uniform && is_grouped(&runs) => vec![runs.concat()],
        _ if may_be_point && only_groups && is_grouped(head) => {
            vec![format!("{}.{tail}", head.concat())]
        }
        _ => Vec::new(),
    }
}

/// Whether these runs of digits are groups of three, the first one shorter at will.
fn is_grouped(runs: &[&str]) -> bool {
    runs.split_first().is_some_and(|(first, rest)| {
        (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|run| run.len() == 3)
    })
}

/// Shifts the decimal point in the text and parses once: `38.4` by -2 is the number nearest to 0.384,
/// which 38.4 / 100 need not be.
fn finite(sign: &str, digits: &str, shift: i32) -> Option<f64> {
    let value: f64 = format!("{sign}{digits}e{shift}").parse().ok()?;
    // Adding 0 turns -0 into 0.
    value.is_finite().then_some(value + 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, proptest};

    use super::TextNumber::{Ambiguous, NotANumber, Percent, Plain};
    use super::*;

    /// Texts that all mean one number.
    fn all_read(texts: &str, expected: &TextNumber) {
        for text in texts.split(" | ") {
            assert_eq!(&number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn separators_of_every_language_are_read() {
        for (value, texts) in [
            (0.0, "0 | -0 | 0,000 | 0.0"),
            (7.0, "007"),
            (42.0, "42 |  42\n"),
            (123.0, "１２３"),
            (1200.0, "1 200 | \u{feff}1\u{200b}200"),
            (1200.5, "1200,50 | 1 200,50 | 1\u{a0}200,50 | 1\u{202f}200,50"),
            (1200.5, "1.200,50 | 1,200.50 | 1'200.50 | 1’200,5"),
            (1200.5, "１，２００．５０ | １　２００，５０"),
            (1234.567, "1 234,567 | 1’234.567 | 1,234.567 | 1.234,567"),
            (1234.567, "1234,567 | 1234.567"),
            (1_234_567.0, "1234567 | 1,234,567 | 1.234.567 | 1 234 567"),
            (1_234_567.0, "1’234’567 | 1’234'567"),
            (12.34, "12,34 | 12.34"),
            (1.2345, "1.2345 | 1,2345"),
            (0.5, ".5 | ,5 | 0,500 | .500"),
            (0.123, "0.123 | 0,123"),
            (38_000_000.0, "3,800万元 | 3,800万 | 3,800 万 元 | ３，８００万元 | 3,800.00万"),
            (38_000.0, "38,000元 | 3.800万 | 3.8万元 | 3,8万"),
        ] {
            all_read(texts, &Plain(value));
        }
    }

    #[test]
    fn signs_and_scales_and_currencies_are_read() {
        for (value, texts) in [
            (5.0, "+5 | USD 5 | 5 eur | $5 | 5$"),
            (-5.0, "-5 | - 5 | \u{2212}5 | －5 | -$5 | $-5 | (5) | ($5)"),
            (-1200.5, "(1 200,50) | ($1,200.50) | $(1,200.50) | （1200.50）"),
            (1200.5, " $   1,200.50  | 1 200,50 € | 1 200,50 руб."),
            (1200.5, "￥1,200.50 | 1200.50元 | PLN 1 200,50"),
            (500.0, "500р. | 500 грн | £500 | 500 ZŁ | 500 ₽"),
            (50_000.0, "50k | 50K | 50 thousand | 50千 | 5万 | 50 tys."),
            (50_000.0, "50tys | 50 тыс. | 50тыс | 50 ТЫС | 50 tys. zł"),
            (50_000.0, "50 тыс.руб. | ￥5万 | ５ 万元 | $50k | 50k €"),
            (1_200_000.0, "1.2m | 1.2 Mio | 1,2 mn | 1,2 mln | 1,2 МЛН"),
            (1_200_000.0, "1.2 million | 120万 | 1.2百万 | € 1.2m"),
            (1_200_000.0, "1,2 mln PLN | 120 万元 | 1 200 тыс. | 1,2 млн ₽"),
            (1_100_000.0, "1,1 млн"),
            (20_000_000.0, "2千万"),
            (150_000_000.0, "1.5亿"),
            (500.0, "5百 | 0,5 tysiąca"),
            (1_500_000.0, "1,5 miliona | 1 500 tysięcy"),
            (1.5e9, "1,5 miliarda"),
            (21_000.0, "21 тысячу"),
            (2e9, "2 bn | 2 mld | 2 mlrd | 2 млрд ₽ | 2 miliardy"),
        ] {
            all_read(texts, &Plain(value));
        }
    }

    #[test]
    fn percentages_are_read_as_fractions() {
        for (value, texts) in [
            (0.5, "50% | 50 % | 50％ | %50 | ５０％ | + 50 %"),
            (0.125, "１２．５％ | 12,5%"),
            (0.015, "1,5% | 1.5\u{a0}%"),
            (0.384, "38,4 %"),
            (-0.05, "-5% | (5%) | (5)% | -%5"),
            (12.0, "1 200 %"),
        ] {
            all_read(texts, &Percent(value));
        }
    }

    #[test]
    fn what_could_be_two_numbers_is_not_guessed() {
        for (text, thousands, decimal) in [
            ("1,234", 1234.0, 1.234),
            ("1.234", 1234.0, 1.234),
            ("100,000", 100_000.0, 100.0),
            ("-12.500", -12_500.0, -12.5),
            ("$1,234", 1234.0, 1.234),
            ("１，２３４", 1234.0, 1.234),
            ("1,234 млн", 1_234_000_000.0, 1_234_000.0),
            ("¥1,234", 1234.0, 1.234),
            ("12.345 %", 123.45, 0.12345),
        ] {
            assert_eq!(number(text), Ambiguous(vec![thousands, decimal]), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let refused = "- | — | % | $ | () | , | . | k | 万 | abc | n/a | TBD | 待定 | все | 1e5 | 1E5 | 1.2e-3 | \
            0x10 | inf | NaN | 1,2,3 | 1 2 | 1  200 | 1\n200 | 1\t200 | 1,00,000 | 0 500 | 0,123,456 | \
            1234 567 | 1 234.567 890 | 1,234 567 | 1'234,567.8 | 1..5 | 1, | 5. | 1, 5 | 1_000 | --5 | -(5) | \
            (-5) | (5 | 5) | 5- | 5 % % | 5 pp | 5 п.п. | 5 pkt proc. | 5个百分点 | 5 km | 5 zł k | $5€ | $5% | \
            5k% | 5 k m | 3亿5000万 | 10² | ① | ⑴ | 1½ | 5㎡ | 31.03.2027 | 2027-03-31 | 10-20 | 1/2 | ~5 | >5 | \
            =5 | ５‰ | \u{202e}12 | ١٢٣ | 12 13 14";
        for text in refused.split(" | ").chain(["", " "]) {
            assert_eq!(number(text), NotANumber, "{text:?}");
        }
        assert_eq!(number(&"9".repeat(400)), NotANumber);
        assert_eq!(number(&format!("{} bn", "9".repeat(305))), NotANumber);
    }

    /// Texts of the characters that numbers are made of, so that most rules are reached.
    fn number_like() -> impl Strategy<Value = String> {
        "[-+()%$€ .,'’\u{a0}0-9eEkmMтысмлнtysmln万亿千百％１]{0,14}"
    }

    proptest! {
        #[test]
        fn what_rust_prints_is_read_back(v in any::<f64>(), whole in any::<i32>(), places in 0..9_i32) {
            let tidy = format!("{whole}e-{places}").parse::<f64>().unwrap();
            for v in [v, tidy].into_iter().filter(|v| v.is_finite()) {
                match number(&format!("{v}")) {
                    Plain(read) => assert_eq!(read, v),
                    Ambiguous(read) => assert!(read.contains(&v), "{v}"),
                    other @ (Percent(_) | NotANumber) => panic!("{v}: {other:?}"),
                }
            }
        }

        #[test]
        fn percentages_are_the_nearest_fraction(whole in 0..1000_u32, tenth in 0..10_u32) {
            let expected = format!("{}e-3", whole * 10 + tenth).parse::<f64>().unwrap();
            assert_eq!(number(&format!("{whole},{tenth} %")), Percent(expected));
        }

        #[test]
        fn any_text_gives_finite_readings(wild in any::<String>(), like in number_like()) {
            for text in [wild, like] {
                match number(&text) {
                    Plain(v) | Percent(v) => assert!(v.is_finite(), "{text:?}"),
                    Ambiguous(all) => {
                        assert_eq!(all.len(), 2, "{text:?}");
                        assert!(all.iter().all(|v| v.is_finite()), "{text:?}");
                    }
                    NotANumber => {}
                }
            }
        }
    }
}
