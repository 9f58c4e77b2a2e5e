//! Numbers in words, and Chinese numbers, joined to one token each: "two hundred", двадцать пять, 1万2千, 二〇二七年.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::check::wording::tokens::{Kind, Token, bare};

/// Words with the numbers that they stand for.
const SMALL: [&str; 3] = [
    "one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 \
     fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 \
     seventy=70 eighty=80 ninety=90",
    "один=1 одна=1 одну=1 одного=1 два=2 две=2 двух=2 три=3 трех=3 четыре=4 четырех=4 пять=5 пяти=5 шесть=6 шести=6 \
     семь=7 семи=7 восемь=8 восьми=8 девять=9 девяти=9 десять=10 десяти=10 одиннадцать=11 одиннадцати=11 \
     двенадцать=12 двенадцати=12 тринадцать=13 тринадцати=13 четырнадцать=14 четырнадцати=14 пятнадцать=15 \
     пятнадцати=15 шестнадцать=16 шестнадцати=16 семнадцать=17 семнадцати=17 восемнадцать=18 восемнадцати=18 \
     девятнадцать=19 девятнадцати=19 двадцать=20 двадцати=20 тридцать=30 тридцати=30 сорок=40 сорока=40 пятьдесят=50 \
     пятидесяти=50 шестьдесят=60 шестидесяти=60 семьдесят=70 семидесяти=70 восемьдесят=80 восьмидесяти=80 \
     девяносто=90 девяноста=90 сто=100 ста=100 двести=200 двухсот=200 триста=300 трехсот=300 четыреста=400 \
     четырехсот=400 пятьсот=500 пятисот=500 шестьсот=600 шестисот=600 семьсот=700 семисот=700 восемьсот=800 \
     восьмисот=800 девятьсот=900 девятисот=900",
    "jeden=1 jedna=1 jedną=1 dwa=2 dwie=2 dwóch=2 trzy=3 trzech=3 cztery=4 czterech=4 pięć=5 pięciu=5 sześć=6 \
     sześciu=6 siedem=7 siedmiu=7 osiem=8 ośmiu=8 dziewięć=9 dziewięciu=9 dziesięć=10 dziesięciu=10 jedenaście=11 \
     jedenastu=11 dwanaście=12 dwunastu=12 trzynaście=13 trzynastu=13 czternaście=14 czternastu=14 piętnaście=15 \
     piętnastu=15 szesnaście=16 szesnastu=16 siedemnaście=17 siedemnastu=17 osiemnaście=18 osiemnastu=18 \
     dziewiętnaście=19 dziewiętnastu=19 dwadzieścia=20 dwudziestu=20 trzydzieści=30 trzydziestu=30 czterdzieści=40 \
     czterdziestu=40 pięćdziesiąt=50 pięćdziesięciu=50 sześćdziesiąt=60 sześćdziesięciu=60 siedemdziesiąt=70 \
     siedemdziesięciu=70 osiemdziesiąt=80 osiemdziesięciu=80 dziewięćdziesiąt=90 dziewięćdziesięciu=90 sto=100 stu=100 \
     dwieście=200 dwustu=200 trzysta=300 trzystu=300 czterysta=400 czterystu=400 pięćset=500 pięciuset=500 \
     sześćset=600 sześciuset=600 siedemset=700 siedmiuset=700 osiemset=800 ośmiuset=800 dziewięćset=900 \
     dziewięciuset=900",
];
/// Words that multiply what stands before them.
const SCALES: &str = "hundred=100 thousand=1000 million=1000000 тысяча=1000 тысячу=1000 тысячи=1000 тысяч=1000 \
    миллион=1000000 миллиона=1000000 миллионов=1000000 tysiąc=1000 tysiąca=1000 tysiące=1000 tysięcy=1000 \
    milion=1000000 miliona=1000000 miliony=1000000 milionów=1000000";
/// Scale words that are a number without any word before them.
const ALONE: &str = "тысяча=1 тысячу=1 tysiąc=1 tysiąca=1 миллион=1 milion=1";
/// Whole numbers of several words or of one that is no sum.
const WHOLE: &str = "a hundred=100; a thousand=1000; a million=1000000; a dozen=12; half a million=500000; \
    half a thousand=500; полтора миллиона=1500000; полторы тысячи=1500; полтора тысячи=1500; полутора тысяч=1500; \
    полмиллиона=500000; пол миллиона=500000; półtora tysiąca=1500; półtora miliona=1500000; pół miliona=500000; \
    pół tysiąca=500";
/// The numbers below this are figures only beside these starts of words: "one" and "two" are much else.
const LEAST: u64 = 10;
const PERCENT: [&str; 7] = ["percent", "pct", "point", "процент", "пункт", "procent", "punkt"];
/// Most words of a number.
const MOST: usize = 8;

