//! The closed lists of words that a planner chooses from.

use crate::base::locale::{Words, is_term};

/// A list of words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum List {
    /// Language of the workbook.
    Language,
    /// How the company sells.
    BusinessModel,
    /// Where the quarter shares come from.
    RampShape,
    /// Yes or no.
    YesNo,
    /// Which rates are live.
    Scenario,
    /// How the rest of the year is forecast.
    ForecastPolicy,
    /// What follows the plan year.
    NextYear,
    /// Whose goal it is.
    Level,
    /// How a KPI adds up over time.
    KpiType,
    /// Which direction of a KPI is good.
    Better,
    /// A quarter of the plan year.
    Quarter,
    /// How far an action is.
    ActionStatus,
    /// What to do with a channel.
    Decision,
    /// How an actual stands against its target.
    TrackStatus,
    /// The verdict of a check.
    Verdict,
}

/// One word of a list: its stable id and the key of its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// The id in JSON, the same in every language.
    pub id: &'static str,
    /// The key of the label.
    pub key: &'static str,
}

const fn word(id: &'static str, key: &'static str) -> Word {
    Word { id, key }
}

/// Every list, in the order of the Lists sheet.
pub const LISTS: [List; 15] = [
    List::Language,
    List::BusinessModel,
    List::RampShape,
    List::YesNo,
    List::Scenario,
    List::ForecastPolicy,
    List::NextYear,
    List::Level,
    List::KpiType,
    List::Better,
    List::Quarter,
    List::ActionStatus,
    List::Decision,
    List::TrackStatus,
    List::Verdict,
];

/// No word of a list takes so many bytes: a page of text is none, and is not looked at.
const LONGEST_WORD: usize = 1_000;

impl List {
    /// The words in order; formulas count them from 1.
    pub fn words(self) -> &'static [Word] {
        match self {
            Self::Language => {
                const { &[word("en", "en"), word("zh-CN", "zh-CN"), word("ru", "ru"), word("pl", "pl")] }
            }
            Self::BusinessModel => {
                const { &[word("lead_generation", "lead_generation"), word("e_commerce", "e_commerce")] }
            }
            Self::RampShape => {
                const {
                    &[
                        word("even", "even"),
                        word("ramp", "ramp"),
                        word("custom", "custom"),
                        word("last_year", "shape_last_year"),
                    ]
                }
            }
            Self::YesNo => const { &[word("yes", "yes"), word("no", "no")] },
            Self::Scenario => const { &[word("low", "low"), word("base", "base"), word("high", "high")] },
            Self::ForecastPolicy => {
                const {
                    &[
                        word("hold", "hold"),
                        word("even", "catch_up_even"),
                        word("ramp", "catch_up_ramp"),
                        word("observed", "observed"),
                    ]
                }
            }
            Self::NextYear => const { &[word("stop", "stop"), word("continue", "continue")] },
            Self::Level => const { &[word("business", "business"), word("marketing", "marketing")] },
            Self::KpiType => {
                const { &[word("flow", "flow"), word("level", "level_kpi"), word("ratio", "ratio")] }
            }
            Self::Better => const { &[word("higher", "higher"), word("lower", "lower")] },
            Self::Quarter => {
                const { &[word("q1", "q1"), word("q2", "q2"), word("q3", "q3"), word("q4", "q4")] }
            }
            Self::ActionStatus => {
                const {
                    &[
                        word("planned", "action.planned"),
                        word("in_progress", "action.in_progress"),
                        word("done", "action.done"),
                        word("dropped", "action.dropped"),
                    ]
                }
            }
            Self::Decision => {
                const {
                    &[
                        word("scale", "scale"),
                        word("keep", "keep"),
                        word("fix", "fix"),
                        word("stop", "stop_channel"),
                    ]
                }
            }
            Self::TrackStatus => {
                const {
                    &[
                        word("on_track", "track.on"),
                        word("at_risk", "track.risk"),
                        word("off_track", "track.off"),
                    ]
                }
            }
            Self::Verdict => const { &[word("ok", "verdict.ok"), word("check", "verdict.check")] },
        }
    }

    /// The key of the list's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::BusinessModel => "business_model",
            Self::RampShape => "ramp_shape",
            Self::YesNo => "list.yes_no",
            Self::Scenario => "scenario",
            Self::ForecastPolicy => "forecast_policy",
            Self::NextYear => "next_year",
            Self::Level => "level",
            Self::KpiType => "kpi_type",
            Self::Better => "better",
            Self::Quarter => "quarter",
            Self::ActionStatus => "status",
            Self::Decision => "decision",
            Self::TrackStatus => "list.track_status",
            Self::Verdict => "list.verdict",
        }
    }

    /// The label of a word, counted from 0, in this language.
    pub fn label(self, words: Words, at: usize) -> String {
        self.words().get(at).map_or_else(String::new, |word| {
            if self == Self::Language { word.id.to_owned() } else { words.get(word.key) }
        })
    }

    /// The position of the word that this text means: an id, or a word or synonym of any language.
    pub fn find(self, text: &str) -> Option<usize> {
        if text.len() > LONGEST_WORD {
            return None;
        }
        let exact = |word: &Word| word.id.eq_ignore_ascii_case(text.trim());
        let words = self.words();
        words.iter().position(exact).or_else(|| {
            words.iter().position(|word| {
                is_term(word.key, text)
                    || is_term(word.id, text)
                    || Words::new(crate::base::locale::Lang::En)
                        .find(word.key)
                        .is_some_and(|label| is_term(label, text))
            })
        })
    }
}
