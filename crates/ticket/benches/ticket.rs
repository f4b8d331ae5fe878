//! Placeholder until the layout is settled.
fn main() {}
