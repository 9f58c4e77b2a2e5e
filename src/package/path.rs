//! Names of parts, and the targets that lead from one to another.

/// A part name as it is compared: lower case, forward slashes, no leading slash.
pub(crate) fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

pub(crate) fn extension(part: &str) -> String {
    part.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_lowercase())
}

/// The folder of a part, with its slash; nothing at the top.
pub(crate) fn folder(part: &str) -> &str {
    part.rfind('/').and_then(|at| part.get(..=at)).unwrap_or_default()
}

/// The part in which the relationships of a part are kept.
pub(crate) fn links_part(of: &str) -> String {
    let folder = folder(of);
    format!("{folder}_rels/{}.rels", of.get(folder.len()..).unwrap_or_default())
}

/// The part to which a target leads.
pub(crate) fn resolve(of: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        path.extend(folder(of).split('/').filter(|step| !step.is_empty()));
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.join("/")
}

/// The target that leads from one part to another.
pub(crate) fn relative(of: &str, part: &str) -> String {
    let (mut from, mut to) = (folder(of), part);
    while let (Some((a, rest_a)), Some((b, rest_b))) = (from.split_once('/'), to.split_once('/')) {
        if a != b {
            break;
        }
        (from, to) = (rest_a, rest_b);
    }
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_where_they_came_from() {
        for (of, part, target) in [
            ("xl/worksheets/sheet1.xml", "xl/comments1.xml", "../comments1.xml"),
            ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"),
            ("xl/sheet1.xml", "xl/comments1.xml", "comments1.xml"),
            ("a/b/s.xml", "xl/c.xml", "../../xl/c.xml"),
            ("workbook.xml", "worksheets/sheet1.xml", "worksheets/sheet1.xml"),
            ("a/workbook.xml", "c.xml", "../c.xml"),
        ] {
            assert_eq!(relative(of, part), target, "{of} {part}");
            assert_eq!(resolve(of, target), part);
        }
        assert_eq!(resolve("xl/workbook.xml", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(links_part("workbook.xml"), "_rels/workbook.xml.rels");
        assert_eq!(links_part("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
