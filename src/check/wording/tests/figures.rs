//! Numbers, their kinds and their roles.

use proptest::prelude::{any, proptest};

use crate::base::text::fold;
use crate::check::wording::{FigureKind, Role, Wording, parted};

/// The figures of a text, written short: role, readings, kind.
fn figures(text: &str) -> String {
    let wording = Wording::read(text, &[]);
    let short = wording.figures.iter().map(|figure| {
        let role = match figure.role {
            Role::From => "from ",
            Role::To => "to ",
            Role::By => "by ",
            Role::Bound => "bound ",
            Role::Plain => "",
        };
        let kind = match figure.kind {
            FigureKind::Number => "",
            FigureKind::Percent => "%",
            FigureKind::Points => "pp",
            FigureKind::Money => "$",
            FigureKind::Times => "x",
        };
        let readings: Vec<String> = figure.readings.iter().map(ToString::to_string).collect();
        format!("{role}{}{kind}", readings.join("|"))
    });
    short.collect::<Vec<_>>().join(", ")
}

fn all(expected: &str, texts: &str) {
    for text in texts.split(" | ") {
        assert_eq!(figures(text), expected, "{text:?}");
    }
}

#[test]
fn numbers_percentages_points_and_money_are_told_apart() {
    all("500", "500 leads | 500条线索 | 500 лидов | 500 leadów | leads: 500 | 500");
    all("20000|20", "20,000 visitors | 20.000 leadów");
    all(
        "20000",
        "20 000 посетителей | 20 000 odwiedzin | 20k visitors | 2万访客 | 2万名访客 | 20 тыс. визитов | 20 tys. wizyt",
    );
    all("1200000", "1.2m visits | 1,2 млн визитов | 1,2 mln wizyt | 120万次");
    all(
        "0.2%",
        "20% of leads | 20 % | 20 percent | 20 процентов | 20 procent | 20 proc. | 百分之20 | 两成 | 2成",
    );
    all("0.015%", "conversion 1.5 % | 1,5% | 1.5%");
    all(
        "0.015pp",
        "1.5 pp | 1,5 п.п. | 1,5 pkt proc. | 1.5个百分点 | 1.5 percentage points | 1,5 процентных пункта | 1,5 punktu procentowego | \
        1,5 п. п. | 1.5 % points | 1,5 pkt. proc.",
    );
    all(
        "600000$",
        "600,000.00 USD revenue | $600 000 | 60万元 | €600k | 600 тыс. руб. | 600 000 ₽ | 600 tys. zł | 600 000 PLN | 60万美元 | \
        600000元收入 | 600 тыс. рублей выручки",
    );
    all(
        "2x",
        "double leads | doubling leads | 2x leads | удвоить лиды | вдвое больше лидов | увеличить в 2 раза | увеличить лиды в два раза | \
        podwoić leady | dwukrotnie więcej leadów | 2 razy więcej | 线索翻倍 | 线索翻一番 | 2-fold growth | leads ×2 | x2 leads",
    );
    all(
        "3x",
        "triple leads | 3x leads | в 3 раза | увеличить в три раза | trzykrotnie | 3 razy | втрое | 三倍的线索",
    );
    all("by 4|3x", "线索增长3倍");
    all("0.5x", "cut churn in half | снизить отток вдвое | сократить отток в 2 раза | 流失率减半");
    all("3", "LTV:CAC 3:1");
}

