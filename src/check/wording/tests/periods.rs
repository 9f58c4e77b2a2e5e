//! Days of periods, for plan years that start in any month.

use crate::base::date::serial;
use crate::check::wording::period::YearName;
use crate::check::wording::{Every, Period, Wording};

fn day(year: i32, month: u32, day: u32) -> f64 {
    serial(year, month, day).unwrap()
}

#[test]
fn periods_have_days_in_a_calendar_year_and_in_a_fiscal_year() {
    let plain = |year: Option<i32>| year.map(YearName::Plain);
    let quarter = |number, year| Period::Quarter { number, year: plain(year) };
    let half = |number, year| Period::Half { number, year: plain(year) };
    let month = |month, year| Period::Month { month, year: plain(year) };
    let year = |year| Period::Year(Some(YearName::Plain(year)));
    let fiscal_year = |year| Period::Year(Some(YearName::Fiscal(year)));
    let fiscal_quarter = |number, year| Period::Quarter { number, year: Some(YearName::Fiscal(year)) };
    let april = day(2027, 4, 1);
    let (calendar, fiscal) = (day(2027, 1, 1), day(2026, 7, 1));
    for (period, start, first, last) in [
        (quarter(1, None), calendar, Some(day(2027, 1, 1)), day(2027, 3, 31)),
        (quarter(4, Some(2027)), calendar, Some(day(2027, 10, 1)), day(2027, 12, 31)),
        (quarter(4, Some(2029)), calendar, Some(day(2029, 10, 1)), day(2029, 12, 31)),
        (quarter(1, None), fiscal, Some(day(2026, 7, 1)), day(2026, 9, 30)),
        (quarter(4, Some(2027)), fiscal, Some(day(2027, 4, 1)), day(2027, 6, 30)),
        (quarter(1, Some(2026)), fiscal, Some(day(2026, 7, 1)), day(2026, 9, 30)),
        (quarter(1, Some(2025)), fiscal, Some(day(2025, 1, 1)), day(2025, 3, 31)),
        (half(1, None), calendar, Some(day(2027, 1, 1)), day(2027, 6, 30)),
        (half(2, None), fiscal, Some(day(2027, 1, 1)), day(2027, 6, 30)),
        (month(3, None), calendar, Some(day(2027, 3, 1)), day(2027, 3, 31)),
        (month(3, None), fiscal, Some(day(2027, 3, 1)), day(2027, 3, 31)),
        (month(8, None), fiscal, Some(day(2026, 8, 1)), day(2026, 8, 31)),
        (month(2, Some(2028)), calendar, Some(day(2028, 2, 1)), day(2028, 2, 29)),
        (Period::DayOfYear { month: 12, day: 31 }, fiscal, None, day(2026, 12, 31)),
        (Period::DayOfYear { month: 6, day: 30 }, fiscal, None, day(2027, 6, 30)),
        (Period::Day(46_477.0), calendar, None, day(2027, 3, 31)),
        (Period::Year(None), calendar, None, day(2027, 12, 31)),
        (Period::Year(None), fiscal, None, day(2027, 6, 30)),
        (year(2027), fiscal, None, day(2027, 6, 30)),
        (year(2026), fiscal, None, day(2026, 12, 31)),
        (year(2028), calendar, None, day(2028, 12, 31)),
        // A business year is called by its first year or by its last.
        (fiscal_year(2026), fiscal, None, day(2027, 6, 30)),
        (fiscal_year(2027), fiscal, None, day(2027, 6, 30)),
        (fiscal_year(2025), fiscal, None, day(2026, 6, 30)),
        (fiscal_year(2027), calendar, None, day(2027, 12, 31)),
        (fiscal_year(2027), april, None, day(2028, 3, 31)),
        (fiscal_year(2028), calendar, None, day(2028, 12, 31)),
        (fiscal_quarter(4, 2027), april, Some(day(2028, 1, 1)), day(2028, 3, 31)),
        (fiscal_quarter(1, 2028), april, Some(day(2027, 4, 1)), day(2027, 6, 30)),
        // A quarter that the plan year has in another year only is that of the calendar.
        (quarter(1, Some(2028)), april, Some(day(2028, 1, 1)), day(2028, 3, 31)),
        (quarter(4, Some(2028)), april, Some(day(2028, 1, 1)), day(2028, 3, 31)),
        (quarter(2, Some(2028)), april, Some(day(2027, 7, 1)), day(2027, 9, 30)),
        (quarter(4, Some(2027)), april, Some(day(2028, 1, 1)), day(2028, 3, 31)),
        (half(1, Some(2027)), fiscal, Some(day(2027, 1, 1)), day(2027, 6, 30)),
        (Period::ByFirst { month: 10, year: None }, april, None, day(2027, 10, 1)),
        (Period::ByFirst { month: 2, year: None }, april, None, day(2028, 2, 1)),
        (Period::ByFirst { month: 10, year: Some(2028) }, april, None, day(2028, 10, 1)),
        (Period::Within(12), calendar, None, day(2027, 12, 31)),
        (Period::Within(3), fiscal, None, day(2026, 9, 30)),
    ] {
        assert_eq!(period.first_day(start), first, "{period:?}");
        assert_eq!(period.last_day(start), Some(last), "{period:?}");
    }
    assert_eq!(Period::Within(u32::MAX).last_day(calendar), None);
    assert_eq!(month(13, None).last_day(calendar), None);
    assert_eq!(Period::DayOfYear { month: 2, day: 30 }.last_day(calendar), None);
}

