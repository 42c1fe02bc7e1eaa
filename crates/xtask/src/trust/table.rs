//! The tables in docs/reliability.md, each between `<!-- trust NAME -->` and `<!-- end -->`.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::Row;
use crate::workspace::root;

const PAGE: &str = "docs/reliability.md";

pub(super) fn markdown(rows: &[Row]) -> String {
    let mut text = String::from("| what | figure | promised | |\n| --- | --- | --- | --- |\n");
    for Row { what, figure, limit, held } in rows {
        let verdict = if *held { "held" } else { "**broken**" };
        let _ = writeln!(text, "| {what} | {figure} | {limit} | {verdict} |");
    }
    text
}

/// Replaces the table of one part.
pub(super) fn write(part: &str, rows: &[Row]) -> Result<()> {
    let path = root().join(PAGE);
    let page = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let page = replaced(&page, part, &markdown(rows))?;
    std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(page: &str, part: &str, table: &str) -> Result<String> {
    let begin = format!("<!-- trust {part} -->\n");
    let (before, rest) = page.split_once(&begin).with_context(|| format!("{PAGE} has no `{}`", begin.trim_end()))?;
    let (_, after) =
        rest.split_once("<!-- end -->").with_context(|| format!("{PAGE}: `{}` has no end", begin.trim_end()))?;
    Ok(format!("{before}{begin}{table}<!-- end -->{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_replaces_the_one_of_its_part_alone() {
        let page = "a\n<!-- trust x -->\nold\n<!-- end -->\nb\n<!-- trust y -->\nkept\n<!-- end -->\n";
        let rows = [Row { what: "w".into(), figure: "1".into(), limit: "2".into(), held: true }];
        let text = replaced(page, "x", &markdown(&rows)).unwrap();
        assert!(text.contains("| w | 1 | 2 | held |\n<!-- end -->\nb\n"));
        assert!(text.contains("kept") && !text.contains("old"));
        assert!(replaced(page, "z", "").is_err());
    }
}
