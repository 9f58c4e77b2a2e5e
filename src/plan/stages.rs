//! The stages of a new plan.

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