/// The periods of a text, written short: `Q4/2027`, `H1`, `M3`, `Y`, `Y2027`, `YFY2027`,
/// `+12`, `2027-12-31`, `12-31`, `<2027-10-1`, `<10-1`.
fn periods(text: &str) -> String {
    let short = |period: &Period| {
        let name = |year: YearName| match year {
            YearName::Plain(year) => year.to_string(),
            YearName::Fiscal(year) => format!("FY{year}"),
        };
        let with = |year: &Option<YearName>| year.map(|year| format!("/{}", name(year))).unwrap_or_default();
        match period {
            Period::Day(day) => crate::base::date::iso(*day),
            Period::DayOfYear { month, day } => format!("{month}-{day}"),
            Period::Quarter { number, year } => format!("Q{number}{}", with(year)),
            Period::Half { number, year } => format!("H{number}{}", with(year)),
            Period::Month { month, year } => format!("M{month}{}", with(year)),
            Period::Year(None) => "Y".to_owned(),
            Period::Year(Some(year)) => format!("Y{}", name(*year)),
            Period::ByFirst { month, year: None } => format!("<{month}-1"),
            Period::ByFirst { month, year: Some(year) } => format!("<{year}-{month}-1"),
            Period::Within(months) => format!("+{months}"),
        }
    };
    let wording = Wording::read(text, &[]);
    let periods: Vec<String> = wording.periods.iter().map(short).collect();
    periods.join(" ")
}

/// Holds that each of the texts names these periods, and that no number of theirs is a figure but 5, 50, 500 and 2030.
fn found(expected: &str, texts: &str) {
    for text in texts.split(" | ") {
        assert_eq!(periods(text), expected, "{text:?}");
        assert!(
            text.contains(": 5")
                || text.contains("50 ")
                || text.contains("500")
                || text.contains("2030")
                || Wording::read(text, &[]).figures.is_empty(),
            "{text:?}"
        );
    }
}

#[test]
fn middles_and_ends_of_periods_are_found() {
    for (expected, texts) in [
        (
            "H1",
            "by mid-year: 5 | midyear | by the middle of the year | mid year | 年中完成 | до середины года | к середине года | \
            do połowy roku | w połowie roku | do końca półrocza | до конца полугодия | leady do 500 do połowy roku",
        ),
        (
            "H1/2027",
            "by the middle of 2027 | mid-2027 | by mid-2027: 5 | 2027年中完成 | до середины 2027 года | do połowy 2027 r. | \
            w połowie 2027 roku",
        ),
        // The middle of a month is too fine, the coming months are too wide.
        (
            "",
            "by mid-March: 5 | in the middle of March | к середине марта | do połowy marca | w połowie miesiąca | 3月中旬 | mid-Q3 | \
            in the coming months | в ближайшие месяцы | w najbliższych miesiącach | 未来几个月 | over the next quarters",
        ),
        ("Q4", "w kw. IV | kwartał IV | в кв. IV"),
        ("Q2/2027", "by end of 2Q27 | 2Q2027: 5"),
        ("M6", "1-6月 | 1至6月 | 1月到6月 | 1~6月 | 1-6月份"),
        ("M6/2027", "2027年1-6月"),
        ("M3", "z końcem marca | z końcem marca: 5"),
        ("M12", "z końcem grudnia"),
        ("Y", "z końcem roku | 全年 | 本年度 | 本财年 | к Новому году | до Нового года"),
        ("Y2027", "z końcem 2027 r. | 二〇二七年底 | 二零二七年 | 2027年全年"),
        ("+6", "w pół roku | in half a year"),
    ] {
        found(expected, texts);
    }
}

