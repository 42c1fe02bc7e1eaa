//! What is in the binary, as a CycloneDX document.

use serde_json::{Value, json};

use crate::components::{Crate, Native};

/// The document for the binary with this SHA-256. The same binary gives the same bytes: there is no date and no random serial number.
pub(super) fn document(
    version: &str,
    commit: &str,
    target: &str,
    sha256: &str,
    crates: &[Crate],
    natives: &[Native],
) -> Value {
    let components: Vec<Value> = crates.iter().map(of_crate).chain(natives.iter().map(of_native)).collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "yeet",
                "name": "yeet",
                "version": version,
                "licenses": [{ "expression": "Apache-2.0 OR MIT" }],
                "hashes": [{ "alg": "SHA-256", "content": sha256 }],
                "properties": [{ "name": "commit", "value": commit }, { "name": "target", "value": target }],
            },
        },
        "components": components,
    })
}

fn of_crate(it: &Crate) -> Value {
    let purl = format!("pkg:cargo/{}@{}", it.name, it.version.replace('+', "%2B"));
    json!({
        "type": "library",
        "bom-ref": purl,
        "name": it.name,
        "version": it.version,
        "purl": purl,
        // Old crates write `/` for OR.
        "licenses": [{ "expression": it.license.replace('/', " OR ") }],
        "hashes": [{ "alg": "SHA-256", "content": it.checksum }],
    })
}

fn of_native(it: &Native) -> Value {
    let mut value = json!({
        "type": "library",
        "bom-ref": it.name,
        "name": it.name,
        "licenses": [{ "expression": it.license }],
        "externalReferences": [{ "type": "website", "url": it.home }],
    });
    if let Some(version) = &it.version {
        value["version"] = version.as_str().into();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_is_named_with_its_licence_and_origin() {
        let it = Crate {
            name: "libbpf-sys".into(),
            version: "1.7.0+v1.7.0".into(),
            license: "MIT/Apache-2.0".into(),
            checksum: "ab".into(),
        };
        let native = Native {
            name: "V8".into(),
            version: None,
            license: "BSD-3-Clause".into(),
            home: "https://v8.dev".into(),
            copyright: None,
            texts: vec![],
        };
        let document = document("0.1.0", "c0ffee", "x86_64", "12", &[it], &[native]);
        assert_eq!(document["metadata"]["component"]["hashes"][0]["content"], "12");
        assert_eq!(document["components"][0]["purl"], "pkg:cargo/libbpf-sys@1.7.0%2Bv1.7.0");
        assert_eq!(document["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(document["components"][1]["name"], "V8");
        assert!(document["components"][1].get("version").is_none());
    }
}
