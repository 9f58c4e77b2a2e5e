//! The stages of a new plan, and those that everybody knows.

use crate::base::locale::{is_label, is_term};
use crate::base::text::fold;

/// The stages that the template of a business model starts with: id and term, the widest first.
pub fn default_stages(e_commerce: bool) -> &'static [(&'static str, &'static str)] {
    if e_commerce {
        &[
            ("sessions", "sessions"),
            ("product_views", "product_views"),
            ("carts", "carts"),
            ("checkouts", "checkouts"),
            ("orders", "orders"),
        ]
    } else {
        &[
            ("visitors", "visit"),
            ("leads", "lead"),
            ("mqls", "mql"),
            ("sqls", "sql"),
            ("opportunities", "opportunity"),
            ("customers", "customers"),
        ]
    }
}

/// The id of a stage by its name, where it is a well-known one in any language.
pub fn known_stage(label: &str) -> Option<&'static str> {
    let stages = || [false, true].into_iter().flat_map(|e_commerce| default_stages(e_commerce).iter());
    let found = stages()
        .find(|(id, term)| fold(label) == *id || is_label(term, label))
        .or_else(|| stages().find(|(_, term)| is_term(term, label)));
    found.map(|(id, _)| *id)
}