#[test]
fn periods_are_found_in_four_languages() {
    for (expected, texts) in [
        (
            "Q4",
            "500 leads in Q4 | by the end of Q4: 5 | 4th quarter | fourth quarter | in the fourth quarter | \
            第四季度完成 | 4季度 | 第4季度末 | IV кв. | в IV квартале | 4-й квартал | 4 кв. | в четвертом квартале | \
            до конца IV квартала | IV kwartał | w IV kwartale | do końca 4. kwartału | 4 kw. | w czwartym kwartale | \
            quarter 4 | Q4, 50 leads",
        ),
        (
            "Q3/2027",
            "Q3 2027 | 2027 Q3 | Q3/2027 | Q3-2027 | Q3 of 2027 | third quarter of 2027 | 3Q 2027 | \
            III кв. 2027 | III кв. 2027 г. | III квартал 2027 года | в III квартале 2027 года | III kwartał 2027 | \
            III kwartał 2027 r. | w trzecim kwartale 2027 roku | 2027年第三季度 | 2027年三季度 | 2027年Q3 | Q3'27",
        ),
        (
            "Q3/FY2027",
            "Q3 FY2027 | Q3 FY27 | FY2027 Q3 | FY27 Q3 | 2027财年第三季度 | 2027财年三季度末前 | Q3 of fiscal year 2027",
        ),
        ("Q1 Q2", "in Q1 and Q2 | w I i II kwartale | в I и II кв. | Q1-Q2 | Q1、Q2"),
        (
            "H1",
            "by the end of H1 | до конца I полугодия | I полугодие | первое полугодие | в первом полугодии | \
            I półrocze | do końca I półrocza | w pierwszym półroczu | 上半年 | first half of the year | in the first half",
        ),
        ("H2/2027", "H2 2027 | 2027年下半年 | II полугодие 2027 | II półrocze 2027 r. | second half of 2027"),
        (
            "M3",
            "by the end of March | in March | до конца марта | в марте | do końca marca | w marcu | 3月底 | 三月 | 3月份",
        ),
        (
            "M3/2027",
            "March 2027 | in March 2027 | март 2027 г. | в марте 2027 года | marzec 2027 | w marcu 2027 r. | 2027年3月 | \
            到2027年3月底 | do końca marca 2027",
        ),
        ("M5", "in May | by May | до мая | w maju"),
        (
            "2027-12-31",
            "by 31 December 2027 | December 31, 2027 | 31.12.2027 | до 31.12.2027 г. | 2027-12-31 | 2027年12月31日 | \
            до 31 декабря 2027 года | do 31 grudnia 2027 r. | 31st of December 2027 | by Dec. 31, 2027",
        ),
        (
            "12-31",
            "by 31 December | by December 31 | до 31 декабря | do 31 grudnia | 12月31日前 | до 31.12 | do 31.12",
        ),
        (
            "Y",
            "by year end | by the end of the year | by end of year | by year-end | 到年底 | 年底前完成 | 今年年底 | до конца года | \
            к концу года | до конца этого года | do końca roku | na koniec roku | do konca roku | by EOY | by the end of this year",
        ),
        (
            "Y2027",
            "by the end of 2027 | by end of 2027 | in 2027 | by 2027 | до конца 2027 года | до конца 2027 | в 2027 году | \
            к 2027 году | do końca 2027 roku | do końca 2027 | w 2027 roku | w 2027 r. | 到2027年底 | 2027年底前 | 2027年 | \
            на 2027 год | by year end 2027",
        ),
        (
            "+12",
            "In the next 12 months: 5 | within 12 months | in 12 months | over the next twelve months | 12 months | within a year | \
            in one year | в течение 12 месяцев | за 12 месяцев | в течение года | за год | в ближайшие 12 месяцев | \
            в течение двенадцати месяцев | w ciągu 12 miesięcy | w ciągu roku | w najbliższych 12 miesiącach | w ciagu 12 miesiecy | \
            12个月内 | 未来12个月 | 一年内 | 未来一年 | 在接下来的12个月里 | 十二个月内 | next 12 months",
        ),
        (
            "+6",
            "within half a year | within 6 months | в течение полугода | за полгода | w ciągu pół roku | 半年内 | 6个月内 | in six months | \
            за шесть месяцев | w ciągu sześciu miesięcy | 未来半年",
        ),
        (
            "+3",
            "within a quarter | within three months | за квартал | в течение квартала | w ciągu kwartału | 3个月内 | 一个季度内 | \
            in the next quarter | within 90 days | в течение 90 дней",
        ),
        ("+24", "within 2 years | за 2 года | w ciągu 2 lat | 两年内 | within 24 months"),
        // Only what the goal is compared with.
        (
            "",
            "more than in Q4 last year… than in 2026 | compared to 2026 | vs 2026 | по сравнению с 2026 годом | по сравнению с Q4 | \
            w porównaniu z 2026 rokiem | 比2026年 | 与2026年相比 | last quarter | over the last 12 months | за последние 12 месяцев | \
            w ostatnich 12 miesiącach | 过去12个月 | than in Q4 | from 1 January | since Q1 | с января | od stycznia",
        ),
        // Nothing of these is a period.
        (
            "",
            "you may like it | a quarter of leads | march on | within reach | в течение дня | 第一批客户 | to 2030 leads | в месяц",
        ),
    ] {
        found(expected, texts);
    }
}

