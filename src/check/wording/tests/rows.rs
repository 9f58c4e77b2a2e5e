//! The rows and corrections of the contract, and words that look like others.

use crate::check::wording::{Period, Role, Wording};

fn read(text: &str) -> Wording {
    Wording::read(text, &[])
}

#[test]
fn the_rows_of_the_contract_are_read_as_they_are_judged() {
    for (text, weak, figures) in [
        ("I want more website visitors, leads and sales", Some("want more"), 0),
        ("I want a bigger e-mail list", Some("want a bigger"), 0),
        ("I want to be first on Google", None, 0),
        (
            "In the next 12 months: 20,000 visitors, 500 leads, 12 customers for 600,000 inbound revenue",
            None,
            4,
        ),
        ("2 customers from the current list by e-mail", None, 1),
        ("Zwiększyć rozpoznawalność marki", Some("Zwiększyć"), 0),
        ("Poprawić marketing treści", Some("Poprawić"), 0),
        ("Konwersja strony głównej z 1,5% do 3% do końca H1", None, 2),
        ("увеличить трафик на сайте", Some("увеличить"), 0),
        ("увеличить с 1000 до 1200 лидов", Some("увеличить"), 2),
        ("提升客户满意度", Some("提升"), 0),
        ("尽快完成", None, 0),
        ("将NPS从68分提升到75分", Some("提升"), 2),
        ("increase leads by 20% by year end", Some("increase"), 1),
        ("reduce CAC", None, 0),
    ] {
        let wording = read(text);
        assert_eq!(wording.weak.as_deref(), weak, "{text}");
        assert_eq!(wording.figures.len(), figures, "{text}: {:?}", wording.figures);
    }
    assert_eq!(read("I want to be first on Google").superlative.as_deref(), Some("be first"));
    assert_eq!(read("尽快完成").vague_time.as_deref(), Some("尽快"));
    assert_eq!(read("increase leads by 20% by year end").periods, [Period::Year(None)]);
    assert_eq!(read("increase leads by 20% by year end").figures[0].role, Role::By);
    assert_eq!(
        read("Konwersja strony głównej z 1,5% do 3% do końca H1").periods,
        [Period::Half { number: 1, year: None }]
    );
    assert_eq!(read("In the next 12 months: 20,000 visitors").periods, [Period::Within(12)]);
    let text = "I want more website visitors, leads and sales";
    let wording = read(text);
    let parts: Vec<&str> = wording.parts.iter().map(|part| &wording.folded[part.clone()]).collect();
    assert_eq!(parts, ["i want more website visitors", "leads", "sales"]);
}

#[test]
fn words_inside_other_words_are_not_heard() {
    for text in [
        "скорость сайта",
        "возможность оплаты",
        "показатель оттока",
        "предложение партнерам",
        "多次预约",
        "客户续约",
        "搜索引擎优化",
        "有效线索数",
        "品牌知名度",
        "交付及时率",
        "licznik odwiedzin",
        "różnica cen",
        "silnik sprzedaży",
        "skuteczność kampanii",
        "z czasem reakcji poniżej 2 h",
        "koszt pozyskania klienta",
        "стоимость привлечения клиента",
        "CAC 400",
        "не ниже 50",
        "не выше 5 %",
        "не более 5",
        "не менее 50",
        "at least 50",
        "co najmniej 50",
        "至少50",
        "500 leads",
        "no later than Q4",
        "Lower CAC to 400",
        "эффективность рекламы 20 %",
        "goods sold 500",
        "Q1 500",
        "top 3 keywords",
        "first 100 customers",
        "first quarter",
        "第一季度",
        "первый квартал",
        "pierwszy kwartał",
        "first contact",
        "в первую очередь",
        "未来12个月 500",
        "一年内 500",
        "50 more leads",
        "20% more leads",
        "на 20 % больше лидов",
        "o 20% więcej leadów",
        "best practices for 5",
        "市场部分析报告 5",
        "more than 50 leads",
        "больше 50 лидов",
        "więcej niż 50 leadów",
    ] {
        let wording = read(text);
        assert_eq!(wording.weak, None, "{text}");
        assert_eq!(wording.vague, Vec::<String>::new(), "{text}");
        assert_eq!(wording.vague_time, None, "{text}");
        assert_eq!(wording.this_year, None, "{text}");
        assert_eq!(wording.superlative, None, "{text}");
    }
}

