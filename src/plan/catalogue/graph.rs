//! Which metric leads to which.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::base::text::fold;
use crate::plan::catalogue::kpi;

const EDGES: &str = include_str!("leads_to.csv");

/// The lines of `leads_to.csv`: from, to.
pub(super) fn edges() -> impl Iterator<Item = (&'static str, &'static str)> {
    EDGES.lines().skip(1).filter_map(|line| line.split_once(','))
}

/// One thing told from two ends: what moves the one moves the other. They are no edges, which never lead back.
const TWO_ENDS: [(&str, &str); 1] = [("churn", "retention")];

/// Direct successors by id.
fn successors() -> &'static HashMap<&'static str, Vec<&'static str>> {
    static MAP: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    MAP.get_or_init(|| {
        let mut map: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
        let both = TWO_ENDS.into_iter().flat_map(|(one, other)| [(one, other), (other, one)]);
        for (from, to) in edges().chain(both).filter_map(|(from, to)| Some((kpi(from)?, kpi(to)?))) {
            map.entry(from.id).or_default().push(to.id);
        }
        map
    })
}

/// What this metric moves directly: ids, in the order of the file; last what is the same from the other end.
pub fn leads_to(id: &str) -> Vec<&'static str> {
    kpi(id).and_then(|kpi| successors().get(kpi.id)).cloned().unwrap_or_default()
}

/// Whether one metric moves the other, over any number of steps, or is the same.
pub fn reaches(from: &str, to: &str) -> bool {
    let (Some(from), Some(to)) = (kpi(from), kpi(to)) else {
        return fold(from) == fold(to);
    };
    let mut seen = HashSet::from([from.id]);
    let mut open = vec![from.id];
    while let Some(id) = open.pop() {
        if id == to.id {
            return true;
        }
        let next = successors().get(id).into_iter().flatten();
        open.extend(next.copied().filter(|next| seen.insert(next)));
    }
    false
}
