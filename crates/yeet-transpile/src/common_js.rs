//! `import x = require('y')` and `export = x`: TypeScript's ways to write CommonJS, which no module of V8's can hold.

use deno_ast::swc::ast::{ModuleDecl, ModuleItem, TsModuleRef};
use deno_ast::{ParsedSource, ProgramRef, SourceRangedForSpanned};

use crate::{Diagnostic, at};

/// The first of the two in a module.
pub(crate) fn syntax(parsed: &ParsedSource) -> Option<Diagnostic> {
    let ProgramRef::Module(module) = parsed.program_ref() else {
        return None;
    };
    module.body.iter().find_map(|item| match item {
        ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) if !import.is_type_only => {
            match &import.module_ref {
                TsModuleRef::TsExternalModuleRef(module) => {
                    let name = &import.id.sym;
                    let from = module.expr.value.to_string_lossy();
                    let fix =
                        format!("write `import {name} from '{from}'`, or `import * as {name}` for all that it exports");
                    Some(at(
                        parsed,
                        import.range(),
                        "'import … = require(…)' is CommonJS, which does not exist here".to_owned(),
                        fix,
                    ))
                }
                TsModuleRef::TsEntityName(_) => None,
            }
        }
        ModuleItem::ModuleDecl(ModuleDecl::TsExportAssignment(export)) => {
            let fix = "write `export default …`".to_owned();
            Some(at(parsed, export.range(), "'export =' is CommonJS, which does not exist here".to_owned(), fix))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::{Comments, MediaType, ModuleSpecifier, transpile};

    #[test]
    fn both_are_refused_with_place_and_fix() {
        let specifier = ModuleSpecifier::parse("file:///a.ts").unwrap();
        let refused =
            |text: &str| transpile(&specifier, MediaType::TypeScript, text.into(), Comments::Keep).unwrap_err();
        let import = refused("const a = 1;\nimport fs = require('fs');\n");
        assert_eq!((import.line, import.column), (2, 1));
        assert!(import.fix.unwrap().contains("import fs from 'fs'"));
        assert_eq!(refused("export = 3;").fix.unwrap(), "write `export default …`");
        let alias = "namespace N { export const a = 1 }\nimport b = N.a;\nexport { b };\n";
        assert!(transpile(&specifier, MediaType::TypeScript, alias.into(), Comments::Keep).is_ok());
    }
}
