//! The README shows the example that compiles, not an older one.

#[test]
fn the_readme_shows_the_minimal_example() {
    let example = include_str!("../examples/minimal.rs");
    let (_, program) = example
        .split_once('\n')
        .expect("the example has a first line of its own");
    assert!(include_str!("../../README.md").contains(program.trim()));
}
