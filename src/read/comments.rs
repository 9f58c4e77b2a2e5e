//! What people remark at cells: Excel's notes, and what it stores of a conversation for older programs.

use std::collections::BTreeMap;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::Finding;
use crate::plan::comment::{Comment, without_findings};
use crate::plan::names::Answer;
use crate::plan::places::{Own, Places};
use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table};
use crate::read::grid::Grid;
use crate::read::limits::{Limit, Limits};
use crate::read::xml::{Step, Walk};

/// How the author of what is stored of a conversation begins.
const CONVERSATION: &str = "tc=";

/// The comments of a part, without what this program wrote at the cells.
///
/// `count` counts on over all sheets up to its limit.
pub(super) fn read(
    part: &[u8],
    at: &Spot,
    (count, most): (&mut u64, Limit),
) -> Result<BTreeMap<CellRef, Comment>, Finding> {
    let mut walk = Walk::new(part, at.clone())?;
    let (mut authors, mut found) = (Vec::new(), BTreeMap::new());
    let mut open: Option<(CellRef, Comment)> = None;
    let mut length = 0;
    loop {
        match walk.step()? {
            Step::Open(tag) => match (tag.local_name().as_ref(), &mut open) {
                ("author", _) => authors.push(walk.text()?),
                ("comment", _) => {
                    *count += 1;
                    most.admit(*count)?;
                    length = 0;
                    let cell = walk.attribute(&tag, "ref")?.and_then(|cell| cell.parse().ok());
                    let author =
                        walk.attribute(&tag, "authorId")?.and_then(|id| id.trim().parse::<usize>().ok());
                    let author = author.and_then(|id| authors.get(id)).cloned().unwrap_or_default();
                    let author = if author.starts_with(CONVERSATION) { String::new() } else { author };
                    open = cell.map(|cell| (cell, Comment { author, text: String::new() }));
                }
                // How Chinese and Japanese letters are pronounced.
                ("rPh", _) => walk.skip()?,
                ("t", Some((_, comment))) => {
                    let text = walk.text()?;
                    length += text.encode_utf16().count() as u64;
                    Limits::ALL.comment.admit(length)?;
                    comment.text.push_str(&text);
                }
                _ => {}
            },
            Step::Close if walk.depth() <= 2 => {
                if let Some((cell, mut comment)) = open.take() {
                    comment.text.truncate(without_findings(&comment.text));
                    if !comment.text.trim().is_empty() {
                        found.insert(cell, comment);
                    }
                }
            }
            Step::End => return Ok(found),
            Step::Close | Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
        }
    }
}

/// Gives each comment to the answer at its cell. Returns where the others are, and how they begin.
pub(super) fn take(grid: &Grid, plan: &mut Plan, places: &Places) -> Vec<(Spot, String)> {
    if grid.sheets.iter().all(|sheet| sheet.comments.is_empty()) {
        return Vec::new();
    }
    // The rows of findings are others at each build, and the logs are ours.
    let stays = |table: &Table| TABLES.contains(table) && *table != Table::Waivers;
    let owns = places.owns(plan);
    let name = |spot: &Spot| {
        let own = owns.get(spot)?;
        let goes = matches!(own, Own::Answer(Answer::Cell(table, ..)) if !stays(table));
        if goes { None } else { plan.name_of_own(*own) }
    };
    let (mut comments, mut lost) = (BTreeMap::new(), Vec::new());
    for sheet in &grid.sheets {
        for (cell, comment) in &sheet.comments {
            let spot = Spot::Cell(sheet.name.clone(), *cell);
            match name(&spot) {
                Some(name) => drop(comments.insert(name, comment.clone())),
                None => lost.push((spot, comment.start())),
            }
        }
    }
    plan.comments = comments;
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say_is_read_and_what_we_say_is_not() {
        let part = "<comments><authors><author>Ana</author><author>backcast</author><author>tc={1}</author></authors><commentList>\
            <comment ref=\"B2\" authorId=\"0\"><text><r><t>Ask</t></r><r><t> &lt;finance&gt;</t></r></text></comment>\
            <comment ref=\"B3\" authorId=\"1\"><text><t>C09: too dear\nSpend less</t></text></comment>\
            <comment ref=\"B4\" authorId=\"0\"><text><t>Mine\n———\nC09: too dear\nSpend less</t></text></comment>\
            <comment ref=\"B5\" authorId=\"2\"><text><t>[Threaded comment] Yes</t></text></comment>\
            <comment ref=\"?\" authorId=\"0\"><text><t>nowhere</t></text></comment></commentList></comments>";
        let found = read(part.as_bytes(), &Spot::File, (&mut 0, Limits::ALL.comments)).unwrap();
        let told: Vec<String> =
            found.iter().map(|(at, said)| format!("{at} {}: {}", said.author, said.text)).collect();
        assert_eq!(told, ["B2 Ana: Ask <finance>", "B4 Ana: Mine", "B5 : [Threaded comment] Yes"]);
    }
}