/// A number as the key of a token. It is grouped, so that it is no year.
fn key(value: u64) -> String {
    if (1000..10_000).contains(&value) {
        format!("{}'{:03}", value / 1000, value % 1000)
    } else {
        value.to_string()
    }
}

type Numbers = HashMap<String, u64>;

fn numbers(list: &str, between: char) -> Numbers {
    let pairs = list.split(between).filter_map(|pair| pair.trim().rsplit_once('='));
    pairs.filter_map(|(word, value)| Some((word.chars().map(bare).collect(), value.parse().ok()?))).collect()
}

/// The words of all languages: small numbers, scales, scales that stand alone, whole numbers.
struct Lists {
    small: Numbers,
    scales: Numbers,
    alone: Numbers,
    whole: Numbers,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| Lists {
        small: numbers(&SMALL.join(" "), ' '),
        scales: numbers(SCALES, ' '),
        alone: numbers(ALONE, ' '),
        whole: numbers(WHOLE, ';'),
    })
}

/// Joins the tokens of each number.
pub(super) fn join(tokens: Vec<Token>) -> Vec<Token> {
    let may_be = |token: &Token| match token.kind {
        Kind::Han => digit(token).is_some() || unit(token).is_some(),
        Kind::Word => {
            let lists = lists();
            lists.small.contains_key(&token.key)
                || lists.alone.contains_key(&token.key)
                || matches!(token.key.as_str(), "a" | "half" | "pol" | "пол")
                || lists.whole.keys().any(|whole| whole.split(' ').next() == Some(&token.key))
        }
        Kind::Number | Kind::Mark => false,
    };
    if !tokens.iter().any(may_be) {
        return tokens;
    }
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let found = match token.kind {
            Kind::Word => worded(&tokens, at).map(|(value, len)| (key(value), len)),
            Kind::Han => {
                han_year(&tokens, at).or_else(|| han(&tokens, at).map(|(value, len)| (key(value), len)))
            }
            Kind::Number => pairs(&tokens, at).map(|(value, len)| (key(value), len)),
            Kind::Mark => None,
        };
        let Some((key, len)) = found else {
            out.push(token.clone());
            at += 1;
            continue;
        };
        let end = tokens.get(at + len - 1).map_or(token.at.end, |last| last.at.end);
        out.push(Token { kind: Kind::Number, at: token.at.start..end, key, glued: token.glued });
        at += len;
    }
    out
}

/// "two hundred and fifty", "двадцать пять", "a dozen", and how many tokens they are.
fn worded(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    // "5 тысяч" is digits with a scale, "twenty-five" one number, "x-ten" a name.
    if before.is_some_and(|before| before.kind == Kind::Number || before.is("-") && before.glued) {
        return None;
    }
    let lists = lists();
    let word =
        |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Word).map(|token| token.key.as_str());
    let mut phrase = String::new();
    for len in 1..=3 {
        let Some(next) = word(at + len - 1) else { break };
        if len > 1 {
            phrase.push(' ');
        }
        phrase.push_str(next);
        if let Some(value) = lists.whole.get(&phrase) {
            return Some((*value, len));
        }
    }
    let (mut total, mut group, mut len) = (0_u64, 0_u64, 0);
    // What the next small word must be below, and the next scale.
    let (mut room, mut most) = (1000, u64::MAX);
    while len < MOST {
        let and = usize::from(group >= 100 && word(at + len) == Some("and") || joins(tokens, at, len));
        let Some(next) = word(at + len + and) else { break };
        if let Some(value) = lists.small.get(next).filter(|value| **value < room) {
            group += value;
            room = match value {
                100.. => 100,
                20..=99 => 10,
                _ => 1,
            };
        } else if let Some(scale) = lists.scales.get(next).filter(|scale| **scale < most && and == 0) {
            let alone = group == 0 && total == 0 && lists.alone.contains_key(next);
            if group == 0 && !alone {
                break;
            }
            if *scale == 100 && group >= 10 {
                break;
            }
            if *scale == 100 {
                (group, room) = (group * 100, 100);
            } else {
                total += group.max(1) * scale;
                (group, room, most) = (0, 1000, *scale);
            }
        } else {
            break;
        }
        len += 1 + and;
    }
    let value = total + group;
    let next = word(at + len).unwrap_or_default();
    let per_cent = next == "per" && word(at + len + 1) == Some("cent");
    let clear = value >= LEAST || per_cent || PERCENT.iter().any(|unit| next.starts_with(unit));
    (len > 0 && clear).then_some((value, len))
}