#[test]
fn what_is_no_figure_is_left_out() {
    all(
        "",
        "B2B marketing | Web 2.0 | top 3 keywords | TOP10 | TOP 10 | топ-10 | топ 10 | ISO 9001 | 24/7 | 1st place on the list | \
        2nd launch | 3-й сайт | 2-го сайта | 1. Raise leads | Goal 1: raise leads | Цель 2: рост | 1) Raise leads | (1) Raise leads | 1、提升线索 | 3D video | 5G launch | GA4 | \
        COVID-19 | a 5-star review | 50/50 | 10:30 | Web 2.0 leads | Plan 2027 | 第1批 | 前10 | position 3 | № 1 | #1 | 18-25 лет | \
        Windows 11 | 2026/27 | 2026-27",
    );
    all(
        "500",
        "1. Get 500 leads | 1) 500 leads | Q1: 500 leads | 500 B2B leads | 500 leads in 2027 | H1 500 leads | 500 leads 24/7 | \
        2027年500条线索 | 500 leads by 31.12.2027 | top 10 keywords: 500 | first 500 customers | 1. 500 leads",
    );
    all(
        "500, 12",
        "500 leads, 12 customers | 500 leads and 12 customers | 500条线索和12个客户 | 500 лидов и 12 клиентов | 500 leadów i 12 klientów",
    );
}

#[test]
fn roles_come_from_the_words_before() {
    all(
        "from 1000, to 1200",
        "from 1000 to 1200 | увеличить с 1000 до 1200 | zwiększyć z 1000 do 1200 | 从1000提升到1200 | 由1000增至1200 | \
        raise leads from the current 1000 to 1200 | с текущих 1000 до 1200 лидов | z poziomu 1000 do 1200 | 从1000 到 1200 | \
        od 1000 do 1200 | от 1000 до 1200",
    );
    all(
        "from 0.015%, to 0.03%",
        "z 1,5% do 3% | from 1.5 % to 3 % | с 1,5 % до 3 % | 从1.5%提升到3% | Konwersja z 1,5% do 3% do końca H1",
    );
    all("from 0.015|1.5%, to 0.03%", "from 1.5 to 3% | с 1,5 до 3 % | z 1,5 do 3% | 从1.5提高至3%");
    all("from 1000, to 2030", "from 1000 to 2030 leads | с 1000 до 2030 | from 1000 to 2030");
    all("from 400, to 350", "CAC 400 → 350 | CAC 400 -> 350 | CAC: 400 to 350 | 线索400提升到350");
    all("by 0.3%, to 2600000$", "grow revenue by 30% to $2.6m");
    all("from 2000, to 2400", "увеличить с 2000 до 2400 лидов | from 2000 to 2400");
    all(
        "by 0.2%",
        "increase by 20% | на 20 % | o 20% | 提升20% | 增长20% | +20% | 20% more leads | на 20 % больше | o 20% więcej | 20% growth | \
        growth of 20% | рост 20% | рост на 20 % | wzrost o 20% | 20%的增长 | by at least 20% | не менее чем на 20% | o co najmniej 20% | 提升至少20% | \
        提升约20% | by about 20 percent",
    );
    all("by 0.015pp", "by 1.5 pp | на 1,5 п.п. | o 1,5 pkt proc. | 提升1.5个百分点");
    all("by -0.2%", "CAC -20% | CAC −20 %");
    all("bound 50", "at least 50 | не менее 50 | co najmniej 50 | 至少50 | не ниже 50 | не более 50 | no more than 50 | nie więcej niż 50 | 不低于50 | 50以上 | \
        50条线索以上 | 50+ leads | more than 50 | 50 and… 50"
        .split(" | 50 and").next().unwrap());
    all(
        "to 500",
        "grow to 500 | до 500 лидов | zwiększyć do 500 | 达到500 | 提升至500 | reach 500 leads | to about 500 | до примерно 500",
    );
    all("bound 0.03%", "up to 3% | от 3 % | od 3%");
    all("600000$", "на 600 000 долларов выручки | worth $600,000.00");
    all("by 50", "increase leads by 50 | увеличить число лидов на 50 | o 50 leadów | 增加50条线索");
    all("5", "attended by 5 people | we do 5 webinars | на 5 рынках | 5 webinars for sales");
}