#[test]
fn lengths_that_a_goal_changes_are_figures() {
    for text in [
        "Reduce CAC payback from 18 months to 12 months",
        "сократить срок окупаемости с 18 до 12 месяцев",
        "skrócić okres zwrotu z 18 do 12 miesięcy",
        "将回收期从18个月缩短到12个月",
    ] {
        let wording = Wording::read(text, &[]);
        assert_eq!(wording.periods, [], "{text}");
        let readings: Vec<f64> = wording.figures.iter().flat_map(|figure| figure.readings.clone()).collect();
        assert_eq!(readings, [18.0, 12.0], "{text}");
    }
}

#[test]
fn what_comes_again_is_heard() {
    for (expected, texts) in [
        (
            Some(Every::Month),
            "6,000 every month | 6,000 a month | monthly visits of 6,000 | 6000/month | 每月6000次 | 每个月6000 | \
            6000 ежемесячно | 6000 в месяц | 6000 каждый месяц | 6000 miesięcznie | 6000 co miesiąc | 6000 miesiecznie | 月均6000",
        ),
        (
            Some(Every::Week),
            "50 weekly | 50 per week | 每周50 | 50 еженедельно | 50 в неделю | 50 tygodniowo | 50 co tydzień",
        ),
        (
            Some(Every::Quarter),
            "50 every quarter | quarterly 50 | 每季度50 | 50 ежеквартально | 50 w każdym kwartale | 50 kwartalnie",
        ),
        (Some(Every::Day), "50 a day | 50 daily | 每天50 | 50 в день | 50 dziennie | 日均50"),
        (
            None,
            "within a month: 50 | our monthly newsletter brings 50 | 50 in the next month | 50 za miesiąc | 50 leads",
        ),
    ] {
        for text in texts.split(" | ") {
            assert_eq!(Wording::read(text, &[]).every, expected, "{text:?}");
        }
    }
    assert_eq!(Wording::read("6,000 every month", &[]).figures.len(), 1);
    for (expected, text) in [
        (Some("6,000"), "6,000 every month"),
        (Some("6"), "With 6 blog posts a month, take organic visitors from 12,000 to 15,000"),
        (Some("200"), "Reach 2,400 MQLs for the year, 200 every month"),
        (Some("$5,000"), "budget of $5,000 a month"),
        (Some("6,000"), "increase monthly visits to 6,000"),
        (Some("6000"), "每月6000次"),
        (Some("60"), "60次拜访/月"),
        (Some("6000"), "6000 визитов с сайта ежемесячно"),
        (Some("50"), "Every month, 50 leads"),
        (None, "Publish a post every month, 500 leads by Q4"),
        (None, "500 leads with weekly mailings"),
        (None, "every month"),
    ] {
        let wording = Wording::read(text, &[]);
        let figure = wording.every_figure.map(|at| wording.figures[at].text.as_str());
        assert_eq!(figure, expected, "{text:?}");
        assert_eq!(wording.every.is_some(), expected.is_some(), "{text:?}");
    }
}
