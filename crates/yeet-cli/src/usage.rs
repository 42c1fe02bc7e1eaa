//! What is wrong with a command line, where clap's own words would lead astray.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error that the user sees: clap's, or a better one for the slips that everybody makes.
pub(crate) fn explain(mut error: clap::Error) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.clone()),
        _ => None,
    };
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(word) = word(ContextKind::InvalidSubcommand)
        && is_script(&word)
    {
        return format!("error: '{word}' is not a command\n  fix: yeet run {word}\n");
    }
    if error.kind() == ErrorKind::ValueValidation
        && word(ContextKind::InvalidArg).is_some_and(|argument| argument.starts_with("--keep-alive"))
        && let Ok(value) = std::env::var("YEET_KEEP_ALIVE")
    {
        // The flag itself takes no value.
        return format!("error: YEET_KEEP_ALIVE is '{value}'\n  fix: set it to 1 or 0\n");
    }
    if error.kind() == ErrorKind::UnknownArgument {
        // clap says how to make it a value, which would make it the script.
        error.remove(ContextKind::Suggested);
    }
    error.render().to_string()
}

fn is_script(word: &str) -> bool {
    let extensions = ["ts", "tsx", "mts", "js", "jsx", "mjs"];
    let path = std::path::Path::new(word);
    path.exists() || path.extension().and_then(|end| end.to_str()).is_some_and(|end| extensions.contains(&end))
}
