//! `tests/spec/coverage.toml` against the tests that exist: every sentence names a test, and every named test is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    #[serde(rename = "sentence")]
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    id: String,
    area: String,
    text: String,
    tests: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What is wrong with `coverage`, one sentence each. Paths are relative to `root`.
fn problems(coverage: &Coverage, root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    for Sentence { id, area, text, tests } in &coverage.sentences {
        let mut problem = |what: String| problems.push(format!("{id}: {what}"));
        if !ids.insert(id) {
            problem("another sentence has this id".into());
        }
        if area.trim().is_empty() || text.trim().is_empty() {
            problem("its area or its text is empty".into());
        }
        if tests.is_empty() {
            problem(format!("no test covers \"{text}\""));
        }
        for test in tests {
            if let Err(why) = exists(test, root) {
                problem(format!("the test `{test}` {why}"));
            }
        }
    }
    problems
}

/// Whether a case below tests/spec (`area/case`) or a unit test (`FILE::NAME`, `FILE::*`) is there.
fn exists(test: &str, root: &Path) -> Result<(), String> {
    let Some((file, name)) = test.split_once("::") else {
        let manifest = root.join("tests/spec").join(test).join("test.toml");
        return if manifest.is_file() { Ok(()) } else { Err(format!("has no {}", manifest.display())) };
    };
    let text = std::fs::read_to_string(root.join(file)).map_err(|error| format!("is in no readable file: {error}"))?;
    let declared = match name {
        "*" => ["fn ", "it('", "it(`", "test('"].iter().any(|start| text.contains(start)),
        // A Rust function, or the title of a test in TypeScript.
        _ => {
            [format!("fn {name}()"), format!("'{name}'"), format!("\"{name}\"")].iter().any(|form| text.contains(form))
        }
    };
    if declared { Ok(()) } else { Err("is not declared in that file".into()) }
}

#[test]
fn every_sentence_has_a_test() {
    let path = root().join("tests/spec/coverage.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let coverage: Coverage = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let problems = problems(&coverage, &root());
    assert!(problems.is_empty(), "{}:\n  {}", path.display(), problems.join("\n  "));
}

#[test]
fn a_gap_is_found() {
    let found = |text: &str| problems(&toml::from_str(text).unwrap(), &root()).join("; ");
    let sentence = |rest: &str| format!("[[sentence]]\nid = 'a'\narea = 'b'\ntext = 'c'\n{rest}");
    assert_eq!(found(&sentence("tests = ['maps/lookup']")), "");
    assert!(found(&sentence("tests = []")).contains("no test covers \"c\""));
    assert!(found(&sentence("tests = ['maps/no_such_case']")).contains("has no"));
    assert!(found(&sentence("tests = ['no/such/file.rs::x']")).contains("no readable file"));
    let own = "tests/harness/tests/coverage.rs";
    assert_eq!(found(&sentence(&format!("tests = ['{own}::a_gap_is_found', '{own}::*']"))), "");
    assert!(found(&sentence(&format!("tests = ['{own}::no_such_{}']", "test"))).contains("not declared"));
    assert!(
        found(&format!(
            "{}\n{}",
            sentence("tests = ['maps/lookup']"),
            "[[sentence]]\nid = 'a'\narea = 'b'\ntext = 'c'\ntests = ['maps/lookup']"
        ))
        .contains("another sentence")
    );
}