/// Whether a hyphen joins "twenty" and "five".
fn joins(tokens: &[Token], at: usize, len: usize) -> bool {
    let glued = |at: usize| tokens.get(at).is_some_and(|token| token.glued);
    let tens = |at: usize| {
        let token = tokens.get(at);
        token.and_then(|token| lists().small.get(&token.key)).is_some_and(|value| (20..100).contains(value))
    };
    let small = tokens.get(at + len + 1).and_then(|token| lists().small.get(&token.key));
    len > 0
        && tens(at + len - 1)
        && tokens.get(at + len).is_some_and(|token| token.is("-"))
        && glued(at + len)
        && glued(at + len + 1)
        && small.is_some_and(|value| *value < 10)
}

fn digit(token: &Token) -> Option<u64> {
    let place =
        ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().position(|digit| token.is(digit));
    let other = || if token.is("〇") { Some(0) } else { token.is("两").then_some(2) };
    place.and_then(|place| u64::try_from(place).ok()).or_else(other)
}

fn unit(token: &Token) -> Option<u64> {
    match token.key.as_str() {
        "十" => Some(10),
        "百" => Some(100),
        "千" => Some(1000),
        "万" => Some(10_000),
        "亿" => Some(100_000_000),
        _ => None,
    }
}

/// 二〇二七 before 年.
fn han_year(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let four = tokens.get(at..at + 4)?;
    let digits: Option<Vec<u64>> = four.iter().map(digit).collect();
    let year = digits?.into_iter().fold(0, |year, digit| year * 10 + digit);
    let is_year = tokens.get(at + 4).is_some_and(|token| token.is("年"));
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).and_then(digit);
    (is_year && before.is_none() && (2000..2100).contains(&year)).then(|| (year.to_string(), 4))
}

/// What may follow a Chinese number that counts something.
const COUNTED: &str = "个条家名人位次份篇场元美欧万亿单台件款套封笔项点月年天日周星小分倍成季多余岁%";

/// 二十五, 三千, 十万 before a measure word; one character alone is none, but before points.
fn han(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let token = |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Han);
    let before = at.checked_sub(1).and_then(token);
    let unclear = ["几", "数", "上", "成", "第", "多", "好", "近乎", "周", "期", "月", "农"];
    let inside = before.is_some_and(|before| {
        digit(before).is_some() || unit(before).is_some() || unclear.iter().any(|word| before.is(word))
    });
    if inside {
        return None;
    }
    let (mut total, mut section, mut open) = (0_u64, 0_u64, None);
    let (mut least, mut len, mut zero) = (u64::MAX, 0, false);
    while let Some(next) = token(at + len).filter(|_| len < 12) {
        if let Some(value) = digit(next) {
            if open.is_some() || zero && value == 0 || len == 0 && value == 0 {
                return None;
            }
            if value == 0 {
                zero = true;
            } else {
                open = Some(value);
            }
        } else if let Some(unit) = unit(next) {
            let many = open.take();
            if unit >= 10_000 {
                let whole = section + many.unwrap_or(0);
                if whole == 0 || total > 0 && unit >= 100_000_000 {
                    return None;
                }
                total += whole * unit;
                (section, least) = (0, u64::MAX);
            } else {
                // 十二 needs no 一, 百 does.
                let many = many.or((unit == 10 && len == 0).then_some(1))?;
                if unit >= least {
                    return None;
                }
                section += many * unit;
                least = unit;
            }
            zero = false;
        } else {
            break;
        }
        len += 1;
    }
    let value = total + section + open.unwrap_or(0);
    let after = tokens.get(at + len);
    let share = at.checked_sub(2).is_some_and(|at| {
        tokens.get(at).is_some_and(|token| token.is("分"))
            && tokens.get(at + 1).is_some_and(|token| token.is("之"))
    });
    let counted = after.is_some_and(|after| COUNTED.contains(after.key.as_str()));
    let points = after.is_some_and(|after| after.is("个")) && {
        tokens.get(at + len + 1).is_some_and(|token| token.is("百"))
            && tokens.get(at + len + 2).is_some_and(|token| token.is("分"))
    };
    let clear = len > 1 && value >= LEAST && (counted || share) || len == 1 && (points || share);
    clear.then_some((value, len))
}

/// 1万2千, 3亿5000万: digits with units that get smaller.
fn pairs(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let (mut total, mut len, mut least) = (0_u64, 0, u64::MAX);
    loop {
        let number = tokens
            .get(at + len)
            .filter(|token| token.kind == Kind::Number && (len == 0 || token.glued) && token.key.len() <= 4);
        let Some(digits) = number.and_then(|token| token.key.parse::<u64>().ok()) else { break };
        let unit = tokens.get(at + len + 1).filter(|token| token.glued).and_then(unit);
        let Some(unit) = unit.filter(|unit| *unit < least && *unit > 10) else { break };
        total += digits * unit;
        least = unit;
        len += 2;
    }
    let ends = tokens.get(at + len).and_then(unit).is_none();
    (len >= 4 && ends).then_some((total, len))
}