#[test]
fn quoted_text_is_a_name() {
    for text in [
        "Launch “Better Leads” for 500",
        "кампания «Больше клиентов» 500",
        "kampania „Więcej za mniej” 500",
        "\"Grow Now\" campaign 500",
        "《更好的生活》推广500",
        "'Be first on Google' 500",
        "the «Soon» list 500",
        "500 leads in Great Britain",
        "koszt nie wyżej niż 50",
        "cena nie niżej niż 50",
    ] {
        let wording = read(text);
        let quiet = (None, Vec::new(), None, None);
        assert_eq!((wording.weak, wording.vague, wording.vague_time, wording.superlative), quiet, "{text}");
        assert_eq!(wording.figures.len(), 1, "{text}");
    }
    assert_eq!(read("\"Get more leads\"").weak.as_deref(), Some("Get more"));
}

#[test]
fn growth_and_more_are_weak_at_the_start() {
    for text in [
        "рост продаж",
        "Growth of sales",
        "Growth in sales",
        "wzrost sprzedaży",
        "客户增长",
        "More leads",
        "Больше лидов",
        "Więcej leadów",
        "更多线索",
        "поддержка продаж",
    ] {
        assert!(read(text).weak.is_some(), "{text}");
    }
    for text in
        ["收入增长率", "50 more leads", "темп и рост", "служба поддержки", "More than 50 leads", "o 5 więcej"]
    {
        assert_eq!(read(text).weak, None, "{text}");
    }
    assert_eq!(read("优质线索").vague, ["优质"]);
    assert_eq!(read("in the coming months").vague_time.as_deref(), Some("in the coming months"));
    assert_eq!(read("w najbliższych miesiącach").vague_time.as_deref(), Some("w najbliższych miesiącach"));
    assert_eq!(read("в ближайшие месяцы").vague_time.as_deref(), Some("в ближайшие месяцы"));
    assert_eq!(read("未来几个月").vague_time.as_deref(), Some("未来几个月"));
}

#[test]
fn vague_words_are_told_once_as_typed() {
    assert_eq!(read("More leads, MORE sales, Better CAC").vague, ["More", "Better"]);
    assert_eq!(read("Ещё Больше\u{a0}лидов и значи\u{ad}тельно").vague, ["Больше", "значи\u{ad}тельно"]);
    assert_eq!(read("Więcej leadów, wiecej").vague, ["Więcej", "wiecej"]);
    assert_eq!(read("conversion up to 3%").vague, ["up to"]);
    assert_eq!(read("from 2 up to 3%").vague, Vec::<String>::new());
}

#[test]
fn approximations_need_a_number() {
    for text in [
        "about 50 leads",
        "около 50 лидов",
        "około 50 leadów",
        "约50条",
        "大约50条",
        "50条左右",
        "50左右",
        "about $50",
        "roughly 50",
        "примерно 50",
    ] {
        let wording = read(text);
        assert!(wording.approximate.is_some() && wording.vague.is_empty(), "{text}: {wording:?}");
    }
    for text in ["learn about us", "około", "预约50个", "续约50家"] {
        assert_eq!(read(text).approximate, None, "{text}");
    }
    assert_eq!(read("大约").vague, ["大约"]);
}

#[test]
fn ranks_without_scope_are_heard() {
    for text in [
        "first on Google",
        "be number one",
        "№ 1 in Poland",
        "No. 1",
        "#1 on Google",
        "become the leading supplier",
        "the best brand",
        "行业第一",
        "百度排名第一",
        "占据首位",
        "занять первое место",
        "стать лидером рынка",
        "быть на первом месте",
        "zająć pierwsze miejsce",
        "numer 1 w Polsce",
        "zostać liderem rynku",
        "1-е место",
        "market leader",
    ] {
        let wording = read(text);
        assert!(wording.superlative.is_some(), "{text}");
        assert_eq!(wording.figures, [], "{text}");
    }
    for text in [
        "first on Google for 20 keywords",
        "number one for “widget consultant”",
        "первое место по 20 запросам",
        "关键词“widget”排名第一",
        "top 3 keywords",
        "Q1",
        "лидеры мнений",
        "лиды",
        "leads",
        "lead",
        "first contact",
        "top 10",
    ] {
        assert_eq!(read(text).superlative, None, "{text}");
    }
}

#[test]
fn channels_audiences_and_products_are_a_scope() {
    for text in [
        "leads from the website",
        "by e-mail",
        "new customers",
        "small businesses",
        "B2B leads",
        "families",
        "all channels",
        "company-wide",
        "via LinkedIn",
        "SEO leads",
        "公众号粉丝",
        "抖音直播",
        "官网访客",
        "中小企业",
        "全公司",
        "трафик на сайте",
        "через вебинары",
        "новые клиенты",
        "малый бизнес",
        "по всей компании",
        "b2b",
        "na stronie www",
        "nowi klienci",
        "przez newsletter",
        "małe firmy",
        "cała firma",
        "targi",
        "webinary",
    ] {
        assert!(read(text).scope.is_some(), "{text}");
    }
    for text in
        ["500 leads", "500 лидов", "500 leadów", "500条线索", "raise revenue by 20%", "increase sales"]
    {
        assert_eq!(read(text).scope, None, "{text}");
    }
}

