/// One line of the table.
pub(crate) struct Row {
    /// What was done, in the words of docs/reliability.md.
    pub(crate) what: String,
    /// What came out.
    pub(crate) figure: String,
    /// What is promised.
    pub(crate) limit: String,
    /// Whether the promise was kept.
    pub(crate) held: bool,
}
