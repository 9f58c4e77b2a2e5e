//! What a sentence of a language is put together from: numbers, days, lists, and what is said of something.

use crate::base::date::civil;
use crate::base::locale::{Lang, Words};
use crate::base::value::{Unit, shortened};

/// The space of a number, at which no line breaks.
const NO_BREAK: char = '\u{a0}';

impl Words {
    /// A number: thousands apart, at most six decimals, a share as a percentage, a day as people write it.
    pub fn number(self, v: f64, unit: Unit) -> String {
        match (unit, self.lang()) {
            (Unit::Percent, Lang::En) => format!("{} %", self.plain(v * 100.0)),
            (Unit::Percent, Lang::Ru) => format!("{}{NO_BREAK}%", self.plain(v * 100.0)),
            (Unit::Percent, Lang::ZhCn | Lang::Pl) => format!("{}%", self.plain(v * 100.0)),
            (Unit::Date | Unit::Month, _) => self.day(v),
            (Unit::Money | Unit::Count | Unit::Exact | Unit::Number | Unit::Years | Unit::Text, _) => {
                self.plain(v)
            }
        }
    }

    /// A number with at most so many decimals; of a percentage those that are shown.
    pub fn rounded(self, v: f64, unit: Unit, decimals: usize) -> String {
        self.number(shortened(v, unit, decimals), unit)
    }

    fn day(self, serial: f64) -> String {
        let Some((year, month, day)) = civil(serial) else { return serial.to_string() };
        match self.lang() {
            Lang::En => format!("{year:04}-{month:02}-{day:02}"),
            Lang::ZhCn => format!("{year}年{month}月{day}日"),
            Lang::Ru | Lang::Pl => format!("{day:02}.{month:02}.{year:04}"),
        }
    }

    fn plain(self, v: f64) -> String {
        let (thousands, point) = match self.lang() {
            Lang::En | Lang::ZhCn => (',', '.'),
            Lang::Ru | Lang::Pl => (NO_BREAK, ','),
        };
        let text = format!("{v:.6}");
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
        let mut out = String::from(sign);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                out.push(thousands);
            }
            out.push(digit);
        }
        let decimals = decimals.trim_end_matches('0');
        if !decimals.is_empty() {
            out.push(point);
            out.push_str(decimals);
        }
        out
    }

    /// What a sentence calls a currency: at home by its sign, abroad by its ISO 4217 code.
    pub fn currency(self, code: &str) -> String {
        let lang = Some(self.lang()).filter(|lang| lang.home_currency() == Some(code));
        let sign = match lang {
            Some(Lang::ZhCn) => "元",
            Some(Lang::Ru) => "₽",
            Some(Lang::Pl) => "zł",
            Some(Lang::En) | None => code,
        };
        sign.to_owned()
    }

    /// One after the other, as a sentence lists them.
    pub fn list(self, parts: &[String]) -> String {
        parts.join(if self.lang() == Lang::ZhCn { "、" } else { ", " })
    }

    /// Clauses of one sentence, one after the other.
    pub fn clauses(self, parts: &[String]) -> String {
        parts.join(if self.lang() == Lang::ZhCn { "；" } else { "; " })
    }

    /// Parts of one remark, such as a file, a sheet and a cell.
    pub fn parts(self, parts: &[String]) -> String {
        parts.join(if self.lang() == Lang::ZhCn { "，" } else { ", " })
    }

    /// Sentences behind each other; one that does not end yet gets its full stop.
    pub fn sentences(self, sentences: &[String]) -> String {
        let is_chinese = self.lang() == Lang::ZhCn;
        let ended = |text: &String| match text.chars().next_back() {
            Some('.' | '!' | '?' | '。' | '！' | '？') => text.clone(),
            _ => format!("{text}{}", if is_chinese { "。" } else { "." }),
        };
        let ended: Vec<String> = sentences.iter().map(ended).collect();
        ended.join(if is_chinese { "" } else { " " })
    }

    /// A remark in brackets behind a text.
    pub fn aside(self, text: &str, remark: &str) -> String {
        if self.lang() == Lang::ZhCn { format!("{text}（{remark}）") } else { format!("{text} ({remark})") }
    }

    /// What is said of something: `Leads: base`.
    pub fn said_of(self, owner: &str, what: &str) -> String {
        let colon = if self.lang() == Lang::ZhCn { "：" } else { ": " };
        format!("{owner}{colon}{what}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_show_numbers_as_their_readers_write_them() {
        let shown = |v: f64, unit: Unit| {
            crate::base::locale::LANGS.map(|lang| Words::new(lang).number(v, unit).replace(NO_BREAK, "_"))
        };
        assert_eq!(shown(2_600_000.0, Unit::Money), ["2,600,000", "2,600,000", "2_600_000", "2_600_000"]);
        assert_eq!(shown(0.384, Unit::Percent), ["38.4 %", "38.4%", "38,4_%", "38,4%"]);
        assert_eq!(shown(-1234.5, Unit::Number), ["-1,234.5", "-1,234.5", "-1_234,5", "-1_234,5"]);
        assert_eq!(shown(0.0, Unit::Count), ["0"; 4]);
        assert_eq!(shown(46_752.0, Unit::Date), ["2027-12-31", "2027年12月31日", "31.12.2027", "31.12.2027"]);
    }
}
