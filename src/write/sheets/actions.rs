//! Actions: above the table what the numbers suggest to work on.

use crate::plan::plan::Plan;
use crate::write::focus::focus;
use crate::write::image::Role;
use crate::write::layout::Sheet;
use crate::write::sheets::Context;

/// The sheet of the table, with the suggestion of a build above it.
pub(super) fn sheet(plan: &Plan, context: &Context, mut sheet: Sheet) -> Sheet {
    let suggested = if context.is_built { focus(plan, context.values) } else { Vec::new() };
    // In the place of the gap above the head.
    if let Some(gap) =
        sheet.lines.iter().position(|line| line.cells.is_empty()).filter(|_| !suggested.is_empty())
    {
        let head = sheet.lines.split_off(gap);
        for sentence in suggested {
            sheet.tell(Role::Guide, &sentence, 1);
        }
        sheet.lines.extend(head);
    }
    sheet
}