#[test]
fn numbers_in_words_are_figures() {
    all("200", "two hundred leads | двести лидов | dwieście leadów | 二百条线索 | 两百条线索");
    all("21000", "21 тысячу | 21 tysięcy | двадцать одна тысяча");
    all("500", "five hundred | пятьсот лидов | pięćset leadów | 五百条线索 | 5百条");
    all("1000", "a thousand leads | one thousand | тысячу лидов | tysiąc leadów | 一千条");
    all("2000", "two thousand leads | две тысячи лидов | dwa tysiące leadów | 两千条 | 2 tysiące");
    all("5000", "five thousand | пять тысяч | pięć tysięcy");
    all("1500", "полторы тысячи | półtora tysiąca | полтора тысячи");
    all("500000", "half a million | полмиллиона | pół miliona | 0,5 miliona");
    all("25", "twenty-five | двадцать пять | dwadzieścia pięć | 二十五个");
    all("250", "two hundred and fifty | двести пятьдесят | dwieście pięćdziesiąt");
    all("12", "a dozen deals | 十二个客户 | twelve deals");
    all("100000", "one hundred thousand | сто тысяч | sto tysięcy | 十万次");
    all("200000000", "two hundred million | двести миллионов | 两亿次");
    all("0.2%", "twenty percent | двадцать процентов | dwadzieścia procent | 百分之二十 | 20 percent");
    all("0.45%", "百分之四十五");
    all("0.05%", "five per cent | five percent | пять процентов | pięć procent");
    all(
        "0.05pp",
        "five percentage points | пять процентных пунктов | pięć punktów procentowych | 五个百分点",
    );
    all(
        "from 200, to 300",
        "from two hundred to three hundred | с двухсот до трехсот | od dwustu do trzystu",
    );
    all("12000", "1万2千条");
    all("35000", "3万5千 | 3.5万");
    all("125000", "12万5千访客");
    all("350000000$", "3亿5000万元");
    all("1500000$", "1,5 miliona zł");
    all(
        "",
        "一些客户 | one of them | first | один из | jeden z | 十分 | 几十个客户 | 数百万用户 | 第二十五条 | hundreds of leads | top ten",
    );
    all("", "in twelve months | двенадцать месяцев | 十二个月内 | 二〇二七年底 | 二零二七年");
}

#[test]
fn points_are_marked() {
    for (in_points, texts) in [
        (
            true,
            "by 5 points | by 5 pts | на 5 п. | на 5 пунктов | o 5 punktów | o 5 pkt | a 5-point increase",
        ),
        (false, "by 5 pp | by 5 | by 5 % | на 5 лидов | top 5"),
    ] {
        for text in texts.split(" | ") {
            let figures = Wording::read(text, &[]).figures;
            assert!(figures.iter().all(|figure| figure.in_points == in_points), "{text}: {figures:?}");
            assert!(
                !in_points || figures.iter().all(|figure| figure.role == Role::By),
                "{text}: {figures:?}"
            );
        }
    }
    all("by 5", "raise NPS by 5 points | o 5 punktów | на 5 пунктов");
    all("by 0.005pp", "by 50 basis points | by 50 bps | на 50 б.п. | o 50 punktów bazowych | 提升50个基点");
    all("by 0.05pp", "转化率提升5pct");
    all("by 0.125%, by 5", "by 12.5 % (5 points)");
    all("from 40, to 45", "from 40 to 45 points");
}

#[test]
fn attributes_parts_and_other_years_are_no_figures() {
    all(
        "500",
        "从50至249人的企业获得500条 | 500条线索,其中100条来自展会 | 25至34岁 500条 | 新增500条线索 | 新增线索500条",
    );
    all(
        "",
        "100至249人 | 25-34岁 | level of 2025 | the 2025 level | 2024年水平 | уровень 2025 | poziom z 2025",
    );
    all("10, 20", "10~20条 | 10～20条");
    assert_eq!(Wording::read("10～20条", &[]).approximate, None);
    all(
        "by 0.2%",
        "on top, by 20 % over the 2025 level | на 20 % к уровню 2025 | o 20% powyżej poziomu z 2025",
    );
    all(
        "by 0.2%, from 500",
        "на 20 % больше прошлогодних 500 | o 20% względem zeszłorocznych 500 | by 20 % over last year's 500",
    );
    all("from 500, by 0.2%", "比去年的500多20%");
    all("from 2000, to 2400", "from 2000 to 2400");
}

