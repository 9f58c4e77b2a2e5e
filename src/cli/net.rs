//! The last net: a file over which the program fails is named, and asked for.
//!
//! No file is known to do that; every one that did is a test by now. A failure ends in one finding, so that a run over
//! many files goes on with the next, and programs that read the findings learn of it.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Rule, Severity};
use crate::base::said::{failure, place};

/// The program failed over a file; `detail` says where.
pub(crate) static PROGRAM_FAILED: Rule =
    Rule { code: "F17", name: "program-failed", severity: Severity::Error };
/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PROGRAM_FAILED];

thread_local! {
    /// Whether a net is spread below this thread.
    static CAUGHT_HERE: Cell<bool> = const { Cell::new(false) };
}
/// Whether every failure of the process falls into a net: so it is where the program runs, whose helpers have threads
/// of their own.
static ALL_CAUGHT: AtomicBool = AtomicBool::new(false);
/// Where the last failure was.
static WHERE: Mutex<Option<String>> = Mutex::new(None);

/// From here on no failure of this process speaks for itself: a net tells it.
pub(super) fn spread() {
    listen();
    ALL_CAUGHT.store(true, Ordering::Relaxed);
}

/// Does this work on a file. Should the program fail over it, the finding at the file as a whole says so.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Finding> {
    listen();
    let outer = CAUGHT_HERE.replace(true);
    // What the work had in hand when it failed is gone with it: nothing half done is seen again.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT_HERE.set(outer);
    result.map_err(|thrown| {
        let place = WHERE.lock().unwrap_or_else(PoisonError::into_inner).take();
        Finding::new(&PROGRAM_FAILED, Spot::File).with("detail", failure(place, &*thrown))
    })
}

/// Keeps failures silent below a net, and remembers where they were; others are told as ever.
fn listen() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CAUGHT_HERE.get() || ALL_CAUGHT.load(Ordering::Relaxed) {
                *WHERE.lock().unwrap_or_else(PoisonError::into_inner) = place(info);
            } else {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::locale::{LANGS, Words};
    use rayon::prelude::*;

    fn failed(work: impl FnOnce()) -> Finding {
        caught(work).unwrap_err()
    }

    #[test]
    fn what_does_not_fail_comes_through() {
        assert_eq!(caught(|| 7).unwrap(), 7);
    }

    #[test]
    fn a_failure_is_a_finding_that_says_where_it_was() {
        for found in [
            failed(|| panic!("a rule\u{202e}\u{1b}[31m failed")),
            failed(|| panic!("a rule {}", "failed")),
            // Further in, another net is spread already.
            failed(|| drop(caught(|| ()).map(|()| panic!("a rule failed")))),
        ] {
            assert_eq!((found.rule.code, found.at.clone()), ("F17", Spot::File));
            let detail = found.arg("detail").unwrap();
            assert!(detail.starts_with("net.rs, ") && detail.contains(": a rule"), "{detail}");
            for lang in LANGS {
                let message = found.message(Words::new(lang));
                assert!(message.contains("net.rs"), "{message}");
                assert!(!message.contains(['\u{1b}', '\u{202e}', '/']), "{message}");
            }
        }
    }

    #[test]
    fn a_failure_that_says_nothing_is_caught_as_well() {
        let found = failed(|| panic::panic_any(7));
        assert!(found.arg("detail").unwrap().starts_with("net.rs, "));
    }

    #[test]
    fn a_failure_of_a_helper_is_caught_where_its_work_was_asked_for() {
        let numbers = |most: u32| (0..100_u32).into_par_iter().map(|n| 1 / (most - n)).sum::<u32>();
        // Helpers of a test are not silent, as those of the program are; so the work stays on this thread.
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().unwrap();
        let found = failed(|| assert_eq!(alone.install(|| numbers(50)), 0));
        assert_eq!(found.rule.code, "F17");
        assert_eq!(caught(|| alone.install(|| numbers(1_000))).unwrap(), 0);
    }

    #[test]
    fn nothing_of_a_failure_is_left_for_the_next_file() {
        assert_eq!(failed(|| panic!("one")).rule.code, "F17");
        assert_eq!(caught(|| 1).unwrap(), 1);
        assert!(failed(|| panic!("two")).arg("detail").unwrap().ends_with(": two"));
    }
}
