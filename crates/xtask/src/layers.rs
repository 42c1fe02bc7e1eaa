//! The direction of the layers (docs/architecture.md), checked on Cargo's own graph. Biome checks the same for the imports of js/.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command::{cargo, output};
use crate::count::Counts;

/// Crates, and what they must not reach through any chain of dependencies.
const NEVER: [(&[&str], &[&str]); 3] = [
    (
        &["yeet-bpf", "yeet-spec", "yeet-faults", "xtask"],
        &["v8", "deno_core", "deno_ast", "yeet-runtime", "yeet-transpile", "yeet"],
    ),
    (&["yeet-transpile"], &["v8", "deno_core", "libbpf-sys", "yeet-bpf", "yeet-runtime", "yeet"]),
    (&["yeet-runtime"], &["yeet"]),
];

/// Crates, and what they reach only through the layer below them.
const NOT_DIRECTLY: [(&str, &[&str]); 2] = [
    ("yeet", &["v8", "deno_core", "deno_ast", "libbpf-rs", "libbpf-sys", "yeet-bpf"]),
    ("yeet-runtime", &["deno_ast", "libbpf-rs", "libbpf-sys"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// Direct dependencies of every package, by name.
type Graph = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn check(counts: &mut Counts) -> Result<()> {
    let json = output(&mut cargo(&["metadata", "--locked", "--format-version", "1"]))?;
    let broken = violations(&graph(&json)?);
    for line in &broken {
        println!("layers: {line}");
    }
    if broken.is_empty() {
        println!("layers: every crate depends downwards only");
    }
    counts.check("layers", broken.is_empty());
    Ok(())
}

fn graph(json: &str) -> Result<Graph> {
    let metadata: Metadata = serde_json::from_str(json).context("cannot read what `cargo metadata` printed")?;
    let names: BTreeMap<&str, &str> = metadata.packages.iter().map(|package| (&*package.id, &*package.name)).collect();
    let mut graph = Graph::new();
    for node in &metadata.resolve.nodes {
        let of = |id: &String| names.get(id.as_str()).map(|name| (*name).to_owned());
        // Two versions of one package share a name, and with it an entry.
        graph
            .entry(of(&node.id).context("a package without a name")?)
            .or_default()
            .extend(node.dependencies.iter().filter_map(of));
    }
    Ok(graph)
}

fn violations(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for (crates, forbidden) in NEVER {
        for name in crates {
            let Some(path) = path_to(graph, name, forbidden) else { continue };
            found.push(format!("{name} must not depend on {}, but does: {}", path[path.len() - 1], path.join(" → ")));
        }
    }
    for (name, forbidden) in NOT_DIRECTLY {
        for bad in graph.get(name).into_iter().flatten().filter(|dependency| forbidden.contains(&dependency.as_str())) {
            found.push(format!("{name} must reach {bad} through the layer below it, not depend on it"));
        }
    }
    found
}

/// The shortest chain from `from` to one of `targets`.
fn path_to(graph: &Graph, from: &str, targets: &[&str]) -> Option<Vec<String>> {
    let mut paths = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            for next in
                graph.get(&path[path.len() - 1]).into_iter().flatten().filter(|next| seen.insert((*next).clone()))
            {
                let mut path = path.clone();
                path.push(next.clone());
                if targets.contains(&next.as_str()) {
                    return Some(path);
                }
                longer.push(path);
            }
        }
        paths = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph_of(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).into()).or_default().insert((*to).into());
        }
        graph
    }

    #[test]
    fn the_intended_layers_pass() {
        let graph = graph_of(&[
            ("yeet", "yeet-runtime"),
            ("yeet-runtime", "deno_core"),
            ("yeet-runtime", "yeet-bpf"),
            ("yeet-runtime", "yeet-transpile"),
            ("yeet-transpile", "deno_ast"),
            ("yeet-bpf", "libbpf-sys"),
            ("deno_core", "v8"),
        ]);
        assert_eq!(violations(&graph), Vec::<String>::new());
    }

    #[test]
    fn a_hidden_chain_is_found_and_shown() {
        let graph = graph_of(&[("yeet-bpf", "helper"), ("helper", "deno_core")]);
        assert_eq!(
            violations(&graph),
            ["yeet-bpf must not depend on deno_core, but does: yeet-bpf → helper → deno_core"]
        );
    }

    #[test]
    fn a_skipped_layer_is_found() {
        let graph = graph_of(&[("yeet", "deno_core")]);
        assert_eq!(violations(&graph).len(), 1);
    }
}
