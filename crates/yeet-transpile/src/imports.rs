//! Where a module imports from: read only when an import has failed and its place is wanted.

use std::sync::Arc;

use deno_ast::swc::ast::{Expr, ModuleDecl, ModuleItem, Str};
use deno_ast::swc::ecma_visit::{Visit, VisitWith};
use deno_ast::{MediaType, ModuleSpecifier, ProgramRef, SourceRange, SourceRangedForSpanned};

use crate::parse;

/// One `import … from`, `export … from` or `import('…')` with a literal specifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub specifier: String,
    /// 1-based place of the specifier's opening quote.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// Characters of the specifier with its quotes.
    pub length: usize,
}

/// Every import of a module in source order; empty when the text does not parse.
pub fn imports(specifier: &ModuleSpecifier, media_type: MediaType, text: Arc<str>) -> Vec<Import> {
    let Ok(parsed) = parse(specifier, media_type, text) else {
        return Vec::new();
    };
    let mut found = Literals(Vec::new());
    match parsed.program_ref() {
        ProgramRef::Module(module) => {
            for item in &module.body {
                if let ModuleItem::ModuleDecl(declaration) = item {
                    found.declaration(declaration);
                }
            }
            module.visit_with(&mut found);
        }
        ProgramRef::Script(script) => script.visit_with(&mut found),
    }
    let text = parsed.text_info_lazy();
    found
        .0
        .into_iter()
        .map(|(specifier, range)| {
            let position = text.line_and_column_display(range.start);
            Import {
                specifier,
                line: position.line_number,
                column: position.column_number,
                length: text.range_text(&range).chars().count(),
            }
        })
        .collect()
}

struct Literals(Vec<(String, SourceRange)>);

impl Literals {
    fn add(&mut self, literal: &Str) {
        self.0.push((literal.value.to_string_lossy().into_owned(), literal.range()));
    }

    fn declaration(&mut self, declaration: &ModuleDecl) {
        match declaration {
            ModuleDecl::Import(import) if !import.type_only => self.add(&import.src),
            ModuleDecl::ExportAll(export) if !export.type_only => self.add(&export.src),
            ModuleDecl::ExportNamed(export) if !export.type_only => {
                if let Some(source) = &export.src {
                    self.add(source);
                }
            }
            _ => {}
        }
    }
}

impl Visit for Literals {
    fn visit_call_expr(&mut self, call: &deno_ast::swc::ast::CallExpr) {
        if call.callee.is_import()
            && let Some(argument) = call.args.first()
            && let Expr::Lit(deno_ast::swc::ast::Lit::Str(literal)) = &*argument.expr
        {
            self.add(literal);
        }
        call.visit_children_with(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_static_and_dynamic_imports_with_their_places() {
        let specifier = ModuleSpecifier::parse("file:///a.ts").unwrap();
        let text = "import type { T } from './types.ts';\nimport { a } from './a.ts';\nexport * from \"./b.ts\";\nawait import('./c.ts');\n";
        let found = imports(&specifier, MediaType::TypeScript, text.into());
        let places: Vec<_> = found.iter().map(|i| (i.specifier.as_str(), i.line, i.column, i.length)).collect();
        assert_eq!(places, [("./a.ts", 2, 19, 8), ("./b.ts", 3, 15, 8), ("./c.ts", 4, 14, 8)]);
    }
}
