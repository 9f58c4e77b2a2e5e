//! The net under the libraries that read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::base::said::{failure, place};
use crate::read::rules::damaged;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic of this thread was.
    static WHERE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Turns a panic of a library into a finding. The hook stays silent on this thread only and only here, so
/// that panics of others are still reported.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Finding>) -> Result<T, Finding> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if QUIET.get() {
                WHERE.set(place(info));
            } else {
                before(info);
            }
        }));
    });
    let outer = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    result.unwrap_or_else(|thrown| {
        Err(damaged(Spot::File, "damage.reader").said_by(&failure(WHERE.take(), &*thrown)))
    })
}
