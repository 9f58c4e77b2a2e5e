//! S04: a word that two people read in two ways.

use crate::base::finding::{Arg, Findings};
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A word such as "better" or "about" in the text, although metric, target and deadline are clear.
    ///
    /// ## Why it matters
    /// The fields decide; the word only invites discussion at the end of the year.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 good leads by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach at least 300 leads by the end of 2027"
    /// ```
    "S04" "vague-word" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.is_complete()) {
        let words = goal.wording.vague.iter().chain(&goal.wording.approximate);
        let words: Vec<Arg> = words.map(|word| Arg::text(word)).collect();
        if !words.is_empty() {
            findings.push(goal.finding(facts, &RULE, goals::TEXT).with_arg("found", Arg::List(words)));
        }
    }
}
