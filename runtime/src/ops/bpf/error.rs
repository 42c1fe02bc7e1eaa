//! `yeet_bpf::Error` as JavaScript sees it. The error class is the kind: js/bpf/error.ts registers BpfError under each of them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use deno_error::{AdditionalProperties, JsErrorClass, PropertyValue};
use yeet_bpf::error::{Error, Kind, errno_name};

pub(crate) type Result<T> = std::result::Result<T, OpError>;

#[derive(Debug)]
pub(crate) struct OpError(Arc<Error>);

impl OpError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error::new(kind, message).into()
    }
}

impl From<Error> for OpError {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

/// For a failure that several subscribers are told of.
impl From<Arc<Error>> for OpError {
    fn from(error: Arc<Error>) -> Self {
        Self(error)
    }
}

impl fmt::Display for OpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for OpError {}

impl JsErrorClass for OpError {
    fn get_class(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.0.kind().as_str())
    }

    fn get_message(&self) -> Cow<'static, str> {
        Cow::Owned(self.0.message().to_owned())
    }

    fn get_additional_properties(&self) -> AdditionalProperties {
        let facts = self.0.facts();
        let text = |value: String| PropertyValue::String(Cow::Owned(value));
        // Counts beyond 2^53 do not exist: a count of that many records or entries would take longer than the machine lives.
        let count = |value: u64| PropertyValue::Number(value as f64);
        let properties = [
            ("code", Some(PropertyValue::String(Cow::Borrowed(self.0.kind().as_str())))),
            ("errno", facts.errno.map(|errno| text(errno_name(errno)))),
            ("program", facts.program.clone().map(text)),
            ("map", facts.map.clone().map(text)),
            ("path", facts.path.as_ref().map(|path| text(path.display().to_string()))),
            ("applied", facts.applied.map(count)),
            ("missed", facts.missed.map(count)),
            ("log", facts.log.clone().map(text)),
        ];
        Box::new(properties.into_iter().filter_map(|(name, value)| Some((Cow::Borrowed(name), value?))))
    }

    fn get_ref(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_become_properties_and_absent_ones_do_not() {
        let error = OpError::from(
            Error::new(Kind::E2BIG, "map 'flows' is full").with_errno(libc::E2BIG).with_map("flows").with_applied(10),
        );
        let properties: Vec<_> =
            error.get_additional_properties().map(|(name, value)| (name.into_owned(), value.to_string())).collect();
        let expected = [("code", "E2BIG"), ("errno", "E2BIG"), ("map", "flows"), ("applied", "10")];
        assert_eq!(properties, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(error.get_class(), "E2BIG");
        assert_eq!(error.get_message(), "map 'flows' is full");
    }
}
