//! Other programs: run them, show or keep what they say, turn their end into a sentence.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use crate::console::Clock;
use crate::failure::{Context as _, Result, fail};

/// How many lines of a failed program's output are worth repeating, from either end.
const FIRST_LINES: usize = 8;
const LAST_LINES: usize = 12;

/// Runs a program that shows its own progress.
pub(crate) fn run(command: &mut Command, what: &str) -> Result {
    crate::console::step(what);
    let status = command.status().context(cannot_start(command))?;
    if !status.success() {
        fail!("{what} failed ({status}); its own words are above");
    }
    Ok(())
}

/// Runs a program that is only worth hearing when it fails.
pub(crate) fn run_quietly(command: &mut Command, what: &str) -> Result {
    let output = {
        let _clock = Clock::start(what);
        command
            .stdin(Stdio::null())
            .output()
            .context(cannot_start(command))?
    };
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        fail!(
            "{what} failed ({}):\n{}",
            output.status,
            excerpt(&String::from_utf8_lossy(&said))
        );
    }
    Ok(())
}

/// Runs a program and returns what it wrote to stdout, or nothing if it failed.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a program, shows all it says as it says it, and keeps a copy.
pub(crate) fn listen(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context(cannot_start(command))?;
    let threads: Vec<_> = [
        child.stdout.take().map(copy_in_background),
        child.stderr.take().map(copy_in_background),
    ]
    .into_iter()
    .flatten()
    .collect();
    let status = child.wait().context("the program cannot be waited for")?;
    let mut said = String::new();
    for thread in threads {
        said.push_str(&thread.join().unwrap_or_default());
    }
    Ok((status, said))
}

fn copy_in_background(stream: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || copy_lines(stream))
}

fn copy_lines(stream: impl Read) -> String {
    let mut kept = String::new();
    for line in BufReader::new(stream)
        .split(b'\n')
        .map_while(std::result::Result::ok)
    {
        let line = String::from_utf8_lossy(&line);
        let _ = writeln!(std::io::stderr(), "{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

fn cannot_start(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    format!("`{program}` cannot be started{}", how_to_get(&program))
}

/// Where the few programs come from that must be there beforehand.
fn how_to_get(program: &str) -> &'static str {
    match program {
        "node" | "npm" | "npx" => " (install Node.js 20 or newer)",
        "rustup" | "cargo" => " (install Rust with rustup)",
        "tar" => " (install tar)",
        "python3" => " (install Python 3 with pip)",
        _ => "",
    }
}

/// The beginning and the end of what a failed program said: some put the cause first, others last.
fn excerpt(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let (first, rest) = lines.split_at(lines.len().min(FIRST_LINES));
    let skipped = rest.len().saturating_sub(LAST_LINES);
    let gap = (skipped > 0).then(|| format!("    … {skipped} lines …"));
    let shown = |line: &&str| format!("    {line}");
    let ends = rest.iter().skip(skipped).map(shown);
    first
        .iter()
        .map(shown)
        .chain(gap)
        .chain(ends)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_keeps_both_ends() {
        let text: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let kept = excerpt(&text);
        assert!(kept.starts_with("    line 0\n"), "{kept}");
        assert!(kept.ends_with("line 99"), "{kept}");
        assert!(kept.contains("… 80 lines …"), "{kept}");
        assert_eq!(excerpt("one\n\ntwo\n"), "    one\n    two");
    }
}
