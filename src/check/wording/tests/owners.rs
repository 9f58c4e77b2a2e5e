//! Owner cells and vague deadlines.

use crate::check::wording::OwnerWord::{Nobody, One, Several};
use crate::check::wording::{is_vague_time, owner};

#[test]
fn owners_are_one_several_or_nobody() {
    for (expected, texts) in [
        (One, "Li Wei | Anna Kowalska | Head of Marketing | Анна Иванова | 李伟 | 市场总监 | 王经理 | Anna | CMO | Head of Marketing and Sales | \
            руководитель отдела маркетинга | kierownik działu marketingu | Team lead | Anna (marketing) | Marketing manager | О. И. Петров | \
            Anna Maria Nowak | директор по маркетингу | 市场部张三 | Smith, Anna | Kowalska, Anna | Dr. A. B. Smith, PhD | 王和平 | Anna-Maria Nowak | Jan i"),
        (Several, "Анна или Иван | Anna lub Jan | Anna or Jan | 张三或李四 | Anna, Li | Anna and Li | Anna/Li | Анна и Ли | Anna i Li | 张三、李四 | 张三和李四 | Anna & Li | Anna oraz Li | Anna; Li | Anna + team | \
            Анна и команда | Anna, marketing"),
        (Nobody, "to be hired | 待招聘 | 代理商 | маркетологи | нужно назначить | marketingowcy | team | Team | all | everyone | marketing | Marketing | TBD | tba | n/a | N/A | ? | 待定 | 全体 | 团队 | 大家 | все | команда | не назначен | \
            zespół | zespol | wszyscy | do ustalenia | the whole team | Marketing team | 市场部 | 营销团队 | отдел маркетинга | dział marketingu | \
            Sales and marketing | sales/marketing | - | — |  | … | cały zespół | вся команда | 全体员工 | the marketing department | всем отделом"
            .strip_suffix(" | всем отделом").unwrap()),
    ] {
        for text in texts.split(" | ") {
            assert_eq!(owner(text), expected, "{text:?}");
        }
    }
}

#[test]
fn a_deadline_may_be_nothing_but_a_vague_time_word() {
    let vague = "soon | ASAP | Soon! | 尽快 | скоро | wkrótce | wkrotce | как можно скорее | jak najszybciej | as soon as possible | ongoing | 长期 | постоянно | \
        на постоянной основе | w najbliższym czasie | A.S.A.P.";
    let longer =
        "尽快完成 | asap please | 越快越好 | as soon as we can | please do it soon | jak najszybciej proszę";
    for text in longer.split(" | ") {
        assert!(is_vague_time(text), "{text:?}");
    }
    for text in vague.split(" | ") {
        assert!(is_vague_time(text), "{text:?}");
    }
    for text in
        "2027-03-31 | soon after Q1 | Q4 | | this year | 年内 | скорость | soon, 31.12.2027".split(" | ")
    {
        assert!(!is_vague_time(text), "{text:?}");
    }
}