#[test]
fn the_planners_own_names_are_no_vague_words() {
    assert_eq!(Wording::read("", &["", " ", "5"]).scope, None);
    let names = ["Best Buy campaign", "Więcej", "更多会员", "Promo 500"];
    let wording = Wording::read("Best Buy campaign: 更多会员 wiecej, Promo 500 brings 20", &names);
    assert_eq!((wording.vague, wording.superlative), (Vec::new(), None));
    assert_eq!(wording.scope.as_deref(), Some("Best Buy campaign"));
    assert_eq!(wording.figures.len(), 1);
    assert_eq!(Wording::read("best buys, promo 5", &names).scope, None);
}

#[test]
fn parts_are_cut_at_what_joins_aims() {
    for (text, parts) in [
        ("20,000 visitors, 500 leads and 12 customers", "20,000 visitors|500 leads|12 customers"),
        ("访客2万、线索500以及客户12个，并达到5", "访客2万|线索500|客户12个|达到5"),
        ("及时率和参与度", "及时率|参与度"),
        ("трафик и лиды; продажи", "трафик|лиды|продажи"),
        ("1,5 млн. визитов и 500 лидов", "1,5 млн. визитов|500 лидов"),
        ("ruch i leady oraz sprzedaż", "ruch|leady|sprzedaż"),
        ("leady w I i II kwartale", "leady w i i ii kwartale"),
        ("leads in Q1 and Q2", "leads in q1 and q2"),
        ("I want 5 leads & 3 deals", "i want 5 leads|3 deals"),
        ("R&D leads", "r&d leads"),
        ("500 leads from events, partners and referrals", "500 leads from events, partners and referrals"),
        (
            "500 лидов с выставок, от партнёров и по рекомендациям",
            "500 лидов с выставок, от партнеров и по рекомендациям",
        ),
        ("500 leadów z targów, od partnerów i z poleceń", "500 leadów z targów, od partnerów i z poleceń"),
        ("500条线索，来源为展会、伙伴与转介绍", "500条线索, 来源为展会、伙伴与转介绍"),
        ("500 leads from events, 12 customers", "500 leads from events|12 customers"),
        ("500 leads for SMBs and improve retention", "500 leads for smbs|improve retention"),
        ("Grow leads to 500 while reducing churn to 10 %", "grow leads to 500|reducing churn to 10 %"),
        ("Win 500 leads. Keep 12 customers.", "win 500 leads|keep 12 customers"),
        ("leads by 31 December 2027, 12 deals", "leads by 31 december 2027|12 deals"),
        ("", ""),
    ] {
        let wording = read(text);
        let found: Vec<&str> = wording.parts.iter().map(|part| &wording.folded[part.clone()]).collect();
        assert_eq!(found.join("|"), parts, "{text}");
    }
}

#[test]
fn goals_of_planners_hold_what_they_say() {
    let text = "月销售额目标为200万元，每位销售员每月需完成60次销售拜访，客户获取成本控制在400元以内";
    let readings: Vec<f64> = read(text).figures.iter().flat_map(|figure| figure.readings.clone()).collect();
    assert_eq!(readings, [2_000_000.0, 60.0, 400.0]);
    let wording = read("Obniżyć koszt pozyskania klienta z 400 zł do 350 zł do końca III kwartału");
    assert_eq!(wording.periods, [Period::Quarter { number: 3, year: None }]);
    assert_eq!(wording.figures.iter().map(|figure| figure.role).collect::<Vec<_>>(), [Role::From, Role::To]);
    let wording = read("В течение 12 месяцев получить 20 000 посетителей, 500 лидов и 12 клиентов");
    assert_eq!((wording.parts.len(), wording.figures.len()), (3, 3));
    let wording = read("Get more qualified leads from our web site this year");
    assert_eq!(wording.weak.as_deref(), Some("Get more"));
    assert_eq!(wording.this_year.as_deref(), Some("this year"));
    let wording = read("Grow revenue 30% year over year to $2.6m");
    assert_eq!(wording.figures.iter().map(|figure| figure.role).collect::<Vec<_>>(), [Role::By, Role::To]);
}
