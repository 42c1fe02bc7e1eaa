//! A script of tests/trust that reads a ring, and the program that fills it, bench/c/produce.c.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::bench::child::{Running, figures};
use crate::command::{command, output};
use crate::workspace::{target, yeet};

/// A command that runs a script of tests/trust.
pub(super) fn script(name: &str, args: &[&str]) -> Command {
    script_with(&[], name, args)
}

/// The same with options of `yeet run`.
pub(super) fn script_with(options: &[&str], name: &str, args: &[&str]) -> Command {
    let mut command = command(yeet(), &["run"]);
    command.args(options).arg(format!("tests/trust/{name}.ts")).args(args).env("NO_COLOR", "1");
    command
}

/// The producer, built on its first use.
fn producer() -> Result<PathBuf> {
    let folder = target().join("trust");
    std::fs::create_dir_all(&folder)?;
    let program = folder.join("produce");
    output(command("gcc", &["-O2", "-o"]).arg(&program).args(["bench/c/produce.c", "-lbpf"]))
        .context("cannot build the producer: run `cargo xtask setup`")?;
    Ok(program)
}

/// A consumer that is ready, and the producer beside it.
pub(super) struct Feed {
    pub(super) consumer: Running,
    producer: Child,
}

impl Feed {
    /// `load` are the producer's words.
    pub(super) fn start(consumer: &mut Command, load: &[&str], limit: Duration) -> Result<Self> {
        let program = producer()?;
        let mut consumer = Running::start_within(consumer, limit)?;
        consumer.expect("ready")?;
        let producer = Command::new(program).args(load).stdout(Stdio::piped()).spawn()?;
        Ok(Self { consumer, producer })
    }

    /// Calls `sample` four times a second while the producer runs. It gets the seconds since the beginning.
    pub(super) fn watch(&mut self, mut sample: impl FnMut(&Running, f64) -> Result<()>) -> Result<()> {
        let begin = Instant::now();
        while self.producer.try_wait()?.is_none() {
            sample(&self.consumer, begin.elapsed().as_secs_f64())?;
            std::thread::sleep(Duration::from_millis(250));
        }
        Ok(())
    }

    /// Waits for both; what they printed, lines of a name and a number.
    pub(super) fn finish(self) -> Result<Numbers> {
        let producer = self.producer.wait_with_output()?;
        ensure!(producer.status.success(), "the producer failed");
        let printed = self.consumer.finish()?.output;
        Ok(Numbers::read(&(String::from_utf8_lossy(&producer.stdout) + printed.as_str())))
    }
}

/// What programs print.
pub(super) struct Numbers(HashMap<String, f64>);

impl Numbers {
    pub(super) fn read(output: &str) -> Self {
        Self(figures(output).into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    pub(super) fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("nobody printed {name}"))
    }
}

/// Digits in groups of three.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0.0, 999.0, 1000.0, 1_234_567.0].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
