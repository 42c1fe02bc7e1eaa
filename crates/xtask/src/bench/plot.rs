//! Events a second by consumer, as bars in an SVG file.

use std::fmt::Write as _;

use super::events;
use super::report::Report;

const WIDTH: usize = 760;
const LABEL: usize = 190;
const VALUE: usize = 90;
const BAR: usize = 22;
const GAP: usize = 10;
const TOP: usize = 46;

/// Longest bar first.
pub(crate) fn events(report: &Report) -> String {
    let mut medians = report.medians(events::FLAT);
    medians.sort_by(|a, b| b.1.total_cmp(&a.1));
    let most = medians.first().map_or(1.0, |&(_, most)| most);
    let height = TOP + medians.len() * (BAR + GAP) + GAP;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"12\" y=\"26\" font-size=\"15\" fill=\"#222222\">Records of 64 bytes delivered a second, every field read, producer flat out</text>\n"
    );
    for (place, (who, rate)) in medians.iter().enumerate() {
        let y = TOP + place * (BAR + GAP);
        let length = ((WIDTH - LABEL - VALUE) as f64 * rate / most).max(1.0);
        let colour = if who.starts_with("yeet") { "#d1495b" } else { "#7a8b99" };
        let (text, end) = (y + 16, LABEL as f64 + length + 8.0);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\" fill=\"#222222\">{who}</text>\
             <rect x=\"{LABEL}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\" fill=\"{colour}\"/>\
             <text x=\"{end:.1}\" y=\"{text}\" fill=\"#222222\">{:.2} M</text>",
            LABEL - 10,
            rate / 1e6
        );
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::super::report::{Report, Unit};
    use super::{super::events::FLAT, events};

    #[test]
    fn bars_are_as_long_as_their_rates() {
        let mut report = Report::default();
        report.add(FLAT, "slow", Unit::PerSecond, 1e6);
        report.add(FLAT, "fast", Unit::PerSecond, 4e6);
        let svg = events(&report);
        let bars: Vec<&str> = svg.lines().filter(|line| line.contains("<rect x=")).collect();
        assert!(bars[0].contains("fast") && bars[0].contains("width=\"480.0\"") && bars[0].contains("4.00 M"), "{svg}");
        assert!(bars[1].contains("slow") && bars[1].contains("width=\"120.0\""), "{svg}");
    }
}
