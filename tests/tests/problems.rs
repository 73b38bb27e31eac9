//! What the server may say and the demo has words for.

use rp_server::http::Code;

/// A code that the demo does not know is told as a fault of the site, which may be wrong.
#[test]
fn the_demo_knows_every_code_of_the_server() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../web/src/demo/api/problem.ts"
    );
    let demo = std::fs::read_to_string(file).unwrap();
    for code in Code::ALL {
        let name = format!("'{}'", code.as_str());
        assert!(demo.contains(&name), "{name} is not in {file}");
    }
}
