//! How long a script takes from start to end, and how much memory: yeet, deno, bun and node.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::Scope;
use super::child;
use super::peers::{BUN, Contender, DENO, NODE, YEET};
use super::report::{Report, Unit};
use super::stats::alternate;
use crate::command::{command, output};
use crate::workspace::{root, target, yeet};

pub(crate) const HELLO: &str = "hello.ts, wall";
pub(crate) const PEAK: &str = "hello.ts, peak";
const CPU: &str = "hello.ts, CPU";
const LONG: &str = "1,000 lines, wall";
pub(crate) const STRIPPED: &str = "binary, stripped";
const BINARY: &str = "binary";

/// What the scripts print.
const GREETING: &str = "hello\n";

/// Runs that are not counted: they fill the page cache, and the caches that a program keeps.
const WARM_UP: usize = 2;

pub(crate) fn run(report: &mut Report, scope: Scope) -> Result<()> {
    let programs = programs()?;
    let long = long_script()?;
    let contenders: Vec<(&str, &str, Contender)> = programs
        .iter()
        .flat_map(|(name, words, hello)| {
            // Node 20 runs no TypeScript, so it has no longer script.
            let scripts: &[(&str, &str)] =
                if *name == NODE { &[(HELLO, hello)] } else { &[(HELLO, hello), (LONG, &long)] };
            scripts
                .iter()
                .map(|&(what, script)| {
                    let words: Vec<&str> = words.iter().map(String::as_str).chain([script]).collect();
                    (*name, what, Contender::new(name, &words))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    for (name, _, contender) in &contenders {
        for _ in 0..WARM_UP {
            // Measuring a program that fails would be measuring nothing.
            let printed = child::run(&mut contender.must()?)?.output;
            ensure!(printed == GREETING, "{name} printed {printed:?} instead of {GREETING:?}");
        }
    }
    alternate(scope.rounds(30, 10), &contenders, |(name, what, contender)| {
        let ended = child::run(&mut contender.must()?)?;
        report.add(what, name, Unit::Ms, ended.wall.as_secs_f64() * 1e3);
        if *what == HELLO {
            report.add(CPU, name, Unit::Ms, ended.cpu.as_secs_f64() * 1e3);
            report.add(PEAK, name, Unit::MiB, ended.peak_mib);
        }
        anyhow::Ok(())
    })?;
    sizes(report, &programs)
}

fn sizes(report: &mut Report, programs: &[(&'static str, Vec<String>, &str)]) -> Result<()> {
    for (name, words, _) in programs {
        report.add(BINARY, name, Unit::MiB, size_mib(Path::new(&words[0]))?);
    }
    let stripped = tempfile::NamedTempFile::new()?;
    output(command("strip", &["-o"]).arg(stripped.path()).arg(yeet()))?;
    report.add(STRIPPED, YEET, Unit::MiB, size_mib(stripped.path())?);
    Ok(())
}

/// Each with its command and the script to put behind it.
fn programs() -> Result<Vec<(&'static str, Vec<String>, &'static str)>> {
    if cfg!(not(all(target_arch = "x86_64", target_os = "linux"))) {
        bail!("the peers that bench/package.json locks are for x86_64 Linux");
    }
    let bench = root().join("bench");
    if !bench.join("node_modules/.package-lock.json").exists() {
        output(command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&bench))?;
    }
    let module = |path: &str| bench.join("node_modules").join(path);
    let run = |path: PathBuf| vec![path.display().to_string(), "run".to_owned()];
    Ok(vec![
        (YEET, run(yeet()), "bench/startup/hello.ts"),
        (BUN, run(module("@oven/bun-linux-x64/bin/bun")), "bench/startup/hello.ts"),
        (DENO, run(module("@deno/linux-x64-glibc/deno")), "bench/startup/hello.ts"),
        (NODE, vec![find("node")?.display().to_string()], "bench/startup/hello.mjs"),
    ])
}

/// A script of a thousand lines as people write them: types, classes, generics. Only its first function runs.
fn long_script() -> Result<String> {
    const UNIT: &str = "
interface Reading% { readonly at: number; readonly value: string | undefined; tags?: Map<string, number[]>; }
class Store% implements Iterable<Reading%> {
  readonly #items: Reading%[] = [];
  constructor(private readonly limit: number = 100) {}
  add(item: Reading%): this {
    if (this.#items.length >= this.limit) this.#items.shift();
    this.#items.push({ ...item, value: item.value ?? 'none' });
    return this;
  }
  find<K extends keyof Reading%>(key: K, wanted: Reading%[K]): Reading%[] {
    return this.#items.filter((item) => item[key] === wanted);
  }
  *[Symbol.iterator](): Iterator<Reading%> {
    yield* this.#items;
  }
}
export function summarise%(store: Store%): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { value } of store) counts[value as string] = (counts[value as string] ?? 0) + 1;
  return counts;
}
";
    let units = 1000 / UNIT.lines().count();
    let mut text: String = (0..units).map(|number| UNIT.replace('%', &number.to_string())).collect();
    text.push_str("console.log(Object.keys(summarise0(new Store0().add({ at: 1, value: 'hello' })))[0]);\n");
    let path = target().join("bench/long.ts");
    std::fs::create_dir_all(target().join("bench"))?;
    std::fs::write(&path, text)?;
    Ok(path.display().to_string())
}

fn find(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| path.is_file());
    // A link is followed, so that the size is that of the program.
    found.and_then(|path| path.canonicalize().ok()).with_context(|| format!("there is no {name} in PATH"))
}

fn size_mib(path: &Path) -> Result<f64> {
    Ok(std::fs::metadata(path)?.len() as f64 / f64::from(1 << 20))
}
