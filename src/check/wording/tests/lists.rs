//! The word lists: each entry is found where it stands, and the contract's own words are in them.

use crate::check::wording::Wording;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::tokens;
use crate::check::wording::words::{FILES, LONGEST, Section, entries};

/// A text that has an entry in it, with a number and an ending wherever one may be.
fn carrier(entry: &str) -> String {
    let entry = entry.trim_start_matches('^').trim();
    let words: Vec<String> = entry
        .split(' ')
        .map(|word| match word {
            "<n>" => "3".to_owned(),
            "-" => word.to_owned(),
            _ if word.ends_with('-') => word.trim_end_matches('-').to_owned(),
            _ if word.starts_with('-') => format!("x{}", word.trim_start_matches('-')),
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[test]
fn every_entry_is_found_by_its_section() {
    let mut wrong = Vec::new();
    for (section, _, entry) in FILES.into_iter().flat_map(entries) {
        let section = section.unwrap_or_else(|| panic!("no such section above {entry:?}"));
        let exception = entry.starts_with('!');
        let entry = entry.trim_start_matches('!').trim();
        assert!(tokens(entry).len() <= LONGEST, "{entry:?}");
        let text = carrier(entry);
        for text in if entry.starts_with('^') {
            vec![text]
        } else {
            vec![format!("x {text}"), format!("x {}", text.to_uppercase()), format!("5, {text}, 5")]
        } {
            let sentence = Sentence::new(&text);
            let found = sentence.all(section).next().is_some();
            if found == exception && !exception {
                wrong.push(format!("{section:?} {text:?}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The lists of the contract, as it writes them.
const LISTS: [(Section, &str); 14] = [
    (
        Section::Weak,
        "improve, increase, grow, boost, enhance, optimise, optimize, strengthen, expand, maximise, minimise, raise, drive, support, \
        leverage, develop, promote, focus on, work on, try, aim, help, get more, want more, want a bigger",
    ),
    (
        Section::Weak,
        "提升, 提高, 增加, 加强, 加大, 优化, 改善, 完善, 推进, 促进, 扩大, 打造, 强化, 深化, 助力, 赋能, 力争, 争取, 努力, 尽力",
    ),
    (
        Section::Weak,
        "улучшить, повысить, повышать, увеличить, усилить, усиливать, усиление, наращивать, нарастить, расширить, развивать, развитие, \
        оптимизировать, максимизировать, минимизировать, продвигать, продвинуть, способствовать, поддерживать, стремиться, стараться, привлечь, \
        привлекать, работать над",
    ),
    (
        Section::Weak,
        "poprawić, zwiększyć, zwiekszyc, podnieść, podnosić, wzmocnić, wzmacniać, rozwijać, rozwój, rozwinąć, rozbudować, zoptymalizować, \
        optymalizować, maksymalizować, zmaksymalizować, minimalizować, zminimalizować, wspierać, wesprzeć, promować, usprawnić, dążyć, starać się, \
        postarać się, pozyskać, skupić się",
    ),
    (
        Section::Vague,
        "more, better, higher, lower, bigger, larger, many, much, some, several, various, few, numerous, a lot, significant, significantly, \
        substantial, substantially, considerable, major, huge, strong, good, great, best, leading, top, world-class, effective, efficient, adequate, \
        appropriate, reasonable, sufficient, as possible, as needed, approximately, roughly, almost, nearly, up to, etc., and so on",
    ),
    (
        Section::Vague,
        "更多, 更好, 更高, 大量, 很多, 较多, 许多, 若干, 一些, 部分, 大幅, 显著, 明显, 较大, 一定, 适当, 合理, 有效, 良好, 优秀, 最好, 最佳, 领先, 一流, \
        知名, 大概, 可能, 也许, 差不多, 左右, 大约, 几乎, 尽量, 尽可能, 进一步, 不断, 持续, 全面, 积极, 等等",
    ),
    (
        Section::Vague,
        "больше, меньше, лучше, выше, ниже, много, мало, несколько, некоторые, различные, многочисленные, значительно, существенный, заметно, \
        сильный, крупный, максимально, минимально, эффективный, качественный, оптимально, достаточно, соответствующий, хороший, лучший, ведущий, лидер, \
        примерно, приблизительно, почти, практически, возможно, по возможности, как можно, и т. д., и др.",
    ),
    (
        Section::Vague,
        "więcej, wiecej, mniej, lepiej, lepszy, wyższy, niższy, większy, dużo, wiele, mało, kilka, kilku, parę, niektóre, różne, liczne, \
        znacznie, znacząco, istotny, wyraźny, duży, silny, maksymalnie, minimalnie, efektywny, skutecznie, odpowiedni, wystarczający, dobry, najlepszy, \
        wiodący, lider, mniej więcej, prawie, niemal, w miarę możliwości, jak najwięcej, itp., itd.",
    ),
    (
        Section::Approximate,
        "about, around, approximately, roughly, almost, nearly, 大约, 约, 大概, 差不多, 几乎, примерно, около, порядка, приблизительно, почти, \
        практически, około, mniej więcej, prawie, niemal",
    ),
    (
        Section::VagueTime,
        "soon, asap, as soon as possible, shortly, in the near future, later, eventually, ongoing, continuously, regularly, quickly, in time, \
        尽快, 近期, 短期内, 早日, 及时, 适时, 今后, 未来, 长期, 逐步, 定期, 随时, 持续",
    ),
    (
        Section::VagueTime,
        "скоро, в ближайшее время, как можно скорее, оперативно, своевременно, постепенно, со временем, в перспективе, регулярно, постоянно, \
        wkrótce, wkrotce, niedługo, w najbliższym czasie, jak najszybciej, szybko, terminowo, stopniowo, z czasem, w przyszłości, na bieżąco, regularnie",
    ),
    (Section::ThisYear, "this year, 年内, в этом году, w tym roku"),
    (Section::Bound, "at least, не менее, не ниже, не выше, не более, co najmniej, 至少"),
    (
        Section::Nobody,
        "team, all, everyone, TBD, tba, n/a, 待定, 全体, 团队, 大家, все, команда, не назначен, zespół, wszyscy, do ustalenia",
    ),
];

#[test]
fn the_lists_hold_what_the_contract_lists() {
    for (section, words) in LISTS {
        for word in words.split(", ") {
            assert!(
                Sentence::new(&format!("x {word}")).all(section).next().is_some(),
                "{section:?} {word:?}"
            );
        }
    }
}

#[test]
fn the_listed_words_reach_the_reading() {
    for (section, words) in LISTS {
        for word in words.split(", ") {
            let wording = Wording::read(&format!("X {word}"), &[]);
            let numbered = Wording::read(&format!("{word} 50"), &[]);
            let said = [
                (Section::Weak, wording.weak.is_some()),
                (Section::Vague, !wording.vague.is_empty()),
                (Section::Approximate, numbered.approximate.is_some() && numbered.vague.is_empty()),
                (Section::VagueTime, wording.vague_time.is_some()),
                (Section::ThisYear, wording.this_year.is_some()),
                (Section::Bound, numbered.vague.is_empty()),
                (Section::Nobody, true),
            ];
            assert!(said.contains(&(section, true)), "{section:?} {word:?} {wording:?} {numbered:?}");
        }
    }
}
