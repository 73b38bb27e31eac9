//! Holds every answer of the API that a test gets against openapi.json.

use std::sync::OnceLock;

use actix_web::http::Method;
use rp_server::http::OPENAPI;
use serde_json::{Value, json};

use super::browser::Reply;

/// The description.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(OPENAPI).unwrap())
}

/// The codes that an operation lists for a status, from the words of its description.
pub(crate) fn codes(response: &Value) -> Vec<&str> {
    let description = response["description"].as_str().unwrap();
    match description.split_once("one of the codes: ") {
        Some((_, list)) => list.split(", ").collect(),
        None => Vec::new(),
    }
}

/// Panics unless the description lists this answer of this call, with this code and in this form. What is not below
/// `/api` is not the description's business, nor is what HTTP itself refuses before there is a call.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, reply: &Reply) {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if !path.starts_with("/api/")
        || [400, 408, 414].contains(&reply.status) && reply.text.is_empty()
    {
        return;
    }
    // The agent's origin serves files and no calls.
    if reply.header("cross-origin-resource-policy") == "cross-origin" {
        return;
    }
    let paths = document()["paths"].as_object().unwrap();
    let told = format!("{method} {path} answered {}: {}", reply.status, reply.text);
    let Some((_, operations)) = paths.iter().find(|(pattern, _)| fits(pattern, path)) else {
        assert!(
            [403, 404, 414, 429].contains(&reply.status),
            "undescribed path: {told}"
        );
        return;
    };
    let Some(operation) = operations.get(method.as_str().to_lowercase()) else {
        assert!(
            [403, 405, 414, 429].contains(&reply.status),
            "undescribed method: {told}"
        );
        return;
    };
    let Some(response) = operation["responses"].get(reply.status.to_string()) else {
        panic!("undescribed status: {told}");
    };
    let kind = reply.header("content-type").split(';').next().unwrap();
    let Some(content) = response.get("content") else {
        assert_eq!(reply.text, "", "a body that is not described: {told}");
        return;
    };
    let Some(content) = content.get(kind) else {
        panic!("undescribed media type {kind}: {told}");
    };
    let mut schema = content["schema"].clone();
    schema["components"] = document()["components"].clone();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    let body = reply.json();
    if let Err(fault) = jsonschema::validate(&schema, &body) {
        panic!("{fault} at {}: {told}", fault.instance_path());
    }
    if kind == "application/problem+json" {
        let code = body["code"].as_str().unwrap();
        assert!(
            codes(response).contains(&code),
            "undescribed code {code}: {told}"
        );
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern
            .zip(path)
            .all(|(p, part)| p == part || p.starts_with('{') && !part.is_empty())
}
