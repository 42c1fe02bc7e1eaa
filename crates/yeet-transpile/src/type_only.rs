//! `import type { x }` followed by a use of `x` as a value: TypeScript removes the import, so the script would die far from the cause with
//! "x is not defined". Reported before anything runs.

use std::collections::HashSet;

use deno_ast::swc::ast::{
    ExportSpecifier, Expr, Id, Ident, ImportDecl, ImportSpecifier, JSXElementName, ModuleDecl, ModuleExportName,
    ModuleItem, NamedExport, Prop, TsEntityName, TsExprWithTypeArgs, TsInterfaceDecl, TsModuleDecl, TsType,
    TsTypeAliasDecl, TsTypeAnn, TsTypeParamDecl, TsTypeParamInstantiation,
};
use deno_ast::swc::ecma_visit::{Visit, VisitWith};
use deno_ast::{ParsedSource, ProgramRef, SourceRange, SourceRangedForSpanned};

use crate::{Diagnostic, at};

/// The first place where a type-only import is used as a value.
pub(crate) fn misuse(parsed: &ParsedSource) -> Option<Diagnostic> {
    let names = type_only_names(parsed);
    if names.is_empty() {
        return None;
    }
    // Scopes cost a pass over the whole tree, so only the few modules with a candidate pay for it. Names are looked up again because
    // the analysis gives every identifier its scope.
    let scoped = parsed.clone().into_with_scope_analysis();
    let mut finder = Finder { names: type_only_names(&scoped), found: None };
    match scoped.program_ref() {
        ProgramRef::Module(module) => module.visit_with(&mut finder),
        ProgramRef::Script(script) => script.visit_with(&mut finder),
    }
    let (name, range) = finder.found?;
    Some(at(
        parsed,
        range,
        format!("'{name}' is imported with 'import type' and cannot be used as a value"),
        format!("if '{name}' is a value, import it without 'type'; if it is a type, use it only where a type stands"),
    ))
}

fn type_only_names(parsed: &ParsedSource) -> HashSet<Id> {
    let ProgramRef::Module(module) = parsed.program_ref() else {
        return HashSet::new();
    };
    let mut names = HashSet::new();
    for item in &module.body {
        if let ModuleItem::ModuleDecl(ModuleDecl::Import(ImportDecl { specifiers, type_only, .. })) = item {
            for specifier in specifiers {
                let local = match specifier {
                    ImportSpecifier::Named(named) if *type_only || named.is_type_only => &named.local,
                    ImportSpecifier::Default(default) if *type_only => &default.local,
                    ImportSpecifier::Namespace(namespace) if *type_only => &namespace.local,
                    _ => continue,
                };
                names.insert(local.to_id());
            }
        }
    }
    names
}

/// Walks expressions and skips everything that only the type checker reads.
struct Finder {
    names: HashSet<Id>,
    found: Option<(String, SourceRange)>,
}

impl Finder {
    fn value(&mut self, ident: &Ident) {
        if self.found.is_none() && self.names.contains(&ident.to_id()) {
            self.found = Some((ident.sym.to_string(), ident.range()));
        }
    }
}

impl Visit for Finder {
    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Ident(ident) = expression {
            self.value(ident);
        }
        expression.visit_children_with(self);
    }

    fn visit_prop(&mut self, property: &Prop) {
        if let Prop::Shorthand(ident) = property {
            self.value(ident);
        }
        property.visit_children_with(self);
    }

    fn visit_jsx_element_name(&mut self, name: &JSXElementName) {
        if let JSXElementName::Ident(ident) = name {
            self.value(ident);
        }
    }

    fn visit_ts_type(&mut self, _: &TsType) {}
    fn visit_ts_type_ann(&mut self, _: &TsTypeAnn) {}
    fn visit_ts_interface_decl(&mut self, _: &TsInterfaceDecl) {}
    fn visit_ts_type_alias_decl(&mut self, _: &TsTypeAliasDecl) {}
    fn visit_ts_type_param_decl(&mut self, _: &TsTypeParamDecl) {}
    fn visit_ts_type_param_instantiation(&mut self, _: &TsTypeParamInstantiation) {}
    fn visit_ts_expr_with_type_args(&mut self, _: &TsExprWithTypeArgs) {}
    fn visit_ts_entity_name(&mut self, _: &TsEntityName) {}

    fn visit_ts_module_decl(&mut self, module: &TsModuleDecl) {
        if !module.declare {
            module.visit_children_with(self);
        }
    }

    fn visit_named_export(&mut self, export: &NamedExport) {
        // `export { T }` of a type-only import is legal TypeScript and disappears with it; `export { x } from` names nothing in here.
        let _: &[ExportSpecifier] = &export.specifiers;
    }

    fn visit_module_export_name(&mut self, _: &ModuleExportName) {}
}

#[cfg(test)]
mod tests {
    use crate::{Comments, MediaType, ModuleSpecifier, transpile};

    fn check(text: &str) -> Option<(String, usize, usize)> {
        let specifier = ModuleSpecifier::parse("file:///a.ts").unwrap();
        transpile(&specifier, MediaType::TypeScript, text.into(), Comments::Keep)
            .err()
            .map(|d| (d.message, d.line, d.column))
    }

    #[test]
    fn a_call_of_a_type_only_import_is_refused_with_its_place() {
        let (message, line, column) = check("import type { run } from './a.ts';\nconst x = 1;\n  run(x);\n").unwrap();
        assert_eq!((line, column), (3, 3));
        assert!(message.contains("'run' is imported with 'import type'"), "{message}");
        assert!(check("import { type run } from './a.ts';\nexport const x = { run };\n").is_some());
        assert!(check("import type Base from './a.ts';\nclass A extends Base {}\n").is_some());
    }

    #[test]
    fn types_in_type_places_and_shadowed_names_pass() {
        assert_eq!(
            check(
                "import type { T, U } from './a.ts';\nconst f = (x: T): U => x as unknown as U;\nlet y: typeof f;\nexport type { T };\n"
            ),
            None
        );
        assert_eq!(
            check("import type { run } from './a.ts';\nfunction f(run: () => void) { run(); }\nf(() => {});\n"),
            None
        );
        assert_eq!(
            check("import type { I } from './a.ts';\nclass A implements I {}\ninterface B extends I {}\n"),
            None
        );
    }
}