#[test]
fn ranges_share_their_unit() {
    all("0.1|10%, 0.2%", "10–20% | 10-20%");
    all("10, 20", "10–20 leads | 10-20 leads");
    all("1500000|1.5, 2000000", "1,5–2 млн");
}

#[test]
fn a_chinese_comma_joins_no_numbers() {
    all("from 425, to 500", "将线索从425提升到500，2027年12月31日前完成");
    all("500, 12", "500条线索，12个客户");
    // Typed in the wide mode of an input method it parts thousands.
    all("20000|20", "２０，０００次访问");
}

#[test]
fn texts_of_figures_are_as_typed_and_their_places_are_of_the_folded_text() {
    let text = "Увеличить Ёмкость с 1 200 до 1,2 МЛН ₽ (+15 %), 5-10 pp";
    let wording = Wording::read(text, &[]);
    let texts: Vec<&str> = wording.figures.iter().map(|figure| figure.text.as_str()).collect();
    assert_eq!(texts, ["1 200", "1,2 МЛН ₽", "+15 %", "5", "10 pp"]);
    for figure in &wording.figures {
        assert_eq!(wording.folded[figure.at.clone()], fold(&figure.text));
    }
}

proptest! {
    #[test]
    fn any_text_gives_ranges_of_its_own(
        wild in any::<String>(),
        like in "[0-9]{0,3}[ .,:/–+-]{0,2}(%|k|м|万|个百分点|pp|тыс|q|h|第|季度|月|年|г|to|до|from|с|и|and|\"|2027|12|mar|мая|x|раза|倍| ){0,12}",
        worded in "(увеличить|increase|提升|zwiększyć|more|約|约|около|до|по|конца|года|within|a|year|q[0-9]|[0-9]{1,4}|%| |,|-){0,20}",
    ) {
        for text in [wild, like, worded] {
            let wording = Wording::read(&text, &["more q1", "%", "-"]);
            assert_eq!(wording.folded, fold(&parted(&text)));
            let mut end = 0;
            for figure in &wording.figures {
                assert!(wording.folded.get(figure.at.clone()).is_some(), "{text:?}");
                assert!(!figure.text.is_empty() && !figure.readings.is_empty(), "{text:?}");
                assert!(figure.readings.iter().all(|value| value.is_finite()), "{text:?}");
                assert!(figure.at.start >= end, "{text:?}");
                end = figure.at.end;
            }
            let mut end = 0;
            for part in &wording.parts {
                assert!(wording.folded.get(part.clone()).is_some_and(|part| !part.is_empty()), "{text:?}");
                assert!(part.start >= end, "{text:?}");
                end = part.end;
            }
            for period in &wording.periods {
                assert!(period.last_day(46_388.0).is_none_or(f64::is_finite), "{text:?}");
            }
        }
    }
}

#[test]
fn hostile_texts_take_no_time() {
    let pieces = [
        "1-",
        "1.",
        "1 000 ",
        "i i ",
        "第一",
        "q1",
        "до 1 ",
        "from 1 to 2 ",
        "и ",
        "more ",
        "2x ",
        "in 2027 ",
        "(",
        "一",
        "1, ",
        "больше 5 ",
        "w ciągu ",
        "no 1 ",
        "約",
        "a",
        "1月",
        "first on ",
        "+",
        "мая 1 ",
        "end of ",
    ];
    for piece in pieces {
        let text = piece.repeat(8000 / piece.len());
        let start = std::time::Instant::now();
        Wording::read(&text, &["more", "q1"]);
        // Ten times what a release build may take; a debug build is slower by as much.
        assert!(start.elapsed().as_millis() < 1500, "{piece:?}: {:?}", start.elapsed());
    }
}
